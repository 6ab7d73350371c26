"""What can be said of a spec without asking a provider: defects of ours, and what its document leaves open."""
