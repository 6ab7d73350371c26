"""Requests that break one rule and no other: where they start from, and why there may be none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.model.inputs import Inputs
from conformance.model.witness import Case, Side, Witness
from conformance.promises.constraint_words import field_name
from conformance.promises.nearest_forbidden import breakages
from conformance.promises.wish import Wish, wants_of
from conformance.spec.schema.assertions import assertions
from conformance.spec.schema.json_edit import MISSING, drop, get, put
from conformance.spec.schema.smallest_value import PRESENT, MissingInput, Shape, build
from conformance.spec.schema.violations import valid, violations

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conformance.model.clause import Clause
    from conformance.model.exchange import Json
    from conformance.promises.nearest_forbidden import Broken
    from conformance.spec.operation import Scenario
    from conformance.spec.schema.assertions import Assertion, Path
#: Rules about fields that are there or not.
_COMES_OR_GOES = ("required", "forbidden", "neither", "both", "dependent")
#: Rules that an edit can break whatever type the value has now.
_ANY_SHAPE = ("type", "forbidden", "required", "neither", "both", "additional", "dependent")


def bases(clause: Clause, inputs: Inputs) -> Iterator[Json]:
    """Yield valid bodies to start an edit from, the smallest first."""
    scenario: Scenario = clause.facts["scenario"]
    found: Assertion = clause.facts["assertion"]
    here: dict[Path, Any] = {found.path: Shape(found.shape)} if found.path else {}
    here |= wants_of(found)
    if found.rule == "dependent":
        here[*found.path, found.value[0]] = PRESENT
    telling = dict.fromkeys(telling_fields(scenario), PRESENT)
    for wants in (here, {**telling, **here}, telling, {}):
        try:
            body = build(scenario.schema, wants, inputs)
        except MissingInput:
            continue
        if body is not None:
            yield body


def refusals(clause: Clause, controls: Sequence[Json], inputs: Inputs) -> Iterator[Witness]:
    """Yield witnesses that break this assertion and no other, and that the whole schema refuses."""
    scenario: Scenario = clause.facts["scenario"]
    found: Assertion = clause.facts["assertion"]
    # A control that has the field already differs from its witness in nothing but the value.
    for control in sorted(controls, key=lambda body: _distance(scenario, found, body)):
        if (
            get(control, found.path[:-1]) is MISSING
            or not _in_shape(found, control)
            or _said_otherwise(scenario, found, control)
        ):
            continue
        tried = _candidates(found, control, scenario, inputs)
        exact = [(body, note) for body, note in tried if breaks_only(scenario, found, body)]
        for body, note in exact:
            case = Case(operation=clause.operation, scenario=scenario.title, body=body)
            # A server that does without the field takes null for "not there" too.
            implied = (
                clause.id.removesuffix(".type") + ".required"
                if get(body, found.path) is None
                else ""
            )
            yield Witness(
                clause=clause.id,
                side=Side.REFUSE,
                case=case,
                note=note,
                control=control,
                implied_by=implied,
            )
        if exact:
            return


def _distance(scenario: Scenario, found: Assertion, control: Json) -> tuple[bool, bool]:
    """Return how little a control is to be preferred."""
    here = get(control, found.path) is MISSING
    # Where a field comes or goes, only its operation's name keeps a request from being another scenario's.
    unnamed = any(get(control, path) is MISSING for path in telling_fields(scenario))
    return (unnamed, here) if found.rule in _COMES_OR_GOES else (here, unnamed)


def breaks_only(scenario: Scenario, found: Assertion, body: Json) -> bool:
    """Say whether a body breaks exactly this assertion, and is no request of another scenario."""
    broken = violations(scenario.schema, body)
    alone = len(broken) == 1 and {(at, name) for at, name, _ in broken} == {found.key}
    return alone and not valid(scenario.whole, body)


def telling_fields(scenario: Scenario) -> list[Path]:
    """Return the fields with one allowed value: they tell the scenario where nothing else does."""
    single = (
        one
        for one in assertions(scenario.schema)
        if one.rule == "const" or (one.rule == "enum" and len(one.value) == 1)
    )
    return [one.path for one in single if one.path and not one.given]


def why_masked(clause: Clause) -> str:
    """Return why no request breaks the clause alone, in the words of the nearest try."""
    inputs = Inputs()
    scenario: Scenario = clause.facts["scenario"]
    found: Assertion = clause.facts["assertion"]
    for control in bases(clause, inputs):
        for body, note in _candidates(found, control, scenario, inputs):
            broken = {(at, name) for at, name, _ in violations(scenario.schema, body)}
            others = sorted(broken - {found.key})
            if others:
                return f"{note} always breaks {others[0][0]} as well"
            if valid(scenario.whole, body):
                other = "" if scenario.only else " of another scenario"
                return f"{note} is a valid request{other} all the same"
    return "no request is known that breaks this rule alone"


def _candidates(
    found: Assertion, control: Json, scenario: Scenario, inputs: Inputs
) -> Iterator[Broken]:
    yield from breakages(found, control, lambda name: _borrowed(scenario, name, inputs))
    nullable = (
        found.rule != "type" or "null" in found.value or not _is_required(scenario, found.path)
    )
    # Many servers read null as "not there": it has to be refused only where that is refused too.
    if not nullable and not valid(scenario.whole, drop(control, found.path)):
        yield put(control, found.path, None), f"{field_name(found.path)} = null"


def _in_shape(found: Assertion, control: Json) -> bool:
    # An edit inside one branch of a union starts from a value of that branch.
    if found.rule in _ANY_SHAPE or not found.shape:
        return True
    shaped = ((found.path, Shape(found.shape)),)
    return Wish(operation="", scenario="", wants=shaped).met_by(control)


def _said_otherwise(scenario: Scenario, found: Assertion, control: Json) -> bool:
    """Say whether a control says by another field what this field would say: what both together mean is promised nowhere."""
    if found.rule in _COMES_OR_GOES or not found.path or get(control, found.path) is not MISSING:
        return False
    same = {
        (one.path, (*one.path[:-1], one.node.get("x-same-as", {}).get("field")))
        for one in assertions(scenario.schema)
        if one.path
    }
    others = [
        two if one == found.path else one
        for one, two in same
        if found.path in (one, two) and one != two and two[-1]
    ]
    return any(get(control, other) is not MISSING for other in others)


def _is_required(scenario: Scenario, path: Path) -> bool:
    required = (one for one in assertions(scenario.schema) if one.rule == "required")
    return any(
        (*one.path, one.name) == path and not one.given and not _doubted(one) for one in required
    )


def _doubted(found: Assertion) -> bool:
    node = found.node.get("properties", {}).get(found.name, {})
    return "x-reading" in node.get("x-required", {})


def _borrowed(scenario: Scenario, name: str, inputs: Inputs) -> Any:
    """Return a plausible value for a field that this scenario forbids: another scenario's."""
    branches = (*scenario.whole.get("oneOf", ()), *scenario.whole.get("anyOf", ()))
    for branch in (scenario.schema, *branches):
        node = branch.get("properties", {}).get(name)
        if node and "not" not in node:
            return build(node, {}, inputs)
    return "text"
