"""Refuse a published document whose keywords hold what they cannot, and say where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.drafting.fetch import CannotRead
from conformance.spec.pointer import escape

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Below these stand names of the document's own, not keywords.
_NAMES = frozenset({"properties", "patternProperties", "definitions", "$defs", "dependentSchemas", "responses", "schemas", "parameters", "paths", "headers", "content", "links", "callbacks"})
#: Below these stands anything at all.
_FREE = frozenset({"example", "examples", "default", "enum", "const", "value"})
_LISTS = frozenset({"oneOf", "anyOf", "allOf", "enum"})


def check_sound(source: str, data: Any) -> None:
    """Raise `CannotRead` where a schema of the document is none."""
    for pointer, seen, expected in _faults(data, "", named=False):
        raise CannotRead(source, f"{pointer} is {seen}", expected)


def _faults(node: Any, at: str, *, named: bool) -> Iterator[tuple[str, str, str]]:
    if isinstance(node, list):
        for index, item in enumerate(node):
            yield from _faults(item, f"{at}/{index}", named=False)
    if not isinstance(node, dict):
        return
    for key, value in node.items():
        below = f"{at}/{escape(str(key))}"
        if not named:
            expected = _expected(key, value)
            if expected:
                yield below, repr(value)[:60], expected
            if key in _FREE or str(key).startswith("x-"):
                continue
        yield from _faults(value, below, named=not named and key in _NAMES)


def _expected(key: str, value: Any) -> str:
    if key in _LISTS and not isinstance(value, list):
        return "a list"
    if key == "required" and not isinstance(value, bool) and not (isinstance(value, list) and all(isinstance(name, str) for name in value)):
        return "a list of names, or true or false"
    return "" if key != "properties" or isinstance(value, dict) else "an object of schemas by name"
