"""JSON Schemas of everything the harness writes."""
