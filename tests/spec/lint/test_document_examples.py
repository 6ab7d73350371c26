"""A document's examples are held to the document's rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from conformance.spec.lint.document_examples import check, is_placeholder
from tests.small import document, fields, spec_of

if TYPE_CHECKING:
    from conformance.spec.document import Spec

BODY = fields(
    ["prompt"],
    prompt={"type": "string"},
    seconds={"type": "integer", "maximum": 10},
    size={"type": "object", "properties": {"width": {"type": "integer"}}},
)


def asked(value: Any, body: Any = None) -> Spec:
    data = document(body or BODY)
    media = data["paths"]["/make"]["post"]["requestBody"]["content"]["application/json"]
    media["examples"] = {"curl": {"value": value}}
    return spec_of(data)


def answered(value: Any) -> Spec:
    schema = fields(["id"], id={"type": "string"}, progress={"type": "integer"})
    reply = {
        "description": "x",
        "content": {"application/json": {"schema": schema, "example": value}},
    }
    return spec_of(document(BODY, responses={"200": reply}))


def sentences(spec: Spec) -> list[str]:
    return [one.sentence for one in check(spec)]


def test_a_good_example_says_nothing() -> None:
    assert sentences(asked({"prompt": "A fox", "seconds": 10})) == []


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ({}, "prompt is required and not there"),
        ({"prompt": "A fox", "seconds": 11}, "seconds is 11, against maximum 10"),
        ({"prompt": 5}, "prompt is 5, against type string"),
        ({"prompt": "x", "size": {"width": "w"}}, "size.width is 'w', against type integer"),
        ("text", "the whole is 'text', against type object"),
    ],
)
def test_a_request_that_breaks_a_rule_is_found(value: Any, told: str) -> None:
    start = "the request example “curl” of make breaks the document's own rules: "

    assert sentences(asked(value)) == [start + told]


def test_a_field_that_no_scenario_knows_is_found() -> None:
    told = "the request example “curl” of make sends seed, which the parameters do not name"

    assert sentences(asked({"prompt": "A fox", "seed": 1})) == [told]


def test_an_answer_is_held_to_its_own_schema() -> None:
    assert sentences(answered({"id": "job_1", "more": 1})) == []
    assert sentences(answered({"progress": 3})) == [
        "the answer example of make breaks the document's own rules: id is required and not there"
    ]


def test_of_several_scenarios_the_nearest_one_counts() -> None:
    text = fields(["prompt"], prompt={"type": "string"}) | {"title": "text"}
    video = fields(["prompt", "video"], prompt={"type": "string"}) | {"title": "video"}
    value = {"prompt": 5, "video": "v"}

    assert sentences(asked(value, {"anyOf": [text, video]}))[0].endswith("against type string")


def test_what_a_generator_wrote_breaks_nothing() -> None:
    assert sentences(asked({"prompt": "<string>", "seconds": 123})) == []
    assert sentences(asked({"prompt": "<string>", "seconds": 124})) != []
    assert sentences(asked({"prompt": "A fox", "seconds": 123})) != []


@pytest.mark.parametrize(
    ("value", "path", "answer"),
    [
        ({"a": "<string>"}, ("a",), True),
        ({"a": ["<token>"]}, ("a", 0), True),
        ({"a": "<b>text</b>"}, ("a",), False),
        ({"a": 123, "b": {"c": "<string>"}}, ("a",), True),
        ({"a": 123}, ("a",), False),
        ({"a": True, "b": "<string>"}, ("a",), False),
    ],
)
def test_a_placeholder_is_told_from_a_value(value: Any, path: Any, answer: bool) -> None:
    assert is_placeholder(value, path) is answer
