"""What can be said of a spec without asking a provider: our defects, its open questions."""
