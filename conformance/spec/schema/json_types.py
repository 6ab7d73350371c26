"""Which JSON type a value has, and which ones a schema node takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator


#: A schema as far as its own keywords go: a node, or a mapping like one.
Keywords: TypeAlias = Mapping[str, Any]
N = TypeVar("N", bound=Keywords)

TYPES = ("object", "array", "string", "integer", "number", "boolean", "null")


_NAMES = {type(None): "null", bool: "boolean", int: "integer", str: "string", list: "array"}


def type_of(value: Any) -> str:
    """Return the JSON type of a value; a whole number is an `integer`, `True` is none."""
    if isinstance(value, float):
        return "integer" if value.is_integer() else "number"
    return _NAMES.get(type(value), "object")


def types_of(node: Keywords) -> tuple[str, ...]:
    """Return the JSON types a node takes: by `type`, `enum` or `const`; all where it is silent."""
    if "type" in node:
        kinds = node["type"]
        return (kinds,) if isinstance(kinds, str) else tuple(kinds)
    if "const" in node:
        return (type_of(node["const"]),)
    if "enum" in node:
        return tuple(dict.fromkeys(type_of(value) for value in node["enum"]))
    for part in node.get("allOf", ()):
        if types_of(part) != TYPES:
            return types_of(part)
    if "properties" in node or "required" in node:
        return ("object",)
    return TYPES


def parts_of(node: N) -> Iterator[N]:
    """Yield a node and whatever `allOf` adds to it, however deep."""
    yield node
    for part in node.get("allOf", ()):
        yield from parts_of(part)


def takes(kinds: tuple[str, ...], value: Any) -> bool:
    """Say whether a value is of one of the types."""
    kind = type_of(value)
    return kind in kinds or (kind == "integer" and "number" in kinds)


def union_of(node: N) -> tuple[str, tuple[N, ...]] | None:
    """Return the keyword and branches of a union: branches that no two JSON types share."""
    for keyword in ("anyOf", "oneOf"):
        branches = tuple(node.get(keyword, ()))
        kinds = [kind for branch in branches for kind in types_of(branch)]
        if len(branches) > 1 and len(kinds) == len(set(kinds)) < len(TYPES):
            return keyword, branches
    return None


def choice_of(node: Keywords) -> tuple[str, tuple[tuple[str, ...], ...]] | None:
    """Return the keyword and alternatives of a choice: branches that only require fields."""
    for keyword in ("oneOf", "anyOf"):
        branches = node.get(keyword, ())
        if branches and all("required" in branch and not _rules(branch) for branch in branches):
            return keyword, tuple(tuple(branch["required"]) for branch in branches)
    return None


def holds_json(node: Keywords) -> bool:
    """Say whether a text that keeps a node is a JSON document."""
    media = str(node.get("contentMediaType", "")).partition(";")[0].strip().lower()
    return media == "application/json" or media.endswith("+json")


def never(node: Keywords) -> bool:
    """Say whether a node forbids every value (`not: {}` or `false`)."""
    inner = node.get("not")
    return isinstance(inner, dict) and not [key for key in inner if not key.startswith("x-")]


def _rules(branch: Keywords) -> list[str]:
    return [key for key in branch if key != "required" and not key.startswith("x-")]
