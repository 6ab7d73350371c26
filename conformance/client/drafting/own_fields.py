"""Fields by the provider's own names: read from text, looked up, joined with what the words say."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from conformance.client.drafting.allowed_values import node_at
from conformance.client.errors import WrongType
from conformance.model.json_place import EACH, MISSING, fields
from conformance.spec.schema.described import may_hold
from conformance.spec.schema.json_types import parts_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from conformance.model.exchange import Json, JsonObject
    from conformance.model.json_place import Path
    from conformance.spec.schema.node import SchemaNode


def own_fields(texts: Iterable[str]) -> JsonObject:
    """Return the fields that texts such as `input.mode=fun` or `images.0.weight=0.5` name."""
    own: JsonObject = {}
    for text in texts:
        name, equals, written = text.partition("=")
        path = name.split(".")
        if not equals or not all(path):
            forms = "name=value, or outer.inner=value, list.0.inner=value"
            raise WrongType("A field", repr(text), forms)
        own[path[0]] = _with(own.get(path[0], MISSING), path[1:], _value(written), name)
    return own


def merged(body: Any, further: Any, place: str = "") -> Any:
    """Return a body with further fields, joined at every depth; nothing is said twice."""
    if isinstance(body, dict) and isinstance(further, dict):
        joined = dict(body)
        for name, value in further.items():
            inner = f"{place}.{name}" if place else name
            joined[name] = merged(body[name], value, inner) if name in body else value
        return joined
    if isinstance(body, list) and isinstance(further, list):
        pairs = enumerate(zip(body, further, strict=False))
        both = [merged(item, other, f"{place}.{index}") for index, (item, other) in pairs]
        return [*both, *body[len(both) :], *further[len(both) :]]
    raise WrongType(place, "given twice", "it once: as a word, or by the provider's own name")


def unknown_fields(schema: SchemaNode, own: JsonObject) -> Iterator[Path]:
    """Yield the places of fields where the schema lists others, the outermost first."""
    for name, value in own.items():
        if node_at(schema, (name,)) is None:
            yield (name,)
            continue
        for inner in sorted(fields(value), key=len):
            place = (name, *inner)
            if not may_hold(schema, place) and listed_fields(schema, place):
                yield place


def listed_fields(schema: SchemaNode, place: Path) -> tuple[str, ...]:
    """Return the fields of the object that a place lies in, each with its whole place."""
    node = node_at(schema, place[:-1])
    parts = () if node is None else parts_of(node)
    names = [name for part in parts for name in part.get("properties", ())]
    return tuple(shown((*place[:-1], name)) for name in dict.fromkeys(names))


def shown(place: Path) -> str:
    """Return a place as it is written for `--field`."""
    return ".".join("0" if token == EACH else token for token in place)


def _value(written: str) -> Json:
    try:
        value: Json = json.loads(written)
    except ValueError:
        return written
    return value


def _with(value: Any, path: Sequence[str], new: Json, name: str) -> Any:
    """Return a value with something new at a place inside it."""
    if not path:
        return new if value is MISSING else merged(value, new, name)
    key, rest = path[0], path[1:]
    if value is MISSING:
        value = [] if key.isdecimal() else {}
    if isinstance(value, dict):
        return {**value, key: _with(value.get(key, MISSING), rest, new, name)}
    if not isinstance(value, list) or not key.isdecimal():
        raise WrongType(name, "given twice", "it once")
    index = int(key)
    if index > len(value):
        raise WrongType(
            name, f"item {index} of a list of {len(value)}", "its items in order, from 0"
        )
    item = value[index] if index < len(value) else MISSING
    return [*value[:index], _with(item, rest, new, name), *value[index + 1 :]]
