"""Make a document of examples: the operations they used, with the shapes they had."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit

from conformance.drafting.infer_schema import answer_shape, request_shape
from conformance.drafting.published_document import JSON, Published, read_doors
from conformance.drafting.usual_names import FACTS, snake
from conformance.errors import BadExample
from conformance.http.redaction import Redactor

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conformance.drafting.example_exchange import Seen

Node = dict[str, Any]

#: A part of a path that no person chose: long, and with a digit in it.
_OPAQUE = re.compile(r"(?=.*\d)[\w.:~-]{10,}|\d{4,}")
_KEY_HEADER = re.compile(
    r"authorization|.*(api-?key|auth-?token|access-?token)|x-.*key", re.IGNORECASE
)
_KEY_QUERY = re.compile(r"key|api_?key|token|access_token", re.IGNORECASE)
#: What an example can be longer than and still teach.
_EXAMPLES = 3


@dataclass(slots=True, kw_only=True)
class _Group:
    """Everything that was seen of one operation."""

    method: str
    path: str
    seen: list[Seen] = field(default_factory=list)
    query: set[str] = field(default_factory=set)
    #: The query parameter that held a job's id.
    id_in_query: str = ""


def assemble(found: Sequence[Seen]) -> Published:
    """Return the document that some examples make."""
    first = next(
        (one for one in found if one.method == "POST" and isinstance(one.body, dict)), None
    )
    if first is None:
        raise BadExample(
            found[0].name,
            1,
            "no POST with a JSON body among the examples",
            "at least the request that makes a video, with its response",
        )
    base = _origin(first.url)
    ours = [_clean(one, _secrets(found)) for one in found if _origin(one.url) == base]
    groups = _grouped(ours)
    data: Node = {
        "openapi": "3.1.0",
        "info": {"title": urlsplit(base).hostname},
        "servers": [{"url": base}],
        "components": _scheme(found),
        "paths": {},
    }
    for group in groups:
        data["paths"].setdefault(group.path, {})[group.method.lower()] = _operation(group)
    return Published(source=base, data=data, doors=read_doors(data), inferred=True)


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def _secrets(found: Sequence[Seen]) -> Redactor:
    keys = [
        value.split()[-1]
        for one in found
        for name, value in one.headers.items()
        if _KEY_HEADER.fullmatch(name) and value.split()
    ]
    keys += [
        value
        for one in found
        for name, value in parse_qsl(urlsplit(one.url).query)
        if _KEY_QUERY.fullmatch(name)
    ]
    return Redactor(secrets=keys)


def _clean(one: Seen, redactor: Redactor) -> Seen:
    def cleaned(value: Any) -> Any:
        return json.loads(redactor.text(json.dumps(value, ensure_ascii=False)))

    return replace(one, body=cleaned(one.body), answer=cleaned(one.answer))


def _grouped(found: Sequence[Seen]) -> list[_Group]:
    ids = {str(value) for one in found for value in _ids(one.answer)}
    groups: dict[tuple[str, str], _Group] = {}
    for one in found:
        path = _template(urlsplit(one.url).path, ids)
        group = groups.setdefault((one.method, path), _Group(method=one.method, path=path))
        group.seen.append(one)
        for name, value in parse_qsl(urlsplit(one.url).query, keep_blank_values=True):
            if value in ids:
                group.id_in_query = name
            elif not _KEY_QUERY.fullmatch(name):
                group.query.add(name)
    return list(groups.values())


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


def _operation(group: _Group) -> Node:
    names = re.findall(r"\{(\w+)\}", group.path)
    parameters: list[Node] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in names
    ]
    if group.id_in_query:
        parameters.append(
            {
                "name": group.id_in_query,
                "in": "query",
                "required": True,
                "schema": {"type": "string"},
            }
        )
    parameters += [
        {"name": name, "in": "query", "schema": {"type": "string"}} for name in sorted(group.query)
    ]
    node: Node = {"parameters": parameters} if parameters else {}
    bodies = [one for one in group.seen if isinstance(one.body, dict)]
    taken = [one.body for one in bodies if one.succeeded] or [one.body for one in bodies]
    if taken:
        node["requestBody"] = {
            "content": {
                JSON: {
                    "schema": _promising_nothing(request_shape(taken)),
                    "examples": _examples([one for one in bodies if one.succeeded], "body"),
                }
            }
        }
    by_status: dict[str, list[Seen]] = {}
    for one in group.seen:
        by_status.setdefault(str(one.status or "2XX"), []).append(one)
    return {
        **node,
        "responses": {status: _reply(seen) for status, seen in sorted(by_status.items())},
    }


def _promising_nothing(schema: Node) -> Node:
    """Mark required fields: that examples had them promises no refusal without them."""
    marked = {
        name: {**node, "x-required": {"x-distinguishes": True}}
        if name in schema.get("required", ())
        else node
        for name, node in schema["properties"].items()
    }
    return {**schema, "properties": marked}


def _reply(seen: list[Seen]) -> Node:
    answers = [one for one in seen if one.answer is not None]
    if answers:
        return {
            "content": {
                JSON: {
                    "schema": _certain(answer_shape([one.answer for one in answers]), answers),
                    "examples": _examples(answers, "answer"),
                }
            }
        }
    kind = next((one.content_type for one in seen if one.content_type), "")
    return {"content": {kind: {}}} if kind else {}


def _certain(schema: Node, answers: list[Seen]) -> Node:
    """Take out what may be there only because the job had ended when somebody looked."""
    states = {
        str(one.answer.get(name))
        for one in answers
        if isinstance(one.answer, dict)
        for name in one.answer
        if snake(name) in FACTS["status"]
    }
    if len(states) != 1 or answers[0].method != "GET":
        return schema
    kept = [
        name
        for name in schema.get("required", ())
        if snake(name) in (*FACTS["id"], *FACTS["status"])
    ]
    return {
        **{key: value for key, value in schema.items() if key != "required"},
        **({"required": kept} if kept else {}),
    }


def _examples(seen: Sequence[Seen], part: str) -> Node:
    found: Node = {}
    for one in seen[:_EXAMPLES]:
        wanted = snake(one.name) or "example"
        name = wanted if wanted not in found else f"{wanted}_{len(found) + 1}"
        found[name] = {"value": getattr(one, part)}
    return found


def _scheme(found: Sequence[Seen]) -> Node:
    for one in found:
        for name, value in one.headers.items():
            if name == "authorization" and value.lower().startswith("bearer "):
                return {"securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}}}
            if name != "authorization" and _KEY_HEADER.fullmatch(name):
                return {
                    "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": name}}
                }
        for name, _ in parse_qsl(urlsplit(one.url).query):
            if _KEY_QUERY.fullmatch(name):
                return {"securitySchemes": {"key": {"type": "apiKey", "in": "query", "name": name}}}
    return {}
