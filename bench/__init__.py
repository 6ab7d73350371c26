"""Measurements of the project, each beside something plain, in one run.

`nox -s bench` and `nox -s yardstick`.
"""
