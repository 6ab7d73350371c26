"""Filling in what only one value fits, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from conformance.client.drafting.fill_in import fill, fit
from conformance.spec.schema.node import ANYTHING
from tests.small import fields, small

if TYPE_CHECKING:
    from conformance.spec.operation import Scenario


def scenario(body: dict[str, Any]) -> Scenario:
    (operation,) = small(body).submits
    return operation.scenarios[0]


FILLED: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "a constant": (fields(["a"], a={"const": 7}), {"a": 7}),
    "a list of one": (fields(["a"], a={"enum": ["x"]}), {"a": "x"}),
    "a shown list of one": (fields(["a"], a={"type": "string", "x-values": ["x"]}), {"a": "x"}),
    "a default": (fields(["a"], a={"type": "integer", "default": 3}), {"a": 3}),
    "a choice": (fields(["a"], a={"enum": ["x", "y"]}), {}),
    "a free text": (fields(["a"], a={"type": "string", "examples": ["x"]}), {}),
    "a constant that is not required": (fields([], a={"const": 7}), {}),
    "a condition that holds": (
        fields([], a={"const": 7}) | {"if": {"required": ["b"]}, "else": {"required": ["a"]}},
        {"a": 7},
    ),
    "what a condition requires and says itself": (
        fields([], a={"type": "string"})
        | {
            "if": {"not": {"required": ["b"]}},
            "then": fields(["c"], c={"const": 5}),
        },
        {"c": 5},
    ),
    "a condition inside a condition": (
        fields([], a={"const": 7})
        | {
            "if": {"not": {"required": ["b"]}},
            "then": {"if": {"not": {"required": ["c"]}}, "then": {"required": ["a"]}},
        },
        {"a": 7},
    ),
    "a condition that does not": (
        fields([], a={"const": 7}) | {"if": {"required": ["b"]}, "then": {"required": ["a"]}},
        {},
    ),
}


@pytest.mark.parametrize(("body", "expected"), FILLED.values(), ids=FILLED)
def test_only_what_needs_no_choice_is_filled_in(
    body: dict[str, Any], expected: dict[str, Any]
) -> None:
    assert fill(scenario(body).schema, {}) == expected


def test_what_was_given_stays_and_is_filled_inside() -> None:
    body = fields(
        ["a", "o"], a={"const": 7}, o=fields(["kind"], kind={"const": "x"}, more={"type": "string"})
    )

    assert fill(scenario(body).schema, {"a": 8, "o": {"more": "y"}}) == {
        "a": 8,
        "o": {"more": "y", "kind": "x"},
    }


@pytest.mark.parametrize(
    ("node", "value", "numeric", "expected"),
    [
        ({"type": "integer"}, 6, True, 6),
        ({"type": "integer"}, 6.0, True, 6),
        ({"type": "integer"}, 6.5, True, 6.5),
        ({"type": "number"}, 6.0, True, 6.0),
        ({"type": "string"}, 6, True, "6"),
        ({"type": "string"}, 6.5, True, "6.5"),
        ({"type": "string"}, 6, False, 6),
        ({"type": "string", "x-integer": {"minimum": 1}}, 6, False, "6"),
        ({"anyOf": [{"type": "integer"}, {"type": "string"}]}, 6, True, 6),
        ({"anyOf": [{"type": "string"}, {"type": "integer"}]}, 6, True, "6"),
        ({"type": "string"}, True, True, True),
        ({"enum": ["720P"]}, "720p", False, "720P"),
        ({"type": "string", "x-values": ["720P"]}, "1080p", False, "1080p"),
        ({"type": "array"}, ("a", "b"), False, ["a", "b"]),
        ({"type": "object"}, {"a": 1}, False, {"a": 1}),
    ],
)
def test_a_value_takes_the_form_that_the_schema_wants_first(
    node: dict[str, Any], value: Any, numeric: bool, expected: Any
) -> None:
    found = fit(ANYTHING.saying(node), value, numeric=numeric)

    assert (found, type(found)) == (expected, type(expected))
