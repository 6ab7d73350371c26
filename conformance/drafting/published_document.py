"""A provider's own OpenAPI document: its operations, references followed, schemas as they stand."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from conformance.drafting.fetch_document import data_of, is_address
from conformance.drafting.schema_upgrade import of_known_form
from conformance.errors import CannotRead
from conformance.spec.did_you_mean import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.model.exchange import JsonObject

_METHODS = ("get", "post", "put", "patch", "delete")
JSON = "application/json"
_PATH = re.compile(r"/([^{}]|\{[^{}]+\})*")
#: References may lead to references; no document needs more in a row.
_HOPS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedOperation:
    """One operation of a published document."""

    id: str
    method: str
    path: str
    node: JsonObject = field(repr=False)
    #: Of the path and of the operation, references followed.
    parameters: tuple[JsonObject, ...] = ()
    #: The JSON schema of its body, as it stands; None where it takes none.
    body: JsonObject | None = field(default=None, repr=False)
    #: By status: the response, references followed.
    replies: dict[str, JsonObject] = field(default_factory=dict, repr=False)

    @property
    def name(self) -> str:
        """How a reader finds it in the document."""
        return f"{self.method.upper()} {self.path}"

    @property
    def successes(self) -> dict[str, JsonObject]:
        """The responses that are no refusals."""
        return {
            status: reply
            for status, reply in self.replies.items()
            if status.upper().startswith("2")
        }

    @property
    def content_types(self) -> tuple[str, ...]:
        """What its successes are made of."""
        return tuple(
            kind for reply in self.successes.values() for kind in mapping(reply.get("content"))
        )

    @property
    def answer(self) -> JsonObject | None:
        """The JSON schema of its first success that has one."""
        for reply in self.successes.values():
            if schema := schema_of(reply):
                return schema
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedDocument:
    """A provider's own OpenAPI 3.0 or 3.1 document, or one that was made of examples."""

    source: str
    data: JsonObject = field(repr=False)
    operations: tuple[PublishedOperation, ...] = ()
    #: True where it was made of examples, and so speaks our own words already.
    inferred: bool = False

    def followed(self, node: Any) -> JsonObject:
        """Return the schema that a node refers to, or is, without what has no known form."""
        return of_known_form(_followed(self.data, node))

    def part(self, node: Any) -> JsonObject:
        """Return what a node that is no schema refers to, or the node itself."""
        return _followed(self.data, node)

    def operation(self, id: str) -> PublishedOperation | None:
        """Return the operation of that id, or that `METHOD /path`."""
        return next(
            (
                operation
                for operation in self.operations
                if id in (operation.id, operation.name, operation.node.get("operationId"))
            ),
            None,
        )


def published(source: str) -> PublishedDocument:
    """Read a provider's document from a file or an address."""
    data = data_of(source)
    if not isinstance(data, dict):
        raise CannotRead(source, "a list or a single value", "an OpenAPI 3.0 or 3.1 document")
    check_form(source, data)
    return PublishedDocument(source=source, data=data, operations=read_operations(data))


def is_plumbing(parameter: JsonObject) -> bool:
    """Say whether a parameter is what OpenAPI says elsewhere: types of content, keys, cookies."""
    return parameter["in"] == "cookie" or (
        parameter["in"] == "header"
        and parameter["name"].lower() in ("authorization", "content-type", "accept", "host")
    )


def read_operations(data: JsonObject) -> tuple[PublishedOperation, ...]:
    """Return the operations of a document."""
    return tuple(_operations(data))


def schema_of(reply: JsonObject) -> JsonObject | None:
    """Return the JSON schema of a response or a request body."""
    content = mapping(reply.get("content"))
    kind = next(
        (
            kind
            for kind in content
            if kind == JSON or kind.endswith("+json") or kind.startswith(JSON)
        ),
        "",
    )
    schema = mapping(content.get(kind)).get("schema")
    return schema if isinstance(schema, dict) else None


def mapping(value: Any) -> JsonObject:
    """Return a mapping, or an empty one where it is something else."""
    return value if isinstance(value, dict) else {}


