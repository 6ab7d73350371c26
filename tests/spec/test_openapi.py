"""What is no OpenAPI 3.1, or holds a schema that is none, is one sentence with its line."""

from __future__ import annotations

from typing import Any

import pytest

from tests.small import bad, document, line_of


@pytest.mark.parametrize("version", ["3.0.3", "2.0", "", 31])
def test_another_version_of_openapi_is_refused(version: Any) -> None:
    error = bad(document() | {"openapi": version})

    assert error.expected == "openapi: 3.1.0"


def test_a_document_that_is_no_openapi_is_refused_with_its_line() -> None:
    data = document() | {"info": {"title": "Small"}}
    error = bad(data)

    assert "'version'" in error.seen or '"version"' in error.seen
    assert error.line == line_of(data, '"info"')


def test_paths_have_to_be_a_mapping() -> None:
    assert "not OpenAPI 3.1 at /paths" in bad(document() | {"paths": [1]}).seen


def test_a_path_parameter_has_to_be_declared() -> None:
    data = document()
    data["paths"]["/make/{id}"] = {
        "get": {"operationId": "get", "responses": {"200": {"description": "x"}}}
    }

    assert "'id'" in bad(data).seen


def test_an_operation_needs_an_id() -> None:
    data = document()
    del data["paths"]["/make"]["post"]["operationId"]

    assert bad(data).seen == "post /make has no operationId"


def test_an_operation_id_stands_once() -> None:
    data = document()
    data["paths"]["/again"] = data["paths"]["/make"]
    error = bad(data)

    assert error.seen == "the operationId 'make' a second time"
    assert error.expected == f"each once (the first is on line {line_of(data, 'operationId')})"
    assert error.line > line_of(data, '"/again"')


@pytest.mark.parametrize(
    ("schema", "seen", "nearest"),
    [
        ({"type": "strin"}, "'strin'", "string"),
        ({"type": "object", "required": "prompt"}, "'prompt'", ""),
        ({"type": "object", "properties": {"a": {"minimum": "2"}}}, "'2'", ""),
        ({"enum": 5}, "5", ""),
        ({"oneOf": []}, "[]", ""),
    ],
)
def test_a_schema_that_is_none_is_refused(schema: Any, seen: str, nearest: str) -> None:
    error = bad(document(schema))

    assert error.seen.startswith("not a schema: ")
    assert seen in error.seen
    assert error.nearest == nearest
