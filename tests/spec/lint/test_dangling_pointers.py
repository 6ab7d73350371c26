"""A pointer of ours that points at nothing in the schemas is an error."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.spec.lint.dangling_pointers import check
from tests.small import document, fields, line_of, spec_of

TEXT = {"type": "string"}
ANSWER = fields(id=TEXT, status=TEXT, url=TEXT, cost={"type": "number"})


def described(job: dict[str, Any] | None = None, **operation: Any) -> dict[str, Any]:
    """Return a document whose submit and poll say what they answer."""
    content = {"application/json": {"schema": ANSWER}}
    link = {"operationId": "look", "parameters": {"id": "$response.body#/id"}}
    reply = {"description": "The job.", "content": content}
    words = {"id": "/id", "status": "/status", "result": "/url", "states": {"done": ["done"]}}
    body = operation.pop("body", fields(prompt=TEXT))
    data = document(
        body,
        **{"x-job": words | (job or {}), "responses": {"200": reply | {"links": {"poll": link}}}},
        **operation,
    )
    parameter = {"name": "id", "in": "path", "required": True, "schema": TEXT}
    look = {"operationId": "look", "parameters": [parameter], "responses": {"200": reply}}
    data["paths"]["/make/{id}"] = {"get": look}
    return data


def sentences(data: dict[str, Any]) -> list[str]:
    return [finding.sentence for finding in check(spec_of(data))]


def test_pointers_at_described_fields_are_none() -> None:
    client = {"method": "generate", "fields": {"prompt": "/prompt"}}
    cost = {"x-cost": {"amount": 1, "observed": "/cost"}}

    assert not sentences(described(body=fields(prompt=TEXT) | {"x-client": client}, **cost))


@pytest.mark.parametrize("fact", ["id", "status", "result", "error", "progress"])
def test_a_fact_of_a_job_that_no_answer_has_is_told_with_its_line(fact: str) -> None:
    data = described({fact: "/uri"})
    (finding,) = check(spec_of(data))

    assert finding.code == "dangling-pointer"
    assert f"looks for {fact} at /uri" in finding.sentence
    assert finding.place.line == line_of(data, '"/uri"')
    assert finding.way_out


def test_one_described_place_of_several_is_enough() -> None:
    assert not sentences(described({"result": ["/output/0", "/url"]}))


def test_what_an_address_answers_is_described_nowhere() -> None:
    data = described({"status": "/state", "address": "/url"})
    del data["paths"]["/make"]["post"]["responses"]["200"]["links"]

    assert not sentences(data)


def test_a_fact_inside_a_text_has_no_schema() -> None:
    assert not sentences(described({"inside": "/url", "result": "/url/film"}))
    assert sentences(described({"inside": "/text", "result": "/text/film"}))


def test_a_cost_that_no_answer_shows_is_told() -> None:
    (sentence,) = sentences(described(**{"x-cost": {"amount": 1, "observed": "/price"}}))

    assert sentence == (
        "x-cost of make looks for observed at /price, "
        "and no answer that the spec describes has that"
    )


@pytest.mark.parametrize(
    "word",
    [
        {"x-client": {"method": "generate", "fields": {"prompt": "/text"}}},
        {"x-media": {"length": "/text"}},
        {"x-media": {"resolution": "/text"}},
    ],
)
def test_a_field_that_no_request_has_is_told(word: dict[str, Any]) -> None:
    (sentence,) = sentences(described(body=fields(prompt=TEXT) | word))

    assert sentence == f"{next(iter(word))} of the scenario request names /text, no field of it"
