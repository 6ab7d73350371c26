"""Plan a run, carry it out, decide."""
