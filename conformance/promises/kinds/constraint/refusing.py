"""Requests that break one rule and no other: where they start from, and why there may be none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.model.inputs import Inputs
from conformance.model.json_place import MISSING, get
from conformance.model.witness import Case, Side, Witness
from conformance.promises.condition_wants import wants_of
from conformance.promises.wish import Wish
from conformance.spec.schema.assertions import assertions
from conformance.spec.schema.smallest_value import PRESENT, MissingInput, Shape, build
from conformance.spec.schema.violations import valid, violations
from conformance.spec.words.request_words import SameAsWord

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conformance.model.clause import Clause
    from conformance.model.exchange import Json
    from conformance.model.json_place import Path
    from conformance.promises.kinds.constraint.keyword import ConstraintFacts, Edit, KeywordRule
    from conformance.spec.operation import Scenario
    from conformance.spec.schema.assertions import Assertion


def bases(facts: ConstraintFacts, inputs: Inputs) -> Iterator[Json]:
    """Yield valid bodies to start an edit from, the smallest first."""
    scenario, assertion = facts.scenario, facts.assertion
    here: dict[Path, Any] = {}
    if assertion.path:
        here[assertion.path] = Shape(assertion.shape)
    here |= wants_of(assertion) or {}
    if assertion.rule == "dependent":
        here[*assertion.path, assertion.value[0]] = PRESENT
    telling = dict.fromkeys(telling_fields(scenario), PRESENT)
    for wants in (here, {**telling, **here}, telling, {}):
        try:
            body = build(scenario.schema, wants, inputs)
        except MissingInput:
            continue
        if body is not None:
            yield body


def refusals(
    rule: KeywordRule, clause: Clause, controls: Sequence[Json], inputs: Inputs
) -> Iterator[Witness]:
    """Yield witnesses that break this assertion and no other, and that the whole schema refuses."""
    facts = rule.facts(clause)
    scenario, assertion = facts.scenario, facts.assertion
    for control in sorted(controls, key=lambda body: _distance(rule, facts, body)):
        if not _serves(rule, facts, control):
            continue
        exact = [
            edit
            for edit in _edits(rule, facts, control, inputs)
            if breaks_only(scenario, assertion, edit.body)
        ]
        for edit in exact:
            yield Witness(
                clause=clause.id,
                side=Side.REFUSE,
                case=Case(operation=clause.operation, scenario=scenario.title, body=edit.body),
                note=edit.note,
                lacks=edit.lacks,
                control=control,
                implied_by=rule.implied_by(clause, edit.body),
            )
        if exact:
            return


def _distance(rule: KeywordRule, facts: ConstraintFacts, control: Json) -> tuple[bool, bool]:
    """Return how little a control is to be preferred."""
    # One that has the field already differs from its witness in nothing but the value.
    without = get(control, facts.assertion.path) is MISSING
    # Where a field comes or goes, only its operation's name keeps a request from being another
    # scenario's.
    unnamed = any(get(control, path) is MISSING for path in telling_fields(facts.scenario))
    if rule.comes_or_goes:
        return unnamed, without
    return without, unnamed


def _serves(rule: KeywordRule, facts: ConstraintFacts, control: Json) -> bool:
    """Say whether a control has the place for an edit, and nothing that muddles it."""
    assertion = facts.assertion
    if get(control, assertion.path[:-1]) is MISSING:
        return False
    if assertion.shape and not rule.any_shape:
        # An edit inside one branch of a union starts from a value of that branch.
        shaped = ((assertion.path, Shape(assertion.shape)),)
        if not Wish(operation="", scenario="", wants=shaped).met_by(control):
            return False
    if rule.comes_or_goes or not assertion.path or get(control, assertion.path) is not MISSING:
        return True
    # What is said by two fields at once is promised nowhere.
    twins = _twin_fields(facts.scenario, assertion.path)
    return all(get(control, path) is MISSING for path in twins)


def _twin_fields(scenario: Scenario, path: Path) -> set[Path]:
    """Return the fields that say the same as a field."""
    twins: set[Path] = set()
    for assertion in assertions(scenario.schema):
        name = SameAsWord.field_on(assertion.node)
        if not assertion.path or not name:
            continue
        pair = {assertion.path, (*assertion.path[:-1], name)}
        if path in pair:
            twins |= pair - {path}
    return twins


def breaks_only(scenario: Scenario, assertion: Assertion, body: Json) -> bool:
    """Say whether a body breaks exactly this assertion, and is no request of another scenario."""
    broken = violations(scenario.schema, body)
    alone = len(broken) == 1 and {(at, name) for at, name, _ in broken} == {assertion.key}
    return alone and not valid(scenario.whole, body)


def telling_fields(scenario: Scenario) -> list[Path]:
    """Return the fields with one allowed value: they tell the scenario where nothing else does."""
    return [
        assertion.path
        for assertion in assertions(scenario.schema)
        if assertion.path
        and not assertion.given
        and (assertion.rule == "const" or (assertion.rule == "enum" and len(assertion.value) == 1))
    ]


def why_masked(rule: KeywordRule, facts: ConstraintFacts) -> str:
    """Return why no request breaks the clause alone, in the words of the nearest try."""
    inputs = Inputs()
    scenario = facts.scenario
    for control in bases(facts, inputs):
        for body, note, _ in _edits(rule, facts, control, inputs):
            broken = {(at, name) for at, name, _ in violations(scenario.schema, body)}
            others = sorted(broken - {facts.assertion.key})
            if others:
                return f"{note} always breaks {others[0][0]} as well"
            if valid(scenario.whole, body):
                other = "" if scenario.only else " of another scenario"
                return f"{note} is a valid request{other} all the same"
    return "no request is known that breaks this rule alone"


def _edits(
    rule: KeywordRule, facts: ConstraintFacts, control: Json, inputs: Inputs
) -> Iterator[Edit]:
    scenario = facts.scenario

    def borrow(name: str) -> Any:
        return _borrowed(scenario, name, inputs)

    return rule.edits(facts.assertion, control, scenario, borrow)


def _borrowed(scenario: Scenario, name: str, inputs: Inputs) -> Any:
    """Return a plausible value for a field that this scenario forbids: another scenario's."""
    branches = (*scenario.whole.get("oneOf", ()), *scenario.whole.get("anyOf", ()))
    for branch in (scenario.schema, *branches):
        node = branch.get("properties", {}).get(name)
        if node and "not" not in node:
            return build(node, {}, inputs)
    return "text"
