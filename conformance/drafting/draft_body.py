"""Draft the body of a submit: its scenarios, the media behind fields, the client's words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.drafting.usual_names import EDIT, EXTEND, FIELDS, ROLES, first, snake
from conformance.model.json_place import below

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.drafting.draft import OpenQuestions
    from conformance.drafting.published_document import PublishedDocument, PublishedOperation
    from conformance.drafting.shared_definitions import SharedDefinitions
    from conformance.model.exchange import JsonObject


def body_of(
    document: PublishedDocument,
    operation: PublishedOperation,
    definitions: SharedDefinitions,
    at: str,
    questions: OpenQuestions,
) -> JsonObject:
    """Return the body schema of a submit, each scenario with its title and the client's words."""
    published = document.followed(operation.body)
    keyword = next(
        (key for key in ("oneOf", "anyOf") if _scenarios(document, published.get(key))), ""
    )
    if not keyword:
        return _scenario(
            document, definitions.take(published, at), operation.id, operation, at, questions
        )
    shared = {
        key: value
        for key, value in published.items()
        if key not in (keyword, "title", "discriminator")
    }
    branches = [
        _branch(document, operation, definitions, branch, below(at, "oneOf", index), questions)
        for index, branch in enumerate(published[keyword])
    ]
    questions.ask(
        at,
        "each branch is taken as a scenario: is it told apart from the others by what it requires?",
    )
    return {**definitions.take(shared, at), "oneOf": branches}


def _scenarios(document: PublishedDocument, branches: Any) -> bool:
    return (
        isinstance(branches, list)
        and bool(branches)
        and all("properties" in document.followed(branch) for branch in branches)
    )


def _branch(
    document: PublishedDocument,
    operation: PublishedOperation,
    definitions: SharedDefinitions,
    branch: Any,
    at: str,
    questions: OpenQuestions,
) -> JsonObject:
    schema = document.followed(branch)
    name = str(
        schema.get("title")
        or str(branch.get("$ref", "")).rpartition("/")[2]
        or f"scenario{at.rpartition('/')[2]}"
    )
    return _scenario(
        document,
        definitions.take(schema, at),
        snake(name) or operation.id,
        operation,
        at,
        questions,
    )


def _scenario(
    document: PublishedDocument,
    schema: JsonObject,
    title: str,
    operation: PublishedOperation,
    at: str,
    questions: OpenQuestions,
) -> JsonObject:
    schema_without_title = {key: value for key, value in schema.items() if key != "title"}
    if "properties" in schema_without_title:
        schema_without_title = {"type": "object", **schema_without_title}
    fields = {
        word: pointer
        for word, pointer in _fields(schema_without_title)
        if _speaks(word, _node(schema_without_title, pointer), document)
    }
    if not fields:
        questions.ask(
            at,
            "which field takes the prompt? Nothing here goes by a usual name: "
            "add x-client, so that the reference client can use it",
        )
        return {"title": title, **schema_without_title}
    method = _method(f"{operation.path} {operation.id} {title}", schema_without_title, fields)
    placed_words = ", ".join(f"{word} in {pointer}" for word, pointer in fields.items())
    questions.ask(
        below(at, "x-client"), f"a guess by names: does this {method}, with {placed_words}?"
    )
    scenario: JsonObject = {"title": title, "x-client": {"method": method, "fields": fields}}
    if shaping := _shaped(fields, method):
        scenario["x-media"] = shaping
        questions.ask(
            below(at, "x-media"), "a guess: do these fields shape the video that comes out?"
        )
    return {**scenario, **_with_roles(schema_without_title, fields, at, questions)}


def _fields(schema: JsonObject) -> Iterator[tuple[str, str]]:
    field_names: list[str] = []
    for part in (schema, *schema.get("allOf", ())):
        field_names += _properties(part)
    for word, usual_names in FIELDS.items():
        if name := first(usual_names, field_names):
            yield word, below("", name)


def _node(schema: JsonObject, pointer: str) -> Any:
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


def _speaks(word: str, node: Any, document: PublishedDocument) -> bool:
    """Say whether a field can take a client's word: a list for several, else one value."""
    schema = document.followed(node)
    if node is False or schema.get("not") == {}:
        return False
    kinds = schema.get("type", ())
    types = {kinds} if isinstance(kinds, str) else set(kinds)
    wrong = {"object", "string"} if word == "images" else {"object", "array"}
    return not (types & wrong)


def _properties(node: Any) -> JsonObject:
    properties = node.get("properties") if isinstance(node, dict) else None
    return properties if isinstance(properties, dict) else {}


def _method(names: str, schema: JsonObject, fields: dict[str, str]) -> str:
    words = set(snake(names).split("_"))
    required = {below("", name) for name in schema.get("required", ())}
    if words & EXTEND:
        return "extend"
    if words & EDIT or fields.get("video") in required:
        return "edit"
    if fields.get("images") in required:
        return "compose"
    return "animate" if fields.get("image") in required else "generate"


def _shaped(fields: dict[str, str], method: str) -> JsonObject:
    shaping = {"duration": "length", "resolution": "resolution", "aspect_ratio": "aspect"}
    shaped = {ours: fields[word] for word, ours in shaping.items() if word in fields}
    return (
        {**shaped, "extends": fields["video"]}
        if method == "extend" and "video" in fields
        else shaped
    )


def _with_roles(
    schema: JsonObject, fields: dict[str, str], at: str, questions: OpenQuestions
) -> JsonObject:
    for word, role in ROLES.items():
        name = fields.get(word, "").removeprefix("/")
        node = _properties(schema).get(name)
        if not isinstance(node, dict):
            continue
        where = below(at, "properties", name)
        questions.ask(
            where,
            f"a guess by its name: is the {role} behind {name} given by its address? Has "
            "it bounds (x-media)?",
        )
        schema = {**schema, "properties": {**schema["properties"], name: _in_role(node, role)}}
    return schema


def _in_role(node: JsonObject, role: str) -> JsonObject:
    if isinstance(node.get("items"), dict) and "$ref" not in node["items"]:
        return {**node, "items": {**node["items"], "x-media": {"role": role}}}
    return {**node, "x-media": {"role": role}}
