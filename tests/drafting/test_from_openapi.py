from __future__ import annotations

from contextlib import suppress
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.drafting.drift import drift
from conformance.drafting.published_document import check_form
from conformance.errors import CannotRead, NoSubmit
from conformance.model.clause import Level
from conformance.promises.registry import derive
from conformance.spec.lint.checks import lint
from conformance.spec.lint.findings import Severity
from tests.drafting.documents import answer, asked, at, document, drafted, order, read

_SUBMIT = ("paths", "/v1/films", "post")
_BODY = (*_SUBMIT, "requestBody", "content", "application/json", "schema")
_ODD = st.sampled_from(
    [
        None,
        1,
        "x",
        [],
        {},
        True,
        [1],
        {"a": 1},
        {"$ref": "#/components/schemas/Film"},
        {"$ref": "#/nowhere"},
        {"$ref": 5},
        [None],
        "",
        -1.5,
        {"type": 5},
    ]
)


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    items = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    return [place for key, item in items for place in [(*path, key), *_places(item, (*path, key))]]


def test_a_draft_loads_and_lints_without_errors() -> None:
    _, spec = drafted(document())

    assert not [one for one in lint(spec, derive(spec)) if one.severity is Severity.ERROR]


def test_a_draft_says_what_its_document_says_and_only_the_essential_binds() -> None:
    _, spec = drafted(document())

    promised = {clause.id: clause for clause in derive(spec)}
    assert promised["lantern.create_film.seconds.maximum"].promise.endswith("12")
    assert promised["lantern.create_film.seconds.maximum"].source.document == "Lantern films API"
    assert {clause.level for clause in promised.values()} == {
        Level.ESSENTIAL,
        Level.SHOULD,
    }


def test_the_provider_s_own_sentences_stay_in_its_document() -> None:
    draft, _ = drafted(document())

    assert "Somebody else" not in str(draft.data)


def test_each_guess_is_marked_where_it_stands() -> None:
    draft, _ = drafted(document())

    assert at(draft, *_SUBMIT, "x-job") == {
        "id": "/id",
        "status": "/state",
        "progress": "/progress",
        "result": "/film/url",
        "states": {"waiting": ["queued", "working"], "done": ["ready"], "failed": ["failed"]},
    }
    for fact in ("id", "status", "result", "states"):
        assert asked(draft, f"/x-job/{fact}")
    assert at(draft, *_BODY, "x-client") == {
        "method": "generate",
        "fields": {"prompt": "/prompt", "duration": "/seconds", "aspect_ratio": "/ratio"},
    }
    assert asked(draft, "/x-client")
    assert asked(draft, "/x-media")


def test_what_no_schema_tells_is_asked() -> None:
    draft, _ = drafted(document())

    for place in ("/x-cost", "/x-level", "/x-provider/unit", "/x-provider/documents"):
        assert asked(draft, place)


def test_a_submit_is_followed_by_the_operation_that_tells_its_state() -> None:
    draft, spec = drafted(document())

    assert at(draft, *_SUBMIT, "responses", "202", "links") == {
        "poll": {"operationId": "get_films", "parameters": {"id": "$response.body#/id"}}
    }
    assert spec.operation("create_film").job


def test_without_an_operation_to_follow_it_that_is_asked() -> None:
    data = document()
    del data["paths"]["/v1/films/{id}"]

    draft, _ = drafted(data)

    assert any("tells a job's state" in text for text in asked(draft, "/x-job"))


def test_a_download_is_linked_and_its_answer_is_the_file() -> None:
    data = document()
    parameter = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
    data["paths"]["/v1/films/{id}/content"] = {
        "get": {
            "operationId": "file",
            "parameters": [parameter],
            "responses": {
                "200": {
                    "content": {"video/mp4": {}, "application/json": {"schema": {"type": "string"}}}
                }
            },
        }
    }

    draft, _ = drafted(data)

    assert at(draft, *_SUBMIT, "responses", "202", "links", "content")["operationId"] == "file"
    assert at(draft, "paths", "/v1/films/{id}/content", "get", "responses", "200", "content") == {
        "video/mp4": {}
    }


