"""What only a special event shows keeps no provider from a go, and is judged where it is seen."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.model.verdict import Decision
from conformance.promises.registry import derive
from conformance.run.open_target import TargetChoice
from conformance.run.session import Session
from tests.small import document, fields, spec_of

TEXT = {"type": "string"}
JOB = fields(["id", "status"], id=TEXT, status=TEXT, url=TEXT)
LINK = {"poll": {"operationId": "look", "parameters": {"id": "$response.body#/id"}}}


def reply(schema: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"description": ".", "content": {"application/json": {"schema": schema}}, **more}


def shop(look: dict[str, Any] = JOB, **errors: Any) -> dict[str, Any]:
    """Return a document with a submit that may answer with errors, and a poll."""
    job = {"id": "/id", "status": "/status", "result": "/url", "error": "/error"}
    data = document(
        fields(["prompt"], prompt=TEXT),
        **{
            "x-job": job | {"states": {"done": ["done"], "failed": ["failed"]}},
            "responses": {"200": reply(JOB, links=LINK), **errors},
        },
    )
    parameter = {"name": "id", "in": "path", "required": True, "schema": TEXT}
    data["paths"]["/make/{id}"] = {
        "get": {"operationId": "look", "parameters": [parameter], "responses": {"200": reply(look)}}
    }
    return data


def hidden(data: dict[str, Any], name: str) -> str:
    (clause,) = [clause for clause in derive(spec_of(data)) if clause.local_id == name]
    return clause.unobservable


def decided(data: dict[str, Any]) -> Decision:
    return Session(spec=spec_of(data), choice=TargetChoice(kind="simulator")).start().decision


MESSAGE = fields(["message"], message=TEXT)


@pytest.mark.parametrize(
    ("status", "told"),
    [
        ("402", "only an account without credits shows it"),
        ("429", "only too many requests at a time show it"),
        ("500", "only a server in trouble shows it"),
        ("5XX", "only a server in trouble shows it"),
        ("409", "only a special event shows it, and no run brings that about"),
        ("400", ""),
        ("401", ""),
        ("4XX", ""),
    ],
)
def test_an_answer_of_a_special_event_says_why_no_run_sees_it(status: str, told: str) -> None:
    data = shop(**{status: reply(MESSAGE)})

    assert hidden(data, f"make.response.{status}.message.required") == told


def test_of_several_answers_to_a_bad_request_none_has_to_be_seen() -> None:
    data = shop(**{"400": reply(MESSAGE), "422": reply(MESSAGE)})

    assert "a run sees one of them" in hidden(data, "make.response.422.message.required")


def test_one_of_several_forms_need_not_be_seen() -> None:
    error = {"oneOf": [TEXT, fields(["why"], why=TEXT)]}
    data = shop(**{"4XX": reply(fields(["detail"], detail=error))})

    assert "several forms" in hidden(data, "make.response.4XX.detail.why.object.required")
    assert hidden(data, "make.response.4XX.detail.required") == ""


def test_to_be_null_is_no_other_form() -> None:
    late = {"anyOf": [TEXT | {"minLength": 1}, {"type": "null"}]}

    assert hidden(shop(fields(late=late)), "look.response.late.minLength") == ""


def test_a_spec_with_such_answers_ends_in_a_go() -> None:
    error = {"oneOf": [TEXT, fields(["why"], why=TEXT)]}
    errors = {"402": MESSAGE, "409": MESSAGE, "4XX": fields(["detail"], detail=error)}

    assert decided(shop(**{status: reply(form) for status, form in errors.items()})) is Decision.GO


def test_a_field_that_may_be_left_out_and_always_is_keeps_nobody_from_a_go() -> None:
    look = JOB | {"if": fields(["status"], status={"const": "held"}), "then": fields(["why"])}

    assert decided(shop(look)) is Decision.GO
