"""The shortest text that a regular expression accepts."""

from __future__ import annotations

import re
from typing import Any


def shortest(pattern: str) -> str:
    """Return a short match of a pattern: `^([1-9]|10)$` gives `1`; empty where none is found."""
    from re import _parser  # type: ignore[attr-defined]  # the only public-enough parse tree of `re`

    try:
        text = _sequence(_parser.parse(pattern))
    except (re.error, KeyError, OverflowError):
        return ""
    return text if re.search(pattern, text) else ""


_CATEGORIES = {"CATEGORY_DIGIT": "1", "CATEGORY_WORD": "a", "CATEGORY_SPACE": " "}


def _sequence(items: Any) -> str:
    return "".join(_item(str(kind), value) for kind, value in items)


def _item(kind: str, value: Any) -> str:  # noqa: PLR0911 - one line for each kind of item
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
        pattern = [value for kind, value in allowed if kind == "LITERAL"]
        return next(chr(code) for code in range(ord("a"), ord("z") + 1) if code not in pattern)
    kind, value = allowed[0]
    if kind == "CATEGORY":
        return _CATEGORIES.get(str(value), "-")
    return chr(value[0] if kind == "RANGE" else value)
