"""The smallest number and the smallest text that a node takes."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.spec.schema.smallest_scalar import bound, number, text, text_of


@pytest.mark.parametrize(
    ("node", "found"),
    [
        ({}, 1),
        ({"minimum": 2}, 2),
        ({"type": "number", "minimum": 0.5}, 0.5),
        ({"type": "integer", "minimum": 0.5}, 1),
        ({"exclusiveMinimum": 2}, 3),
        ({"minimum": 1, "exclusiveMinimum": 1}, 2),
        ({"maximum": -4}, -4),
        ({"exclusiveMaximum": 1}, 0),
        ({"maximum": 1, "exclusiveMaximum": 1}, 0),
        ({"multipleOf": 5}, 5),
        ({"minimum": 7, "multipleOf": 5}, 10),
        ({"maximum": 9, "multipleOf": 5}, 5),
        ({"maximum": -7, "multipleOf": 5}, -10),
    ],
)
def test_a_number_keeps_its_bounds(node: dict[str, Any], found: float) -> None:
    assert number(node) == found
    assert type(number(node)) is type(found)


@pytest.mark.parametrize(
    ("node", "found"),
    [
        ({}, "text"),
        ({"minLength": 6}, "textxx"),
        ({"maxLength": 3}, "tex"),
        ({"x-integer": {"minimum": 2}}, "2"),
        ({"x-integer": {"maximum": 0}}, "0"),
        ({"format": "date"}, "2030-01-01"),
        ({"format": "unheard-of"}, ""),
        ({"pattern": "^[x-z]{2}$"}, "xx"),
    ],
)
def test_a_text_keeps_its_rules(node: dict[str, Any], found: str) -> None:
    assert text(node) == found


def test_of_several_bounds_the_narrowest_counts() -> None:
    node = {"minimum": 1, "allOf": [{"minimum": 3}, {"maximum": 9}, {"maximum": 5}]}

    assert bound(node, "minimum", None) == 3
    assert bound(node, "maximum", None) == 5
    assert bound(node, "minItems", 7) == 7


def test_a_long_text_repeats_the_example() -> None:
    assert text_of({"examples": ["A fox"]}, 13) == "A fox A fox A"
