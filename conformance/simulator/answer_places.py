"""Places in an answer, by pointer: what a schema says of one, and how to fill or empty it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from conformance.spec.job_words import at
from conformance.spec.json_pointer import unescape
from conformance.spec.schema.json_types import parts_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conformance.spec.schema.flatten import Schema


def nodes_at(schema: Schema, pointer: str) -> list[Schema]:
    """Return what a schema says of the value at a pointer, in whichever branches; nothing where it is silent."""
    nodes = [schema]
    for token in pointer.split("/")[1:]:
        nodes = [child for node in nodes for child in _children(node, unescape(token))]
    return nodes


def _children(node: Schema, name: str) -> Iterator[Schema]:
    for part in parts_of(node):
        if name in part.get("properties", {}):
            yield part["properties"][name]
        if name.isdecimal() and "items" in part:
            yield part["items"]
        for branch in (*part.get("anyOf", ()), *part.get("oneOf", ())):
            yield from _children(branch, name)


def place(body: Any, pointer: str, value: Any) -> Any:
    """Return a body with a value at a pointer, making objects and lists on the way."""
    token, _, rest = pointer[1:].partition("/")
    below = f"/{rest}" if rest else ""
    if token.isdecimal():
        items = list(body) if isinstance(body, list) else []
        items += [None] * (int(token) + 1 - len(items))
        items[int(token)] = place(items[int(token)], below, value) if below else value
        return items
    name, fields = unescape(token), dict(body) if isinstance(body, dict) else {}
    fields[name] = place(fields.get(name), below, value) if below else value
    return fields


def remove(body: Any, pointer: str) -> Any:
    """Return a body without what stands at a pointer."""
    token, _, rest = pointer[1:].partition("/")
    if isinstance(body, list) and token.isdecimal() and int(token) < len(body):
        return [
            remove(item, f"/{rest}") if index == int(token) and rest else item
            for index, item in enumerate(body)
            if rest or index != int(token)
        ]
    name = unescape(token)
    if not isinstance(body, dict) or name not in body:
        return body
    if rest:
        return {**body, name: remove(body[name], f"/{rest}")}
    return {key: value for key, value in body.items() if key != name}


def change(body: Any, pointer: str, how: Callable[[Any, str], Any], *, inside: str = "") -> Any:
    """Change what stands at a pointer, also where it stands in a JSON document inside a string."""
    text = at(body, inside) if inside and pointer.startswith(f"{inside}/") else None
    if not isinstance(text, str):
        return how(body, pointer)
    return place(body, inside, json.dumps(how(json.loads(text), pointer.removeprefix(inside))))
