"""A second opinion.

What the plain jsonschema package says of a value, counted by the rules of the design.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import jsonschema_rs
from jsonschema import Draft202012Validator, FormatChecker, ValidationError, validators

from conformance.spec.schema.json_types import choice_of, takes, types_of, union_of
from conformance.spec.schema.validator import _formats, asserted_formats
from conformance.spec.words.extension_word import read
from conformance.spec.words.request_words import IntegerWord

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from conformance.spec.schema.node import SchemaNode

#: Falls with the type of the same node, so it is no second finding.
_IMPLIED = ("enum", "const", "x-integer", "format")


def broken(schema: SchemaNode, value: Any) -> set[tuple[str, str]]:
    """Return the assertions of a schema that a value breaks: pointer and path."""
    found = {item for error in _validator(schema).iter_errors(value) for item in _expand(error)}
    types = {(at.removesuffix("/type"), path) for at, _, path in found if at.endswith("/type")}
    return {
        (at + (f"/{name}" if at.endswith("/required") else ""), path)
        for at, name, path in found
        if not (at.endswith(_IMPLIED) and (at.rpartition("/")[0], path) in types)
    }


def keeps(schema: Any, value: Any) -> bool:
    """Say whether a value keeps a schema."""
    return bool(_validator(schema).is_valid(value))


def asserts(name: str, text: str) -> bool:
    """Say whether a text is refused for its format, by a library's own idea of it."""
    schema = {"format": name}
    return not jsonschema_rs.Draft202012Validator(schema, validate_formats=True).is_valid(text)


def _validator(schema: Any) -> Any:
    checker = FormatChecker(formats=())
    for name in asserted_formats():
        checker.checkers[name] = (_texts_only(_formats()[name]), ())
    extend: Any = validators.extend
    own = {"x-integer": _whole, "pattern": _pattern}
    return extend(Draft202012Validator, own)(schema, format_checker=checker)


def _texts_only(holds: Any) -> Any:
    return lambda value: not isinstance(value, str) or bool(holds(value))


def _whole(_: Any, bounds: dict[str, int], value: Any, __: Any) -> Iterator[ValidationError]:
    if isinstance(value, str) and (rule := read(IntegerWord, bounds).broken_by(value)):
        yield ValidationError(rule)


def _pattern(_: Any, pattern: str, value: Any, schema: Any) -> Iterator[ValidationError]:
    if isinstance(value, str) and "x-integer" not in schema and not re.search(pattern, value):
        yield ValidationError("pattern")


def _expand(error: ValidationError) -> Iterator[tuple[str, str, str]]:
    node: Any = error.schema
    keyword = str(error.validator)
    path = "/".join(map(str, error.absolute_path))
    union, branches = union_of(node) or ("", ())
    if union == keyword:
        for index, branch in enumerate(branches):
            if takes(types_of(branch), error.instance):
                for inner in error.context or ():
                    if inner.schema_path[0] == index:
                        yield from _expand(inner)
                return
    at = f"{getattr(node, 'at', '')}/{keyword}"
    yield from ((at, name, path) for name in _names(error, node, keyword))


def _names(error: ValidationError, node: Any, keyword: str) -> Iterable[str]:
    value: Any = error.instance
    choice, _ = choice_of(node) or ("", ())
    if keyword == "required":
        return [name for name in node["required"] if name not in value]
    if keyword == choice or (keyword == "not" and "required" in node["not"]):
        return [""] if isinstance(value, dict) else []
    return [""]
