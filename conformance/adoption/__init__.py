"""The decision about a new provider.

A walk from configuration to the full run, and what our client would lose or gain.
"""
