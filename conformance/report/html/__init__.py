"""The report as one page that asks nobody for anything."""
