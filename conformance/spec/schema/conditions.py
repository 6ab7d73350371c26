"""Conditions of a schema: what `if` asks, where it stands, and how people say it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.model.json_place import EACH, INSIDE
from conformance.spec.schema.violations import valid

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.model.json_place import Path
    from conformance.spec.schema.node import SchemaNode

#: Keywords whose value alone says what is asserted.
PLAIN = (
    "enum",
    "const",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "pattern",
    "format",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minProperties",
    "maxProperties",
)
#: Those that ask something of a value besides what it is.
_BOUNDS = frozenset(PLAIN) - {"enum", "const", "uniqueItems"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A schema that a value must keep, or break, for a rule to hold."""

    path: Path
    node: SchemaNode
    #: Whether the rule holds where the schema is kept (`then`) or where it is broken (`else`).
    met: bool = True

    def holds(self, value: Any) -> bool:
        """Say whether the rule holds for what stands at its place."""
        return valid(self.node, value) is self.met


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldCondition:
    """What a condition asks of one field."""

    path: Path
    #: The values that it may have; empty where something else is asked.
    values: tuple[Any, ...] = ()
    #: Another keyword, and what it says; empty where the field only has to be there.
    keyword: str = ""
    limit: Any = None
    #: Whether it asks for the opposite.
    opposite: bool = False


def field_conditions(condition: Condition) -> tuple[FieldCondition, ...]:
    """Return what a condition asks, field by field, in the order of the document."""
    return tuple(_asked(condition.node, condition.path, opposite=not condition.met))


def _asked(node: SchemaNode, path: Path, *, opposite: bool) -> Iterator[FieldCondition]:
    told: set[str] = set()
    for name, field in node.get("properties", {}).items():
        asked = list(_asked_of_value(field, (*path, name), opposite=opposite))
        asked += _asked(field, (*path, name), opposite=opposite)
        if asked:
            told.add(name)
        yield from asked
    for name in node.get("required", ()):
        if name not in told:
            yield FieldCondition(path=(*path, name), opposite=opposite)
    for keyword, key in (("items", EACH), ("contains", EACH), ("contentSchema", INSIDE)):
        if keyword in node:
            yield from _asked_of_value(node[keyword], (*path, key), opposite=opposite)
            yield from _asked(node[keyword], (*path, key), opposite=opposite)
    for keyword in ("allOf", "anyOf", "oneOf"):
        for part in node.get(keyword, ()):
            yield from _asked_of_value(part, path, opposite=opposite)
            yield from _asked(part, path, opposite=opposite)
    if "not" in node:
        yield from _asked_of_value(node["not"], path, opposite=not opposite)
        yield from _asked(node["not"], path, opposite=not opposite)


def _asked_of_value(node: SchemaNode, path: Path, *, opposite: bool) -> Iterator[FieldCondition]:
    if "const" in node:
        yield FieldCondition(path=path, values=(node["const"],), opposite=opposite)
    elif "enum" in node:
        yield FieldCondition(path=path, values=tuple(node["enum"]), opposite=opposite)
    if "type" in node and "properties" not in node:
        yield FieldCondition(path=path, keyword="type", limit=node["type"], opposite=opposite)
    for keyword, limit in node.items():
        if keyword in _BOUNDS:
            yield FieldCondition(path=path, keyword=keyword, limit=limit, opposite=opposite)
