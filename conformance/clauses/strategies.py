"""Hypothesis strategies: many requests on either side of a constraint, and whole small specs.

The only door to Hypothesis. Every strategy shrinks towards the boundary, so that the smallest
example is the witness that a run sends: 16 under `maximum: 15`, 1 under `minimum: 2`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from conformance.clauses.breakage import forbidden_values
from conformance.clauses.refusal import bases, breaks_only, refusals
from conformance.spec.build import build
from conformance.spec.edit import get, put
from conformance.spec.violation import valid
from conformance.values.inputs import Inputs

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from conformance.spec.assertion import Assertion
    from conformance.spec.operation import Scenario
    from conformance.values.clause import Clause

#: How far from a boundary a strategy looks.
FAR = 1000

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-FAR, FAR) | st.floats(-FAR, FAR) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
#: Rules about one value, which a whole range of values breaks.
_RANGES = {
    "minimum": -1,
    "exclusiveMinimum": -1,
    "maximum": 1,
    "exclusiveMaximum": 1,
}


def refused(clause: Clause, inputs: Inputs | None = None) -> SearchStrategy[Any]:
    """Return bodies that break exactly this clause, nothing where it is masked."""
    scenario: Scenario = clause.facts["scenario"]
    found: Assertion = clause.facts["assertion"]
    given = inputs or Inputs()
    known = list(refusals(clause, list(bases(clause, given)), given))
    if not known:
        return st.nothing()
    control = known[0].control
    direct = st.sampled_from([witness.case.body for witness in known])
    values = _forbidden(found, get(control, found.path))
    if values is None:
        return direct
    bodies = values.map(lambda value: put(control, found.path, value))
    exact = bodies.filter(lambda body: breaks_only(scenario, found, body))
    return exact if found.rule in _RANGES else direct | exact


def accepted(clause: Clause, inputs: Inputs | None = None) -> SearchStrategy[Any]:
    """Return valid bodies on the allowed side of this clause, the edge first."""
    scenario: Scenario = clause.facts["scenario"]
    found: Assertion = clause.facts["assertion"]
    edges = [build(scenario.schema, dict(one), inputs or Inputs()) for one in clause.facts["wants"]]
    known = [body for body in edges if body is not None]
    if not known:
        return st.nothing()
    direct = st.sampled_from(known)
    if found.rule not in _RANGES:
        return direct
    values = _numbers(found, -_RANGES[found.rule], get(known[0], found.path))
    bodies = values.map(lambda value: put(known[0], found.path, value))
    return bodies.filter(lambda body: valid(scenario.schema, body))


def _forbidden(found: Assertion, now: Any) -> SearchStrategy[Any] | None:
    """Return many values that an assertion may forbid; none where only its form can be broken."""
    if found.rule in _RANGES:
        nearest = next(forbidden_values(found, now))
        return _numbers(found, _RANGES[found.rule], nearest)
    match found.rule:
        case "type":
            return _JSON
        case "enum" | "const" | "format" | "pattern":
            return st.text(max_size=20) if isinstance(now, str) else st.integers(-FAR, FAR)
        case "whole":
            return st.text(alphabet="0123456789.-+e ", max_size=6)
        case "multipleOf":
            return st.floats(-FAR, FAR)
        case "minLength":
            return st.integers(1, found.value).map(lambda less: "x" * (found.value - less))
        case "maxLength":
            return st.integers(1, FAR).map(lambda more: "x" * (found.value + more))
    return None


def _numbers(found: Assertion, sign: int, nearest: Any) -> SearchStrategy[Any]:
    """Return numbers from `nearest` on outwards, as text where the assertion speaks of text."""
    step = found.node.get("multipleOf", 1)
    text = isinstance(nearest, str)
    start = int(nearest) if text else nearest
    far = st.integers(0, FAR).map(lambda count: start + sign * step * count)
    return far.map(str) if text else far
