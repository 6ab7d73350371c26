"""Whether a schema describes a place in a value at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.model.json_place import EACH
from conformance.spec.schema.json_types import never, types_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.model.json_place import Path
    from conformance.spec.schema.node import SchemaNode

#: Where a schema says what stands inside a value.
_INSIDE = ("properties", "patternProperties", "items", "prefixItems", "additionalProperties")


def may_hold(schema: SchemaNode, path: Path) -> bool:
    """Say whether a value may have something at a place.

    It may not where the schema names other fields there; a schema that names none is open.
    """
    if not path:
        return not never(schema)
    parts = tuple(_of_the_same_value(schema))
    children = [child for part in parts for child in _children(part, path[0])]
    if children:
        return any(may_hold(child, path[1:]) for child in children)
    if any(keyword in part for part in parts for keyword in _INSIDE):
        return any(part.get("additionalProperties") is True for part in parts)
    return any({"object", "array"} & set(types_of(part)) for part in parts)


def _of_the_same_value(node: SchemaNode) -> Iterator[SchemaNode]:
    """Yield a node and every other one that speaks of the value that it speaks of."""
    yield node
    for keyword in ("allOf", "anyOf", "oneOf"):
        for part in node.get(keyword, ()):
            yield from _of_the_same_value(part)
    for keyword in ("then", "else"):
        if isinstance(node.get(keyword), dict):
            yield from _of_the_same_value(node[keyword])


def _children(node: SchemaNode, key: str) -> Iterator[SchemaNode]:
    """Yield what a node says of its field or item of that name."""
    properties = node.get("properties", {})
    if key in properties:
        yield properties[key]
        return
    yield from node.get("patternProperties", {}).values()
    if isinstance(node.get("additionalProperties"), dict):
        yield node["additionalProperties"]
    if key == EACH or key.isdecimal():
        yield from node.get("prefixItems", ())
        if isinstance(node.get("items"), dict):
            yield node["items"]
