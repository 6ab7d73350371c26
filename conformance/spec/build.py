"""Build the smallest value that a schema accepts and that has what is wanted of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.spec.kinds import choice_of, never, takes, types_of, union_of
from conformance.spec.violation import valid

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.spec.assertion import Path
    from conformance.spec.flat import Schema
    from conformance.values.inputs import Inputs


@dataclass(frozen=True, slots=True)
class Shape:
    """A wish for any value of one JSON type."""

    kind: str


#: Wishes that name no value: the field is there, or it is not.
PRESENT = Shape("")
ABSENT = Shape("absent")

#: What to wish of a value: a literal, or a `Shape`, by path.
Wants = "Mapping[Path, Any]"


class MissingInput(LookupError):  # noqa: N818 - named for the fact
    """A field needs media that the run was not given."""


def build(schema: Schema, wants: Mapping[Path, Any], inputs: Inputs) -> Any:
    """Return the smallest valid value with what is wanted, or None where there is none."""
    value = _value(schema, dict(wants), _Pen(inputs=inputs))
    return value if valid(schema, value) and not _twice(schema, value) else None


def _twice(schema: Schema, value: Any) -> bool:
    """Two ways to say the same thing in one request: no document says what that means, so nobody sends it."""
    choices = (choice for part in _parts(schema) if (choice := choice_of(part)))
    return isinstance(value, dict) and any(sum(all(name in value for name in option) for option in options) > 1 for _, options in choices)


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
    kinds = [kind for part in _parts(node) for kind in types_of(part)[:1] if "type" in part or "properties" in part]
    return _of_kind(own.kind or (kinds[0] if kinds else types_of(node)[0]), node, wants, pen)


def _known(node: Schema, pen: _Pen) -> Iterator[Any]:
    for part in _parts(node):
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
            return _string(node, pen)
        case "integer" | "number":
            return _number(node)
        case "boolean":
            return True
        case _:
            return None


def _object(node: Schema, wants: dict[Path, Any], pen: _Pen) -> dict[str, Any]:
    wanted = {path[0] for path, value in wants.items() if path and not (len(path) == 1 and value == ABSENT)}
    refused = {path[0] for path, value in wants.items() if len(path) == 1 and value == ABSENT}
    parts = list(_parts(node))
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


def _property(parts: list[Schema], name: str) -> Schema:
    found = [part["properties"][name] for part in parts if name in part.get("properties", {})]
    return found[0] if len(found) == 1 else {"allOf": found}


def _below(wants: Mapping[Path, Any], name: str) -> dict[Path, Any]:
    return {path[1:]: value for path, value in wants.items() if path and path[0] == name}


def _array(node: Schema, wants: dict[Path, Any], pen: _Pen) -> list[Any]:
    items = next((part["items"] for part in _parts(node) if "items" in part), {})
    role = pen.inside(items).role
    below = _below(wants, "*")
    if role and all(isinstance(value, Shape) for value in below.values()):
        found = _addresses(pen.inside(items))
        return list(found[: max(2, _bound(node, "minItems", 1))])
    return [_value(items, _below(wants, "*"), pen) for _ in range(max(1, _bound(node, "minItems", 1)))]


def _string(node: Schema, pen: _Pen) -> str:
    if pen.role:
        return _addresses(pen)[0]
    for part in _parts(node):
        if "x-integer" in part:
            return str(part["x-integer"].get("minimum", 1))
        if "format" in part:
            return _FORMATS.get(part["format"], "")
        if "pattern" in part:
            return _matching(part["pattern"])
    return "text".ljust(_bound(node, "minLength", 0), "x")[: _bound(node, "maxLength", 1000)]


def text_of(node: Schema, length: int) -> str:
    """Return a sensible text of exactly that length: the example, repeated or cut."""
    known = next((one for one in node.get("examples", ()) if isinstance(one, str) and one), "text")
    return (f"{known} " * length)[:length]


def _number(node: Schema) -> int | float:
    step = _bound(node, "multipleOf", 1)
    low = _bound(node, "minimum", None)
    above = _bound(node, "exclusiveMinimum", None)
    high = _bound(node, "maximum", None)
    below = _bound(node, "exclusiveMaximum", None)
    if low is None and above is not None:
        low = above + step
    if low is not None:
        whole = -(-low // step) * step
        return int(whole) if float(whole).is_integer() else float(whole)
    if high is None and below is not None:
        high = below - step
    return min(1, high) if high is not None and high < 1 else (step if step != 1 else 1)


def _bound(node: Schema, keyword: str, default: Any) -> Any:
    found = [part[keyword] for part in _parts(node) if keyword in part]
    return (max if keyword.lower().startswith(("min", "exclusivemin")) else min)(found) if found else default


def _addresses(pen: _Pen) -> tuple[str, ...]:
    found = pen.inputs.media(pen.role)
    if not found:
        raise MissingInput(pen.role)
    return found


def _parts(node: Schema) -> Iterator[Schema]:
    yield node
    for part in node.get("allOf", ()):
        yield from _parts(part)


def _conditional(node: Schema, value: Any) -> Iterator[Schema]:
    for part in _parts(node):
        if "if" in part:
            met = valid(part["if"], value)
            branch = part.get("then") if met else part.get("else")
            if isinstance(branch, dict) and not never(branch):
                yield from _parts(branch)


def _matching(pattern: str) -> str:
    from conformance.spec.regular import shortest

    return shortest(pattern)


_FORMATS = {
    "uri": "https://example.com/",
    "date-time": "2030-01-01T00:00:00Z",
    "date": "2030-01-01",
    "uuid": "00000000-0000-4000-8000-000000000000",
    "email": "someone@example.com",
}
