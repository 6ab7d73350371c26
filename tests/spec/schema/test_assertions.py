"""Every single assertion of a schema, named once."""

from __future__ import annotations

from typing import Any

from conformance.spec.schema.assertions import assertions
from tests.small import fields, small


def rules(body: dict[str, Any]) -> list[str]:
    schema = small(body).operation("make").scenarios[0].schema
    return [".".join((*one.path, one.name or one.rule)) for one in assertions(schema)]


def test_each_keyword_is_one_assertion_in_the_order_of_the_document() -> None:
    body = fields(["a"], a={"type": "integer", "minimum": 1, "maximum": 9})

    assert rules(body) == ["type", "a", "a.type", "a.minimum", "a.maximum"]


def test_no_two_assertions_have_one_key() -> None:
    body = fields(["a", "b"], a={"type": "string"}, b={"x-integer": {"minimum": 1, "maximum": 2}})
    schema = small(body).operation("make").scenarios[0].schema
    keys = [one.key for one in assertions(schema)]

    assert len(keys) == len(set(keys))


def test_a_size_of_at_least_nothing_asserts_nothing() -> None:
    body = fields(a={"type": "string", "minLength": 0}, b={"type": "array", "uniqueItems": False})

    assert rules(body) == ["type", "a.type", "b.type"]


def test_a_pattern_beside_x_integer_says_the_same_again() -> None:
    body = fields(a={"type": "string", "pattern": "^[1-9]$", "x-integer": {"maximum": 9}})

    assert rules(body) == ["type", "a.type", "a.maximum", "a.whole"]


def test_a_choice_of_one_cannot_have_both() -> None:
    assert rules(fields(a={}) | {"oneOf": [{"required": ["a"]}]}) == ["type", "neither"]


def test_a_union_has_one_type_and_the_rules_of_its_branches() -> None:
    union = {"anyOf": [{"type": "integer", "minimum": 1}, {"type": "string", "minLength": 1}]}

    assert rules(fields(a=union)) == ["type", "a.type", "a.minimum", "a.minLength"]


def test_a_closed_object_is_one_assertion() -> None:
    assert rules(fields(a={}) | {"additionalProperties": False}) == ["type", "additional"]


def test_items_are_told_by_a_star() -> None:
    body = fields(a={"type": "array", "items": {"type": "string"}})

    assert rules(body) == ["type", "a.type", "a.*.type"]


def test_a_condition_is_handed_to_what_stands_under_it() -> None:
    body = fields(a={}) | {"if": {"required": ["a"]}, "then": {"required": ["b"]}}
    schema = small(body).operation("make").scenarios[0].schema
    given = {one.name: len(one.given) for one in assertions(schema) if one.rule == "required"}

    assert given == {"b": 1}
