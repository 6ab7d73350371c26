"""The kinds of promise, one file for each."""
