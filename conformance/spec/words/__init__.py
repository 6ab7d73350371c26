"""The x- words of a spec: each one a class with its form, its reader and where it may stand."""
