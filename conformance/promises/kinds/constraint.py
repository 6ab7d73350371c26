"""Kind `constraint`: what a request may and may not contain, proved from both sides."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from conformance.model.clause import Clause
from conformance.model.inputs import Inputs
from conformance.model.verdict import Cause, Outcome
from conformance.promises.accepting import judge_sides
from conformance.promises.clause_making import distinct
from conformance.promises.constraint_words import id_parts, promise
from conformance.promises.forbidden_effect import took_effect
from conformance.promises.refusing import bases, refusals, why_masked
from conformance.promises.sabotage import Permit, Reject
from conformance.promises.wish import Wish, wants_of
from conformance.spec.schema.assertions import EACH, Assertion, assertions
from conformance.spec.schema.json_edit import MISSING, get
from conformance.spec.schema.json_types import types_of, union_of
from conformance.spec.schema.node import ANYTHING
from conformance.spec.schema.smallest_scalar import text_of
from conformance.spec.schema.smallest_value import ABSENT, PRESENT, Shape, build

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from conformance.model.exchange import Json
    from conformance.model.verdict import Verdict
    from conformance.model.witness import Witness
    from conformance.promises.evidence import Evidence
    from conformance.promises.sabotage import Sabotage
    from conformance.spec.context import Context
    from conformance.spec.document import Spec
    from conformance.spec.operation import Operation, Scenario
    from conformance.spec.schema.assertions import Path
    from conformance.spec.schema.node import Schema

#: Rules of clauses that only say what is taken, and forbid nothing.
ONE_SIDED = ("accepted", "values", "nullable")

#: Keywords beside which a text of the right length is not yet a right text.
_FORMED = {"format", "pattern", "enum", "const", "x-media"}

_Wants = tuple[tuple["Path", Any], ...]


class Constraint:
    """Promises about the request."""

    name = "constraint"

    def derive(self, spec: Spec) -> Iterator[Clause]:
        """Return a clause for each assertion of each scenario, and one that it is taken at all."""
        for operation in spec.submits:
            if operation.same_as:
                continue  # its clauses are those of the operation it is the same as: kind `alias`
            for scenario in operation.scenarios:
                yield from distinct(_scenario(spec, operation, scenario))

    def wishes(self, clause: Clause) -> Iterator[Wish]:
        """Return the values at the edge of what is allowed."""
        for wants in clause.facts["wants"]:
            yield Wish(operation=clause.operation, scenario=clause.scenario, wants=wants)

    def witnesses(
        self, clause: Clause, controls: Sequence[Json], inputs: Inputs
    ) -> Iterator[Witness]:
        """Return every way to break exactly this clause, from the first control that allows it."""
        if clause.rule in ONE_SIDED:
            return
        # A body that is bought anyway is the best control; others serve for reading and for masks.
        found = list(refusals(clause, controls, inputs))
        yield from found or refusals(clause, list(bases(clause, inputs)), inputs)

    def judge(self, clause: Clause, evidence: Evidence) -> Verdict:
        """Join both sides."""
        found = judge_sides(clause, list(self.wishes(clause)), evidence)
        if (
            clause.rule == "forbidden"
            and clause.reading
            and found.outcome is Outcome.WARN
            and took_effect(clause, evidence)
        ):
            # Refused or ignored may both be meant; to act on it can be meant by neither.
            return replace(
                found,
                outcome=Outcome.FAIL,
                cause=Cause.PROVIDER,
                received=f"{found.received}, and the video shows that it took effect",
            )
        return found

    def sabotage(self, clause: Clause) -> Iterator[Sabotage]:
        """Accept what is forbidden; refuse what is allowed."""
        if clause.rule not in ONE_SIDED:
            at, name = clause.facts["assertion"].key
            yield Permit(operation=clause.operation, scenario=clause.scenario, at=at, name=name)
        for wish in self.wishes(clause):
            literal = any(not isinstance(value, Shape) for _, value in wish.wants)
            # To refuse what every request has is to refuse everything: that breaks rule `accepted`.
            if clause.rule == "accepted":
                yield Reject(wish=_whole(clause, wish))
            elif literal and not _unavoidable(clause):
                yield Reject(wish=wish)


def _scenario(spec: Spec, operation: Operation, scenario: Scenario) -> Iterator[Clause]:
    make = _Maker(spec=spec, operation=operation, scenario=scenario)
    at = scenario.schema.at
    whole = Assertion(
        path=(), rule="accepted", value=None, at=at, node=scenario.schema, context=scenario.context
    )
    yield make.clause(whole, "accepted", [_smallest(scenario)])
    for found in assertions(scenario.schema):
        if not _distinguishes(scenario, found):
            yield from make.clauses(found)


def _smallest(scenario: Scenario) -> _Wants:
    """Return the wish for the smallest request: whatever it can surely do without is left out."""
    body = build(scenario.schema, {}, Inputs())
    taken = (one for one in assertions(scenario.schema) if one.rule != "forbidden")
    named = sorted({one.path for one in taken if len(one.path) == 1})
    return tuple((path, ABSENT) for path in named if get(body, path) is MISSING)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Maker:
    """Makes the clauses of one scenario."""

    spec: Spec
    operation: Operation
    scenario: Scenario

    def clauses(self, found: Assertion) -> Iterator[Clause]:
        yield self.clause(found, found.rule, _wants(found))
        if found.rule == "type" and "null" in found.value and len(found.value) > 1:
            yield self.clause(found, "nullable", [((found.path, None),)])
        values = found.node.get("x-values")
        if found.rule == "type" and values:
            yield self.clause(found, "values", [((found.path, value),) for value in values])

    def clause(self, found: Assertion, rule: str, wants: Iterable[_Wants]) -> Clause:
        context = _presence(self.scenario, found) if rule == "required" else found.context
        parts = id_parts(self.scenario, found, rule)
        clause = Clause(
            id=".".join([self.spec.name, self.operation.id, *parts]),
            kind=Constraint.name,
            rule=rule,
            level=context.level,
            provider=self.spec.name,
            operation=self.operation.id,
            scenario=self.scenario.title,
            promise=promise(self.scenario, found, rule),
            source=context.source,
            place=self.spec.place(found.at),
            reading=context.reading,
            facts={"assertion": found, "scenario": self.scenario, "wants": [*wants]},
        )
        return _masked(clause)


def _masked(clause: Clause) -> Clause:
    if clause.rule in ONE_SIDED:
        return clause
    inputs = Inputs()
    if next(refusals(clause, list(bases(clause, inputs)), inputs), None):
        return clause
    return replace(clause, masked=why_masked(clause))


def _wants(found: Assertion) -> list[_Wants]:
    given = tuple(wants_of(found).items())
    match found.rule:
        case "required":
            return [(*given, ((*found.path, found.name), PRESENT))]
        case "both" | "neither":
            # That each of the others is taken too is promised by kind `alias`, where it is promised at all.
            return [(*given, *(((*found.path, name), PRESENT) for name in found.value[0]))]
        case "forbidden" | "additional" | "dependent" | "combination":
            return [given]
        case _:
            pass
    values = _edge(found) if found.path and EACH not in found.path else ()
    return [(*given, (found.path, value)) for value in values] or [given]


def _edge(found: Assertion) -> Iterable[Any]:
    """Return the values at the edge of what an assertion about one value allows."""
    match found.rule:
        case "enum":
            return list(found.value)
        case "const":
            return [found.value]
        case "minimum" | "maximum":
            return [str(found.value) if "x-integer" in found.node else found.value]
        case "exclusiveMinimum" | "exclusiveMaximum" if "integer" in types_of(found.node):
            step = found.node.get("multipleOf", 1)
            return [found.value + (step if found.rule == "exclusiveMinimum" else -step)]
        case "minLength" | "maxLength" if not set(found.node) & _FORMED:
            return [text_of(found.node, found.value)]
        case "type" if not {"x-values", "x-same-as"} & set(found.node):
            return [
                Shape(kind)
                for kind in found.value
                if kind != "null" and kind not in _other_shapes(found)
            ]
        case _:
            return []


def _other_shapes(found: Assertion) -> list[str]:
    """Return the types that are another way to say the same: kind `alias` proves those."""
    union = union_of(found.node)
    branches = union[1] if union else ()
    return [kind for branch in branches if "x-same-as" in branch for kind in types_of(branch)]


def _whole(clause: Clause, smallest: Wish) -> Wish:
    """Return what to refuse for the smallest request to be refused, and nothing less.

    Where it differs from others only in which of two ways it takes, to refuse it is to refuse that way.
    """
    found = assertions(clause.facts["scenario"].schema)
    ways = {
        name for one in found if one.rule == "neither" for option in one.value for name in option
    }
    told = all(path[0] in ways for path, _ in smallest.wants)
    return replace(smallest, wants=()) if told else smallest


def _unavoidable(clause: Clause) -> bool:
    """Say whether every request that we send has the one value that a clause allows."""
    found: Assertion = clause.facts["assertion"]
    schema = clause.facts["scenario"].schema
    required = {(*one.path, one.name) for one in assertions(schema) if one.rule == "required"}
    sent = found.path in required or get(build(schema, {}, Inputs()), found.path) is not MISSING
    listed = (
        found.node.get("x-values", ())
        if clause.rule == "values"
        else found.value
        if found.rule == "enum"
        else ()
    )
    return (found.rule == "const" or len(listed) == 1) and sent


def _distinguishes(scenario: Scenario, found: Assertion) -> bool:
    # What only tells scenarios apart promises nothing.
    node = _required_node(scenario, found) if found.rule == "required" else {}
    presence = node.get("x-required", {})
    return bool(found.node.get("x-distinguishes") or presence.get("x-distinguishes"))


def _presence(scenario: Scenario, found: Assertion) -> Context:
    node = _required_node(scenario, found)
    if not node:
        return found.context
    context: Context = node.context
    return context.within(node.get("x-required", {}))


def _required_node(scenario: Scenario, found: Assertion) -> Schema:
    for part in (found.node, scenario.schema):
        if found.name in part.get("properties", {}):
            node: Schema = part["properties"][found.name]
            return node
    return ANYTHING
