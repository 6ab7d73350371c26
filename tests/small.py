"""Small specs for tests: one operation, as short as a valid spec can be."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from conformance.errors import BadSpec
from conformance.spec.document import Spec, load, take_apart
from conformance.spec.yaml_reader import parse

if TYPE_CHECKING:
    from collections.abc import Iterable

ROOT = Path(__file__).parent.parent
#: The providers of this repository.
PROVIDERS = ("foxapi", "octopusx", "pixeldojo", "uniall")


def document(body: Any = None, **operation: Any) -> dict[str, Any]:
    """Return a document with one submit operation, whose body is `body`."""
    made: dict[str, Any] = {
        "operationId": "make",
        "x-job": {"id": "/id", "result": "/url", "address": "/at", "states": {"done": ["done"]}},
        "responses": {"200": {"description": "Taken."}},
    }
    if body is not None:
        made["requestBody"] = {"content": {"application/json": {"schema": body}}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Small", "version": "1"},
        "x-provider": {"name": "small", "title": "Small", "documents": {"page": {"title": "Page"}}},
        "paths": {"/make": {"post": made | operation}},
    }


def spec_of(data: dict[str, Any]) -> Spec:
    """Return the spec of a document."""
    return take_apart(parse(json.dumps(data, indent=1), file="small.yaml"))


def small(body: Any = None, **operation: Any) -> Spec:
    """Return a spec with one submit operation."""
    return spec_of(document(body, **operation))


def fields(required: Iterable[str] = (), **properties: Any) -> dict[str, Any]:
    """Return the schema of an object."""
    return {"type": "object", "properties": properties, "required": list(required)}


def provider(name: str) -> Spec:
    """Return the spec of a provider of this repository."""
    return load(ROOT / "specs" / f"{name}.yaml")


def bad(data: dict[str, Any]) -> BadSpec:
    """Return the one clear message that a document is refused with."""
    with pytest.raises(BadSpec) as raised:
        spec_of(data)
    error = raised.value
    assert str(error).startswith(f"small.yaml:{error.line}: ")
    assert "\n" not in str(error)
    return error


def line_of(data: dict[str, Any], text: str) -> int:
    """Return the line of the written document that has a text."""
    lines = json.dumps(data, indent=1).splitlines()
    return 1 + next(index for index, line in enumerate(lines) if text in line)
