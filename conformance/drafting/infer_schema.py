"""Infer the shape of values that were shown: no more than what all of them have in common."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from conformance.drafting.usual_names import FACTS, FIELDS, snake

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.model.exchange import JsonObject


_URL = re.compile(r"https?://\S+")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
#: A word of a list, such as `720p` or `16:9`; a longer text is somebody's own.
_WORD = re.compile(r"[\w:./-]{1,32}")


def request_shape(values: Sequence[Any]) -> JsonObject:
    """Return the shape of request bodies: what was taken, and nothing of what would be refused."""
    return _shape(values, "", _request_field)


def answer_shape(values: Sequence[Any]) -> JsonObject:
    """Return the shape of answers; a field that all of them have is there."""
    return _shape(values, "", _answer_field)


def _shape(values: Sequence[Any], name: str, field: Any) -> JsonObject:
    kinds = list(dict.fromkeys(_kind(value) for value in values))
    if {"integer", "number"} <= set(kinds):
        kinds.remove("integer")
    shape: JsonObject = {"type": kinds[0] if len(kinds) == 1 else kinds}
    if objects := [value for value in values if isinstance(value, dict)]:
        shape |= {key: value for key, value in _object(objects, field).items() if key != "type"}
    if items := [item for value in values if isinstance(value, list) for item in value]:
        shape["items"] = _shape(items, name, field)
    texts = list(dict.fromkeys(value for value in values if isinstance(value, str)))
    return {**shape, **(_text(texts) if texts else {}), **field(name, values, texts)}


def _object(values: Sequence[Any], field: Any) -> JsonObject:
    names = list(dict.fromkeys(name for value in values for name in value))
    always = [name for name in names if all(name in value for value in values)]
    properties = {
        name: _shape([value[name] for value in values if name in value], name, field)
        for name in names
    }
    return {"type": "object", **({"required": always} if always else {}), "properties": properties}


def _text(texts: list[str]) -> JsonObject:
    if all(_URL.fullmatch(text) for text in texts):
        return {"format": "uri"}
    return {"format": "date-time"} if all(_TIME.fullmatch(text) for text in texts) else {}


def _request_field(name: str, values: Sequence[Any], texts: list[str]) -> JsonObject:
    if (
        texts
        and snake(name) not in FIELDS["prompt"]
        and all(_WORD.fullmatch(text) and not _URL.fullmatch(text) for text in texts)
    ):
        return {"x-values": texts}
    plain = [
        value
        for value in values
        if isinstance(value, str | int | float) and not isinstance(value, bool)
    ]
    return (
        {"examples": list(dict.fromkeys(plain))[:3]}
        if plain and not any(map(_URL.fullmatch, texts))
        else {}
    )


def _answer_field(name: str, _: Sequence[Any], texts: list[str]) -> JsonObject:
    return {"x-values": texts} if texts and snake(name) in FACTS["status"] else {}


def _kind(value: Any) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int():
            return "integer"
        case float():
            return "number"
        case str():
            return "string"
        case list():
            return "array"
        case _:
            return "object"
