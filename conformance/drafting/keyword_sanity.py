"""Take a published schema's keywords where they have their form; people write documents, too."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from conformance.spec.schema.json_types import TYPES

if TYPE_CHECKING:
    from collections.abc import Callable

Schema = dict[str, Any]


def sane(node: Any) -> Schema:
    """Return a schema without what has no known form; nothing where it is no schema."""
    return (
        {key: value for key, value in node.items() if fits(key, value)}
        if isinstance(node, dict)
        else {}
    )


def fits(key: str, value: Any) -> bool:
    """Say whether a keyword is known and its value has the form it needs; our own words pass."""
    if key.startswith("x-"):
        return True
    form = _FORMS.get(key)
    return form is not None and form(value)


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _size(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _flag(value: Any) -> bool:
    return isinstance(value, bool)


def _bound(value: Any) -> bool:
    return _number(value) or _flag(value)


def _type(value: Any) -> bool:
    return (_text(value) and value in TYPES) or (
        isinstance(value, list)
        and bool(value)
        and all(_text(one) and one in TYPES for one in value)
    )


def _names(value: Any) -> bool:
    return isinstance(value, list) and all(map(_text, value))


def _listed(value: Any) -> bool:
    return isinstance(value, list) and bool(value)


def _schema(value: Any) -> bool:
    return isinstance(value, dict | bool)


def _named(value: Any) -> bool:
    return isinstance(value, dict) and all(
        isinstance(name, str) and _schema(one) for name, one in value.items()
    )


def _branches(value: Any) -> bool:
    return _listed(value) and all(map(_schema, value))


def _depends(value: Any) -> bool:
    return isinstance(value, dict) and all(map(_names, value.values()))


def _pattern(value: Any) -> bool:
    try:
        return isinstance(value, str) and bool(re.compile(value))
    except (re.error, OverflowError, RecursionError):
        return False


def _anything(_: Any) -> bool:
    return True


_FORMS: dict[str, Callable[[Any], bool]] = {
    **dict.fromkeys(("$ref", "title", "description", "format"), _text),
    **dict.fromkeys(("minimum", "maximum"), _number),
    **dict.fromkeys(("exclusiveMinimum", "exclusiveMaximum"), _bound),
    **dict.fromkeys(
        (
            "minLength",
            "maxLength",
            "minItems",
            "maxItems",
            "minProperties",
            "maxProperties",
            "minContains",
            "maxContains",
        ),
        _size,
    ),
    **dict.fromkeys(("uniqueItems", "nullable"), _flag),
    **dict.fromkeys(("properties", "patternProperties", "dependentSchemas"), _named),
    **dict.fromkeys(
        (
            "items",
            "not",
            "if",
            "then",
            "else",
            "contains",
            "additionalProperties",
            "propertyNames",
            "unevaluatedProperties",
        ),
        _schema,
    ),
    **dict.fromkeys(("allOf", "anyOf", "oneOf", "prefixItems"), _branches),
    **dict.fromkeys(("default", "const", "example"), _anything),
    "multipleOf": lambda value: _number(value) and value > 0,
    "type": _type,
    "required": _names,
    "enum": _listed,
    "examples": lambda value: isinstance(value, list),
    "dependentRequired": _depends,
    "pattern": _pattern,
}
#: Every keyword that is taken over.
KEYWORDS = frozenset(_FORMS)
