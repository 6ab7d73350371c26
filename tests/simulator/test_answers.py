"""What an answer of the simulator holds."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.simulator.answers import plain_answer, refusal
from tests.small import fields, small

TEXT = {"type": "string"}


def reply(schema: dict[str, Any]) -> Any:
    content = {"application/json": {"schema": schema}}
    responses = {"200": {"description": "Taken.", "content": content}}
    (operation,) = small(fields(), responses=responses).operations
    return operation.replies[0]


@pytest.mark.parametrize(
    ("schema", "facts", "expected"),
    [
        (fields(a=TEXT), {}, {"a": "text"}),
        (fields(a={"type": "number"}), {"/a": 2.5}, {"a": 2.5}),
        (fields(a=TEXT), {"/a": 2}, {"a": "2"}),
        (fields(a={"type": ["string", "null"]}), {}, {"a": "text"}),
        (fields(a=fields(b=TEXT)), {"/a/b": "x"}, {"a": {"b": "x"}}),
        (
            fields(a={"type": "array", "items": fields(b=TEXT)}),
            {"/a/0/b": "x"},
            {"a": [{"b": "x"}]},
        ),
        (fields(a={"not": {}}, b=TEXT), {}, {"b": "text"}),
        (
            fields(a=TEXT, b={**TEXT, "x-same-as": {"field": "a"}}),
            {"/a": "x"},
            {"a": "x", "b": "x"},
        ),
        (fields(a={"anyOf": [{"type": "null"}, TEXT]}), {}, {"a": "text"}),
        (
            fields(a={"anyOf": [fields(b=TEXT), fields(c=TEXT)]}),
            {"/a/c": "x"},
            {"a": {"c": "x"}},
        ),
        ({"allOf": [fields(a=TEXT), fields(a={"minLength": 6})]}, {}, {"a": "textxx"}),
    ],
)
def test_facts_stand_where_they_are_documented_and_the_rest_is_made_up(
    schema: dict[str, Any], facts: dict[str, Any], expected: Any
) -> None:
    assert plain_answer(reply(schema), facts) == expected


def test_a_condition_brings_in_what_it_requires() -> None:
    schema = fields(state={"const": "done"}) | {
        "if": {"required": ["state"]},
        "then": fields(["url"], url=TEXT),
    }

    assert plain_answer(reply(schema), {}) == {"state": "done", "url": "text"}


def test_a_refusal_says_why_in_the_documented_form() -> None:
    assert refusal(reply(fields(detail=TEXT)), "too long", "bad_request") == {"detail": "too long"}


def test_a_refusal_without_a_form_takes_the_usual_one() -> None:
    assert refusal(None, "too long", "bad_request") == {
        "error": {"code": "bad_request", "message": "too long", "type": "bad_request"}
    }
