"""JSON Schemas of everything the harness writes, and of the x- words of a spec."""
