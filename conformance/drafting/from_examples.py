"""Make a document of examples: the operations they used, with the shapes they had."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit

from conformance.drafting.infer_schema import answer_shape, request_shape
from conformance.drafting.published_document import JSON, PublishedDocument, read_operations
from conformance.drafting.usual_names import FACTS, snake
from conformance.errors import BadExample
from conformance.http.redaction import Redactor

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conformance.drafting.example_exchange import ExampleExchange
    from conformance.model.exchange import JsonObject


#: A part of a path that no person chose: long, and with a digit in it.
_OPAQUE = re.compile(r"(?=.*\d)[\w.:~-]{10,}|\d{4,}")
_KEY_HEADER = re.compile(
    r"authorization|.*(api-?key|auth-?token|access-?token)|x-.*key", re.IGNORECASE
)
_KEY_QUERY = re.compile(r"key|api_?key|token|access_token", re.IGNORECASE)
#: What an example can be longer than and still teach.
_EXAMPLES = 3


@dataclass(slots=True, kw_only=True)
class _SeenOperation:
    """Everything that was seen of one operation."""

    method: str
    path: str
    exchanges: list[ExampleExchange] = field(default_factory=list)
    query: set[str] = field(default_factory=set)
    #: The query parameter that held a job's id.
    id_in_query: str = ""


def assemble(exchanges: Sequence[ExampleExchange]) -> PublishedDocument:
    """Return the document that some examples make."""
    first = next(
        (
            exchange
            for exchange in exchanges
            if exchange.method == "POST" and isinstance(exchange.body, dict)
        ),
        None,
    )
    if first is None:
        raise BadExample(
            exchanges[0].name,
            1,
            "no POST with a JSON body among the examples",
            "at least the request that makes a video, with its response",
        )
    base = _origin(first.url)
    cleaned = [
        _clean(exchange, _secrets(exchanges))
        for exchange in exchanges
        if _origin(exchange.url) == base
    ]
    groups = _grouped(cleaned)
    document: JsonObject = {
        "openapi": "3.1.0",
        "info": {"title": urlsplit(base).hostname},
        "servers": [{"url": base}],
        "components": _scheme(exchanges),
        "paths": {},
    }
    for group in groups:
        document["paths"].setdefault(group.path, {})[group.method.lower()] = _operation(group)
    return PublishedDocument(
        source=base, data=document, operations=read_operations(document), inferred=True
    )


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def _secrets(exchanges: Sequence[ExampleExchange]) -> Redactor:
    secrets = [
        value.split()[-1]
        for exchange in exchanges
        for name, value in exchange.headers.items()
        if _KEY_HEADER.fullmatch(name) and value.split()
    ]
    secrets += [
        value
        for exchange in exchanges
        for name, value in parse_qsl(urlsplit(exchange.url).query)
        if _KEY_QUERY.fullmatch(name)
    ]
    return Redactor(secrets=secrets)


def _clean(exchange: ExampleExchange, redactor: Redactor) -> ExampleExchange:
    def without_secrets(value: Any) -> Any:
        return json.loads(redactor.text(json.dumps(value, ensure_ascii=False)))

    return replace(
        exchange, body=without_secrets(exchange.body), answer=without_secrets(exchange.answer)
    )


def _grouped(exchanges: Sequence[ExampleExchange]) -> list[_SeenOperation]:
    ids = {str(value) for exchange in exchanges for value in _ids(exchange.answer)}
    operations: dict[tuple[str, str], _SeenOperation] = {}
    for exchange in exchanges:
        path = _template(urlsplit(exchange.url).path, ids)
        operation = operations.setdefault(
            (exchange.method, path), _SeenOperation(method=exchange.method, path=path)
        )
        operation.exchanges.append(exchange)
        for name, value in parse_qsl(urlsplit(exchange.url).query, keep_blank_values=True):
            if value in ids:
                operation.id_in_query = name
            elif not _KEY_QUERY.fullmatch(name):
                operation.query.add(name)
    return list(operations.values())


def _ids(value: Any) -> Iterator[Any]:
    """Yield what an answer gives under the name of an id, at any depth."""
    if isinstance(value, dict):
        for name, item in value.items():
            if snake(name) in FACTS["id"] and isinstance(item, str | int):
                yield item
            yield from _ids(item)
    elif isinstance(value, list):
        for item in value:
            yield from _ids(item)


def _template(path: str, ids: set[str]) -> str:
    parts, count = [], 0
    for part in path.replace("{", "%7B").replace("}", "%7D").split("/"):
        if unquote(part) in ids or _OPAQUE.fullmatch(unquote(part)):
            count += 1
            part = "{id}" if count == 1 else f"{{id{count}}}"  # noqa: PLW2901 - the part as the template has it
        parts.append(part)
    return "/".join(parts) or "/"


def _operation(seen_operation: _SeenOperation) -> JsonObject:
    names = re.findall(r"\{(\w+)\}", seen_operation.path)
    parameters: list[JsonObject] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in names
    ]
    if seen_operation.id_in_query:
        parameters.append(
            {
                "name": seen_operation.id_in_query,
                "in": "query",
                "required": True,
                "schema": {"type": "string"},
            }
        )
    parameters += [
        {"name": name, "in": "query", "schema": {"type": "string"}}
        for name in sorted(seen_operation.query)
    ]
    node: JsonObject = {"parameters": parameters} if parameters else {}
    bodies = [exchange for exchange in seen_operation.exchanges if isinstance(exchange.body, dict)]
    taken = [exchange.body for exchange in bodies if exchange.succeeded] or [
        exchange.body for exchange in bodies
    ]
    if taken:
        node["requestBody"] = {
            "content": {
                JSON: {
                    "schema": _promising_nothing(request_shape(taken)),
                    "examples": _examples(
                        [exchange for exchange in bodies if exchange.succeeded], "body"
                    ),
                }
            }
        }
    by_status: dict[str, list[ExampleExchange]] = {}
    for exchange in seen_operation.exchanges:
        by_status.setdefault(str(exchange.status or "2XX"), []).append(exchange)
    return {
        **node,
        "responses": {status: _reply(exchanges) for status, exchanges in sorted(by_status.items())},
    }


def _promising_nothing(schema: JsonObject) -> JsonObject:
    """Mark required fields: that examples had them promises no refusal without them."""
    marked = {
        name: {**node, "x-required": {"x-distinguishes": True}}
        if name in schema.get("required", ())
        else node
        for name, node in schema["properties"].items()
    }
    return {**schema, "properties": marked}


def _reply(exchanges: list[ExampleExchange]) -> JsonObject:
    answers = [exchange for exchange in exchanges if exchange.answer is not None]
    if answers:
        return {
            "content": {
                JSON: {
                    "schema": _certain(
                        answer_shape([exchange.answer for exchange in answers]), answers
                    ),
                    "examples": _examples(answers, "answer"),
                }
            }
        }
    kind = next((exchange.content_type for exchange in exchanges if exchange.content_type), "")
    return {"content": {kind: {}}} if kind else {}


def _certain(schema: JsonObject, answers: list[ExampleExchange]) -> JsonObject:
    """Take out what may be there only because the job had ended when somebody looked."""
    states = {
        str(exchange.answer.get(name))
        for exchange in answers
        if isinstance(exchange.answer, dict)
        for name in exchange.answer
        if snake(name) in FACTS["status"]
    }
    if len(states) != 1 or answers[0].method != "GET":
        return schema
    certain = [
        name
        for name in schema.get("required", ())
        if snake(name) in (*FACTS["id"], *FACTS["status"])
    ]
    return {
        **{key: value for key, value in schema.items() if key != "required"},
        **({"required": certain} if certain else {}),
    }


def _examples(exchanges: Sequence[ExampleExchange], part: str) -> JsonObject:
    examples: JsonObject = {}
    for exchange in exchanges[:_EXAMPLES]:
        wanted = snake(exchange.name) or "example"
        name = wanted if wanted not in examples else f"{wanted}_{len(examples) + 1}"
        examples[name] = {"value": getattr(exchange, part)}
    return examples


def _scheme(exchanges: Sequence[ExampleExchange]) -> JsonObject:
    for exchange in exchanges:
        for name, value in exchange.headers.items():
            if name == "authorization" and value.lower().startswith("bearer "):
                return {"securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}}}
            if name != "authorization" and _KEY_HEADER.fullmatch(name):
                return {
                    "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": name}}
                }
        for name, _ in parse_qsl(urlsplit(exchange.url).query):
            if _KEY_QUERY.fullmatch(name):
                return {"securitySchemes": {"key": {"type": "apiKey", "in": "query", "name": name}}}
    return {}