def test_a_submit_that_names_an_earlier_job_needs_one() -> None:
    data = document()
    parameter = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
    data["paths"]["/v1/films/{id}/extend"] = {
        "post": {
            **deepcopy(data["paths"]["/v1/films"]["post"]),
            "operationId": "extend",
            "parameters": [parameter],
        }
    }

    draft, _ = drafted(data)

    assert at(draft, "paths", "/v1/films/{id}/extend", "post", "x-needs") == {
        "operation": "create_film",
        "parameter": "id",
    }
    assert asked(draft, "/x-needs")
    assert (
        at(
            draft,
            "paths",
            "/v1/films/{id}/extend",
            "post",
            "requestBody",
            "content",
            "application/json",
            "schema",
            "x-client",
            "method",
        )
        == "extend"
    )


def test_branches_of_a_body_are_scenarios() -> None:
    data = document()
    data["components"]["schemas"]["Still"] = {
        "type": "object",
        "required": ["image_url"],
        "properties": {"image_url": {"type": "string"}},
    }
    body = data["paths"]["/v1/films"]["post"]["requestBody"]["content"]["application/json"]
    body["schema"] = {
        "oneOf": [{"$ref": "#/components/schemas/Order"}, {"$ref": "#/components/schemas/Still"}]
    }

    _, spec = drafted(data)

    assert [one.title for one in spec.operation("create_film").scenarios] == ["order", "still"]
    assert [one.client.method for one in spec.operation("create_film").scenarios if one.client] == [
        "generate",
        "animate",
    ]


def test_examples_keep_no_signature_of_an_address() -> None:
    data = document()
    data["paths"]["/v1/films/{id}"]["get"]["responses"]["200"]["content"]["application/json"][
        "example"
    ] = {"id": "1", "state": "ready", "film": {"url": "https://cdn.example/1.mp4?signature=s3cr3t"}}

    draft, _ = drafted(data)

    assert "s3cr3t" not in str(draft.data)
    assert "https://cdn.example/1.mp4?signature=redacted-" in str(draft.data)


def test_a_definition_may_refer_to_itself() -> None:
    data = document()
    order(data)["next"] = {"$ref": "#/components/schemas/Order"}

    draft, _ = drafted(data)

    assert at(draft, "components", "schemas", "Order", "properties", "next") == {
        "$ref": "#/components/schemas/Order"
    }


def test_a_keyword_without_meaning_is_left_out_and_asked_about() -> None:
    data = document()
    order(data)["seconds"]["maximum"] = "twelve"

    draft, _ = drafted(data)

    assert "maximum" not in at(draft, *_BODY, "properties", "seconds")
    assert any("twelve" in text for text in asked(draft, "/properties/seconds"))


def test_a_question_cannot_smuggle_lines_into_the_spec() -> None:
    data = document()
    order(data)["seconds"]["maximum"] = "1\nservers: [{url: 'https://evil.example'}]"

    _, spec = drafted(data)

    assert spec.provider.base_url == "https://api.lantern.example"


def test_a_document_without_a_submit_says_how_to_choose_one() -> None:
    data = document()
    del data["paths"]["/v1/films"]

    with pytest.raises(NoSubmit, match="--operation") as raised:
        drafted(data)

    assert "get_films" in str(raised.value)


def test_a_refusal_that_is_documented_is_taken_over() -> None:
    data = document()
    data["paths"]["/v1/films"]["post"]["responses"] |= {
        "422": answer(),
        "500": answer(),
        "default": answer(),
    }

    draft, _ = drafted(data)

    assert list(at(draft, *_SUBMIT, "responses")) == ["202", "422"]


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_whatever_a_document_holds_it_becomes_a_spec_that_loads_or_one_clear_sentence(
    data: st.DataObject,
) -> None:
    published = document()
    place = data.draw(st.sampled_from(_places(published)))
    node: Any = published
    for key in place[:-1]:
        node = node[key]
    node[place[-1]] = data.draw(_ODD)

    with suppress(NoSubmit, CannotRead):
        check_form("openapi.json", published)
        _, spec = drafted(published)

        assert drift(spec, read(published)).differences == ()
