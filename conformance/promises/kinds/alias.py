"""Kind `alias`: two documented ways to say the same thing behave the same."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from conformance.model.clause import Clause, Harm, Level
from conformance.model.json_place import EACH, MISSING, dotted, get, pointer_of
from conformance.model.verdict import Difference
from conformance.promises.accepting import absent, accept_side, all_taken, controlled
from conformance.promises.evidence import body_of
from conformance.promises.judging import Finding, Proof, proved, refuted, unproved, untried, verdict
from conformance.promises.kinds.answer_reading import StateFindings, broken_by, readable
from conformance.promises.kinds.constraint import Constraint, facts_of
from conformance.promises.kinds.lifecycle import Address, Begins, Lifecycle
from conformance.promises.kinds.media import measure, works
from conformance.promises.rule import ClauseFacts, Kind, ObservingRule, Rule
from conformance.promises.sabotage import Alter, Habit, Ignore, Misbehave, Permit, Reject
from conformance.promises.video_facets import FACETS, asked
from conformance.promises.wish import Wish
from conformance.spec.reception import Reception, describe
from conformance.spec.schema.assertions import Assertion, assertions
from conformance.spec.schema.json_types import union_of
from conformance.spec.schema.node import ANYTHING
from conformance.spec.schema.smallest_value import ABSENT, PRESENT, Shape

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conformance.model.exchange import Json
    from conformance.model.inputs import Inputs
    from conformance.model.json_place import Path
    from conformance.model.verdict import Verdict
    from conformance.model.witness import Side, Witness
    from conformance.promises.evidence import Attempt, Evidence
    from conformance.promises.sabotage import Sabotage
    from conformance.spec.document import Spec
    from conformance.spec.operation import Operation, Reply, Scenario
    from conformance.spec.schema.node import SchemaNode


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
        title = _title(facts.other, clause.scenario)
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


class AnswersAlike(Rule[FamilyReplyFacts]):
    """The other operation answers in the form of the first one."""

    kind = "alias"
    name = "answers"
    meaning = "The other operation answers in the form of the first one."
    harm = Harm.INTEGRATION

    def make(self, facts: FamilyReplyFacts) -> Clause:
        """Return the promise of an operation."""
        promise = f"the answer has the form that {facts.other.id} gives"
        return self.clause(facts, promise=promise, context=facts.reply.context)

    def judge(self, clause: Clause, evidence: Evidence) -> Verdict:
        """Look for assertions that only the answers of this operation break."""
        facts = self.facts(clause)
        operation, other = facts.operation, facts.other
        first = next(
            (reply for reply in other.replies if reply.success and reply.schema), facts.reply
        )
        broken_there = {
            key
            for exchange, body in readable(evidence, other, first)
            for key in broken_by(evidence, exchange, first, body)
        }
        findings = StateFindings()
        for exchange, body in readable(evidence, operation, facts.reply):
            keys = sorted(broken_by(evidence, exchange, facts.reply, body) - broken_there)
            if not keys:
                findings.keep(body, exchange.number)
                continue
            fields = [f"{at.rpartition('/')[2]} {name}".strip() for at, name in keys[:3]]
            differences = tuple(
                Difference(at=f"{at} {name}", promised="kept as there", received="broken here")
                for at, name in keys
            )
            finding = refuted(
                clause.promise,
                f"the answer breaks: {', '.join(fields)}",
                exchange.number,
                difference=differences,
            )
            findings.break_(body, finding)
        return findings.judge(clause, none="no answer was seen")

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
            title = _title(facts.other, scenario.title)
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
        same = branch["x-same-as"]["shape"]
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


class Alias(Kind):
    """Promises that one way is as good as another."""

    name = "alias"
    means = (
        "Two documented ways to say the same thing behave the same: two fields, two shapes of one "
        "value, two addresses."
    )
    accept = (
        "The other way is used in a paid job, and its answer, its life and its video are compared "
        "with those of the first way."
    )
    refuse = "Where whole operations are the same: what the first refuses, the other refuses too."
    mend = "Use the way that works; the spec names both. Tell the provider which one does not."
    field, shape, equal = SameField(), SameShape(), Equal()
    accepts, refuses, answers, follows = Accepts(), Refuses(), AnswersAlike(), Follows()
    rules = (field, shape, equal, accepts, refuses, answers, follows)

    def derive(self, spec: Spec) -> Iterator[Clause]:
        """Return a clause for each aliased operation, field, shape and field of an answer."""
        aliased = any(operation.same_as and operation.submits for operation in spec.operations)
        constraints = tuple(Constraint().derive(spec)) if aliased else ()
        for operation in spec.operations:
            if operation.same_as:
                other = spec.operation(operation.same_as.operation)
                facts = FamilyFacts(spec=spec, operation=operation, other=other)
                yield from self._operation(facts, constraints)
                continue
            if operation.submits:
                for scenario in operation.scenarios:
                    yield from self._ways(spec, operation, scenario)
            yield from self._answer_fields(spec, operation)

    def _operation(self, facts: FamilyFacts, constraints: tuple[Clause, ...]) -> Iterator[Clause]:
        spec, operation, other = facts.spec, facts.operation, facts.other
        if operation.submits:
            for scenario in operation.scenarios:
                both = FamilyScenarioFacts(
                    spec=spec,
                    operation=operation,
                    other=other,
                    scenario=scenario,
                    originals=_originals(constraints, other, operation, scenario),
                )
                yield self.accepts.make(both)
                yield self.refuses.make(both)
            yield self.follows.make(facts)
        for reply in operation.replies:
            if reply.success and reply.schema:
                field = _field_to_lose(spec, operation, reply)
                yield self.answers.make(
                    FamilyReplyFacts(
                        spec=spec, operation=operation, other=other, reply=reply, field=field
                    )
                )
                return

    def _ways(self, spec: Spec, operation: Operation, scenario: Scenario) -> Iterator[Clause]:
        paths: set[Path] = set()
        for assertion in assertions(scenario.schema):
            path = assertion.path
            pointer = pointer_of(path)
            facts = WayFacts(
                spec=spec,
                operation=operation,
                scenario=scenario,
                path=path,
                measured=any(
                    pointer in facet.pointers(scenario.media) for facet in FACETS.values()
                ),
            )
            field = assertion.node.get("x-same-as", {}).get("field")
            if field and path and path not in paths and EACH not in path:
                paths.add(path)
                yield self.field.make(replace(facts, field=field), assertion)
            _, branches = union_of(assertion.node) or ("", ())
            for branch in branches:
                if assertion.rule == "type" and "shape" in branch.get("x-same-as", {}):
                    shaped = replace(facts, shape=branch["type"])
                    yield self.shape.make(shaped, assertion, branch)

    def _answer_fields(self, spec: Spec, operation: Operation) -> Iterator[Clause]:
        for reply in operation.replies:
            if not reply.schema or not reply.success:
                continue
            for assertion in assertions(reply.schema):
                field = assertion.node.get("x-same-as", {}).get("field")
                if field and assertion.rule == "type":
                    facts = EqualFacts(
                        spec=spec, operation=operation, path=assertion.path, field=field
                    )
                    yield self.equal.make(facts, assertion)


def _originals(
    constraints: tuple[Clause, ...], other: Operation, operation: Operation, scenario: Scenario
) -> tuple[Clause, ...]:
    """Return what the first operation surely forbids of a scenario, and can be compared."""
    title = _title(other, scenario.title)
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


def _title(other: Operation, title: str) -> str:
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


def _field_to_lose(spec: Spec, operation: Operation, reply: Reply) -> str:
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
