"""A constraint in words: its id and its promise."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.promises.kinds.constraint import Constraint
from conformance.promises.wish import field_name
from tests.small import fields, small


def promises(field: dict[str, Any]) -> dict[str, str]:
    derived = Constraint().derive(small(fields(["a"], a=field)))
    return {one.id.removeprefix("small.make.a."): one.promise for one in derived}


@pytest.mark.parametrize(
    ("field", "rule", "promise"),
    [
        ({"type": "integer"}, "type", "a is of type integer"),
        ({"type": ["integer", "null"]}, "nullable", "a may be null"),
        ({"type": "integer"}, "required", "a is required"),
        ({"type": "integer", "maximum": 9}, "maximum", "a is at most 9"),
        ({"type": "integer", "exclusiveMinimum": 9}, "exclusiveMinimum", "a is more than 9"),
        ({"enum": ["x", "y"]}, "enum", "a is one of x or y"),
        ({"type": "string", "x-values": ["x", "y"]}, "values", "a takes x or y"),
        ({"type": "string", "format": "uri"}, "format", "a is a valid uri"),
        ({"type": "string", "minLength": 2}, "min-length", "a keeps minLength 2"),
        (
            {"type": "string", "x-integer": {"minimum": 1}},
            "whole",
            "a is written as a whole number",
        ),
    ],
)
def test_each_rule_is_told_in_a_plain_clause(
    field: dict[str, Any], rule: str, promise: str
) -> None:
    assert promises(field)[rule] == promise


def test_a_branch_of_a_union_is_named() -> None:
    known = promises({"anyOf": [{"type": "integer"}, {"type": "string", "minLength": 2}]})

    assert known["string.min-length"] == "a keeps minLength 2 (as string)"


def test_a_path_is_written_as_people_do() -> None:
    assert field_name(("extra_body", "operation")) == "extra_body.operation"
    assert field_name(("images", "*")) == "images[]"
    assert field_name(()) == "the body"
