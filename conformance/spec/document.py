"""Load a spec file into a frozen `Spec`: checked once here, trusted everywhere below."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conformance.exceptions import BadSpec
from conformance.spec import words
from conformance.spec.context import Context
from conformance.spec.flat import flatten, lookup
from conformance.spec.job import Link, job_of
from conformance.spec.kinds import types_of
from conformance.spec.nearest import nearest
from conformance.spec.operation import Client, Cost, Example, Media, Needs, Operation, Reply, SameAs, Scenario
from conformance.spec.provider import provider_of
from conformance.spec.reader import escape, read
from conformance.values.clause import Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.spec.flat import Schema
    from conformance.spec.provider import Provider
    from conformance.spec.reader import Tree

_METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """One provider as its spec describes it."""

    provider: Provider
    file: str
    #: SHA-256 of the file, so that runs and cassettes can say what they were made from.
    digest: str
    operations: tuple[Operation, ...]
    context: Context
    tree: Tree = field(repr=False)

    @property
    def name(self) -> str:
        """The provider's name."""
        return self.provider.name

    def operation(self, id: str) -> Operation:  # noqa: A002 - OpenAPI's own word
        """Return the operation of that id."""
        return next(found for found in self.operations if found.id == id)

    @property
    def submits(self) -> tuple[Operation, ...]:
        """The operations that make jobs."""
        return tuple(found for found in self.operations if found.submits)

    def place(self, pointer: str) -> Place:
        """Return where a pointer stands in the file."""
        return Place(file=self.file, pointer=pointer, line=self.tree.line(pointer))


def load(path: Path | str) -> Spec:
    """Read, check and take apart a spec file, or raise `BadSpec` with file and line."""
    tree = read(Path(path))
    return take_apart(tree)


def take_apart(tree: Tree) -> Spec:
    """Check a tree against OpenAPI and our words and build the `Spec`."""
    words.check(tree)
    _check_openapi(tree)
    data = tree.data
    if "x-provider" not in data:
        raise BadSpec(tree.file, 1, "no x-provider names the provider", "x-provider: {name: …} at the root", _close_word(data))
    provider = provider_of(data)
    context = Context(documents={key: found.title for key, found in provider.documents.items()}).within(data)
    spec = Spec(
        provider=provider,
        file=tree.file,
        digest=hashlib.sha256(tree.text.encode()).hexdigest(),
        operations=(),
        context=context,
        tree=tree,
    )
    spec = replace(spec, operations=tuple(_operations(spec)))
    _check_links(spec)
    return spec


def _check_openapi(tree: Tree) -> None:
    from openapi_spec_validator import OpenAPIV31SpecValidator

    version = str(tree.data.get("openapi", ""))
    if not version.startswith("3.1"):
        seen = f"openapi: {version}" if version else "no openapi version"
        raise BadSpec(tree.file, tree.line("/openapi"), seen, "openapi: 3.1.0")
    for error in OpenAPIV31SpecValidator(tree.data).iter_errors():
        pointer = "".join(f"/{escape(token)}" for token in getattr(error, "absolute_path", ()))
        raise BadSpec(tree.file, tree.line(pointer), f"not OpenAPI 3.1 at {pointer or '/'}: {error.message[:200]}", "a valid OpenAPI 3.1 document")


def _operations(spec: Spec) -> Iterator[Operation]:
    for path, item in (spec.tree.data.get("paths") or {}).items():
        for method in _METHODS:
            if method in item:
                pointer = f"/paths/{escape(path)}"
                yield _operation(spec, path, method, spec.context.within(item), f"{pointer}/{method}")


def _operation(spec: Spec, path: str, method: str, context: Context, pointer: str) -> Operation:
    node = lookup(spec.tree, pointer)
    context = context.within(node)
    if "operationId" not in node:
        raise BadSpec(spec.file, spec.tree.line(pointer), f"{method} {path} has no operationId", "a short name, as clauses carry it")
    body = f"{pointer}/requestBody/content/application~1json"
    media = node.get("requestBody", {}).get("content", {}).get("application/json", {})
    needs = node.get("x-needs")
    same = node.get("x-same-as")
    return Operation(
        id=node["operationId"],
        method=method.upper(),
        path=path,
        summary=node.get("summary", ""),
        parameters=_parameters(spec, pointer),
        scenarios=tuple(_scenarios(spec, f"{body}/schema", context)) if "schema" in media else (),
        replies=tuple(_replies(spec, node, pointer, context)),
        job=job_of(node["x-job"], _links(node)) if "x-job" in node else None,
        cost=_cost(spec, node, pointer, context),
        needs=Needs(**needs) if needs else None,
        same_as=SameAs(operation=same["operation"], fields=same.get("fields", {})) if same else None,
        examples=tuple(_examples(spec, media, body, "request", context)) + tuple(_answers(spec, node, pointer, context)),
        context=context,
        place=spec.place(pointer),
        secured=node.get("security") != [],
    )


