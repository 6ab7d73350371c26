"""The shortest text that a regular expression accepts."""

from __future__ import annotations

import re
import string
from importlib import import_module
from typing import Any


def shortest(pattern: str) -> str:
    """Return a short match of a pattern: `^([1-9]|10)$` gives `1`; empty where none is found."""
    # The parse tree of `re` has no public name.
    parser: Any = import_module("re._parser")
    try:
        text = _sequence(parser.parse(pattern))
    except (re.error, KeyError, OverflowError):
        return ""
    return text if re.search(pattern, text) else ""


_CHARACTERS = string.ascii_lowercase + string.digits + string.ascii_uppercase + "-_. /"
_CATEGORIES = {"CATEGORY_DIGIT": "1", "CATEGORY_WORD": "a", "CATEGORY_SPACE": " "}


def _sequence(items: Any) -> str:
    return "".join(_item(str(kind), value) for kind, value in items)


def _item(kind: str, value: Any) -> str:
    match kind:
        case "LITERAL":
            return chr(value)
        case "NOT_LITERAL":
            return "a" if value != ord("a") else "b"
        case "ANY":
            return "a"
        case "IN":
            return _member(value)
        case "BRANCH":
            return min((_sequence(branch) for branch in value[1]), key=len)
        case "SUBPATTERN":
            return _sequence(value[3])
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            return _sequence(value[2]) * min(int(value[0]), 1000)
        case _:  # anchors and look-arounds take no room
            return ""


def _member(choices: Any) -> str:
    allowed = [(str(kind), value) for kind, value in choices]
    if allowed[0][0] == "NEGATE":
        free = (
            char for char in _CHARACTERS if not any(_covers(*choice, char) for choice in allowed)
        )
        return next(free, "")
    kind, value = allowed[0]
    if kind == "CATEGORY":
        return _CATEGORIES.get(str(value), "-")
    return chr(value[0] if kind == "RANGE" else value)


def _covers(kind: str, value: Any, char: str) -> bool:
    if kind == "RANGE":
        return bool(value[0] <= ord(char) <= value[1])
    if kind == "CATEGORY":
        return _CATEGORIES.get(str(value), "-").isalnum() == char.isalnum()
    return kind == "LITERAL" and value == ord(char)
