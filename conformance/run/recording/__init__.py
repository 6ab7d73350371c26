"""Runs that are recorded, replayed, refreshed, and judged from recordings of others."""
