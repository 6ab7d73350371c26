"""Strategies shrink to the witness, and hold for specs that nobody wrote."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings

from conformance.model.inputs import Inputs
from conformance.promises.kinds.constraint import KEYWORDS, Constraint, facts_of
from conformance.promises.kinds.constraint.refusing import breaks_only
from conformance.promises.strategies import accepted, refused, specs
from conformance.spec.document import take_apart
from conformance.spec.schema.smallest_value import build
from conformance.spec.schema.violations import valid
from conformance.spec.yaml_reader import parse
from tests.promises.second import broken
from tests.small import PROVIDERS, fields, provider, small

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.model.clause import Clause

KIND = Constraint()
#: Without the phase that explains a failure: there is none.
QUICK = settings(
    database=None, max_examples=10, phases=(Phase.generate, Phase.shrink), deadline=None
)
RANGES = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")


def smallest(strategy: Any) -> Any:
    return find(strategy, lambda _: True, settings=QUICK)


def clauses_of(body: dict[str, Any]) -> dict[str, Clause]:
    return {one.id.partition("make.")[2]: one for one in KIND.derive(small(body))}


@pytest.mark.parametrize("name", PROVIDERS)
def test_the_witness_of_every_range_is_what_hypothesis_shrinks_to(name: str) -> None:
    ranges = [one for one in KIND.derive(provider(name)) if one.rule in RANGES]

    for clause in ranges:
        direct = next(iter(KEYWORDS[clause.rule].witnesses(clause, [], Inputs())))
        edge = build(facts_of(clause).scenario.schema, dict(facts_of(clause).wants[0]), Inputs())
        assert smallest(refused(clause)) == direct.case.body, clause.id
        assert smallest(accepted(clause)) == edge, clause.id


@pytest.mark.parametrize(
    ("schema", "rule", "refuse", "accept"),
    [
        ({"type": "integer", "maximum": 15}, "maximum", 16, 15),
        ({"type": "integer", "minimum": 2}, "minimum", 1, 2),
        ({"type": "integer", "minimum": 10, "multipleOf": 5}, "minimum", 5, 10),
        ({"type": "integer", "exclusiveMaximum": 4, "minimum": 1}, "exclusiveMaximum", 4, 3),
        ({"type": "string", "x-integer": {"minimum": 2, "maximum": 9}}, "minimum", "1", "2"),
        ({"type": "string", "x-integer": {"minimum": 2, "maximum": 9}}, "maximum", "10", "9"),
    ],
)
def test_a_number_shrinks_towards_its_boundary(
    schema: dict[str, Any], rule: str, refuse: Any, accept: Any
) -> None:
    clause = clauses_of(fields(size=schema))[f"size.{rule}"]

    assert smallest(refused(clause)) == {"size": refuse}
    assert smallest(accepted(clause)) == {"size": accept}


def test_a_bound_without_a_nearest_allowed_number_is_kept_by_leaving_the_field_out() -> None:
    schema = {"type": "number", "exclusiveMinimum": 2, "maximum": 9}
    clause = clauses_of(fields(size=schema))["size.exclusiveMinimum"]

    assert smallest(accepted(clause)) == {}


def test_a_text_shrinks_to_one_character_less_or_more() -> None:
    clauses = clauses_of(fields(name={"type": "string", "minLength": 3, "maxLength": 5}))

    assert len(smallest(refused(clauses["name.min-length"]))["name"]) == 2
    assert len(smallest(refused(clauses["name.max-length"]))["name"]) == 6


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "integer", "minimum": 1, "maximum": 9},
        {"type": "string", "enum": ["480p", "720p"]},
        {"type": "string", "format": "uri"},
        {"type": "string", "pattern": "^[a-z]+$"},
        {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": 2},
    ],
)
def test_every_body_of_a_strategy_is_on_its_side(schema: dict[str, Any]) -> None:
    for clause in clauses_of(fields(["field"], field=schema)).values():
        scenario, found = facts_of(clause).scenario, facts_of(clause).assertion
        holds(accepted(clause), partial(valid, scenario.whole))
        if clause.rule != "accepted":
            holds(refused(clause), partial(breaks_only, scenario, found))


def holds(strategy: Any, promise: Callable[[Any], bool]) -> None:
    """Hold every body that a strategy draws to a promise."""

    @settings(database=None, max_examples=20, deadline=None, derandomize=True)
    @given(strategy)
    def drawn(body: Any) -> None:
        assert promise(body)

    drawn()


def test_a_masked_clause_has_no_request_to_draw() -> None:
    body = fields(size={"enum": [1, 2], "maximum": 2})
    clause = clauses_of(body)["size.maximum"]

    assert clause.masked
    assert refused(clause).is_empty


@settings(
    database=None,
    derandomize=True,
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(specs())
def test_for_any_small_spec_each_witness_proves_its_own_clause_alone(text: str) -> None:
    spec = take_apart(parse(text, file="generated.yaml"))
    clauses = list(KIND.derive(spec))

    assert len({one.id for one in clauses}) == len(clauses)
    for clause in clauses:
        assert not clause.masked, clause.masked
        schema = facts_of(clause).scenario.schema
        for wants in facts_of(clause).wants:
            assert not broken(schema, build(schema, dict(wants), Inputs())), (clause.id, wants)
        for witness in KEYWORDS[clause.rule].witnesses(clause, [], Inputs()):
            assert breaks_only(
                facts_of(clause).scenario, facts_of(clause).assertion, witness.case.body
            )
            assert len(broken(schema, witness.case.body)) == 1, (clause.id, witness.note)
