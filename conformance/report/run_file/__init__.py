"""The run file: the one source of truth of every report, written as the run goes on and read back."""
