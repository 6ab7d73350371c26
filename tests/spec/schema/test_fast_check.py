"""The quick answer is the validator's answer, for any schema and any value."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.model.inputs import Inputs
from conformance.promises.registry import derive, rule_of
from conformance.spec.schema.fast_check import keeps
from conformance.spec.schema.validator import keywords, validator_of
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
            # Rare ones, which are left to the validator, and words that assert nothing.
            "uniqueItems": st.booleans(),
            "multipleOf": st.sampled_from([1, 2, 0.5]),
            "prefixItems": few,
            "title": st.just("a title"),
            "x-at": st.just("/x"),
        },
    )


SCHEMAS = st.recursive(
    nodes(st.booleans()), lambda inner: nodes(inner | st.booleans()), max_leaves=4
)


@settings(max_examples=150, deadline=None)
@given(schema=SCHEMAS, value=VALUES)
def test_it_agrees_with_the_validator_on_any_schema_and_value(schema: Any, value: Any) -> None:
    assert keeps(schema, value) is validator_of(schema).is_valid(value)


@pytest.mark.parametrize("name", PROVIDERS)
def test_it_agrees_with_the_validator_on_every_request_that_a_run_can_send(name: str) -> None:
    spec = provider(name)

    for clause in derive(spec):
        for witness in rule_of(clause).witnesses(clause, [], Inputs()):
            for scenario in spec.operation(witness.case.operation).scenarios[:2]:
                assert keeps(scenario.schema, witness.case.body) is validator_of(
                    scenario.schema
                ).is_valid(witness.case.body)


def test_true_is_no_one_and_one_is_one_point_nothing() -> None:
    assert keeps({"const": 1}, 1.0)
    assert not keeps({"const": 1}, True)
    assert not keeps({"enum": [[0, {"a": 1}]]}, [False, {"a": 1}])


def test_words_of_our_own_that_assert_are_known_as_such() -> None:
    assert "x-integer" in keywords()
    assert "x-media" not in keywords()
