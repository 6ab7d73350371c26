"""The validator asserts what it says, as a second one does."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.model.inputs import Inputs
from conformance.promises.registry import derive, rule_of
from conformance.spec.schema.node import ANYTHING, SchemaNode
from conformance.spec.schema.validator import asserted_formats
from conformance.spec.schema.violations import valid, violations
from tests.promises.second import keeps
from tests.small import PROVIDERS, provider

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 12),
    st.sampled_from([0.0, 1.0, 2.5, math.inf, 1e300]),
    st.sampled_from(
        [
            "",
            "a",
            "ab",
            "7",
            "07",
            "12",
            "16:9",
            "https://example.com/a",
            "2030-01-01",
            "2030-13-01",
            "x\x00",
        ]
    ),
)
NAMES = st.sampled_from(["a", "b", "c"])
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=6,
)
KINDS = st.sampled_from(["string", "integer", "number", "boolean", "null", "object", "array"])


def nodes(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Return schemas whose parts are drawn from others."""
    few = st.lists(inner, min_size=1, max_size=3)
    return st.fixed_dictionaries(
        {},
        optional={
            "type": KINDS | st.lists(KINDS, min_size=1, max_size=3, unique=True),
            "enum": st.lists(VALUES, min_size=1, max_size=3),
            "const": VALUES,
            "minimum": st.integers(-2, 9),
            "maximum": st.integers(-2, 9),
            "exclusiveMinimum": st.integers(-2, 9),
            "exclusiveMaximum": st.integers(-2, 9),
            "minLength": st.integers(0, 3),
            "maxLength": st.integers(0, 3),
            "minItems": st.integers(0, 3),
            "maxItems": st.integers(0, 3),
            "pattern": st.sampled_from(["^[0-9]+$", "a", "^$"]),
            "format": st.sampled_from(["uri", "date", "uuid", "regex", "unheard-of"]),
            "x-integer": st.fixed_dictionaries(
                {}, optional={"minimum": st.integers(0, 9), "maximum": st.integers(0, 15)}
            ),
            "required": st.lists(NAMES, max_size=2, unique=True),
            "dependentRequired": st.dictionaries(
                NAMES, st.lists(NAMES, max_size=2, unique=True), max_size=2
            ),
            "properties": st.dictionaries(NAMES, inner, max_size=3),
            "additionalProperties": inner,
            "items": inner,
            "not": inner,
            "if": inner,
            "then": inner,
            "else": inner,
            "allOf": few,
            "anyOf": few,
            "oneOf": few,
            # Words that assert nothing.
            "uniqueItems": st.booleans(),
            "multipleOf": st.sampled_from([1, 2, 0.5]),
            "prefixItems": few,
            "title": st.just("a title"),
            "x-media": st.just({"role": "image"}),
        },
    )


SCHEMAS = st.recursive(
    nodes(st.booleans()), lambda inner: nodes(inner | st.booleans()), max_leaves=4
)


def node(schema: dict[str, Any]) -> SchemaNode:
    return ANYTHING.saying(schema)


@settings(max_examples=150, deadline=None)
@given(schema=SCHEMAS, value=VALUES)
def test_it_agrees_with_another_validator_on_any_schema_and_value(
    schema: dict[str, Any], value: Any
) -> None:
    assert valid(node(schema), value) is keeps(schema, value)


@pytest.mark.parametrize("name", PROVIDERS)
def test_it_agrees_with_another_on_every_request_that_a_run_can_send(name: str) -> None:
    spec = provider(name)

    for clause in derive(spec):
        for witness in rule_of(clause).witnesses(clause, [], Inputs()):
            for scenario in spec.operation(witness.case.operation).scenarios[:2]:
                body = witness.case.body
                assert valid(scenario.schema, body) is keeps(scenario.schema, body)


def test_true_is_no_one_and_one_is_one_point_nothing() -> None:
    assert valid(node({"const": 1}), 1.0)
    assert not valid(node({"const": 1}), True)
    assert not valid(node({"enum": [[0, {"a": 1}]]}), [False, {"a": 1}])


def test_a_node_has_one_validator() -> None:
    schema = node({"type": "string"})

    assert schema.validator is schema.validator


def test_a_format_it_does_not_know_says_nothing() -> None:
    assert "hostname" not in asserted_formats()
    assert valid(node({"format": "hostname"}), "not a hostname")


def test_a_format_says_nothing_of_what_is_no_text() -> None:
    assert all(valid(node({"format": name}), 5) for name in asserted_formats())


def test_a_number_written_as_text_is_bounded() -> None:
    schema = node({"x-integer": {"minimum": 2, "maximum": 10}})

    assert [value for value in range(13) if valid(schema, str(value))] == [*range(2, 11)]
    assert not valid(schema, "9" * 400)
    assert valid(schema, 99)


@pytest.mark.parametrize("value", ["\ud800", 10**400, -(10**30), math.nan, math.inf, {"\ud800": 1}])
def test_no_value_that_an_answer_can_hold_upsets_it(value: Any) -> None:
    assert not valid(node({"type": "array"}), value)
    assert valid(node({"properties": {"a": {"minimum": 1}}}), value)


@pytest.mark.parametrize("depth", [200, 256, 900])
@pytest.mark.parametrize("inner", ["text", "\ud800"])
def test_a_value_nested_deep_is_judged_like_any_other(depth: int, inner: str) -> None:
    lists: Any = inner
    objects: Any = inner
    for _ in range(depth):
        lists, objects = [lists], {"a": objects}

    assert violations(node({"type": "object"}), lists) == {("/type", "", ())}
    assert violations(node({"type": "array"}), objects) == {("/type", "", ())}
    assert valid(node({"type": "array"}), lists)


def test_a_field_may_have_the_name_of_a_keyword() -> None:
    schema = node({"properties": {"format": {"type": "string"}, "x-media": {"type": "integer"}}})

    assert not valid(schema, {"format": 1})
    assert not valid(schema, {"x-media": "a"})
