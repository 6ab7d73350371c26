"""Build the smallest value that a schema accepts and that has what is wanted of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.spec.schema.json_types import choice_of, never, parts_of, takes, types_of, union_of
from conformance.spec.schema.node import ANYTHING, SchemaNode
from conformance.spec.schema.smallest_scalar import bound, number, text
from conformance.spec.schema.violations import valid

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.model.inputs import Inputs
    from conformance.model.json_place import Path
    from conformance.spec.schema.node import Schema


@dataclass(frozen=True, slots=True)
class Shape:
    """A wish for any value of one JSON type."""

    kind: str


#: Wishes that name no value: the field is there, or it is not.
PRESENT = Shape("")
ABSENT = Shape("absent")

#: What to wish of a value: a literal, or a `Shape`, by path.
Wants = "Mapping[Path, Any]"


class MissingInput(LookupError):
    """A field needs media that the run was not given."""


def build(schema: Schema, wants: Mapping[Path, Any], inputs: Inputs) -> Any:
    """Return the smallest valid value with what is wanted, or None where there is none."""
    value = _value(schema, dict(wants), _Pen(inputs=inputs))
    return value if valid(schema, value) and not _twice(schema, value) else None


def _twice(schema: Schema, value: Any) -> bool:
    # Two ways to say the same thing: no document says what that means, so nobody sends it.
    choices = (choice for part in parts_of(schema) if (choice := choice_of(part)))
    return isinstance(value, dict) and any(
        sum(all(name in value for name in option) for option in options) > 1
        for _, options in choices
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pen:
    """What is handed down while writing: the inputs, and the media role of the field above."""

    inputs: Inputs
    role: str = ""

    def inside(self, node: Schema) -> _Pen:
        role = node.get("x-media", {}).get("role", "")
        return _Pen(inputs=self.inputs, role=role) if role else self


def _value(node: Schema, wants: dict[Path, Any], pen: _Pen) -> Any:
    own = wants.get((), PRESENT)
    if not isinstance(own, Shape):
        return own
    pen = pen.inside(node)
    if len(wants) <= (() in wants):
        for known in _known(node, pen):
            if not own.kind or takes((own.kind,), known):
                return known
    if union := union_of(node):
        return _value(_branch(union[1], own, wants), wants, pen)
    typed = (part for part in parts_of(node) if "type" in part or "properties" in part)
    return _of_kind(own.kind or types_of(next(typed, node))[0], node, wants, pen)


def _known(node: Schema, pen: _Pen) -> Iterator[Any]:
    for part in parts_of(node):
        if "const" in part:
            yield part["const"]
        if "seconds-of" in part.get("x-media", {}) and pen.inputs.usual:
            yield pen.inputs.usual
        yield from part.get("enum", ())[:1]
        if not pen.role and not union_of(part):
            yield from (part.get("x-values") or part.get("examples") or ())[:1]
            yield from [part["default"]] if "default" in part else []


def _branch(branches: tuple[Schema, ...], own: Shape, wants: Mapping[Path, Any]) -> Schema:
    wanted = own.kind or ("object" if any(path and path[0] != "*" for path in wants) else "")
    return next((branch for branch in branches if wanted in types_of(branch)), branches[0])


def _of_kind(kind: str, node: Schema, wants: dict[Path, Any], pen: _Pen) -> Any:
    match kind:
        case "object":
            return _object(node, wants, pen)
        case "array":
            return _array(node, wants, pen)
        case "string":
            return _addresses(pen)[0] if pen.role else text(node)
        case "integer" | "number":
            return number(node)
        case "boolean":
            return True
        case _:
            return None


def _object(node: Schema, wants: dict[Path, Any], pen: _Pen) -> dict[str, Any]:
    refused = {path[0] for path, value in wants.items() if len(path) == 1 and value == ABSENT}
    wanted = {path[0] for path in wants if path} - refused
    parts = list(parts_of(node))
    value: dict[str, Any] = {}
    for _ in range(3):  # a condition may bring in another
        names = _names(parts, wanted, refused)
        value = {name: _value(_property(parts, name), _below(wants, name), pen) for name in names}
        more = [part for part in _conditional(node, value) if part not in parts]
        if not more:
            break
        parts += more
    return value


def _names(parts: list[Schema], wanted: set[str], refused: set[str]) -> list[str]:
    names = [name for part in parts for name in part.get("required", ())]
    names += [
        name
        for part in parts
        for name, inner in part.get("properties", {}).items()
        if _in_doubt(inner)
    ]
    for part in parts:
        if choice := choice_of(part):
            fitting = [option for option in choice[1] if not refused & set(option)]
            chosen = [option for option in fitting if wanted & set(option)] or fitting[:1]
            names += [name for option in chosen for name in option]
    names += sorted(wanted)
    for part in parts:
        needed = part.get("dependentRequired", {})
        names += [name for trigger in tuple(names) for name in needed.get(trigger, ())]
    return [name for name in dict.fromkeys(names) if name not in refused]


def _in_doubt(node: Schema) -> bool:
    """Say whether it is in doubt that a field may be left out, or one inside it.

    Then it is sent.
    """
    if "x-reading" in node.get("x-required", {}):
        return True
    return any(
        _in_doubt(inner) for part in parts_of(node) for inner in part.get("properties", {}).values()
    )


def _property(parts: list[Schema], name: str) -> Schema:
    found: list[Schema] = [
        part["properties"][name] for part in parts if name in part.get("properties", {})
    ]
    if len(found) == 1:
        return found[0]
    first = found[0] if found else ANYTHING
    return first.saying({"allOf": found})


def _below(wants: Mapping[Path, Any], name: str) -> dict[Path, Any]:
    return {path[1:]: value for path, value in wants.items() if path and path[0] == name}


def _array(node: Schema, wants: dict[Path, Any], pen: _Pen) -> list[Any]:
    items: Schema = next((part["items"] for part in parts_of(node) if "items" in part), ANYTHING)
    role = pen.inside(items).role
    below = _below(wants, "*")
    least = bound(node, "minItems", 1)
    if role and all(isinstance(value, Shape) for value in below.values()):
        return list(_addresses(pen.inside(items))[: max(2, least)])
    return [_value(items, below, pen) for _ in range(max(1, least))]


def _addresses(pen: _Pen) -> tuple[str, ...]:
    found = pen.inputs.media(pen.role)
    if not found:
        raise MissingInput(pen.role)
    return found


def _conditional(node: Schema, value: Any) -> Iterator[Schema]:
    for part in parts_of(node):
        if "if" in part:
            met = valid(part["if"], value)
            branch = part.get("then") if met else part.get("else")
            if isinstance(branch, SchemaNode) and not never(branch):
                yield from parts_of(branch)
