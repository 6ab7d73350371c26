"""The validator: JSON Schema 2020-12, formats that are really asserted, numbers as text."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jsonschema import ValidationError

    from conformance.spec.schema.flatten import Schema

_WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,17})")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
#: How many validators are kept; a run needs a few hundred.
_KEPT = 2000
#: Validators by the identity of their schema, which is kept alive beside them.
_VALIDATORS: dict[int, tuple[Schema, Any]] = {}


def validator_of(schema: Schema) -> Any:
    """Return the validator of a flattened schema."""
    known = _VALIDATORS.get(id(schema))
    if known is None:
        if len(_VALIDATORS) >= _KEPT:
            _VALIDATORS.clear()
        known = _VALIDATORS[id(schema)] = (schema, _dialect()(schema, format_checker=_checker()))
    return known[1]


def asserted_formats() -> frozenset[str]:
    """Return the formats that are really asserted; any other says nothing."""
    return frozenset(_formats())


@cache
def keywords() -> frozenset[str]:
    """Return the keywords that assert something."""
    return frozenset(_dialect().VALIDATORS)


def format_named(name: str) -> Callable[[str], bool]:
    """Return what holds a text to a format; one that is not asserted takes every text."""
    holds = _formats().get(name)
    return (lambda _: True) if holds is None else lambda text: bool(holds(text))


@cache
def _dialect() -> Any:
    from jsonschema import Draft202012Validator, validators

    own = {"x-integer": _whole, "pattern": _pattern}
    extend: Any = validators.extend
    return extend(Draft202012Validator, own)


@cache
def _checker() -> Any:
    from jsonschema import FormatChecker

    checker = FormatChecker(formats=())
    for name, holds in _formats().items():
        checker.checkers[name] = (_texts_only(holds), ())
    return checker


def _texts_only(holds: Callable[[str], object]) -> Callable[[object], bool]:
    return lambda value: not isinstance(value, str) or bool(holds(value))


@cache
def _formats() -> dict[str, Callable[[str], object]]:
    from rfc3339_validator import validate_rfc3339
    from rfc3986_validator import validate_rfc3986

    return {
        "uri": lambda text: validate_rfc3986(text, rule="URI"),
        "date-time": validate_rfc3339,
        "date": _is_date,
        "uuid": _UUID.fullmatch,
        "email": _EMAIL.fullmatch,
    }


def _is_date(text: str) -> bool:
    from datetime import date

    try:
        return bool(_DATE.fullmatch(text) and date.fromisoformat(text))
    except ValueError:
        return False


def _whole(_: Any, bounds: dict[str, int], value: Any, __: Any) -> Iterator[ValidationError]:
    """Assert that a text holds a whole number within bounds; the message names the bound."""
    from jsonschema import ValidationError

    if isinstance(value, str) and (broken := whole_within(bounds, value)):
        yield ValidationError(broken)


def whole_within(bounds: dict[str, int], text: str) -> str:
    """Return which rule of a whole number within bounds a text breaks; nothing where it keeps all."""
    if not _WHOLE.fullmatch(text):
        return "whole"
    if int(text) < bounds.get("minimum", int(text)):
        return "minimum"
    return "maximum" if int(text) > bounds.get("maximum", int(text)) else ""


def _pattern(_: Any, pattern: str, value: Any, schema: Schema) -> Iterator[ValidationError]:
    from jsonschema import ValidationError

    # Beside `x-integer` a pattern says the same thing again.
    told = isinstance(value, str) and "x-integer" not in schema
    if told and not re.search(pattern, value):
        yield ValidationError("pattern")
