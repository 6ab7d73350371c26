from __future__ import annotations

from typing import Any

import pytest

from conformance.drafting.draft import OpenQuestions
from conformance.drafting.schema_upgrade import converted


def told(node: Any) -> Any:
    return converted(node, "/x", OpenQuestions())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"type": "string", "nullable": True}, {"type": ["string", "null"]}),
        (
            {"type": "string", "enum": ["a"], "nullable": True},
            {"type": ["string", "null"], "enum": ["a", None]},
        ),
        (
            {"$ref": "#/components/schemas/A", "nullable": True},
            {"anyOf": [{"$ref": "#/components/schemas/A"}, {"type": "null"}]},
        ),
        (
            {"type": "integer", "minimum": 0, "exclusiveMinimum": True},
            {"type": "integer", "exclusiveMinimum": 0},
        ),
        (
            {"type": "integer", "maximum": 9, "exclusiveMaximum": False},
            {"type": "integer", "maximum": 9},
        ),
        ({"type": "integer", "exclusiveMaximum": 9}, {"type": "integer", "exclusiveMaximum": 9}),
        ({"type": "string", "example": "a"}, {"type": "string", "examples": ["a"]}),
        ({"type": "integer", "format": "int64"}, {"type": "integer"}),
        ({"type": "string", "format": "uri"}, {"type": "string", "format": "uri"}),
        ({"type": "object", "required": ["a", "a"]}, {"type": "object", "required": ["a"]}),
        ({"type": "string", "description": "words", "x-order": 1, "xml": {}}, {"type": "string"}),
        (
            {"type": "array", "items": {"type": "string", "nullable": True}},
            {"type": "array", "items": {"type": ["string", "null"]}},
        ),
        (
            {"properties": {"x-own": {"type": "string"}}},
            {"properties": {"x-own": {"type": "string"}}},
        ),
        (
            {"type": "object", "additionalProperties": False},
            {"type": "object", "additionalProperties": False},
        ),
    ],
)
def test_a_schema_of_3_0_says_the_same_in_3_1(old: Any, new: Any) -> None:
    assert told(old) == new


def test_a_format_that_nobody_asserts_is_asked_about() -> None:
    pad = OpenQuestions()

    assert converted({"type": "string", "format": "snowflake"}, "/x", pad) == {"type": "string"}
    assert "snowflake" in pad.questions[0].text


@pytest.mark.parametrize(
    "odd",
    [
        {"type": "strin"},
        {"minimum": "1"},
        {"required": "a"},
        {"enum": "ab"},
        {"properties": []},
        {"pattern": "("},
        {"maxLength": -1},
    ],
)
def test_a_keyword_that_has_no_meaning_is_left_out_and_asked_about(odd: Any) -> None:
    pad = OpenQuestions()

    assert converted(odd, "/x", pad) == {}
    assert len(pad.questions) == 1
