"""Put operations together from a checked tree: scenarios, answers, links, cost and examples."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.model.json_place import escape, lookup, unescape
from conformance.spec.job_words import Link, job_of
from conformance.spec.operation import Cost, Example, Needs, Operation, Reply, SameAs
from conformance.spec.references import followed
from conformance.spec.scenarios import scenarios
from conformance.spec.schema.flatten import flatten
from conformance.spec.spec_walk import operation_pointers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.spec.context import Context
    from conformance.spec.yaml_reader import Tree

_JSON = "application/json"


def operations(tree: Tree, context: Context) -> Iterator[Operation]:
    """Yield every operation of a document, in its order."""
    for pointer in operation_pointers(tree.data):
        item = lookup(tree.data, pointer.rpartition("/")[0])
        node = lookup(tree.data, pointer)
        yield _operation(tree, pointer, context.within(item).within(node))


def _operation(tree: Tree, pointer: str, context: Context) -> Operation:
    node = lookup(tree.data, pointer)
    path, _, method = pointer.removeprefix("/paths/").rpartition("/")
    if "operationId" not in node:
        seen = f"{method} {unescape(path)} has no operationId"
        raise tree.bad(pointer, seen, "a short name, as clauses carry it")
    needs = node.get("x-needs")
    body = _body(tree, node, pointer)
    replies = tuple(_replies(tree, node, pointer))
    return Operation(
        id=node["operationId"],
        method=method.upper(),
        path=unescape(path),
        summary=node.get("summary", ""),
        parameters=_parameters(tree, pointer),
        scenarios=scenarios(tree, f"{body}/schema", context) if _has_schema(tree, body) else (),
        replies=tuple(_reply(tree, status, at, context) for status, at in replies),
        job=job_of(node["x-job"], _links(tree, replies)) if "x-job" in node else None,
        cost=_cost(tree, node, pointer, context),
        needs=Needs(**needs) if needs else None,
        same_as=_same_as(node.get("x-same-as")),
        examples=tuple(_shown(tree, body, replies, context)),
        context=context,
        place=tree.place(pointer),
        secured=node.get("security") != [],
    )


def _parameters(tree: Tree, pointer: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for where in (pointer.rpartition("/")[0], pointer):
        for index in range(len(lookup(tree.data, where).get("parameters", ()))):
            entry = lookup(tree.data, followed(tree, f"{where}/parameters/{index}"))
            found[entry["name"]] = entry["in"]
    return found


def _body(tree: Tree, node: dict[str, Any], pointer: str) -> str:
    """Return the pointer of an operation's JSON request body, or an empty string."""
    if "requestBody" not in node:
        return ""
    at = followed(tree, f"{pointer}/requestBody")
    return f"{at}/content/application~1json" if _JSON in lookup(tree.data, at)["content"] else ""


def _has_schema(tree: Tree, media: str) -> bool:
    return bool(media) and "schema" in lookup(tree.data, media)


def _replies(tree: Tree, node: dict[str, Any], pointer: str) -> Iterator[tuple[str, str]]:
    for status in node.get("responses", {}):
        yield status, followed(tree, f"{pointer}/responses/{escape(status)}")


def _reply(tree: Tree, status: str, pointer: str, context: Context) -> Reply:
    entry = lookup(tree.data, pointer)
    inner = context.within(entry)
    content = entry.get("content", {})
    schema = f"{pointer}/content/application~1json/schema"
    return Reply(
        status=status,
        schema=flatten(tree, schema, inner) if "schema" in content.get(_JSON, {}) else None,
        content_types=tuple(content),
        context=inner,
        place=tree.place(pointer),
    )


def _links(tree: Tree, replies: tuple[tuple[str, str], ...]) -> dict[str, Link]:
    pointer = next((at for status, at in replies if status.startswith("2")), "")
    links = lookup(tree.data, pointer).get("links", {}) if pointer else {}
    return {name: _link(entry) for name, entry in links.items()}


def _link(entry: dict[str, Any]) -> Link:
    parameters = entry.get("parameters") or {"": ""}
    return Link(operation=entry["operationId"], parameter=next(iter(parameters)))


def _cost(tree: Tree, node: dict[str, Any], pointer: str, context: Context) -> Cost | None:
    entry = node.get("x-cost")
    if entry is None:
        return None
    own = {key: value for key, value in entry.items() if not key.startswith("x-")}
    values = {key.replace("-", "_"): value for key, value in own.items()}
    place = tree.place(f"{pointer}/x-cost")
    return Cost(**values, context=context.within(entry), place=place)


def _same_as(node: dict[str, Any] | None) -> SameAs | None:
    if not node or "operation" not in node:
        return None
    return SameAs(operation=node["operation"], fields=node.get("fields", {}))


def _shown(
    tree: Tree, body: str, replies: tuple[tuple[str, str], ...], context: Context
) -> Iterator[Example]:
    if body:
        yield from _examples(tree, body, "request", context)
    for status, pointer in replies:
        entry = lookup(tree.data, pointer)
        for kind in entry.get("content", {}):
            at = f"{pointer}/content/{escape(kind)}"
            yield from _examples(tree, at, status, context.within(entry))


def _examples(tree: Tree, pointer: str, of: str, context: Context) -> Iterator[Example]:
    media = lookup(tree.data, pointer)
    if "example" in media:
        place = tree.place(f"{pointer}/example")
        yield Example(name="example", value=media["example"], of=of, context=context, place=place)
    for name in media.get("examples", {}):
        at = followed(tree, f"{pointer}/examples/{escape(name)}")
        entry = lookup(tree.data, at)
        inner, place = context.within(entry), tree.place(at)
        yield Example(name=name, value=entry.get("value"), of=of, context=inner, place=place)
