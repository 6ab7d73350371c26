"""What a field takes, told from its schema: for capabilities, and for the sentence of a refusal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.spec.schema.assertions import assertions
from conformance.spec.schema.json_types import never, types_of, union_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.spec.schema.assertions import Path
    from conformance.spec.schema.node import Schema


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
        return (
            f"{self._bounds()} ({' or '.join(self.types)})"
            if self._bounds()
            else f"any {self.format or ' or '.join(self.types)}"
        )

    def _bounds(self) -> str:
        low, high = self.minimum, self.maximum
        if low is not None and high is not None:
            return f"{low:g} to {high:g}"
        if low is not None:
            return f"{low:g} or more"
        return f"{high:g} or less" if high is not None else ""


def node_at(schema: Schema, path: Path) -> Schema | None:
    """Return the schema of the field at a path, or None where there is none."""
    node = schema
    for token in path:
        found = [
            part["properties"][token] for part in parts(node) if token in part.get("properties", {})
        ]
        if not found:
            return None
        node = found[0] if len(found) == 1 else found[0].saying({"allOf": found})
    return node


def parts(node: Schema) -> Iterator[Schema]:
    """Yield a schema and every schema that holds beside it."""
    yield node
    for part in node.get("allOf", ()):
        yield from parts(part)


def allowed(node: Schema) -> Allowed:
    """Return what a field takes in the form that is sent, the first one of a union."""
    found = [one for one in assertions(node) if not one.path and not one.shape and not one.given]
    listed = next((one for one in found if one.rule in ("enum", "const")), None)
    shown = next((part["x-values"] for part in parts(node) if "x-values" in part), ())
    values = (
        tuple(listed.value)
        if listed and listed.rule == "enum"
        else ((listed.value,) if listed else tuple(shown))
    )
    return Allowed(
        types=types(node),
        minimum=_bound(found, "minimum", max),
        maximum=_bound(found, "maximum", min),
        values=values,
        closed=listed is not None,
        default=next((part["default"] for part in parts(node) if "default" in part), None),
        format=next((one.value for one in found if one.rule == "format"), ""),
    )


def types(node: Schema) -> tuple[str, ...]:
    """Return the JSON types of a field, the one that is sent first."""
    if never(node):
        return ()
    union = union_of(node)
    return (
        tuple(kind for branch in union[1] for kind in types_of(branch)) if union else types_of(node)
    )


def _bound(found: list[Any], rule: str, pick: Any) -> float | None:
    bounds = [float(one.value) for one in found if one.rule == rule]
    return pick(bounds) if bounds else None
