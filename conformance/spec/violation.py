"""Which assertions a value breaks, counted so that one broken promise counts as one."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from conformance.spec.kinds import choice_of, never, takes, types_of, union_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from jsonschema import ValidationError

    from conformance.spec.flat import Schema

#: The pointer of an assertion, its name, and the path of the value that breaks it.
Violation = tuple[str, str, tuple[str | int, ...]]

#: Falls with the type of the same node: implied, and no second finding.
_IMPLIED_BY_TYPE = ("enum", "const", "x-integer", "format")


def violations(schema: Schema, value: Any) -> frozenset[Violation]:
    """Return every assertion of a flattened schema that a value breaks."""
    found = {item for error in validator_of(schema).iter_errors(value) for item in _expand(error)}
    types = {(at.removesuffix("/type"), path) for at, _, path in found if at.endswith("/type")}
    return frozenset(item for item in found if not _implied(item, types))


def valid(schema: Schema, value: Any) -> bool:
    """Say whether a value keeps the whole schema."""
    return not any(True for _ in validator_of(schema).iter_errors(value))


def _implied(item: Violation, types: set[tuple[str, tuple[str | int, ...]]]) -> bool:
    at, _, path = item
    node, _, keyword = at.rpartition("/")
    return keyword in _IMPLIED_BY_TYPE and (node, path) in types


def _expand(error: ValidationError) -> Iterator[Violation]:
    path = tuple(error.absolute_path)
    node: Any = error.schema
    at = f"{node.get('x-at', '')}/{error.validator}"
    match error.validator:
        case "required":
            missing = set(node["required"]) - set(error.instance)
            yield from ((at, name, path) for name in missing)
        case "dependentRequired":
            yield from ((at, name, path) for name in _missing(error))
        case "x-integer":
            yield (at, str(error.message), path)
        case "anyOf" | "oneOf":
            yield from _combined(error, at, path)
        case "not":
            name = "" if never(node) else _not_name(node)
            if not name or isinstance(error.instance, dict):  # as of a choice below
                yield (at, name, path)
        case _:
            yield (at, "", path)


def _missing(error: ValidationError) -> Iterator[str]:
    node, instance = _parts(error)
    for trigger, names in node["dependentRequired"].items():
        if trigger in instance:
            yield from (f"{trigger}>{name}" for name in names if name not in instance)


def _not_name(node: Schema) -> str:
    return "both" if len(node["not"].get("required", ())) > 1 else ""


def _combined(error: ValidationError, at: str, path: tuple[str | int, ...]) -> Iterator[Violation]:
    node: Any = error.schema
    union = union_of(node)
    if union and union[0] == error.validator:
        for index, branch in enumerate(union[1]):
            if takes(types_of(branch), error.instance):
                inner = [item for item in error.context or () if item.schema_path[0] == index]
                yield from (item for one in inner for item in _expand(one))
                return
        yield (at, "", path)
        return
    choice = choice_of(node)
    if choice and choice[0] == error.validator:
        if not isinstance(error.instance, dict):
            return  # a choice of fields says nothing of what is no object
        met = [option for option in choice[1] if all(name in error.instance for name in option)]
        yield (at, "both" if met else "neither", path)
        return
    yield (at, "", path)
