"""Names in a spec name something that is there."""

from __future__ import annotations

import pytest

from tests.small import bad, document, fields, line_of


def test_a_spec_without_the_word_for_its_provider_is_refused() -> None:
    data = document()
    del data["x-provider"]

    assert bad(data).seen == "no x-provider names the provider"


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
