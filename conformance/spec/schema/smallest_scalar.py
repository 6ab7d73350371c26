"""The smallest text and the smallest number that a schema takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.spec.schema.json_types import parts_of, types_of
from conformance.spec.schema.shortest_match import shortest
from conformance.spec.words.request_words import IntegerWord

if TYPE_CHECKING:
    from conformance.spec.schema.json_types import Keywords

#: A text of each format that is asserted.
_FORMATS = {
    "uri": "https://example.com/",
    "date-time": "2030-01-01T00:00:00Z",
    "date": "2030-01-01",
    "uuid": "00000000-0000-4000-8000-000000000000",
    "email": "someone@example.com",
}


def text(node: Keywords) -> str:
    """Return a short text that keeps the rules of a node."""
    for part in parts_of(node):
        if integer := IntegerWord.on(part):
            return _written(integer)
        if "format" in part:
            return _FORMATS.get(part["format"], "")
        if "pattern" in part:
            return shortest(part["pattern"])
    return "text".ljust(bound(node, "minLength", 0), "x")[: bound(node, "maxLength", 1000)]


def text_of(node: Keywords, length: int) -> str:
    """Return a sensible text of exactly that length: the example, repeated or cut."""
    texts = [example for example in node.get("examples", ()) if isinstance(example, str)]
    sensible = next(filter(None, texts), "text")
    return (f"{sensible} " * length)[:length]


def number(node: Keywords) -> float:
    """Return the smallest number a node takes; where none is the smallest, one near 1."""
    step = bound(node, "multipleOf", 1)
    low = bound(node, "minimum", None)
    above = bound(node, "exclusiveMinimum", None)
    if above is not None and (low is None or low <= above):
        low = above + step
    if low is not None:
        grid = "multipleOf" in node or "integer" in types_of(node)
        if grid:
            low = -(-low // step) * step
        return _tidy(low)
    high = bound(node, "maximum", None)
    below = bound(node, "exclusiveMaximum", None)
    if below is not None and (high is None or high >= below):
        high = below - step
    if high is None or high >= step:
        return _tidy(step)
    return _tidy(high // step * step)


def bound(node: Keywords, keyword: str, default: Any) -> Any:
    """Return the narrowest bound of that keyword, whichever part of a node says it."""
    bounds = [part[keyword] for part in parts_of(node) if keyword in part]
    if not bounds:
        return default
    narrowest = max if keyword.lower().startswith(("min", "exclusivemin")) else min
    return narrowest(bounds)


def _written(integer: IntegerWord) -> str:
    low = integer.bounds.get("minimum", 1)
    return str(min(low, integer.bounds.get("maximum", low)))


def _tidy(value: float) -> float:
    """Return a number as people write it: 6, not 6.0."""
    return int(value) if float(value).is_integer() else value
