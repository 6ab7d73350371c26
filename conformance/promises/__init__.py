"""Kinds of promise, one file for each: derive, witness, judge, sabotage."""
