"""Places in an answer, by pointer: what a schema says of one, and how to fill or empty it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from conformance.model.json_place import at, path_of, unescape
from conformance.spec.schema.json_types import parts_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conformance.model.json_place import Path
    from conformance.spec.job_words import JobWords
    from conformance.spec.operation import Reply
    from conformance.spec.schema.node import SchemaNode


def nodes_at(schema: SchemaNode, path: Path) -> list[SchemaNode]:
    """Return what a schema says of the value at a path, in whichever branches.

    Nothing where it is silent.
    """
    nodes = [schema]
    for key in path:
        nodes = [child for node in nodes for child in _children(node, key)]
    return nodes


def _children(node: SchemaNode, name: str) -> Iterator[SchemaNode]:
    for part in parts_of(node):
        if name in part.get("properties", {}):
            yield part["properties"][name]
        if name.isdecimal() and "items" in part:
            yield part["items"]
        conditional = [part[keyword] for keyword in ("then", "else") if keyword in part]
        for branch in (*part.get("anyOf", ()), *part.get("oneOf", ()), *conditional):
            yield from _children(branch, name)


def fact_pointers(words: JobWords, fact: str) -> list[str]:
    """Return where an answer tells a fact of a job.

    An envelope stands around the facts, and its pointer before theirs.
    """
    return [words.envelope + pointer for pointer in getattr(words, fact)]


def fact_nodes(reply: Reply | None, words: JobWords, fact: str) -> list[SchemaNode]:
    """Return what an answer's schema says of a fact of a job."""
    if reply is None or reply.schema is None:
        return []
    nodes = []
    for pointer in fact_pointers(words, fact):
        nodes += nodes_at(reply.schema, path_of(pointer))
    return nodes


def place(body: Any, pointer: str, value: Any) -> Any:
    """Return a body with a value at a pointer, making objects and lists on the way."""
    token, _, rest = pointer[1:].partition("/")
    if token.isdecimal():
        items = list(body) if isinstance(body, list) else []
        index = int(token)
        items += [None] * (index + 1 - len(items))
        items[index] = place(items[index], f"/{rest}", value) if rest else value
        return items
    fields = dict(body) if isinstance(body, dict) else {}
    name = unescape(token)
    fields[name] = place(fields.get(name), f"/{rest}", value) if rest else value
    return fields


def remove(body: Any, pointer: str) -> Any:
    """Return a body without what stands at a pointer."""
    token, _, rest = pointer[1:].partition("/")
    index: Any = unescape(token)
    if isinstance(body, list) and token.isdecimal() and int(token) < len(body):
        index = int(token)
    elif not isinstance(body, dict) or index not in body:
        return body
    copy = body.copy()
    if rest:
        copy[index] = remove(copy[index], f"/{rest}")
    else:
        del copy[index]
    return copy


def change(body: Any, pointer: str, edit: Callable[[Any, str], Any], *, inside: str = "") -> Any:
    """Change what stands at a pointer, also where it stands in a JSON document inside a string."""
    if inside and pointer.startswith(f"{inside}/"):
        text = at(body, inside)
        if isinstance(text, str):
            edited = edit(json.loads(text), pointer.removeprefix(inside))
            return place(body, inside, json.dumps(edited))
    return edit(body, pointer)
