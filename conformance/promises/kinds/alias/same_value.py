"""Two fields, or two shapes of one, that say the same."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.model.clause import Clause, Harm
from conformance.model.json_place import MISSING, dotted, get, pointer_of
from conformance.promises.accepting import accept_side
from conformance.promises.evidence import body_of
from conformance.promises.judging import Finding, Proof, refuted, verdict
from conformance.promises.kinds.media.as_asked import measure, works
from conformance.promises.rule import ClauseFacts, ObservingRule, Rule
from conformance.promises.sabotage import Alter, Ignore, Reject
from conformance.promises.video_facets import FACETS, asked
from conformance.promises.wish import Wish
from conformance.spec.schema.smallest_value import ABSENT, PRESENT, Shape
from conformance.spec.words.request_words import SameAsWord

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.model.json_place import Path
    from conformance.model.verdict import Verdict
    from conformance.model.witness import Side
    from conformance.promises.evidence import Evidence
    from conformance.promises.sabotage import Sabotage
    from conformance.spec.operation import Scenario
    from conformance.spec.schema.assertions import Assertion
    from conformance.spec.schema.node import SchemaNode


@dataclass(frozen=True, slots=True, kw_only=True)
class WayFacts(ClauseFacts):
    """Another way to say what a field says."""

    scenario: Scenario
    path: Path
    #: Whether what it asks for shows in the video.
    measured: bool
    #: The other field, or the JSON type of the other shape; one of the two.
    field: str = ""
    shape: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EqualFacts(ClauseFacts):
    """Two fields of an answer."""

    path: Path
    field: str


class WayRule(Rule[WayFacts]):
    """Another way to say the same is taken, and does the same."""

    kind = "alias"
    harm = Harm.INTEGRATION
    id_prefix = ""
    id_name = "alias"

    def harm_of(self, clause: Clause, side: Side) -> Harm:
        """Return what is lost: where the way asks for something of the video, it may be ignored."""
        return Harm.FIDELITY if self.facts(clause).measured else self.harm

    @abstractmethod
    def wish(self, clause: Clause) -> Wish:
        """Return a job made by the other way."""

    def wishes(self, clause: Clause) -> Iterator[Wish]:
        """Return a job made by the other way."""
        yield self.wish(clause)

    def judge(self, clause: Clause, evidence: Evidence) -> Verdict:
        """Say whether it was taken, and took effect in the video."""
        wish = self.wish(clause)
        taken = accept_side(clause, wish, evidence)
        findings = [taken]
        if self.facts(clause).measured and taken.proof is Proof.PROVED:
            findings += self._effects(clause, wish, evidence)
        return verdict(clause, findings)

    def _effects(self, clause: Clause, wish: Wish, evidence: Evidence) -> Iterator[Finding]:
        facts = self.facts(clause)
        scenario, pointer = facts.scenario, pointer_of(facts.path)
        for facet in FACETS.values():
            if pointer not in facet.pointers(scenario.media):
                continue
            for attempt, track in evidence.asked_for(clause.operation, clause.scenario):
                wanted = asked(facet, scenario, attempt.case.body)
                if wanted is None or not wish.met_by(attempt.case.body):
                    continue
                finding = measure(scenario, wanted, attempt, track)
                if isinstance(finding, Finding) and works(
                    scenario, clause, facet, evidence, wanted.value
                ):
                    yield finding

    def sabotage(self, clause: Clause) -> Iterator[Sabotage]:
        """Refuse the other way, or take it and ignore it."""
        facts = self.facts(clause)
        yield Reject(wish=self.wish(clause))
        if facts.measured:
            yield Ignore(
                operation=clause.operation,
                scenario=clause.scenario,
                pointer=pointer_of(facts.path),
                kind=facts.shape,
            )


class SameField(WayRule):
    """The other name of a field is taken and does the same."""

    name = "field"
    meaning = "The other name of a field is taken and does the same."

    def make(self, facts: WayFacts, assertion: Assertion) -> Clause:
        """Return the promise of a field."""
        return self.clause(
            facts,
            *facts.path,
            promise=f"{dotted(facts.path)} says the same as {facts.field}",
            context=assertion.context,
            place=facts.spec.place(f"{assertion.node.at}/x-same-as"),
        )

    def wish(self, clause: Clause) -> Wish:
        """Return a job with the one field and without the other."""
        facts = self.facts(clause)
        other = (*facts.path[:-1], facts.field)
        wants = ((facts.path, PRESENT), (other, ABSENT))
        return Wish(operation=clause.operation, scenario=clause.scenario, wants=wants)


class SameShape(WayRule):
    """The other JSON shape of a value is taken and does the same."""

    name = "shape"
    meaning = "The other JSON shape of a value is taken and does the same."

    def make(self, facts: WayFacts, assertion: Assertion, branch: SchemaNode) -> Clause:
        """Return the promise of one branch of a union."""
        same = SameAsWord.shape_on(branch)
        return self.clause(
            facts,
            *facts.path,
            facts.shape,
            promise=f"{dotted(facts.path)} as {facts.shape} says the same as {same}",
            context=assertion.context,
            place=facts.spec.place(f"{branch.at}/x-same-as"),
        )

    def wish(self, clause: Clause) -> Wish:
        """Return a job with the value in that shape."""
        facts = self.facts(clause)
        wants = ((facts.path, Shape(facts.shape)),)
        return Wish(operation=clause.operation, scenario=clause.scenario, wants=wants)


class Equal(ObservingRule[EqualFacts]):
    """Two fields of an answer hold the same value."""

    kind = "alias"
    name = "equal"
    meaning = "Two fields of an answer hold the same value."
    harm = Harm.INTEGRATION
    id_prefix = "response"
    id_name = "alias"
    none = "no answer had both"

    def make(self, facts: EqualFacts, assertion: Assertion) -> Clause:
        """Return the promise of a field."""
        return self.clause(
            facts,
            *facts.path,
            promise=f"{'.'.join(facts.path)} equals {facts.field}",
            context=assertion.context,
            place=facts.spec.place(f"{assertion.node.at}/x-same-as"),
        )

    def compared(self, clause: Clause) -> tuple[Path, Path]:
        """Return both fields."""
        facts = self.facts(clause)
        return facts.path, (*facts.path[:-1], facts.field)

    def observations(self, clause: Clause, evidence: Evidence) -> Iterator[int | Finding]:
        """Compare the two in every answer that has both."""
        path, other_path = self.compared(clause)
        for exchange, _ in evidence.answers(clause.operation):
            body = body_of(exchange)
            value, other_value = get(body, path), get(body, other_path)
            if value is MISSING or other_value is MISSING:
                continue
            if value == other_value:
                yield exchange.number
            else:
                received = f"{str(value)[:60]!r} and {str(other_value)[:60]!r}"
                yield refuted(clause.promise, received, exchange.number)

    def sabotage(self, clause: Clause) -> Iterator[Sabotage]:
        """Say something else in one of them."""
        pointer = pointer_of(self.facts(clause).path)
        yield Alter(operation=clause.operation, pointer=pointer, value="another")
