"""Fields by the provider's own names: read from text, looked up, joined with what the words say."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from conformance.client.errors import WrongType
from conformance.model.json_place import EACH, MISSING
from conformance.spec.schema.json_types import parts_of, takes, types_of, union_of
from conformance.spec.schema.node import ANYTHING
from conformance.spec.schema.value_building import field_node, item_node

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from conformance.model.exchange import Json, JsonObject
    from conformance.model.json_place import Path
    from conformance.spec.schema.node import SchemaNode

#: What an object may say beside its own list of fields.
_FURTHER = ("additionalProperties", "patternProperties", "oneOf", "anyOf", "if")


def own_fields(texts: Iterable[str]) -> JsonObject:
    """Return the fields that texts such as `input.mode=fun` or `images.0.weight=0.5` name."""
    fields: JsonObject = {}
    for text in texts:
        name, equals, written = text.partition("=")
        path = name.split(".")
        if not equals or not all(path):
            raise WrongType(
                "a field", repr(text), "name=value, or outer.inner=value, list.0.inner=value"
            )
        fields[path[0]] = _with(fields.get(path[0], MISSING), path[1:], _value(written), name)
    return fields


def merged(fields: Any, further: Any, place: str = "") -> Any:
    """Return fields with further ones, joined at every depth; nothing is said twice."""
    if isinstance(fields, dict) and isinstance(further, dict):
        joined = dict(fields)
        for name, value in further.items():
            inner = f"{place}.{name}" if place else name
            joined[name] = merged(fields[name], value, inner) if name in fields else value
        return joined
    if isinstance(fields, list) and isinstance(further, list):
        pairs = enumerate(zip(fields, further, strict=False))
        both = [merged(item, other, f"{place}.{index}") for index, (item, other) in pairs]
        return [*both, *fields[len(both) :], *further[len(both) :]]
    raise WrongType(place, "given twice", "it once: as a word, or by the provider's own name")


def unknown_fields(
    node: SchemaNode, fields: Mapping[str, Json], place: Path = ()
) -> Iterator[Path]:
    """Yield the places of fields that an object does not list."""
    for name, value in fields.items():
        inner = field_node(parts_of(node), name)
        if inner is None:
            yield (*place, name)
        else:
            yield from _unknown_inside(inner, value, (*place, name))


def listed_fields(node: SchemaNode, place: Path) -> tuple[str, ...]:
    """Return the names that the object lists in which a field stands, each with its whole place."""
    for token in place[:-1]:
        inner = item_node(parts_of(node)) if token == EACH else field_node(parts_of(node), token)
        if inner is None:
            return ()
        node = inner
    names = [name for part in parts_of(node) for name in part.get("properties", ())]
    return tuple(shown((*place[:-1], name)) for name in dict.fromkeys(names))


def shown(place: Path) -> str:
    """Return a place as it is written for `--field`."""
    return ".".join("0" if token == EACH else token for token in place)


def _unknown_inside(node: SchemaNode, value: Json, place: Path) -> Iterator[Path]:
    branch = _branch(node, value)
    if isinstance(value, list):
        item_rules = item_node(parts_of(branch)) or ANYTHING
        for item in value:
            yield from _unknown_inside(item_rules, item, (*place, EACH))
    elif isinstance(value, dict) and _is_closed(branch):
        yield from unknown_fields(branch, value, place)


def _branch(node: SchemaNode, value: Json) -> SchemaNode:
    """Return the branch of a union that takes a value of this type, else the node."""
    _, branches = union_of(node) or ("", ())
    return next((branch for branch in branches if takes(types_of(branch), value)), node)


def _is_closed(node: SchemaNode) -> bool:
    """Say whether all fields of an object are listed in one place, as in most documents."""
    parts = list(parts_of(node))
    lists_any = any("properties" in part for part in parts)
    return lists_any and not any(part.get(word) for part in parts for word in _FURTHER)


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
