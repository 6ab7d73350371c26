"""Bring a published schema into JSON Schema 2020-12 and leave out what promises nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from conformance.model.json_place import below
from conformance.spec.schema.json_types import TYPES
from conformance.spec.schema.validator import asserted_formats

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.drafting.draft import OpenQuestions
    from conformance.model.exchange import JsonObject

#: Says nothing that a request or an answer could break; the document keeps its own sentences.
_SILENT = frozenset({"description", "nullable", "example"})
_NAMED = frozenset({"properties", "patternProperties", "dependentSchemas"})
_MANY = frozenset({"allOf", "anyOf", "oneOf", "prefixItems"})
_ONE = frozenset(
    {"items", "not", "if", "then", "else", "contains", "additionalProperties", "propertyNames"}
)
#: Formats that only name a number's size in memory.
_SIZES = frozenset({"int32", "int64", "float", "double"})


def converted(node: Any, pointer: str, questions: OpenQuestions) -> Any:
    """Return a schema of OpenAPI 3.0 or 3.1 as 3.1 has it, without other people's extensions."""
    if isinstance(node, bool):
        return node
    _ask_odd(node, pointer, questions)
    node = of_known_form(node)
    if "$ref" in node:
        return _nullable({"$ref": node["$ref"]}, node)
    schema: JsonObject = {}
    for key, value in node.items():
        if key not in _SILENT and not key.startswith("x-"):
            schema[key] = _kept(key, value, below(pointer, key), questions)
    _lists(schema)
    _bounds(schema)
    _format(schema, pointer, questions)
    if "example" in node and "examples" not in schema:
        schema["examples"] = [node["example"]]
    return _nullable(schema, node)


def _ask_odd(node: Any, pointer: str, questions: OpenQuestions) -> None:
    for key in sorted(KEYWORDS & node.keys()) if isinstance(node, dict) else ():
        if not fits(key, node[key]):
            questions.ask(
                pointer,
                f"the schema says {key}: {str(node[key])[:40]}, "
                "which has no meaning there: what is meant?",
            )


def _kept(key: str, value: Any, at: str, questions: OpenQuestions) -> Any:
    if key in _NAMED and isinstance(value, dict):
        return {
            str(name): converted(item, below(at, name), questions) for name, item in value.items()
        }
    if key in _MANY and isinstance(value, list):
        return [converted(item, below(at, index), questions) for index, item in enumerate(value)]
    return converted(value, at, questions) if key in _ONE else value


def _lists(schema: JsonObject) -> None:
    """Say each thing once, as documents that were put together by programs do not."""
    for key in ("required", "enum", "type"):
        if isinstance(schema.get(key), list):
            schema[key] = [
                value for index, value in enumerate(schema[key]) if value not in schema[key][:index]
            ]


def _bounds(schema: JsonObject) -> None:
    # 3.0 says `minimum: 1, exclusiveMinimum: true` where 3.1 says `exclusiveMinimum: 1`.
    for exclusive, bound in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if isinstance(schema.get(exclusive), bool) and schema.pop(exclusive) and bound in schema:
            schema[exclusive] = schema.pop(bound)


def _format(schema: JsonObject, pointer: str, questions: OpenQuestions) -> None:
    name = schema.get("format")
    if name is None or name in asserted_formats():
        return
    del schema["format"]
    if name not in _SIZES:
        questions.ask(
            pointer,
            f"the schema says format {name!r}, which no validator here asserts: "
            "is there a pattern for it?",
        )


def _nullable(schema: JsonObject, node: JsonObject) -> JsonObject:
    if node.get("nullable") is not True:
        return schema
    if isinstance(schema.get("type"), str):
        listed = (
            {"enum": [*schema["enum"], None]}
            if isinstance(schema.get("enum"), list) and None not in schema["enum"]
            else {}
        )
        return {**schema, "type": [schema["type"], "null"], **listed}
    return {"anyOf": [schema, {"type": "null"}]} if schema else schema


def of_known_form(node: Any) -> JsonObject:
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
        and all(_text(name) and name in TYPES for name in value)
    )


def _names(value: Any) -> bool:
    return isinstance(value, list) and all(map(_text, value))


def _listed(value: Any) -> bool:
    return isinstance(value, list) and bool(value)


def _schema(value: Any) -> bool:
    return isinstance(value, dict | bool)


def _named(value: Any) -> bool:
    return isinstance(value, dict) and all(
        isinstance(name, str) and _schema(schema) for name, schema in value.items()
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
