"""Which assertions a value breaks, counted so that one broken promise counts as one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.spec.schema.fast_check import keeps
from conformance.spec.schema.json_types import choice_of, takes, types_of, union_of
from conformance.spec.schema.validator import validator_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from jsonschema import ValidationError

    from conformance.spec.schema.flatten import Schema

#: The pointer of an assertion, its name, and the path of the value that breaks it.
Violation = tuple[str, str, tuple[str | int, ...]]

#: Falls with the type of the same node: implied, and no second finding.
_IMPLIED_BY_TYPE = ("enum", "const", "x-integer", "format")


def violations(schema: Schema, value: Any) -> frozenset[Violation]:
    """Return every assertion of a flattened schema that a value breaks."""
    if keeps(schema, value):
        return frozenset()
    found = {item for error in validator_of(schema).iter_errors(value) for item in _expand(error)}
    types = {(at.removesuffix("/type"), path) for at, _, path in found if at.endswith("/type")}
    return frozenset(item for item in found if not _implied(item, types))


def valid(schema: Schema, value: Any) -> bool:
    """Say whether a value keeps the whole schema."""
    return keeps(schema, value)


def _implied(item: Violation, types: set[tuple[str, tuple[str | int, ...]]]) -> bool:
    at, _, path = item
    node, _, keyword = at.rpartition("/")
    return keyword in _IMPLIED_BY_TYPE and (node, path) in types


def _expand(error: ValidationError) -> Iterator[Violation]:
    node: Any = error.schema
    keyword = str(error.validator)
    at = f"{node.get('x-at', '')}/{keyword}"
    path = tuple(error.absolute_path)
    if keyword in ("anyOf", "oneOf") and (branch := _own_branch(error, node, keyword)) is not None:
        for inner in branch:
            yield from _expand(inner)
    else:
        yield from ((at, name, path) for name in _names(error, node, keyword))


def _own_branch(error: ValidationError, node: Schema, keyword: str) -> list[ValidationError] | None:
    """Return what the branch of the value's own JSON type says, where a union has one."""
    found, branches = union_of(node) or ("", ())
    for index, branch in enumerate(branches if found == keyword else ()):
        if takes(types_of(branch), error.instance):
            return [inner for inner in error.context or () if inner.schema_path[0] == index]
    return None


def _names(error: ValidationError, node: Schema, keyword: str) -> Iterable[str]:
    """Return the names of the assertions that one error of the validator stands for."""
    value: Any = error.instance
    match keyword:
        case "required":
            return [name for name in node["required"] if name not in value]
        case "dependentRequired":
            return list(_missing(node["dependentRequired"], value))
        case "x-integer":
            return [str(error.message)]
        case "anyOf" | "oneOf":
            return _chosen(node, keyword, value)
        case "not" if _excludes(node):
            return ["both"] if isinstance(value, dict) else []
        case _:
            return [""]


def _missing(needed: dict[str, list[str]], value: dict[str, Any]) -> Iterator[str]:
    for trigger in needed.keys() & value.keys():
        yield from (f"{trigger}>{name}" for name in needed[trigger] if name not in value)


def _chosen(node: Schema, keyword: str, value: Any) -> list[str]:
    found, options = choice_of(node) or ("", ())
    if found != keyword:
        return [""]
    if not isinstance(value, dict):
        return []  # a choice of fields says nothing of what is no object
    met = [option for option in options if all(name in value for name in option)]
    return ["both" if met else "neither"]


def _excludes(node: Schema) -> bool:
    """Say whether a `not` forbids fields beside each other."""
    return len(node["not"].get("required", ())) > 1
