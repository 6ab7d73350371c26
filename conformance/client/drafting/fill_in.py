"""Fill in what a request must have and only one value fits: models, modes, constants."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any

from conformance.client.drafting.allowed_values import node_at, parts
from conformance.spec.schema.json_types import types_of, union_of
from conformance.spec.schema.node import SchemaNode
from conformance.spec.schema.violations import valid

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.model.exchange import JsonObject


#: A condition may bring in another; nobody writes more than this.
_ROUNDS = 4


def fill(schema: SchemaNode, body: JsonObject) -> JsonObject:
    """Return the body with every required field that has one value to offer.

    What was given stays as it is.
    """
    for _ in range(_ROUNDS):
        filled = _filled(schema, body)
        if filled == body:
            break
        body = filled
    return body


def fit(node: SchemaNode, value: Any, *, numeric: bool = False) -> Any:
    """Return a value in the form the schema wants first.

    `6` becomes `"6"` where a number is written as text.
    `numeric` says that the client's own word is a number, whatever the provider makes of it.
    """
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float) and isfinite(value):
        as_text = numeric or any("x-integer" in part for part in parts(node))
        return _number(node, value, as_text=as_text)
    if isinstance(value, str):
        for listed in _listed(node):
            if isinstance(listed, str) and listed.casefold() == value.casefold():
                return listed
        return value
    return list(value) if isinstance(value, tuple) else value


def _filled(schema: SchemaNode, body: JsonObject) -> JsonObject:
    """Return the body with what the conditions of this very body require."""
    filled = dict(body)
    for name in _required(schema, body):
        node = node_at(schema, (name,))
        if name not in filled and node is not None:
            for value in _sole(node):
                filled[name] = value
    for name, value in filled.items():
        node = node_at(schema, (name,))
        if isinstance(value, dict) and node is not None:
            filled[name] = _filled(node, value)
    return filled


def _required(schema: SchemaNode, body: JsonObject) -> Iterator[str]:
    for part in parts(schema):
        yield from part.get("required", ())
        if "if" in part:
            branch = part.get("then" if valid(part["if"], body) else "else")
            if isinstance(branch, SchemaNode):
                yield from _required(branch, body)


def _sole(node: SchemaNode) -> Iterator[Any]:
    """Yield the one value that a required field can have, if it needs no choice of the caller."""
    for part in parts(node):
        if "const" in part:
            yield part["const"]
            return
        if len(part.get("enum", ())) == 1:
            yield part["enum"][0]
            return
        if "default" in part:
            yield part["default"]
            return
        if len(part.get("x-values", ())) == 1:
            yield part["x-values"][0]
            return


def _number(node: SchemaNode, value: float, *, as_text: bool) -> Any:
    union = union_of(node)
    wanted = types_of(union[1][0] if union else node)[0]
    whole = isinstance(value, int) or value.is_integer()
    if wanted == "string" and as_text:
        return str(int(value) if whole else value)
    return int(value) if whole and "integer" in wanted else value


def _listed(node: SchemaNode) -> Iterator[Any]:
    for part in parts(node):
        yield from part.get("enum", ())
        yield from part.get("x-values", ())
