"""An operation that is the same as another one: it takes, refuses, answers and makes the same."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from conformance.model.clause import Clause, Harm, Level
from conformance.model.json_place import path_of
from conformance.model.verdict import Difference
from conformance.promises.accepting import absent, all_taken, controlled
from conformance.promises.judging import Finding, proved, refuted, unproved, untried, verdict
from conformance.promises.kinds.answer_reading import broken_by, readable
from conformance.promises.kinds.constraint import Constraint, facts_of
from conformance.promises.kinds.lifecycle import Address, Begins, Lifecycle
from conformance.promises.kinds.media.as_asked import measure, works
from conformance.promises.rule import ClauseFacts, ObservingRule, Rule
from conformance.promises.sabotage import Alter, Habit, Misbehave, Permit, Reject
from conformance.promises.video_facets import FACETS, asked
from conformance.promises.wish import Wish
from conformance.spec.reception import Reception, describe
from conformance.spec.schema.assertions import Assertion, assertions
from conformance.spec.schema.node import ANYTHING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conformance.model.exchange import Exchange, Json
    from conformance.model.inputs import Inputs
    from conformance.model.verdict import Verdict
    from conformance.model.witness import Witness
    from conformance.promises.evidence import Attempt, Evidence
    from conformance.promises.sabotage import Sabotage
    from conformance.spec.document import Spec
    from conformance.spec.operation import Operation, Reply, Scenario


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyFacts(ClauseFacts):
    """An operation that is the same as another one, the first of the family."""

    other: Operation


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyScenarioFacts(FamilyFacts):
    """One scenario of both, and what the first one refuses of it."""

    scenario: Scenario
    originals: tuple[Clause, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyReplyFacts(FamilyFacts):
    """An answer of the operation."""

    reply: Reply
    #: A field that every answer has, and without which a job can still be followed; the first such.
    field: str


class Accepts(Rule[FamilyScenarioFacts]):
    """The other operation takes what the first one takes."""

    kind = "alias"
    name = "accepts"
    meaning = "The other operation takes what the first one takes."
    harm = Harm.INTEGRATION

    def make(self, facts: FamilyScenarioFacts) -> Clause:
        """Return the promise of a scenario."""
        title, other = facts.scenario.title, facts.other.id
        return self.clause(facts, promise=f"a {title} request is taken as {other} takes it")

    def wishes(self, clause: Clause) -> Iterator[Wish]:
        """Return any job of the other operation."""
        yield Wish(operation=clause.operation, scenario=clause.scenario)

    def judge(self, clause: Clause, evidence: Evidence) -> Verdict:
        """Say whether the other operation took a request that the first one takes."""
        (wish,) = self.wishes(clause)
        return verdict(clause, [self._finding(clause, wish, evidence)])

    def _finding(self, clause: Clause, wish: Wish, evidence: Evidence) -> Finding:
        facts = self.facts(clause)
        attempts = evidence.meeting(wish)
        accepted = [attempt.exchange.number for attempt in attempts if attempt.accepted]
        if accepted:
            return proved("", *accepted)
        refused = [
            attempt
            for attempt in attempts
            if attempt.reception.refused or attempt.reception is Reception.NO_JOB
        ]
        if not refused:
            unanswered = untried(clause, evidence, "no request was answered with yes or no")
            return replace(unanswered, skipped=not attempts)
        numbers = [attempt.exchange.number for attempt in refused]
        answer = describe(refused[0].exchange.answer)
        if clause.level is Level.COMPANION and all(absent(attempt) for attempt in refused):
            return unproved(f"it is known from elsewhere and is not there: {answer}", *numbers)
        title = title_there(facts.other, clause.scenario)
        taken = [
            attempt.case.body for attempt in evidence.of(facts.other.id, title) if attempt.accepted
        ]
        needs = facts.operation.needs
        own = frozenset({needs.field}) if needs else frozenset()
        if not all_taken(refused[0].case.body, taken, own):
            return unproved(f"{facts.other.id} did not accept all of it either", *numbers)
        return refuted(clause.promise, f"refused: {answer}", *numbers)

    def sabotage(self, clause: Clause) -> Iterator[Sabotage]:
        """Refuse everything."""
        yield Reject(wish=Wish(operation=clause.operation, scenario=clause.scenario))


class Refuses(Rule[FamilyScenarioFacts]):
    """The other operation refuses what the first one refuses."""

    kind = "alias"
    name = "refuses"
    meaning = "The other operation refuses what the first one refuses."
    harm = Harm.MONEY

    def make(self, facts: FamilyScenarioFacts) -> Clause:
        """Return the promise of a scenario."""
        title, other = facts.scenario.title, facts.other.id
        return self.clause(facts, promise=f"what {other} refuses of a {title} request is refused")

    def witnesses(
        self, clause: Clause, controls: Sequence[Json], inputs: Inputs
    ) -> Iterator[Witness]:
        """Send the other family the nearest request that breaks each rule of the first."""
        kind = Constraint()
        for original in self.facts(clause).originals:
            rule = kind.rule(original.rule)
            for witness in list(rule.witnesses(original, controls, inputs))[:1]:
                case = replace(witness.case, operation=clause.operation, scenario=clause.scenario)
                yield replace(
                    witness,
                    clause=clause.id,
                    case=case,
                    note=f"{witness.note}, as {original.id}",
                    repeats=original.id,
                )

    def judge(self, clause: Clause, evidence: Evidence) -> Verdict:
        """Hold every such request to a refusal."""
        attempts = evidence.witnessed(clause.id)
        if not attempts:
            reason = "no request that breaks a rule was sent"
            return verdict(clause, [untried(clause, evidence, reason)])
        return verdict(clause, [self._finding(attempt, evidence) for attempt in attempts])

    def _finding(self, attempt: Attempt, evidence: Evidence) -> Finding:
        witness, number = attempt.witness, attempt.exchange.number
        assert witness is not None
        answer = describe(attempt.exchange.answer)
        if attempt.reception.refused:
            return controlled(witness, [attempt], evidence)
        if not attempt.accepted:
            return unproved(f"{witness.note}: {answer}", number)
        # Where the first family took the like, the finding belongs there.
        if any(original.accepted for original in evidence.witnessed(witness.repeats)):
            return unproved(f"{witness.note} was accepted by both", number)
        taken = Difference(at=witness.note, promised="refused", received="accepted")
        return refuted(
            f"{witness.note} is refused", f"accepted: {answer}", number, difference=(taken,)
        )

    def sabotage(self, clause: Clause) -> Iterator[Sabotage]:
        """Take what breaks one of the rules."""
        facts = self.facts(clause)
        for original in facts.originals:
            at, name = _twin(facts.scenario, facts_of(original).assertion)
            yield Permit(operation=clause.operation, scenario=clause.scenario, at=at, name=name)


class AnswersAlike(ObservingRule[FamilyReplyFacts]):
    """The other operation answers in the form of the first one."""

    kind = "alias"
    name = "answers"
    meaning = "The other operation answers in the form of the first one."
    harm = Harm.INTEGRATION
    none = "no answer was seen"

    def make(self, facts: FamilyReplyFacts) -> Clause:
        """Return the promise of an operation."""
        promise = f"the answer has the form that {facts.other.id} gives"
        return self.clause(facts, promise=promise, context=facts.reply.context)

    def observations(self, clause: Clause, evidence: Evidence) -> Iterator[int | Finding]:
        """Look for assertions that only the answers of this operation break."""
        facts = self.facts(clause)
        operation, other = facts.operation, facts.other
        first = next(
            (reply for reply in other.replies if reply.success and reply.schema), facts.reply
        )
        broken_there = {
            key
            for exchange, body in readable(evidence, other, first)
            for key in _broken_keys(evidence, exchange, first, body)
        }
        for exchange, body in readable(evidence, operation, facts.reply):
            keys = sorted(_broken_keys(evidence, exchange, facts.reply, body) - broken_there)
            if not keys:
                yield exchange.number
                continue
            fields = [f"{path_of(at)[-1]} {name}".strip() for at, name in keys[:3]]
            differences = tuple(
                Difference(at=f"{at} {name}", promised="kept as there", received="broken here")
                for at, name in keys
            )
            yield refuted(
                clause.promise,
                f"the answer breaks: {', '.join(fields)}",
                exchange.number,
                difference=differences,
            )

    def sabotage(self, clause: Clause) -> Iterator[Sabotage]:
        """Leave a field out."""
        field = self.facts(clause).field
        if field:
            yield Alter(operation=clause.operation, pointer=f"/{field}", remove=True)


class Follows(ObservingRule[FamilyFacts]):
    """A job of the other operation lives as a job of the first one."""

    kind = "alias"
    name = "follows"
    meaning = "A job of the other operation lives as a job of the first one."
    harm = Harm.DELIVERY
    none = "no job was followed"
    always = True

    def make(self, facts: FamilyFacts) -> Clause:
        """Return the promise of an operation."""
        other = facts.other
        level = Level.SHOULD if other.context.level is Level.MUST else None
        return self.clause(facts, promise=f"a job lives as a job of {other.id} does", level=level)

    def observations(self, clause: Clause, evidence: Evidence) -> Iterator[int | Finding]:
        """Hold the jobs of this family to everything that jobs of the first keep."""
        other = self.facts(clause).other.id
        for rule in Lifecycle.job_rules:
            # How a job begins is each operation's own affair.
            if isinstance(rule, Begins | Address):
                continue
            lives_there = rule.lives(evidence, other)
            broken_there = any(isinstance(life, Finding) for life in lives_there)
            for life in rule.lives(evidence, clause.operation):
                if not (broken_there and isinstance(life, Finding)):
                    yield life
        yield from self._videos(clause, evidence)

    def _videos(self, clause: Clause, evidence: Evidence) -> Iterator[Finding]:
        """Hold the videos of this family to what was asked, where the first family delivers it."""
        facts = self.facts(clause)
        for scenario in facts.operation.scenarios:
            title = title_there(facts.other, scenario.title)
            first = facts.other.scenario(title)
            there = replace(clause, operation=facts.other.id, scenario=title)
            for facet in FACETS.values():
                for attempt, track in evidence.asked_for(clause.operation, scenario.title):
                    wanted = asked(facet, scenario, attempt.case.body)
                    if wanted is None or wanted.how != "direct":
                        continue
                    finding = measure(first, wanted, attempt, track)
                    if isinstance(finding, Finding) and works(
                        first, there, facet, evidence, wanted.value
                    ):
                        yield finding

    def sabotage(self, clause: Clause) -> Iterator[Sabotage]:
        """Lose the id."""
        yield Misbehave(habit=Habit.CHANGES_ID, operation=clause.operation)


def originals(
    constraints: tuple[Clause, ...], other: Operation, operation: Operation, scenario: Scenario
) -> tuple[Clause, ...]:
    """Return what the first operation surely forbids of a scenario, and can be compared."""
    title = title_there(other, scenario.title)
    # A body that is no object cannot name its original, and is refused for that already.
    rooted = operation.needs is not None and bool(operation.needs.field)
    return tuple(
        clause
        for clause in constraints
        if (clause.operation, clause.scenario) == (other.id, title)
        and clause.rule != "accepted"
        and not clause.masked
        and not clause.reading
        and clause.level == other.context.level
        and not (rooted and clause.rule == "type" and not facts_of(clause).assertion.path)
    )


def title_there(other: Operation, title: str) -> str:
    """Return the scenario of the first operation that a scenario of this name corresponds to."""
    titles = [scenario.title for scenario in other.scenarios]
    return title if title in titles else titles[0]


def _twin(scenario: Scenario, assertion: Assertion) -> tuple[str, str]:
    """Return the key of the same rule in another scenario.

    The two families may have schemas of their own.
    """
    same = (assertion.path, assertion.rule, assertion.name)
    for twin in assertions(scenario.schema):
        if (twin.path, twin.rule, twin.name) == same:
            return twin.key
    return assertion.key


def _broken_keys(
    evidence: Evidence, exchange: Exchange, reply: Reply, body: Json
) -> frozenset[tuple[str, str]]:
    """Return the assertions that an answer breaks, wherever in it."""
    broken = broken_by(evidence, exchange, reply, body)
    return frozenset((at, name) for at, name, _ in broken)


def field_to_lose(spec: Spec, operation: Operation, reply: Reply) -> str:
    """Return a required field of an answer, if possible one that following a job can miss."""
    required = [
        assertion.name
        for assertion in assertions(reply.schema or ANYTHING)
        if assertion.rule == "required" and not assertion.path and not assertion.given
    ]
    vital: set[str] = set()
    for submit in spec.submits:
        job = submit.job
        polled = job and job.poll and job.poll.operation == operation.id
        if job and (submit.id == operation.id or polled):
            vital |= {*job.id, *job.status}
    spare = [name for name in required if f"/{name}" not in vital]
    return next(iter(spare or required), "")
