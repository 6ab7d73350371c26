"""A published document of an invented provider, in OpenAPI 3.0, and what tests do with it."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import TYPE_CHECKING, Any

from conformance.drafting.draft_yaml import render
from conformance.drafting.from_openapi import compose
from conformance.drafting.published_document import PublishedDocument, read_operations
from conformance.model.json_place import lookup
from conformance.spec.document import Spec, take_apart
from conformance.spec.yaml_reader import parse

if TYPE_CHECKING:
    from pathlib import Path

    from conformance.drafting.draft import Draft

_FILM = {
    "type": "object",
    "required": ["id", "state"],
    "properties": {
        "id": {"type": "string"},
        "state": {"type": "string", "enum": ["queued", "working", "ready", "failed"]},
        "progress": {"type": "integer", "minimum": 0, "maximum": 100},
        "film": {"type": "object", "properties": {"url": {"type": "string", "format": "uri"}}},
    },
}
_ORDER = {
    "type": "object",
    "required": ["prompt"],
    "properties": {
        "prompt": {"type": "string", "maxLength": 500, "description": "Somebody else's sentence."},
        "seconds": {
            "type": "integer",
            "minimum": 2,
            "maximum": 12,
            "default": 4,
            "format": "int32",
        },
        "ratio": {"type": "string", "enum": ["16:9", "9:16"]},
    },
}


def answer(name: str = "Film") -> dict[str, Any]:
    """Return a response whose JSON is a definition."""
    return {
        "description": "Somebody else's words.",
        "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}},
    }


def document() -> dict[str, Any]:
    """Return a whole document, to be changed at will."""
    submit = {
        "operationId": "createFilm",
        "requestBody": {
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Order"}}}
        },
        "responses": {"202": answer()},
    }
    poll = {
        "parameters": [
            {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
        ],
        "responses": {"200": answer()},
    }
    made = {
        "openapi": "3.0.3",
        "info": {"title": "Lantern films API", "version": "2026-09"},
        "servers": [{"url": "https://api.lantern.example"}],
        "paths": {"/v1/films": {"post": submit}, "/v1/films/{id}": {"get": poll}},
        "components": {
            "schemas": {"Film": _FILM, "Order": _ORDER},
            "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Lantern-Key"}},
        },
    }
    return deepcopy(made)


def order(data: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of a request."""
    found: dict[str, Any] = data["components"]["schemas"]["Order"]["properties"]
    return found


def read(data: dict[str, Any]) -> PublishedDocument:
    """Return a document as it is read from a file."""
    return PublishedDocument(source="openapi.json", data=data, operations=read_operations(data))


def drafted(data: dict[str, Any]) -> tuple[Draft, Spec]:
    """Return the draft of a document, and the spec it loads as: every draft loads."""
    draft = compose(read(data), "lantern")
    return draft, loaded(draft)


def loaded(draft: Draft) -> Spec:
    """Return a draft as a spec, read from the text that is written."""
    tree = parse(render(draft).text, file="lantern.yaml")
    assert tree.data == draft.data
    return take_apart(tree)


def at(draft: Draft, *tokens: str) -> Any:
    """Return what a draft has at a place."""
    return lookup(
        draft.data, "".join("/" + token.replace("~", "~0").replace("/", "~1") for token in tokens)
    )


def asked(draft: Draft, pointer_end: str) -> list[str]:
    """Return the questions about places whose pointer ends so."""
    return [one.text for one in draft.questions if one.pointer.endswith(pointer_end)]


def written(folder: Path, data: Any, name: str = "openapi.json") -> str:
    """Write a document to a file; return its path."""
    path = folder / name
    path.write_text(data if isinstance(data, str) else json.dumps(data), "utf-8")
    return str(path)