def base_of(document: PublishedDocument) -> str:
    """Return the first base address that the document gives, or an empty string."""
    servers = document.data.get("servers")
    for server in servers if isinstance(servers, list) else ():
        url = str(mapping(server).get("url", ""))
        for name, variable in mapping(mapping(server).get("variables")).items():
            url = url.replace(f"{{{name}}}", str(mapping(variable).get("default", "")))
        whole = _joined(document.source, url)
        if is_address(whole) and "{" not in whole:
            return whole.rstrip("/")
    return ""


def _joined(source: str, url: str) -> str:
    from urllib.parse import urljoin, urlsplit

    try:
        whole = urljoin(source, url) if is_address(source) else url
        urlsplit(whole)
    except ValueError:  # no address at all
        return ""
    return whole


def check_form(source: str, data: JsonObject) -> None:
    """Refuse what is no OpenAPI 3.0 or 3.1, with what to do about it."""
    version = str(data.get("openapi", ""))
    if version.startswith(("3.0", "3.1")) and isinstance(data.get("paths"), dict):
        return
    if "swagger" in data:
        raise CannotRead(
            source,
            f"swagger: {data['swagger']}",
            "OpenAPI 3.0 or 3.1; convert it first, e.g. with the provider's own editor",
        )
    if version.startswith(("3.0", "3.1")):
        raise CannotRead(source, "no paths", "at least one operation under `paths`")
    close = nearest("openapi", data)
    seen = f"openapi: {version}" if version else "no openapi version"
    raise CannotRead(
        source,
        seen,
        "an OpenAPI 3.0 or 3.1 document" + (f" (is {close!r} meant as openapi?)" if close else ""),
    )


def _operations(data: JsonObject) -> Iterator[PublishedOperation]:
    taken: set[str] = set()
    for path, item in data["paths"].items():
        whole = _followed(data, item)
        for method in _METHODS:
            node = whole.get(method)
            if isinstance(node, dict) and _PATH.fullmatch(str(path)):
                yield _operation(data, path, method, node, whole, taken)


def _operation(
    data: JsonObject, path: str, method: str, node: JsonObject, item: JsonObject, taken: set[str]
) -> PublishedOperation:
    body = _followed(data, node.get("requestBody"))
    replies = {
        str(status): _followed(data, reply)
        for status, reply in mapping(node.get("responses")).items()
    }
    return PublishedOperation(
        id=_id(node, method, path, taken),
        method=method,
        path=path,
        node=node,
        parameters=tuple(
            _parameters(
                data, path, [*_list(item.get("parameters")), *_list(node.get("parameters"))]
            )
        ),
        body=schema_of(body),
        replies=replies,
    )


def _parameters(data: JsonObject, path: str, entries: list[Any]) -> Iterator[JsonObject]:
    """Yield each parameter once; those of the path are the ones that stand in it."""
    inside = re.findall(r"\{([^{}]+)\}", path)
    by_name: dict[tuple[str, str], JsonObject] = {
        (name, "path"): {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in inside
    }
    for entry in entries:
        node = _followed(data, entry)
        name, place = node.get("name"), str(node.get("in"))
        if isinstance(name, str) and (
            place in ("query", "header", "cookie") or (name, place) in by_name
        ):
            by_name[name, place] = node
    yield from by_name.values()


def _id(node: JsonObject, method: str, path: str, taken: set[str]) -> str:
    from conformance.drafting.usual_names import snake

    static = [
        part
        for part in path.split("/")
        if part and not part.startswith("{") and not re.fullmatch(r"v\d+|api", part)
    ]
    wanted = snake(str(node.get("operationId") or "")) or snake("_".join([method, *static[-2:]]))
    name, count = wanted, 1
    while name in taken:
        count += 1
        name = f"{wanted}_{count}"
    taken.add(name)
    return name


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _followed(data: JsonObject, node: Any) -> JsonObject:
    for _ in range(_HOPS):
        if not isinstance(node, dict) or not isinstance(node.get("$ref"), str):
            break
        node = _at(data, node["$ref"])
    return mapping(node)


def _at(data: JsonObject, reference: str) -> Any:
    if not reference.startswith("#/"):
        return None
    value: Any = data
    for token in reference.removeprefix("#/").split("/"):
        key = token.replace("~1", "/").replace("~0", "~").replace("%7B", "{").replace("%7D", "}")
        value = value.get(key) if isinstance(value, dict) else None
    return value
