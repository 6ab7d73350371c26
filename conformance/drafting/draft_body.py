"""Draft the body of a submit: its scenarios, the media behind fields, the client's words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.drafting.draft import below
from conformance.drafting.usual_names import EDIT, EXTEND, FIELDS, ROLES, first, snake

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.drafting.draft import Pad
    from conformance.drafting.published_document import Door, Published
    from conformance.drafting.shared_definitions import Shelf

Schema = dict[str, Any]


def body_of(found: Published, door: Door, shelf: Shelf, at: str, pad: Pad) -> Schema:
    """Return the body schema of a submit, each scenario with its title and the client's words."""
    published = found.followed(door.body)
    keyword = next((key for key in ("oneOf", "anyOf") if _scenarios(found, published.get(key))), "")
    if not keyword:
        return _scenario(found, shelf.take(published, at), door.id, door, at, pad)
    shared = {
        key: value
        for key, value in published.items()
        if key not in (keyword, "title", "discriminator")
    }
    branches = [
        _branch(found, door, shelf, node, below(at, "oneOf", index), pad)
        for index, node in enumerate(published[keyword])
    ]
    pad.ask(
        at,
        "each branch is taken as a scenario: is it told apart from the others by what it requires?",
    )
    return {**shelf.take(shared, at), "oneOf": branches}


def _scenarios(found: Published, branches: Any) -> bool:
    return (
        isinstance(branches, list)
        and bool(branches)
        and all("properties" in found.followed(one) for one in branches)
    )


def _branch(found: Published, door: Door, shelf: Shelf, node: Any, at: str, pad: Pad) -> Schema:
    schema = found.followed(node)
    name = str(
        schema.get("title")
        or str(node.get("$ref", "")).rpartition("/")[2]
        or f"scenario{at.rpartition('/')[2]}"
    )
    return _scenario(found, shelf.take(schema, at), snake(name) or door.id, door, at, pad)


def _scenario(
    found: Published, schema: Schema, title: str, door: Door, at: str, pad: Pad
) -> Schema:
    own = {key: value for key, value in schema.items() if key != "title"}
    if "properties" in own:
        own = {"type": "object", **own}
    fields = {
        word: pointer for word, pointer in _fields(own) if _speaks(word, _node(own, pointer), found)
    }
    if not fields:
        pad.ask(
            at,
            "which field takes the prompt? Nothing here goes by a usual name: "
            "add x-client, so that the reference client can use it",
        )
        return {"title": title, **own}
    method = _method(f"{door.path} {door.id} {title}", own, fields)
    told = ", ".join(f"{word} in {pointer}" for word, pointer in fields.items())
    pad.ask(below(at, "x-client"), f"a guess by names: does this {method}, with {told}?")
    words: Schema = {"title": title, "x-client": {"method": method, "fields": fields}}
    if shaped := _shaped(fields, method):
        words["x-media"] = shaped
        pad.ask(below(at, "x-media"), "a guess: do these fields shape the video that comes out?")
    return {**words, **_with_roles(own, fields, at, pad)}


def _fields(schema: Schema) -> Iterator[tuple[str, str]]:
    names = {name for part in (schema, *schema.get("allOf", ())) for name in _properties(part)}
    ordered = [
        name
        for part in (schema, *schema.get("allOf", ()))
        for name in _properties(part)
        if name in names
    ]
    for word, known in FIELDS.items():
        if name := first(known, ordered):
            yield word, below("", name)


def _node(schema: Schema, pointer: str) -> Any:
    """Return a field's schema, wherever `allOf` puts it."""
    name = pointer.removeprefix("/")
    return next(
        (
            _properties(part)[name]
            for part in (schema, *schema.get("allOf", ()))
            if name in _properties(part)
        ),
        {},
    )


def _speaks(word: str, node: Any, found: Published) -> bool:
    """Say whether a field can take a client's word: a list for several, else one value."""
    schema = found.followed(node)
    if node is False or schema.get("not") == {}:
        return False
    kinds = schema.get("type", ())
    known = {kinds} if isinstance(kinds, str) else set(kinds)
    wrong = {"object", "string"} if word == "images" else {"object", "array"}
    return not (known & wrong)


def _properties(node: Any) -> Schema:
    found = node.get("properties") if isinstance(node, dict) else None
    return found if isinstance(found, dict) else {}


def _method(names: str, schema: Schema, fields: dict[str, str]) -> str:
    words = set(snake(names).split("_"))
    required = {below("", name) for name in schema.get("required", ())}
    if words & EXTEND:
        return "extend"
    if words & EDIT or fields.get("video") in required:
        return "edit"
    if fields.get("images") in required:
        return "compose"
    return "animate" if fields.get("image") in required else "generate"


def _shaped(fields: dict[str, str], method: str) -> Schema:
    words = {"duration": "length", "resolution": "resolution", "aspect_ratio": "aspect"}
    found = {ours: fields[word] for word, ours in words.items() if word in fields}
    return (
        {**found, "extends": fields["video"]} if method == "extend" and "video" in fields else found
    )


def _with_roles(schema: Schema, fields: dict[str, str], at: str, pad: Pad) -> Schema:
    for word, role in ROLES.items():
        name = fields.get(word, "").removeprefix("/")
        node = _properties(schema).get(name)
        if not isinstance(node, dict):
            continue
        where = below(at, "properties", name)
        pad.ask(
            where,
            f"a guess by its name: is the {role} behind {name} given by its address? Has "
            "it bounds (x-media)?",
        )
        schema = {**schema, "properties": {**schema["properties"], name: _in_role(node, role)}}
    return schema


def _in_role(node: Schema, role: str) -> Schema:
    if isinstance(node.get("items"), dict) and "$ref" not in node["items"]:
        return {**node, "items": {**node["items"], "x-media": {"role": role}}}
    return {**node, "x-media": {"role": role}}
