"""What a field takes, told from its schema: for capabilities, and for the sentence of a refusal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.model.json_place import EACH
from conformance.spec.schema.assertions import assertions
from conformance.spec.schema.json_types import never, parts_of, types_of, union_of
from conformance.spec.schema.value_building import field_node, part_of
from conformance.spec.words.request_words import ValuesWord

if TYPE_CHECKING:
    from conformance.model.json_place import Path
    from conformance.spec.schema.assertions import Assertion
    from conformance.spec.schema.node import SchemaNode


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """The values of one field: bounds, or a list that is closed or only shown."""

    types: tuple[str, ...]
    minimum: float | None = None
    maximum: float | None = None
    values: tuple[Any, ...] = ()
    #: Whether only the listed values are taken; an open list proves nothing of others.
    closed: bool = False
    default: Any = None
    format: str = ""

    def __str__(self) -> str:
        """Return it in words: `1 to 15 (integer)`."""
        if self.values:
            listed = ", ".join(map(str, self.values))
            return listed if self.closed else f"{listed}, perhaps others"
        types, bounds = " or ".join(self.types), self._bounds()
        return f"{bounds} ({types})" if bounds else f"any {self.format or types}"

    def _bounds(self) -> str:
        low, high = self.minimum, self.maximum
        if low is not None and high is not None:
            return f"{low:g} to {high:g}"
        if low is not None:
            return f"{low:g} or more"
        return f"{high:g} or less" if high is not None else ""


def node_at(schema: SchemaNode, path: Path) -> SchemaNode | None:
    """Return the schema of the field at a path, or None where there is none; `*` is any item."""
    node = schema
    for token in path:
        parts = parts_of(node)
        inner = part_of(parts, "items") if token == EACH else field_node(parts, token)
        if inner is None:
            return None
        node = inner
    return node


def allowed(node: SchemaNode) -> Allowed:
    """Return what a field takes in the form that is sent, the first one of a union."""
    rules = [
        rule for rule in assertions(node) if not rule.path and not rule.shape and not rule.given
    ]
    by_name = {rule.rule: rule for rule in reversed(rules)}
    listed = next((rule for rule in rules if rule.rule in ("enum", "const")), None)
    if listed is None:
        values = tuple(_stated(node, ValuesWord.word, ()))
    elif listed.rule == "enum":
        values = tuple(listed.value)
    else:
        values = (listed.value,)
    return Allowed(
        types=types(node),
        minimum=_bound(rules, "minimum", max),
        maximum=_bound(rules, "maximum", min),
        values=values,
        closed=listed is not None,
        default=_stated(node, "default", None),
        format=by_name["format"].value if "format" in by_name else "",
    )


def _stated(node: SchemaNode, keyword: str, otherwise: Any) -> Any:
    """Return what the first part of a schema that has a keyword says there."""
    for part in parts_of(node):
        if keyword in part:
            return part[keyword]
    return otherwise


def types(node: SchemaNode) -> tuple[str, ...]:
    """Return the JSON types of a field, the one that is sent first."""
    if never(node):
        return ()
    union = union_of(node)
    if union is None:
        return types_of(node)
    return tuple(name for branch in union[1] for name in types_of(branch))


def _bound(rules: list[Assertion], name: str, pick: Any) -> float | None:
    bounds = [float(rule.value) for rule in rules if rule.rule == name]
    return pick(bounds) if bounds else None
