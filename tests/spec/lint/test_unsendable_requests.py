"""What no run can send, follow or call is an error."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.spec.lint.unsendable_requests import check
from tests.small import document, fields, line_of, spec_of

TEXT = {"type": "string"}


def linked(**links: str) -> dict[str, Any]:
    """Return a document whose submit links a second operation."""
    data = document(fields())
    data["paths"]["/make"]["post"]["responses"]["200"]["links"] = {
        name: {"operationId": operation, "parameters": {"id": "$response.body#/id"}}
        for name, operation in links.items()
    }
    parameter = {"name": "id", "in": "path", "required": True, "schema": TEXT}
    data["paths"]["/make/{id}"] = {
        "get": {
            "operationId": "look",
            "parameters": [parameter],
            "responses": {"200": {"description": "."}},
        }
    }
    return data


def codes(data: dict[str, Any]) -> list[str]:
    return [finding.code for finding in check(spec_of(data))]


@pytest.mark.parametrize("name", ["poll", "content", "cancel"])
def test_what_a_known_link_leads_to_is_called(name: str) -> None:
    assert codes(linked(**{name: "look"})) == []


def test_an_unknown_link_is_told_with_its_line_and_the_nearest_known_one() -> None:
    data = linked(poll="look", polls="look")
    (finding,) = check(spec_of(data))

    assert finding.sentence == "no run follows the link 'polls' of make"
    assert finding.way_out == "Known are poll, content and cancel. Did you mean 'poll'?"
    assert finding.place.line == line_of(data, '"polls"')


def test_a_link_of_an_answer_that_makes_no_job_is_told() -> None:
    data = linked(poll="look")
    link = {"content": {"operationId": "look", "parameters": {"id": ""}}}
    data["paths"]["/make/{id}"]["get"]["responses"]["200"]["links"] = link

    assert codes(data) == ["unknown-link"]


def test_an_operation_that_no_link_leads_to_is_called_by_nobody() -> None:
    assert codes(linked()) == ["uncalled-operation"]


@pytest.mark.parametrize("where", ["query", "header", "cookie"])
def test_a_required_parameter_that_nothing_fills_is_told(where: str) -> None:
    parameter = {"name": "region", "in": where, "required": True, "schema": TEXT}

    assert codes(document(fields(), parameters=[parameter])) == ["unsendable-parameter"]
    assert codes(document(fields(), parameters=[parameter | {"required": False}])) == []


def test_a_part_of_the_path_that_nothing_fills_is_told() -> None:
    data = linked(poll="look")
    data["paths"]["/{account}/{id}"] = data["paths"].pop("/make/{id}")
    parameter = {"name": "account", "in": "path", "required": True, "schema": TEXT}
    data["paths"]["/{account}/{id}"]["get"]["parameters"].append(parameter)

    assert codes(data) == ["unsendable-parameter"]


def test_headers_that_every_request_carries_are_sent() -> None:
    parameter = {"name": "Content-Type", "in": "header", "required": True, "schema": TEXT}

    assert codes(document(fields(), parameters=[parameter])) == []


def test_a_body_of_another_form_is_told() -> None:
    body = {"content": {"multipart/form-data": {"schema": fields()}}}

    assert codes(document(requestBody=body)) == ["unsendable-body"]


def test_a_poll_that_asks_with_a_body_is_told() -> None:
    data = linked(poll="look")
    body = {"required": True, "content": {"application/json": {"schema": fields()}}}
    data["paths"]["/make/{id}"] = {
        "post": data["paths"]["/make/{id}"]["get"] | {"requestBody": body}
    }

    assert codes(data) == ["unsendable-body"]
