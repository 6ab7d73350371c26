"""Fill in what a request must have and only one value fits: models, modes, constants."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING, Any

from conformance.model.json_place import MISSING
from conformance.spec.schema.json_types import parts_of, types_of, union_of
from conformance.spec.schema.value_building import ValueBuilder, part_of
from conformance.spec.words.request_words import IntegerWord, ValuesWord

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from conformance.model.exchange import JsonObject
    from conformance.spec.schema.node import SchemaNode


def fill(schema: SchemaNode, body: JsonObject) -> JsonObject:
    """Return the body with every required field that has one value to offer.

    What was given stays as it is.
    """
    filled: JsonObject = _FilledIn(given=body).value(schema)
    return filled


def fit(node: SchemaNode, value: Any, *, numeric: bool = False) -> Any:
    """Return a value in the form the schema wants first.

    `6` becomes `"6"` where a number is written as text.
    `numeric` says that the client's own word is a number, whatever the provider makes of it.
    """
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float) and isfinite(value):
        as_text = numeric or any(IntegerWord.on(part) for part in parts_of(node))
        return _number(node, value, as_text=as_text)
    if isinstance(value, str):
        for listed in _listed(node):
            if isinstance(listed, str) and listed.casefold() == value.casefold():
                return listed
        return value
    return list(value) if isinstance(value, tuple) else value


@dataclass(frozen=True, kw_only=True)
class _FilledIn(ValueBuilder):
    """What was given at one place, completed."""

    given: Any = MISSING

    def offered(self, node: SchemaNode) -> Any:
        """Return what was given, save objects, in which something may be missing."""
        if isinstance(self.given, list):
            item = part_of(parts_of(node), "items")
            return [_FilledIn(given=given).value(item) for given in self.given]
        return MISSING if isinstance(self.given, dict) else self.given

    def is_object(self, node: SchemaNode) -> bool:
        """Say whether an object was given: none is made up."""
        return isinstance(self.given, dict)

    def plain(self, node: SchemaNode) -> Any:
        """Return the one value that a required field can have."""
        return next(_sole(node), MISSING)

    def names(self, parts: Sequence[SchemaNode]) -> Iterable[str]:
        """Return what was given, and what is required."""
        required = [name for part in parts for name in part.get("required", ())]
        return dict.fromkeys((*self.given, *required))

    def field_value(self, name: str, node: SchemaNode, parts: Sequence[SchemaNode]) -> Any:
        """Return the field as it was given, or filled in."""
        return _FilledIn(given=self.given.get(name, MISSING)).value(node)


def _sole(node: SchemaNode) -> Iterator[Any]:
    """Yield the one value that a required field can have, if it needs no choice of the caller."""
    for part in parts_of(node):
        if "const" in part:
            yield part["const"]
            return
        if len(part.get("enum", ())) == 1:
            yield part["enum"][0]
            return
        if "default" in part:
            yield part["default"]
            return
        values = ValuesWord.listed_on(part)
        if len(values) == 1:
            yield values[0]
            return


def _number(node: SchemaNode, value: float, *, as_text: bool) -> Any:
    union = union_of(node)
    wanted = types_of(union[1][0] if union else node)[0]
    whole = isinstance(value, int) or value.is_integer()
    if wanted == "string" and as_text:
        return str(int(value) if whole else value)
    return int(value) if whole and "integer" in wanted else value


def _listed(node: SchemaNode) -> Iterator[Any]:
    for part in parts_of(node):
        yield from part.get("enum", ())
        yield from ValuesWord.listed_on(part)
