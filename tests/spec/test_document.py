"""A spec is checked once, when it is loaded, and each thing wrong with it is one sentence."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from conformance.exceptions import BadSpec, Misuse
from conformance.spec.document import load
from tests.small import PROVIDERS, document, fields, provider, small, spec_of


def bad(data: dict[str, Any]) -> BadSpec:
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


@pytest.mark.parametrize("name", PROVIDERS)
def test_every_spec_of_this_repository_loads(name: str) -> None:
    spec = provider(name)

    assert spec.name == name
    assert spec.submits
    assert len(spec.digest) == 64


def test_all_four_load_in_seconds() -> None:
    started = time.monotonic()
    for name in PROVIDERS:
        provider(name)

    assert time.monotonic() - started < 5


def test_a_spec_gives_its_operations_by_id() -> None:
    spec = small(fields())

    assert spec.operation("make") is spec.operations[0]
    assert [one.id for one in spec.submits] == ["make"]
    assert spec.place("/paths").line == line_of(document(), '"paths"')


def test_a_bad_spec_is_a_misuse_like_any_other(tmp_path: Path) -> None:
    with pytest.raises(Misuse):
        load(tmp_path / "nothing.yaml")


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


def test_no_provider_means_no_spec() -> None:
    data = document()
    data["x-provder"] = data.pop("x-provider")
    error = bad(data)

    assert error.seen == "the word 'x-provder' is not known"
    assert error.nearest == "x-provider"


def test_a_spec_without_the_word_for_its_provider_is_refused() -> None:
    data = document()
    del data["x-provider"]

    assert bad(data).seen == "no x-provider names the provider"


@pytest.mark.parametrize(
    ("word", "nearest"),
    [("x-need", "x-needs"), ("x-joob", "x-job"), ("x-sources", "x-source")],
)
def test_an_unknown_word_is_refused_with_the_nearest_known_one(word: str, nearest: str) -> None:
    data = document(fields(), **{word: {}})
    error = bad(data)

    assert error.seen == f"the word {word!r} is not known"
    assert error.nearest == nearest
    assert error.line == line_of(data, word)


@pytest.mark.parametrize(
    ("words", "seen"),
    [
        ({"x-job": {"id": "/id"}}, "'states' is a required property"),
        ({"x-job": {"id": "id", "states": {"done": ["x"]}}}, "x-job: "),
        ({"x-job": {"id": "/id", "states": {"doen": ["x"]}}}, "x-job: "),
        ({"x-level": "msut"}, "x-level: 'msut'"),
        ({"x-reading": {"taken": "a"}}, "x-reading: "),
        ({"x-cost": {}}, "x-cost: "),
        ({"x-needs": {}}, "'operation' is a required property"),
    ],
)
def test_a_malformed_word_is_refused(words: dict[str, Any], seen: str) -> None:
    assert seen in bad(document(fields(), **words)).seen


def test_a_misspelt_level_is_told_the_right_one() -> None:
    assert bad(document(fields(), **{"x-level": "msut"})).nearest == "must"


def test_a_field_of_the_provider_may_be_called_like_a_word_of_ours() -> None:
    spec = small(fields(**{"x-api-key": {"type": "string"}}))

    assert "x-api-key" in spec.operation("make").scenarios[0].schema["properties"]


def test_data_of_an_example_is_no_word_of_ours() -> None:
    data = document(fields())
    media = data["paths"]["/make"]["post"]["requestBody"]["content"]["application/json"]
    media["examples"] = {"one": {"value": {"x-anything": 1}}}

    assert spec_of(data).operation("make").examples[0].value == {"x-anything": 1}


def test_a_source_names_a_document_that_is_there() -> None:
    data = document(fields(), **{"x-source": {"document": "pag"}})
    error = bad(data)

    assert error.seen == "the document 'pag' is not there"
    assert error.nearest == "page"


def test_a_source_inside_another_word_is_checked_too() -> None:
    cost = {"amount": 1, "x-source": {"document": "pages"}}

    assert bad(document(fields(), **{"x-cost": cost})).nearest == "page"


@pytest.mark.parametrize("word", ["x-needs", "x-same-as"])
def test_a_word_names_an_operation_that_is_there(word: str) -> None:
    error = bad(document(fields(), **{word: {"operation": "makes"}}))

    assert error.seen == "the operation 'makes' is not there"
    assert error.nearest == "make"


@pytest.mark.parametrize(
    ("needs", "seen"),
    [
        ({"operation": "make"}, "x-needs without a place for the job's id"),
        ({"operation": "make", "parameter": "id"}, "the parameter 'id' is not there"),
        ({"operation": "make", "field": "/jobs"}, "the field 'jobs' is not there"),
        ({"operation": "look", "field": "/job"}, "x-needs names 'look', which makes no job"),
    ],
)
def test_what_an_operation_needs_has_its_place(needs: dict[str, str], seen: str) -> None:
    data = document(fields(job={"type": "string"}), **{"x-needs": needs})
    data["paths"]["/look"] = {
        "get": {"operationId": "look", "responses": {"200": {"description": "x"}}}
    }

    assert bad(data).seen == seen


def test_a_link_leads_to_an_operation_that_is_there() -> None:
    reply = {"description": "x", "links": {"poll": {"operationId": "mak"}}}
    data = document(fields(), responses={"200": reply})
    error = bad(data)

    assert error.seen == "the operation 'mak' is not there"
    assert error.line == line_of(data, '"mak"')


def test_a_link_by_reference_is_not_understood() -> None:
    reply = {"description": "x", "links": {"poll": {"operationRef": "#/paths/~1make/post"}}}

    assert "no operationId" in bad(document(fields(), responses={"200": reply})).seen