def _parameters(spec: Spec, pointer: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for where in (pointer.rpartition("/")[0], pointer):
        for entry in lookup(spec.tree, where).get("parameters", ()):
            entry = lookup(spec.tree, entry["$ref"].removeprefix("#")) if "$ref" in entry else entry
            found[entry["name"]] = entry["in"]
    return found


def _scenarios(spec: Spec, pointer: str, context: Context) -> Iterator[Scenario]:
    whole = flatten(spec.tree, pointer, context)
    branches = _branches(whole)
    for index, schema in enumerate(branches):
        yield Scenario(
            title=schema.get("title", f"scenario{index + 1}" if len(branches) > 1 else "request"),
            description=schema.get("description", ""),
            schema=schema,
            whole=whole,
            media=_media(schema.get("x-media", {})),
            client=_client(schema.get("x-client")),
            context=schema["x-context"],
            only=len(branches) == 1,
        )


def _branches(whole: Schema) -> list[Schema]:
    for keyword in ("oneOf", "anyOf"):
        branches: list[Schema] = whole.get(keyword, [])
        if branches and all("object" in types_of(branch) and "title" in branch for branch in branches):
            shared = {key: value for key, value in whole.items() if key not in (keyword, "x-at", "x-context")}
            rules = [key for key in shared if not key.startswith("x-") and key not in ("title", "description")]
            return [_with(branch, whole, keyword) for branch in branches] if rules else list(branches)
    return [whole]


def _with(branch: Schema, whole: Schema, keyword: str) -> Schema:
    # What the body says beside its scenarios holds in each of them.
    shared = {key: value for key, value in whole.items() if key not in (keyword, "title")}
    words_of = {key: value for key, value in branch.items() if key in ("title", "description") or key.startswith("x-")}
    return {**words_of, "allOf": [shared, branch]}


def _media(node: dict[str, Any]) -> Media:
    length = node.get("length", ())
    return Media(
        length=(length,) if isinstance(length, str) else tuple(length),
        **{key: node[key] for key in ("resolution", "aspect", "extends", "returns", "tolerance") if key in node},
    )


def _client(node: dict[str, Any] | None) -> Client | None:
    return Client(method=node["method"], fields=node["fields"]) if node else None


def _replies(spec: Spec, node: dict[str, Any], pointer: str, context: Context) -> Iterator[Reply]:
    for status, entry in node.get("responses", {}).items():
        at = f"{pointer}/responses/{escape(status)}"
        if "$ref" in entry:
            at = entry["$ref"].removeprefix("#")
            entry = lookup(spec.tree, at)
        inner = context.within(entry)
        content = entry.get("content", {})
        schema = f"{at}/content/application~1json/schema"
        has = "schema" in content.get("application/json", {})
        yield Reply(
            status=str(status),
            schema=flatten(spec.tree, schema, inner) if has else None,
            content_types=tuple(content),
            context=inner,
            place=spec.place(at),
        )


def _links(node: dict[str, Any]) -> dict[str, Link]:
    for status, entry in node.get("responses", {}).items():
        if str(status).startswith("2"):
            return {
                name: Link(operation=link["operationId"], parameter=next(iter(link.get("parameters", {"": ""}))))
                for name, link in entry.get("links", {}).items()
            }
    return {}


def _cost(spec: Spec, node: dict[str, Any], pointer: str, context: Context) -> Cost | None:
    entry = node.get("x-cost")
    if entry is None:
        return None
    values = {key.replace("-", "_"): value for key, value in entry.items() if not key.startswith("x-")}
    return Cost(**values, context=context.within(entry), place=spec.place(f"{pointer}/x-cost"))


def _examples(spec: Spec, media: dict[str, Any], pointer: str, of: str, context: Context) -> Iterator[Example]:
    if "example" in media:
        yield Example(name="example", value=media["example"], of=of, context=context, place=spec.place(f"{pointer}/example"))
    for name, entry in media.get("examples", {}).items():
        at = f"{pointer}/examples/{escape(name)}"
        yield Example(name=name, value=entry.get("value"), of=of, context=context.within(entry), place=spec.place(at))


def _answers(spec: Spec, node: dict[str, Any], pointer: str, context: Context) -> Iterator[Example]:
    for status, entry in node.get("responses", {}).items():
        for kind, media in entry.get("content", {}).items():
            at = f"{pointer}/responses/{escape(status)}/content/{escape(kind)}"
            yield from _examples(spec, media, at, str(status), context.within(entry))


def _check_links(spec: Spec) -> None:
    known = {found.id for found in spec.operations}
    for found in spec.operations:
        job = found.job
        links = [link.operation for link in (job.poll, job.content, job.cancel) if link] if job else []
        others = [found.needs.operation] if found.needs else []
        others += [found.same_as.operation] if found.same_as else []
        for name in (*links, *others):
            if name not in known:
                raise BadSpec(spec.file, found.place.line, f"{found.id} names the operation {name!r}", "an operationId of this file", nearest(name, known))


def _close_word(data: dict[str, Any]) -> str:
    return nearest("x-provider", data)
