"""The smallest value that a schema accepts, with what is wanted of it."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.model.inputs import Inputs
from conformance.spec.schema.smallest_scalar import text_of
from conformance.spec.schema.smallest_value import ABSENT, PRESENT, MissingInput, Shape, build
from tests.small import fields, small

UNIQUE = {"type": "array", "uniqueItems": True}


def built(body: dict[str, Any], wants: Any = None, inputs: Inputs | None = None) -> Any:
    schema = small(body).operation("make").scenarios[0].schema
    return build(schema, wants or {}, inputs or Inputs())


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ({"type": "string"}, "text"),
        ({"type": "string", "minLength": 6}, "textxx"),
        ({"type": "string", "maxLength": 2}, "te"),
        ({"type": "string", "examples": ["A fox"]}, "A fox"),
        ({"type": "string", "x-values": ["16:9", "1:1"]}, "16:9"),
        ({"type": "string", "pattern": "^[a-c]{2}[0-9]$"}, "aa0"),
        ({"type": "string", "format": "uri"}, "https://example.com/"),
        ({"type": "string", "x-integer": {"minimum": 2, "maximum": 10}}, "2"),
        ({"enum": ["480p", "720p"]}, "480p"),
        ({"const": "fixed"}, "fixed"),
        ({"type": "integer"}, 1),
        ({"type": "integer", "minimum": 2}, 2),
        ({"type": "integer", "maximum": -3}, -3),
        ({"type": "integer", "exclusiveMinimum": 2}, 3),
        ({"type": "integer", "minimum": 7, "multipleOf": 5}, 10),
        ({"type": "integer", "default": 6}, 6),
        ({"type": "boolean"}, True),
        ({"type": ["null", "integer"]}, None),
        ({"type": "array", "items": {"type": "integer"}, "minItems": 2}, [1, 1]),
        ({"type": "object", "required": ["a"], "properties": {"a": {"type": "null"}}}, {"a": None}),
        ({"anyOf": [{"type": "integer", "minimum": 3}, {"type": "string"}]}, 3),
        ({"allOf": [{"type": "integer"}, {"minimum": 4}]}, 4),
    ],
)
def test_a_required_field_gets_its_smallest_value(field: dict[str, Any], value: Any) -> None:
    assert built(fields(["a"], a=field)) == {"a": value}


def test_an_optional_field_is_left_out_until_it_is_wanted() -> None:
    body = fields(a={"type": "integer", "minimum": 2})

    assert built(body) == {}
    assert built(body, {("a",): PRESENT}) == {"a": 2}
    assert built(body, {("a",): 7}) == {"a": 7}
    assert built(body, {("a",): 1}) is None


def test_a_choice_is_made_and_can_be_made_otherwise() -> None:
    body = fields(a={"type": "integer"}, b={"type": "integer"}) | {
        "oneOf": [{"required": ["a"]}, {"required": ["b"]}]
    }

    assert built(body) == {"a": 1}
    assert built(body, {("b",): PRESENT}) == {"b": 1}
    assert built(body, {("a",): ABSENT}) == {"b": 1}


def test_a_union_takes_the_wanted_shape() -> None:
    body = fields(
        a={"anyOf": [{"type": "integer"}, {"type": "string", "x-integer": {"minimum": 2}}]}
    )

    assert built(body, {("a",): Shape("string")}) == {"a": "2"}
    assert built(body, {("a",): Shape("integer")}) == {"a": 1}


def test_a_condition_brings_in_what_it_requires() -> None:
    body = fields(mode={"const": "video"}, url={"type": "string"}) | {
        "if": {"required": ["mode"]},
        "then": {"required": ["url"]},
    }

    assert built(body, {("mode",): PRESENT}) == {"mode": "video", "url": "text"}


def test_a_condition_inside_a_condition_counts() -> None:
    inner = {"if": {"required": ["url"]}, "then": {"required": ["length"]}}
    body = fields(mode={"const": "video"}, url={"type": "string"}, length={"type": "integer"}) | {
        "if": {"required": ["mode"]},
        "then": {"required": ["url"], **inner},
    }

    assert built(body, {("mode",): PRESENT}) == {"mode": "video", "url": "text", "length": 1}


def test_a_field_that_depends_comes_along() -> None:
    body = fields(a={"type": "integer"}, b={"type": "integer"}) | {
        "dependentRequired": {"a": ["b"]}
    }

    assert built(body, {("a",): PRESENT}) == {"a": 1, "b": 1}


def test_media_comes_from_the_inputs_of_the_run() -> None:
    body = fields(["video"], video={"type": "string", "x-media": {"role": "video"}})

    assert built(body, inputs=Inputs(videos={5: "https://example.com/v.mp4"})) == {
        "video": "https://example.com/v.mp4"
    }
    with pytest.raises(MissingInput):
        built(body, inputs=Inputs(videos={}))


def test_a_recursive_schema_ends() -> None:
    assert built(fields(["a"], a={"type": "object", "properties": {"b": {"type": "object"}}})) == {
        "a": {}
    }


def test_a_text_has_exactly_the_length() -> None:
    assert text_of({"examples": ["A fox"]}, 8) == "A fox A "
    assert text_of({}, 3) == "tex"
    assert text_of({}, 0) == ""


def test_what_may_have_to_be_sent_is_sent() -> None:
    doubt = {
        "x-required": {
            "x-reading": {
                "taken": "it may be left out",
                "other": "it is required",
                "why": "the page says both",
            }
        }
    }
    inner = fields(mode={"const": "edit"} | doubt, other={"type": "string"})
    body = fields(["prompt"], prompt={"type": "string"}, extra=inner)

    assert built(body) == {"prompt": "text", "extra": {"mode": "edit"}}
    assert built(body, {("extra",): ABSENT}) == {"prompt": "text"}


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"oneOf": [{"type": "integer", "minimum": 5}, {"type": "integer", "maximum": 3}]}, 5),
        ({"items": {"type": "string"}, "minItems": 2} | UNIQUE, ["text", "text2"]),
        ({"items": {"enum": ["a", "b"]}, "minItems": 2} | UNIQUE, ["a", "b"]),
        ({"items": {"type": "integer"}, "minItems": 3} | UNIQUE, [1, 2, 3]),
        ({"allOf": [{"anyOf": [{"const": "a"}, {"const": "b"}]}, {"enum": ["b", "c"]}]}, "b"),
        (
            {"type": "object", "minProperties": 1, "properties": {"a": {"type": "boolean"}}},
            {"a": True},
        ),
    ],
)
def test_a_value_keeps_what_its_schema_says_as_a_whole(schema: dict[str, Any], value: Any) -> None:
    node = small(fields(field=schema)).submits[0].scenarios[0].schema["properties"]["field"]

    assert build(node, {}, Inputs()) == value
