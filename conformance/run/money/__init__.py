"""What may be spent: by a run, and by all runs of a month."""
