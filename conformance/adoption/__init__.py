"""The decision about a new provider: a walk from configuration to the full run, and what our client would lose or gain."""
