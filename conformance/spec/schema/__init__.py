"""JSON Schema as specs use it.

Nodes with their place, the assertions they make, values that keep or break them.
"""
