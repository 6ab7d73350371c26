"""Which assertions a value breaks, counted so that one broken promise counts as one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from conformance.model.json_place import INSIDE, inside, stands_at
from conformance.spec.schema.json_types import choice_of, takes, types_of, union_of
from conformance.spec.words.request_words import IntegerWord

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from jsonschema_rs import ValidationError

    from conformance.model.json_place import Path
    from conformance.spec.schema.assertions import Assertion, Repeats
    from conformance.spec.schema.node import SchemaNode

#: The pointer of an assertion, its name, and where in a value it is broken.
Violation: TypeAlias = "tuple[str, str, Path]"

#: Falls with the type of the same node: implied, and no second finding.
_IMPLIED_BY_TYPE = ("enum", "const", IntegerWord.word, "format")

#: How many levels of a value are looked at; jsonschema-rs quotes no more than 255.
_DEEPEST = 200


def violations(node: SchemaNode, value: Any) -> frozenset[Violation]:
    """Return every assertion of a schema that a value breaks."""
    if valid(node, value):
        return frozenset()
    broken = set(_broken(node, _portable(value), ()))
    types = {(at.removesuffix("/type"), path) for at, _, path in broken if at.endswith("/type")}
    repeats = node.rules.repeats
    return frozenset(
        _first_said(violation, repeats) for violation in broken if not _implied(violation, types)
    )


def breaks(violation: Violation, assertion: Assertion) -> bool:
    """Say whether a violation is one of that assertion, and not of its like elsewhere."""
    at, name, path = violation
    return (at, name) == assertion.key and stands_at(path, assertion.path)


def valid(node: SchemaNode, value: Any) -> bool:
    """Say whether a value keeps the whole schema."""
    try:
        return node.validator.is_valid(value)
    except UnicodeEncodeError:
        return node.validator.is_valid(_portable(value))


def _first_said(violation: Violation, repeats: Repeats) -> Violation:
    """Return the violation of the rule that says the same first, where a schema says it twice."""
    at, name, path = violation
    for pattern, first in repeats.get((at, name), ()):
        if stands_at(path, pattern):
            return (*first, path)
    return violation


def _implied(item: Violation, types: set[tuple[str, Path]]) -> bool:
    at, _, path = item
    node, _, keyword = at.rpartition("/")
    return keyword in _IMPLIED_BY_TYPE and (node, path) in types


def _portable(value: Any, levels: int = _DEEPEST) -> Any:
    """Return a value that the validator can take and show.

    Half characters are replaced, and what is nested deeper than any schema speaks of is left out:
    the validator gives up on it where it quotes what it refuses.
    """
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, list):
        return [_portable(item, levels - 1) for item in value] if levels else []
    if isinstance(value, dict):
        inner = value if levels else {}
        return {_portable(name): _portable(item, levels - 1) for name, item in inner.items()}
    return value


def _broken(root: SchemaNode, value: Any, above: Path) -> Iterator[Violation]:
    for error in root.validator.iter_errors(value):
        *way, keyword = (token for token in error.schema_path if token != "$ref")
        node: Any = root
        for token in way:
            node = node[token]
        path = (*above, *map(str, error.instance_path))
        if keyword == "contentSchema":
            yield from _broken(node[keyword], inside(error.instance), (*path, INSIDE))
            continue
        branch = _own_branch(node, keyword, error.instance)
        if branch is not None:
            yield from _broken(branch, error.instance, path)
            continue
        for name in _names(error, node, str(keyword)):
            yield f"{node.at}/{keyword}", name, path


def _own_branch(node: SchemaNode, keyword: str | int, value: Any) -> SchemaNode | None:
    """Return the branch of the value's own JSON type, where the node is a union that has one."""
    union_keyword, branches = union_of(node) or ("", ())
    if union_keyword == keyword:
        for branch in branches:
            if takes(types_of(branch), value):
                return branch
    return None


def _names(error: ValidationError, node: SchemaNode, keyword: str) -> Iterable[str]:
    """Return the names of the assertions that one error of the validator stands for."""
    value: Any = error.instance
    match keyword:
        case "required":
            return [name for name in node["required"] if name not in value]
        case "dependentRequired":
            return _missing(node["dependentRequired"], value)
        case IntegerWord.word:
            return [error.message]
        case "anyOf" | "oneOf":
            return _chosen(node, keyword, value)
        case "not" if _excludes(node):
            return ["both"] if isinstance(value, dict) else []
        case _:
            return [""]


def _missing(needed: dict[str, list[str]], value: dict[str, Any]) -> Iterator[str]:
    for trigger in needed.keys() & value.keys():
        yield from (f"{trigger}>{name}" for name in needed[trigger] if name not in value)


def _chosen(node: SchemaNode, keyword: str, value: Any) -> list[str]:
    found, options = choice_of(node) or ("", ())
    if found != keyword:
        return [""]
    if not isinstance(value, dict):
        return []  # a choice of fields says nothing of what is no object
    met = [option for option in options if all(name in value for name in option)]
    return ["both" if met else "neither"]


def _excludes(node: SchemaNode) -> bool:
    """Say whether a `not` forbids fields beside each other."""
    return len(node["not"].get("required", ())) > 1
