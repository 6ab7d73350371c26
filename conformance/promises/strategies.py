"""Hypothesis strategies: many requests on either side of a constraint, and whole small specs.

The only door to Hypothesis. Every strategy shrinks towards the boundary, so that the smallest
example is the witness that a run sends: 16 under `maximum: 15`, 1 under `minimum: 2`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from conformance.model.inputs import Inputs
from conformance.model.json_place import MISSING, get, put
from conformance.promises.kinds.constraint import KEYWORDS, facts_of
from conformance.promises.kinds.constraint.ranges import MultipleOf, RangeRule, TextLength
from conformance.promises.kinds.constraint.refusing import bases, breaks_only, refusals
from conformance.promises.kinds.constraint.values import Const, Enum, Format, Pattern, Type, Whole
from conformance.spec.schema.smallest_value import build
from conformance.spec.schema.violations import valid
from conformance.spec.words.request_words import IntegerWord

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from conformance.model.clause import Clause
    from conformance.promises.kinds.constraint.keyword import KeywordRule
    from conformance.spec.schema.assertions import Assertion

#: How far from a boundary a strategy looks.
FAR = 1000

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-FAR, FAR) | st.floats(-FAR, FAR) | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
)


def _whole(text: str) -> bool:
    """Say whether many a server would read a text as a whole number, such as `01`."""
    try:
        return float(text).is_integer()
    except ValueError:
        return False


def refused(clause: Clause, inputs: Inputs | None = None) -> SearchStrategy[Any]:
    """Return bodies that break exactly this clause, nothing where it is masked."""
    rule, facts = KEYWORDS[clause.rule], facts_of(clause)
    chosen = inputs or Inputs()
    witnesses = list(refusals(rule, clause, list(bases(facts, chosen)), chosen))
    if not witnesses:
        return st.nothing()
    scenario, assertion = facts.scenario, facts.assertion
    control = witnesses[0].control
    direct = st.sampled_from([witness.case.body for witness in witnesses])
    values = _forbidden(rule, assertion, get(control, assertion.path))
    if values is None:
        return direct
    bodies = values.map(lambda value: put(control, assertion.path, value))
    exact = bodies.filter(lambda body: breaks_only(scenario, assertion, body))
    return exact if isinstance(rule, RangeRule) else direct | exact


def accepted(clause: Clause, inputs: Inputs | None = None) -> SearchStrategy[Any]:
    """Return valid bodies on the allowed side of this clause, the edge first."""
    rule, facts = KEYWORDS[clause.rule], facts_of(clause)
    schema, assertion = facts.scenario.schema, facts.assertion
    built = [build(schema, dict(wants), inputs or Inputs()) for wants in facts.wants]
    edges = [body for body in built if body is not None]
    if not edges:
        return st.nothing()
    direct = st.sampled_from(edges)
    edge = get(edges[0], assertion.path)
    if not isinstance(rule, RangeRule) or edge is MISSING:
        return direct
    values = _numbers(assertion, -rule.beyond, edge, _room(rule, assertion, edge))
    bodies = values.map(lambda value: put(edges[0], assertion.path, value))
    return bodies.filter(lambda body: valid(schema, body))


def _forbidden(rule: KeywordRule, assertion: Assertion, now: Any) -> SearchStrategy[Any] | None:
    """Return many values that an assertion may forbid; none where only its form can be broken."""
    match rule:
        case RangeRule(beyond=sign):
            return _numbers(assertion, sign, next(rule.forbidden(assertion, now)), FAR)
        case TextLength(beyond=sign):
            furthest = FAR if sign > 0 else assertion.value
            distances = st.integers(1, furthest)
            return distances.map(lambda count: "x" * (assertion.value + sign * count))
        case Enum() | Const() | Format() | Pattern():
            return st.text(max_size=20) if isinstance(now, str) else st.integers(-FAR, FAR)
        case Type():
            return _JSON
        case Whole():
            texts = st.text(alphabet="0123456789.-+e ", max_size=6)
            return texts.filter(lambda text: not _whole(text))
        case MultipleOf():
            return st.floats(-FAR, FAR)
        case _:
            return None


def _numbers(assertion: Assertion, sign: int, nearest: Any, furthest: float) -> SearchStrategy[Any]:
    """Return numbers from `nearest` on in one direction, as text where numbers are written so."""
    step = assertion.node.get("multipleOf", 1)
    start = int(nearest) if isinstance(nearest, str) else nearest
    distances = st.integers(0, int(furthest / step))
    numbers = distances.map(lambda count: start + sign * step * count)
    return numbers.map(str) if isinstance(nearest, str) else numbers


def _room(rule: RangeRule, assertion: Assertion, edge: Any) -> float:
    """Return how far the allowed numbers reach from the edge to the opposite one."""
    integer = IntegerWord.on(assertion.node)
    bounds = integer.bounds if integer else assertion.node
    opposite = ("maximum", "exclusiveMaximum")
    if rule.beyond > 0:
        opposite = ("minimum", "exclusiveMinimum")
    rooms = [abs(bounds[name] - float(edge)) for name in opposite if name in bounds]
    return min(rooms, default=FAR)


def specs() -> SearchStrategy[str]:
    """Return the text of small specs: one operation, whose body uses every keyword we know."""
    return _bodies().map(_spec_text)


def _spec_text(body: dict[str, Any]) -> str:
    answer = {"description": "Taken.", "content": {}}
    operation = {
        "operationId": "make",
        "x-job": {"id": "/id", "address": "/at", "states": {"done": ["done"]}},
        "requestBody": {"content": {"application/json": {"schema": body}}},
        "responses": {"200": answer},
    }
    document = {
        "openapi": "3.1.0",
        "info": {"title": "generated", "version": "1"},
        "x-provider": {"name": "generated"},
        "paths": {"/make": {"post": operation}},
    }
    return json.dumps(document)


@st.composite
def _bodies(draw: st.DrawFn) -> dict[str, Any]:
    """Draw an object schema of a few fields and one rule between them."""
    names = draw(st.lists(st.sampled_from(_NAMES), min_size=1, max_size=4, unique=True))
    body: dict[str, Any] = {
        "type": "object",
        "properties": {name: draw(_fields(depth=1)) for name in names} | draw(_FORBIDDEN),
        "required": draw(st.lists(st.sampled_from(names), unique=True, max_size=2)),
    }
    rule: dict[str, Any] = draw(st.sampled_from([_no_rule, *_RULES]))(names)
    return body | rule


def _no_rule(_: list[str]) -> dict[str, Any]:
    return {}


def _one_of(names: list[str]) -> dict[str, Any]:
    return {"oneOf": [{"required": [name]} for name in names[:2]], "required": names[2:]}


def _any_of(names: list[str]) -> dict[str, Any]:
    return {"anyOf": [{"required": [name]} for name in names[:2]], "required": names[2:]}


def _not_both(names: list[str]) -> dict[str, Any]:
    return {"not": {"required": names[:2]}, "required": names[2:]} if names[1:] else {}


def _dependent(names: list[str]) -> dict[str, Any]:
    return {"dependentRequired": {names[0]: names[1:2]}, "required": names[2:]}


def _closed(_: list[str]) -> dict[str, Any]:
    return {"additionalProperties": False}


def _conditional(names: list[str]) -> dict[str, Any]:
    switch = {"properties": {"switch": {"const": "on"}}, "required": ["switch"]}
    return {"allOf": [{"if": switch, "then": {"required": names[:1]}}], "required": names[1:]}


def _sized(names: list[str]) -> dict[str, Any]:
    return {"maxProperties": len(names) + 1}


_FORBIDDEN: SearchStrategy[dict[str, Any]] = st.sampled_from([{}, {"forbidden": {"not": {}}}])
_RULES = (_one_of, _any_of, _not_both, _dependent, _closed, _conditional, _sized)
_NAMES = ("alpha", "beta", "gamma", "delta", "epsilon")


def _fields(depth: int) -> SearchStrategy[dict[str, Any]]:
    flat = st.one_of(_ranges(), _lengths(), st.sampled_from(_PLAIN), _choices(), _unions())
    if not depth:
        return flat
    lists = st.builds(_list_of, _fields(depth - 1), st.integers(0, 2), st.integers(2, 4))
    return flat | lists | st.builds(_object_of, _fields(depth - 1), st.booleans())


@st.composite
def _ranges(draw: st.DrawFn) -> dict[str, Any]:
    kind = draw(st.sampled_from(["integer", "number"]))
    step = draw(st.sampled_from([None, 5]))
    low = draw(st.integers(-20, 20)) * (step or 1)
    high = low + draw(st.integers(2, 20)) * (step or 1)
    lower = draw(st.sampled_from(["minimum", "exclusiveMinimum", None]))
    upper = draw(st.sampled_from(["maximum", "exclusiveMaximum", None]))
    rules = {lower: low, upper: high, "multipleOf": step}
    known = {key: value for key, value in rules.items() if key and value is not None}
    return {"type": draw(st.sampled_from([kind, [kind, "null"]])), **known}


@st.composite
def _lengths(draw: st.DrawFn) -> dict[str, Any]:
    low, more = draw(st.integers(1, 9)), draw(st.integers(0, 9))
    rules = {"minLength": low, "maxLength": low + more}
    chosen = draw(st.lists(st.sampled_from(sorted(rules)), unique=True))
    return {"type": "string"} | {key: rules[key] for key in chosen}


def _choices() -> SearchStrategy[dict[str, Any]]:
    known = st.sampled_from(["480p", "720p", "16:9", "on", "off"])
    words = st.lists(known, min_size=1, unique=True)
    numbers = st.lists(st.integers(-5, 5), min_size=1, max_size=4, unique=True)
    return st.one_of(
        words.map(lambda listed: {"type": "string", "enum": listed}),
        numbers.map(lambda listed: {"enum": listed}),
        words.map(lambda listed: {"const": listed[0]}),
    )


def _unions() -> SearchStrategy[dict[str, Any]]:
    written = st.integers(1, 9).map(
        lambda low: {"type": "string", "x-integer": {"minimum": low, "maximum": low + 10}}
    )
    return st.builds(lambda one, two: {"anyOf": [one, two]}, _ranges().filter(_not_null), written)


def _not_null(node: dict[str, Any]) -> bool:
    return isinstance(node["type"], str)


def _list_of(items: dict[str, Any], low: int, high: int) -> dict[str, Any]:
    return {"type": "array", "items": items, "minItems": low, "maxItems": high}


def _object_of(inner: dict[str, Any], required: bool) -> dict[str, Any]:  # noqa: FBT001
    names = ["inner"] if required else []
    return {"type": "object", "properties": {"inner": inner}, "required": names}


_PLAIN: tuple[dict[str, Any], ...] = (
    {"type": "boolean"},
    {"type": "string", "format": "uri"},
    {"type": "string", "format": "date-time"},
    {"type": "string", "format": "date"},
    {"type": "string", "format": "uuid"},
    {"type": "string", "pattern": "^[a-z]+[0-9]$"},
    {"type": "array", "items": {"type": "string"}, "uniqueItems": True},
)
