"""The validator: JSON Schema 2020-12 as jsonschema-rs compiles it.

Formats are really asserted, and so is our word for numbers that are written as text.

The only door to jsonschema-rs.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

from conformance.model.json_place import MISSING, inside
from conformance.spec.schema.json_types import holds_json
from conformance.spec.words.extension_word import read
from conformance.spec.words.request_words import IntegerWord

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import jsonschema_rs

    from conformance.spec.schema.node import SchemaNode

    Validator: TypeAlias = jsonschema_rs.Draft202012Validator

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")


def compiled(node: SchemaNode) -> Validator:
    """Return the validator of a node."""
    return _validator(_clean(node))


def _validator(schema: Any) -> Validator:
    import jsonschema_rs

    return jsonschema_rs.Draft202012Validator(
        schema,
        validate_formats=True,
        formats=_formats(),
        keywords={
            IntegerWord.word: _WholeNumber,
            "pattern": _Pattern,
            "contentMediaType": _JsonText,
            "contentSchema": _JsonContent,
        },
    )


def asserted_formats() -> frozenset[str]:
    """Return the formats that are really asserted; any other says nothing."""
    return frozenset(_formats())


def _clean(part: Any) -> Any:
    """Return a schema without words and formats that assert nothing."""
    if isinstance(part, list | tuple):
        return [_clean(item) for item in part]
    if not isinstance(part, dict):
        return part
    return {
        name: _clean_keyword(name, value) for name, value in part.items() if _asserts(name, value)
    }


def _clean_keyword(name: str, value: Any) -> Any:
    """Clean what a keyword holds; what is data stays as it is, and so do the names of fields."""
    if name in ("enum", "const", "default", "examples", IntegerWord.word, "required"):
        return value
    if name in ("properties", "patternProperties", "dependentSchemas") and isinstance(value, dict):
        return {field: _clean(node) for field, node in value.items()}
    return _clean(value)


def _asserts(name: str, value: Any) -> bool:
    if name == "format":
        return value in asserted_formats()
    return name == IntegerWord.word or not name.startswith(("x-", "$"))


class _WholeNumber:
    """Asserts that a text holds a whole number within bounds; the message names the bound."""

    def __init__(self, _: Mapping[str, Any], bounds: Mapping[str, int], __: object) -> None:
        self._integer = read(IntegerWord, bounds)

    def validate(self, value: object) -> None:
        """Raise where a text breaks a bound."""
        if isinstance(value, str) and (broken := self._integer.broken_by(value)):
            raise ValueError(broken)


class _JsonText:
    """Asserts that a text which is said to be JSON is JSON."""

    def __init__(self, schema: Mapping[str, Any], _: object, __: object) -> None:
        self._is_json = holds_json(schema)

    def validate(self, value: object) -> None:
        """Raise where a text is no JSON."""
        if self._is_json and isinstance(value, str) and inside(value) is MISSING:
            raise ValueError("contentMediaType")


class _JsonContent:
    """Asserts what is said of the JSON document inside a text."""

    def __init__(self, schema: Mapping[str, Any], content: Any, _: object) -> None:
        self._validator = _validator(content) if holds_json(schema) else None

    def validate(self, value: object) -> None:
        """Raise where the document breaks its schema."""
        document = inside(value)
        if self._validator and document is not MISSING and not self._validator.is_valid(document):
            raise ValueError("contentSchema")


class _Pattern:
    """Asserts a pattern as Python reads it; beside `x-integer` it says the same thing again."""

    def __init__(self, schema: Mapping[str, Any], pattern: str, _: object) -> None:
        self._pattern = None if IntegerWord.word in schema else re.compile(pattern)

    def validate(self, value: object) -> None:
        """Raise where a text does not match."""
        if self._pattern and isinstance(value, str) and not self._pattern.search(value):
            raise ValueError("pattern")


@cache
def _formats() -> dict[str, Callable[[str], bool]]:
    from rfc3339_validator import validate_rfc3339
    from rfc3986_validator import validate_rfc3986

    return {
        "uri": lambda text: bool(validate_rfc3986(text, rule="URI")),
        "date-time": lambda text: bool(validate_rfc3339(text)),
        "date": _is_date,
        "uuid": lambda text: bool(_UUID.fullmatch(text)),
        "email": lambda text: bool(_EMAIL.fullmatch(text)),
    }


def _is_date(text: str) -> bool:
    from datetime import date

    try:
        return bool(_DATE.fullmatch(text) and date.fromisoformat(text))
    except ValueError:
        return False
