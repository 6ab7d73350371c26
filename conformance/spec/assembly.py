"""Put operations together from a checked tree: scenarios, answers, links, cost and examples."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from msgspec.structs import asdict

from conformance.model.json_place import above, below, escape, lookup, unescape
from conformance.spec.job_words import Link, job_of
from conformance.spec.operation import Cost, Example, FixedParameter, Operation, Reply
from conformance.spec.references import followed
from conformance.spec.scenarios import scenarios
from conformance.spec.schema.flatten import flatten
from conformance.spec.schema.node import ANYTHING
from conformance.spec.spec_walk import operation_pointers
from conformance.spec.words.operation_words import CostWord, JobWord, NeedsWord
from conformance.spec.words.refusal_word import RefusalWord
from conformance.spec.words.request_words import SameAsWord, ValuesWord

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.spec.context import Context
    from conformance.spec.schema.node import SchemaNode
    from conformance.spec.yaml_reader import Tree

_JSON = "application/json"
#: What every request carries anyway; OpenAPI leaves their description to other places.
CARRIED_HEADERS = frozenset({"accept", "content-type", "authorization"})


def operations(tree: Tree, context: Context) -> Iterator[Operation]:
    """Yield every operation of a document, in its order."""
    for pointer in operation_pointers(tree.data):
        item = lookup(tree.data, above(pointer))
        node = lookup(tree.data, pointer)
        told = (RefusalWord.on(place) for place in (node, item, tree.data))
        refusal = next((word for word in told if word), RefusalWord())
        yield _operation(tree, pointer, context.within(item).within(node), refusal)


def _operation(tree: Tree, pointer: str, context: Context, refusal: RefusalWord) -> Operation:
    node = lookup(tree.data, pointer)
    path, _, method = pointer.removeprefix("/paths/").rpartition("/")
    if "operationId" not in node:
        seen = f"{method} {unescape(path)} has no operationId"
        raise tree.bad(pointer, seen, "a short name, as clauses carry it")
    job = JobWord.on(node)
    body = _body(tree, node, pointer)
    replies = tuple(_replies(tree, node, pointer))
    return Operation(
        id=node["operationId"],
        method=method.upper(),
        path=unescape(path),
        summary=node.get("summary", ""),
        parameters={entry["name"]: entry["in"] for _, entry in _parameters(tree, pointer)},
        fixed=tuple(_fixed_parameters(tree, pointer, context)),
        scenarios=scenarios(tree, f"{body}/schema", context) if _has_schema(tree, body) else (),
        replies=tuple(_reply(tree, status, at, context) for status, at in replies),
        job=job_of(job, _links(tree, replies)) if job else None,
        cost=_cost(tree, node, pointer, context),
        needs=NeedsWord.on(node),
        same_as=_same_as(node),
        examples=tuple(_shown(tree, body, replies, context)),
        context=context,
        job_context=context.within(node.get(JobWord.word, {})),
        place=tree.place(pointer),
        secured=node.get("security") != [],
        refusal=refusal,
    )


def _parameters(tree: Tree, pointer: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the pointer and the definition of each parameter of an operation."""
    for where in (above(pointer), pointer):
        for index in range(len(lookup(tree.data, where).get("parameters", ()))):
            at = followed(tree, f"{where}/parameters/{index}")
            yield at, lookup(tree.data, at)


def _fixed_parameters(tree: Tree, pointer: str, context: Context) -> Iterator[FixedParameter]:
    """Yield the parameters that are required, and of which the document writes a value."""
    fixed: dict[str, FixedParameter] = {}
    for at, entry in _parameters(tree, pointer):
        schema = flatten(tree, f"{at}/schema", context) if "schema" in entry else ANYTHING
        value = next(_shown_values(entry, schema), None)
        if entry.get("required") and entry["in"] in ("query", "header") and value is not None:
            text = value if isinstance(value, str) else json.dumps(value)
            fixed[entry["name"]] = FixedParameter(name=entry["name"], place=entry["in"], value=text)
    for name, parameter in fixed.items():
        if not _differs_each_time(name) and name.lower() not in CARRIED_HEADERS:
            yield parameter


def _differs_each_time(name: str) -> bool:
    """Say whether a parameter has to have another value in each request."""
    return "idempotency" in name.lower()


def _shown_values(entry: dict[str, Any], schema: SchemaNode) -> Iterator[Any]:
    """Yield the values that a document writes of a parameter, those that it names first."""
    if "const" in schema:
        yield schema["const"]
    if "example" in entry:
        yield entry["example"]
    for example in entry.get("examples", {}).values():
        if "value" in example:
            yield example["value"]
    yield from (schema["default"],) if "default" in schema else ()
    for keyword in ("examples", "enum"):
        yield from schema.get(keyword, ())[:1]
    yield from ValuesWord.listed_on(schema)[:1]


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
        refusal=RefusalWord.on(entry),
    )


def _links(tree: Tree, replies: tuple[tuple[str, str], ...]) -> dict[str, Link]:
    links: dict[str, Link] = {}
    for status, pointer in replies:
        if status.startswith("2"):
            for name, entry in lookup(tree.data, pointer).get("links", {}).items():
                links.setdefault(name, _link(entry))
    return links


def _link(entry: dict[str, Any]) -> Link:
    parameters = entry.get("parameters") or {"": ""}
    return Link(operation=entry["operationId"], parameter=next(iter(parameters)))


def _cost(tree: Tree, node: dict[str, Any], pointer: str, context: Context) -> Cost | None:
    cost = CostWord.on(node)
    if cost is None:
        return None
    return Cost(
        **asdict(cost),
        context=context.within(node[CostWord.word]),
        place=tree.place(below(pointer, CostWord.word)),
    )


def _same_as(node: dict[str, Any]) -> SameAsWord | None:
    same = SameAsWord.on(node)
    return same if same and same.operation else None


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
