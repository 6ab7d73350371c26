"""A spec to begin with where only a name is known: it loads, can be simulated, and asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.drafting.draft import OpenQuestions
from conformance.drafting.from_openapi import variable
from conformance.model.json_place import below

if TYPE_CHECKING:
    from conformance.drafting.draft import Draft
    from conformance.model.exchange import JsonObject

_SUBMIT, _POLL = "/paths/~1v1~1videos/post", "/paths/~1v1~1videos~1{id}"
_BODY = below(_SUBMIT, "requestBody", "content", "application/json", "schema")

_ASKED = (
    ("", "at which address is it reached? Add `servers: [{url: https://…}]` above `security`"),
    ("/x-provider/title", "what does the provider call itself?"),
    (
        "/x-provider/documents",
        "which documents promise something, and in which edition? Every promise names one of them",
    ),
    ("/x-provider/key", "which environment variable shall hold the key?"),
    (
        "/x-provider/unit",
        "in which unit is it billed, and how many requests per second are allowed (rate)?",
    ),
    (
        "/x-level",
        (
            "nothing here has been read in a document yet, so nothing binds. "
            "Take this line out when the promises below are the provider's own"
        ),
    ),
    (
        "/components/securitySchemes",
        "how does the key travel? `{type: apiKey, in: header, name: X-Key}` is the other usual way",
    ),
    ("/paths/~1v1~1videos", "at which path does a request make a video?"),
    (below(_SUBMIT, "x-source"), "in which section does the document describe it?"),
    (below(_SUBMIT, "x-job", "id"), "where does the answer name the job?"),
    (below(_SUBMIT, "x-job", "status"), "where does an answer tell the job's state?"),
    (below(_SUBMIT, "x-job", "result"), "where does the answer of a finished job name its video?"),
    (below(_SUBMIT, "x-job", "states"), "which words say that a job waits, is done, has failed?"),
    (
        below(_SUBMIT, "x-cost"),
        "what does a job cost: `amount`, or `per-second`? Where nothing says it, leave `basis`",
    ),
    (
        _BODY,
        (
            "one branch of `oneOf`, with a title, for each way to make a video: "
            "is there more than one?"
        ),
    ),
    (
        below(_BODY, "properties"),
        "which fields are there, with which bounds and lists? Write only what the document says",
    ),
    (below(_SUBMIT, "responses"), "with which status does it take a job, and how does it refuse?"),
    (_POLL, "at which path is a job's state asked for?"),
    ("/components/schemas/Job", "what else do answers hold, and what of it is always there?"),
)

HEAD = (
    (
        "A first spec, made from nothing but a name. Each `# question:` line is for you: "
        "look it up in the"
    ),
    (
        "provider's documents, write what they say, and take the line out. "
        "docs/words.md tells every word."
    ),
    (
        "`conformance lint` lists what is still open; `conformance serve` serves what stands "
        "here already."
    ),
)


def skeleton(name: str) -> Draft:
    """Return a spec with one submit and one poll, as most providers have, and nothing promised."""
    questions = OpenQuestions()
    for pointer, text in _ASKED:
        questions.ask(pointer, text)
    return questions.draft(_data(name))


def _data(name: str) -> JsonObject:
    title = name.replace("-", " ").replace("_", " ").title()
    return {
        "openapi": "3.1.0",
        "info": {"title": f"{title} video API", "version": "1"},
        "x-provider": {
            "name": name,
            "title": title,
            "documents": {"guide": {"title": f"{title} guide"}},
            "key": {"env": variable(name)},
            "unit": "credits",
        },
        "x-source": {"document": "guide"},
        "x-level": "should",
        "security": [{"bearer": []}],
        "paths": {"/v1/videos": {"post": _submit()}, "/v1/videos/{id}": _poll()},
        "components": {
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
            "schemas": {"Job": _job()},
        },
    }


def _submit() -> JsonObject:
    body = {
        "title": "text",
        "x-client": {"method": "generate", "fields": {"prompt": "/prompt"}},
        "type": "object",
        "required": ["prompt"],
        "properties": {
            "prompt": {"type": "string", "examples": ["A red fox walks through fresh snow at dawn"]}
        },
    }
    return {
        "operationId": "create",
        "summary": "Make a video",
        "x-source": {"section": "?"},
        "x-job": {
            "id": "/id",
            "status": "/status",
            "result": "/video_url",
            "states": {
                "waiting": ["queued", "processing"],
                "done": ["completed"],
                "failed": ["failed"],
            },
        },
        "x-cost": {"basis": "no price is known yet"},
        "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
        "responses": {
            "2XX": {
                **_answer("The job was taken on."),
                "links": {
                    "poll": {"operationId": "get", "parameters": {"id": "$response.body#/id"}}
                },
            }
        },
    }


def _poll() -> JsonObject:
    return {
        "parameters": [
            {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
        ],
        "get": {
            "operationId": "get",
            "summary": "Ask for a job's state",
            "responses": {"2XX": _answer("The job as it stands.")},
        },
    }


def _answer(description: str) -> JsonObject:
    return {
        "description": description,
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Job"}}},
    }


def _job() -> JsonObject:
    texts = {name: {"type": "string"} for name in ("id", "status")}
    return {
        "type": "object",
        "properties": {**texts, "video_url": {"type": "string", "format": "uri"}},
    }
