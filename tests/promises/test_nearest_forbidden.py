"""The nearest values that an assertion forbids, the nearest first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from conformance.promises.kinds.constraint import KEYWORDS
from conformance.spec.schema.assertions import Assertion, assertions
from tests.small import fields, small

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conformance.promises.kinds.constraint.keyword import Edit


def forbidden_values(assertion: Assertion, now: Any) -> Iterator[Any]:
    return KEYWORDS[assertion.rule].forbidden(assertion, now)


def breakages(assertion: Assertion, body: Any, borrow: Callable[[str], Any]) -> Iterator[Edit]:
    return KEYWORDS[assertion.rule].breakages(assertion, body, borrow)


def found(field: dict[str, Any], rule: str) -> Assertion:
    schema = small(fields(a=field)).operation("make").scenarios[0].schema
    return next(one for one in assertions(schema) if one.rule == rule and one.path == ("a",))


@pytest.mark.parametrize(
    ("field", "rule", "now", "nearest"),
    [
        ({"type": "integer", "maximum": 15}, "maximum", 5, 16),
        ({"type": "integer", "minimum": 2}, "minimum", 5, 1),
        ({"type": "integer", "maximum": 15, "multipleOf": 5}, "maximum", 5, 20),
        ({"type": "integer", "exclusiveMaximum": 15}, "exclusiveMaximum", 5, 15),
        ({"type": "integer", "multipleOf": 5}, "multipleOf", 10, 11),
        ({"type": "number", "multipleOf": 0.5}, "multipleOf", 1.0, 1.25),
        ({"type": "string", "x-integer": {"maximum": 9}}, "maximum", "5", "10"),
        ({"type": "string", "x-integer": {"minimum": 1}}, "whole", "5", "1.5"),
        ({"type": "integer"}, "type", 6, 6.5),
        ({"type": "string"}, "type", "a", 7),
        ({"type": "boolean"}, "type", True, "true"),
        ({"type": "array"}, "type", ["a"], "a"),
        ({"enum": ["480p", "720p"]}, "enum", "480p", "721p"),
        ({"enum": ["16:9", "1:1"]}, "enum", "16:9", "2:1"),
        ({"enum": ["fast", "slow"]}, "enum", "fast", "slows"),
        ({"enum": [1, 2]}, "enum", 1, 3),
        ({"const": True}, "const", True, False),
        ({"type": "string", "minLength": 3}, "minLength", "abc", "xx"),
        ({"type": "string", "maxLength": 3}, "maxLength", "abc", "abcx"),
        ({"type": "string", "format": "uri"}, "format", "https://a.b/", "not a uri"),
        ({"type": "array", "minItems": 2}, "minItems", [1, 2], [1]),
        ({"type": "array", "maxItems": 2}, "maxItems", [1], [1, 2, 3]),
        ({"type": "array", "uniqueItems": True}, "uniqueItems", ["a"], ["a", "a"]),
    ],
)
def test_the_nearest_forbidden_value_comes_first(
    field: dict[str, Any], rule: str, now: Any, nearest: Any
) -> None:
    value = next(iter(forbidden_values(found(field, rule), now)))

    assert value == nearest
    assert type(value) is type(nearest)


def test_values_that_other_providers_take_are_tried_as_well() -> None:
    listed = found({"enum": ["480p", "720p"], "x-beyond": ["1080p"]}, "enum")

    assert "1080p" in list(forbidden_values(listed, "480p"))


def test_a_value_that_differs_in_case_alone_is_never_tried() -> None:
    listed = found({"enum": ["720P"], "x-beyond": ["720p"]}, "enum")

    assert "720p" not in list(forbidden_values(listed, "720P"))


@pytest.mark.parametrize("pattern", ["^[a-z]+$", "^A.*$", "[0-9]$"])
def test_a_text_beside_a_pattern_does_not_match_it(pattern: str) -> None:
    import re

    values = list(forbidden_values(found({"type": "string", "pattern": pattern}, "pattern"), "a1"))

    assert values
    assert not any(re.search(pattern, value) for value in values)


def test_an_edit_is_told_in_the_shortest_words() -> None:
    (edit,) = breakages(found({"type": "integer", "maximum": 9}, "maximum"), {"a": 1}, str)

    assert (edit.body, edit.note) == ({"a": 10}, "a = 10")


def test_both_of_a_choice_take_all_fields_of_two_alternatives() -> None:
    body = fields(a={}, b={}, c={}) | {"oneOf": [{"required": ["a", "b"]}, {"required": ["c"]}]}
    schema = small(body).operation("make").scenarios[0].schema
    both = next(one for one in assertions(schema) if one.rule == "both")
    (edit,) = breakages(both, {"a": 1, "b": 1}, lambda _: 0)

    assert edit.body == {"a": 1, "b": 1, "c": 0}
    assert edit.note == "both a and b and c"


def test_between_two_listed_numbers_is_outside_the_list_however_they_are_written() -> None:
    listed = found({"enum": ["4", "6", "8"]}, "enum")

    assert {"5", "9", 4} <= set(forbidden_values(listed, "4"))
