"""What a field takes, as data and in words."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.client.drafting.allowed_values import allowed, node_at
from tests.small import fields, small


def field(schema: dict[str, Any]) -> Any:
    (operation,) = small(fields([], a=schema)).submits
    return node_at(operation.scenarios[0].schema, ("a",))


@pytest.mark.parametrize(
    ("schema", "told"),
    [
        ({"type": "integer", "minimum": 1, "maximum": 15}, "1 to 15 (integer)"),
        ({"type": "integer", "minimum": 1}, "1 or more (integer)"),
        ({"type": "number", "maximum": 1.5}, "1.5 or less (number)"),
        ({"type": ["integer", "null"], "maximum": 9}, "9 or less (integer or null)"),
        (
            {"anyOf": [{"type": "integer", "minimum": 2}, {"type": "string"}]},
            "2 or more (integer or string)",
        ),
        ({"enum": ["a", "b"]}, "a, b"),
        ({"const": 7}, "7"),
        ({"type": "string", "x-values": ["a"]}, "a, perhaps others"),
        ({"type": "string", "format": "uri"}, "any uri"),
        ({"type": "string"}, "any string"),
        ({"not": {}}, "any "),
    ],
)
def test_a_field_says_what_it_takes(schema: dict[str, Any], told: str) -> None:
    assert str(allowed(field(schema))) == told


def test_rules_from_several_places_hold_together() -> None:
    parts = [
        fields([], a={"type": "integer", "maximum": 9}),
        fields([], a={"minimum": 3, "default": 5}),
    ]
    (operation,) = small({"allOf": parts}).submits
    node = node_at(operation.scenarios[0].schema, ("a",))

    assert node is not None
    found = allowed(node)
    assert (found.minimum, found.maximum, found.default) == (3, 9, 5)


def test_a_field_that_is_not_there_has_no_schema() -> None:
    (operation,) = small(fields([], a={"type": "string"})).submits

    assert node_at(operation.scenarios[0].schema, ("b", "c")) is None
