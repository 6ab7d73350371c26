"""A rule about requests.

One keyword of JSON Schema, with its words, its edge, and what lies beyond.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from conformance.model.clause import Clause, Harm
from conformance.model.inputs import Inputs
from conformance.model.json_place import EACH, MISSING, dotted, drop, get, put
from conformance.promises.accepting import accept_side, refuse_side
from conformance.promises.clause_words import condition_words, listed, place_words, when
from conformance.promises.condition_wants import wants_of
from conformance.promises.judging import Proof, unproved, verdict
from conformance.promises.kinds.constraint.refusing import bases, refusals
from conformance.promises.rule import ClauseFacts, Reliance, Rule
from conformance.promises.sabotage import Permit, Reject
from conformance.promises.wish import Wish, field_name
from conformance.spec.schema.assertions import Assertion, assertions
from conformance.spec.schema.json_types import type_of
from conformance.spec.schema.smallest_value import PRESENT, Shape, build

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from conformance.model.exchange import Json
    from conformance.model.json_place import Path
    from conformance.model.verdict import Verdict
    from conformance.model.witness import Witness
    from conformance.promises.evidence import Evidence
    from conformance.promises.judging import Finding
    from conformance.promises.sabotage import Sabotage
    from conformance.spec.context import Context
    from conformance.spec.operation import Scenario

#: Values by path that one body should have.
Wants = tuple[tuple["Path", Any], ...]


class Edit(NamedTuple):
    """A body with one change, and the change in the shortest words: `duration = 16`."""

    body: Any
    note: str
    #: The field that is left out, where that is the change.
    lacks: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConstraintFacts(ClauseFacts):
    """What a schema says of requests at one place, and what a body needs to stand at its edge."""

    scenario: Scenario
    assertion: Assertion
    wants: tuple[Wants, ...]


class KeywordRule(Rule[ConstraintFacts]):
    """What one keyword promises.

    The nearest value that it allows is taken, the nearest that it forbids refused.
    """

    kind = "constraint"
    harm = Harm.INTEGRATION
    # What is made of a forbidden value is no video that anyone asked for, and is billed.
    harm_if_taken: ClassVar[Harm | None] = Harm.MONEY
    client = Reliance.FIELD
    id_prefix = ""
    #: The promise; `{field}` and `{value}` are filled in.
    wording: ClassVar[str]
    #: Whether it only says what is taken, and forbids nothing.
    one_sided: ClassVar[bool] = False
    #: Whether it speaks of fields that are there or not.
    comes_or_goes: ClassVar[bool] = False
    #: Whether an edit can break it whatever type the value has now.
    any_shape: ClassVar[bool] = False
    #: Whether a value that it allows may be refused only because no value of its type is taken.
    blames_type: ClassVar[bool] = True

    # What it says

    def says(self, scenario: Scenario, assertion: Assertion) -> str:
        """Return what is promised, in a plain clause: `duration is at most 15`."""
        sentence = self.wording.format(
            field=field_name(self.governed(assertion)), value=listed(assertion.value)
        )
        shape = f" (as {assertion.shape})" if assertion.shape else ""
        return f"{sentence}{shape}{when(assertion.given)}"

    def governed(self, assertion: Assertion) -> Path:
        """Return the path of the field that an assertion is about."""
        return assertion.path

    def names(self, assertion: Assertion) -> Iterable[str]:
        """Return what an id says of the assertion besides its path."""
        return ()

    def subject(self, assertion: Assertion) -> Iterator[str]:
        """Yield what tells a clause apart within its scenario, outermost first."""
        yield from place_words(assertion.path)
        yield from self.names(assertion)
        if assertion.shape and self.name != "type":
            yield assertion.shape
        yield from condition_words(assertion.given)

    def context(self, scenario: Scenario, assertion: Assertion) -> Context:
        """Return who says it, and how binding it is."""
        return assertion.context

    def make(self, facts: ConstraintFacts) -> Clause:
        """Return the clause of an assertion."""
        assertion = facts.assertion
        return self.clause(
            facts,
            *self.subject(assertion),
            promise=self.says(facts.scenario, assertion),
            context=self.context(facts.scenario, assertion),
            place=facts.spec.place(assertion.at),
        )

    # What it allows and forbids

    def wants(self, assertion: Assertion) -> tuple[Wants, ...]:
        """Return what bodies need to have to stand at the edge of what is allowed."""
        conditions = wants_of(assertion)
        if conditions is None:
            return ()
        edge: list[Any] = []
        if assertion.path and EACH not in assertion.path:
            edge = list(self.allowed(assertion))
        asked = conditions.get(assertion.path, PRESENT)
        wants = [
            {**conditions, assertion.path: value}
            for value in edge
            if isinstance(asked, Shape) or asked == value
        ]
        return tuple(tuple(wanted.items()) for wanted in wants or [conditions])

    def allowed(self, assertion: Assertion) -> Iterable[Any]:
        """Return the values at the edge of what is allowed."""
        return ()

    def forbidden(self, assertion: Assertion, now: Any) -> Iterator[Any]:
        """Yield the values that it forbids, the nearest first; `now` is an allowed one."""
        return iter(())

    def breakages(
        self, assertion: Assertion, body: Any, borrow: Callable[[str], Any]
    ) -> Iterator[Edit]:
        """Yield copies of `body` that break the assertion, the nearest first."""
        for value in self.forbidden(assertion, get(body, assertion.path)):
            yield with_value(body, assertion.path, value)

    def edits(
        self, assertion: Assertion, body: Any, scenario: Scenario, borrow: Callable[[str], Any]
    ) -> Iterator[Edit]:
        """Yield the breakages, and what a scenario adds to them."""
        yield from self.breakages(assertion, body, borrow)

    def implied_by(self, clause: Clause, body: Any) -> str:
        """Return the id of a clause whose breaking would explain that a body is taken."""
        return ""

    def only_value(self, assertion: Assertion) -> bool:
        """Say whether there is no more than one value that it allows or lists."""
        return False

    # How it is proved

    def wishes(self, clause: Clause) -> Iterator[Wish]:
        """Return the values at the edge of what is allowed."""
        for wants in self.facts(clause).wants:
            yield Wish(operation=clause.operation, scenario=clause.scenario, wants=wants)

    def witnesses(
        self, clause: Clause, controls: Sequence[Json], inputs: Inputs
    ) -> Iterator[Witness]:
        """Return every way to break exactly this clause, from the first control that allows it."""
        if self.one_sided:
            return
        # A body that is bought anyway is the best control; others serve for reading and for masks.
        witnesses = list(refusals(self, clause, controls, inputs))
        if not witnesses:
            facts = self.facts(clause)
            witnesses = list(refusals(self, clause, list(bases(facts, inputs)), inputs))
        yield from witnesses

    def judge(self, clause: Clause, evidence: Evidence) -> Verdict:
        """Join both sides."""
        findings = [self.accepts(clause, wish, evidence) for wish in self.wishes(clause)]
        if not self.one_sided:
            findings += refuse_side(clause, evidence)
        return verdict(clause, findings)

    def accepts(self, clause: Clause, wish: Wish, evidence: Evidence) -> Finding:
        """Say whether what is wished for was accepted; if not, whether that alone is why."""
        finding = accept_side(clause, wish, evidence)
        if finding.proof is not Proof.REFUTED:
            return finding
        accepted = [
            attempt.case.body
            for attempt in evidence.of(wish.operation, wish.scenario)
            if attempt.accepted
        ]
        attempts = evidence.meeting(wish)
        refused = next(
            attempt.case.body
            for attempt in attempts
            if attempt.exchange.number == finding.exchanges[0]
        )
        if self._type_taken(self.facts(clause).assertion, wish, refused, accepted):
            return finding
        return unproved("no value of this type was accepted at all", *finding.exchanges)

    def _type_taken(
        self, assertion: Assertion, wish: Wish, refused: Json, accepted: list[Json]
    ) -> bool:
        """Say whether another value of that type was accepted, so that the value is to blame."""
        holder = self.governed(assertion)[:-1]
        # An object that is refused as such has its own clause.
        if holder and not _same_type(refused, accepted, holder):
            return False
        path, wanted = wish.wants[-1] if wish.wants else ((), PRESENT)
        typed = "type" in assertion.node and not isinstance(wanted, Shape)
        if not self.blames_type or not typed:
            return True
        kinds = {type_of(get(body, path)) for body in accepted if get(body, path) is not MISSING}
        return type_of(get(refused, path)) in kinds

    def sabotage(self, clause: Clause) -> Iterator[Sabotage]:
        """Accept what is forbidden; refuse what is allowed."""
        facts = self.facts(clause)
        if not self.one_sided:
            at, name = facts.assertion.key
            yield Permit(operation=clause.operation, scenario=clause.scenario, at=at, name=name)
        for wish in self.wishes(clause):
            literal = any(not isinstance(value, Shape) for _, value in wish.wants)
            if literal and not self._unavoidable(facts):
                yield Reject(wish=wish)

    def _unavoidable(self, facts: ConstraintFacts) -> bool:
        """Say whether every request that we send has the one value.

        To refuse it is to refuse everything.
        """
        assertion, schema = facts.assertion, facts.scenario.schema
        if not self.only_value(assertion):
            return False
        required = {
            (*other.path, other.name) for other in assertions(schema) if other.rule == "required"
        }
        smallest = build(schema, {}, Inputs())
        return assertion.path in required or get(smallest, assertion.path) is not MISSING


def _same_type(refused: Json, accepted: list[Json], path: Path) -> bool:
    if get(refused, path) is MISSING:
        return True
    kinds = {type_of(get(body, path)) for body in accepted if get(body, path) is not MISSING}
    return type_of(get(refused, path)) in kinds


def with_value(body: Any, path: Path, value: Any) -> Edit:
    """Return the body with another value at a path."""
    text = json.dumps(value, ensure_ascii=False)
    brief = text if len(text) <= 60 else f"{text[:40]}… ({len(text)} characters)"
    return Edit(put(body, path, value), f"{_name(path)} = {brief}")


def without(body: Any, path: Path) -> Edit:
    """Return the body without a field."""
    name = _name(path)
    return Edit(drop(body, path), f"no {name}", lacks=name)


def _name(path: Path) -> str:
    return dotted(path, item="[0]") or "body"
