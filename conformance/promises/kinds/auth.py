"""Kind `auth`: keys, other people's jobs, and expiry."""

from __future__ import annotations

import datetime as clock
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from conformance.model.clause import Harm, Level
from conformance.model.exchange import Auth
from conformance.model.json_place import path_of, put
from conformance.model.verdict import Difference, Reason, ReasonCode
from conformance.model.witness import A_JOB, NO_JOB, Case, Side, Witness
from conformance.promises.accepting import controlled
from conformance.promises.evidence import body_of
from conformance.promises.judging import Finding, Proof, refuted, unproved, untried, verdict
from conformance.promises.kinds.lifecycle import Lifecycle, UnknownId
from conformance.promises.read_refusals import refused_read
from conformance.promises.rule import ClauseFacts, Kind, ObservingRule, Rule
from conformance.promises.sabotage import Habit, Misbehave
from conformance.spec.answer_meaning import AnswerMeaning
from conformance.spec.provider import scheme_name
from conformance.spec.reception import describe
from conformance.spec.words.promise_words import LevelWord

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conformance.model.clause import Clause
    from conformance.model.exchange import Json
    from conformance.model.inputs import Inputs
    from conformance.model.verdict import Verdict
    from conformance.promises.evidence import Attempt, Evidence
    from conformance.promises.sabotage import Sabotage
    from conformance.spec.document import Spec
    from conformance.spec.operation import Operation

#: Clocks differ; an expiry this little in the past is still no divergence.
_SLACK = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyFacts(ClauseFacts):
    """An operation that needs a key."""

    #: The parameter of a read that takes a job's id; empty where the operation makes jobs.
    parameter: str = ""


class KeyRule(Rule[KeyFacts]):
    """A request that must be refused for the key, or the original, that it comes with."""

    kind = "auth"
    harm = Harm.PRIVACY
    #: The key that its requests travel with, in words as well.
    auth: ClassVar[Auth]
    note: ClassVar[str]
    habit: ClassVar[Habit]
    #: What no document says, and any careful API keeps.
    usual: ClassVar[Level | None] = Level.SHOULD
    essential: ClassVar[bool] = True

    def applies(self, operation: Operation) -> bool:
        """Say whether an operation that needs a key makes this promise."""
        return True

    def make(self, facts: KeyFacts) -> Clause:
        """Return the promise of an operation."""
        return self.clause(facts)

    def witnesses(
        self, clause: Clause, controls: Sequence[Json], inputs: Inputs
    ) -> Iterator[Witness]:
        """Send what is otherwise accepted, or read a job, with that key."""
        facts = self.facts(clause)
        operation = facts.operation
        if not operation.submits:
            case = Case(operation=operation.id, parameters={facts.parameter: A_JOB}, auth=self.auth)
            yield Witness(clause=clause.id, side=Side.REFUSE, case=case, note=self.note)
            return
        for control in list(controls)[:1]:
            case = Case(
                operation=operation.id,
                scenario=operation.scenarios[0].title,
                body=control,
                auth=self.auth,
            )
            yield Witness(
                clause=clause.id,
                side=Side.REFUSE,
                case=self.spoil(operation, case),
                note=self.note,
                control=control,
            )

    def spoil(self, operation: Operation, case: Case) -> Case:
        """Return the request with whatever else is wrong with it."""
        return case

    def judge(self, clause: Clause, evidence: Evidence) -> Verdict:
        """A request without the right key is refused, while the same with it is answered."""
        if self.auth is Auth.SECOND and not evidence.second_key:
            missing = Reason(
                code=ReasonCode.NO_SECOND_KEY,
                text="no second key takes part (--second-key ENVVAR)",
            )
            return verdict(clause, [Finding(proof=Proof.OPEN, reason=missing, skipped=True)])
        if self.auth is Auth.SECOND and (numbers := _as_no_key(clause, evidence)):
            useless = unproved(
                "the second key was turned away as if it were none: it opens nothing here "
                "(name another account's with --second-key ENVVAR)",
                *numbers,
                code=ReasonCode.NO_SECOND_KEY,
            )
            return verdict(clause, [useless])
        if self.facts(clause).operation.submits:
            return self._submit(clause, evidence)
        return self._read(clause, evidence)

    def _read(self, clause: Clause, evidence: Evidence) -> Verdict:
        return refused_read(clause, evidence)

    def _submit(self, clause: Clause, evidence: Evidence) -> Verdict:
        attempts = evidence.witnessed(clause.id)
        if not attempts:
            return verdict(clause, [untried(clause, evidence, "no such request was sent")])
        return verdict(clause, [_refused(attempt, evidence) for attempt in attempts])

    def sabotage(self, clause: Clause) -> Iterator[Sabotage]:
        """Leave the door open."""
        yield Misbehave(habit=self.habit, operation=clause.operation)


class EveryKeyRule(KeyRule):
    """What a document may say of keys for all its endpoints.

    Then it binds them all, whatever else is known of each.
    """

    usual = None

    def make(self, facts: KeyFacts) -> Clause:
        """Return the promise of an operation, with the level of the document's general word."""
        document = facts.spec.tree.data
        schemes = document.get("components", {}).get("securitySchemes", {})
        scheme = schemes.get(scheme_name(document), {})
        context = facts.operation.context
        if LevelWord.on(scheme):
            context = context.within(scheme)
        return self.clause(facts, context=context)


class WithoutKey(EveryKeyRule):
    """Nothing is done for nobody."""

    name = "no-key"
    meaning = "A request without a key is refused."
    promise = "a request without a key is refused"
    auth = Auth.NONE
    note = "no key"
    habit = Habit.OPEN_DOOR


class WrongKey(EveryKeyRule):
    """Not any key will do."""

    name = "wrong-key"
    meaning = "A request with a wrong key is refused."
    promise = "a request with a wrong key is refused"
    auth = Auth.WRONG
    note = "a wrong key"
    habit = Habit.ANY_KEY


class ForeignJob(KeyRule):
    """What one account has made, another does not see."""

    name = "foreign-job"
    meaning = "A job cannot be read with another account's key."
    promise = "another key's job is not to be read"
    auth = Auth.SECOND
    note = "another key"
    habit = Habit.SHARED_JOBS

    def applies(self, operation: Operation) -> bool:
        """Say whether the operation reads jobs."""
        return not operation.submits

    def _read(self, clause: Clause, evidence: Evidence) -> Verdict:
        def open_to_anybody() -> bool:
            """Say whether the operation answers without a key, or for no job at all."""
            facts = self.facts(clause)
            doors = {
                door.id for door in Lifecycle().derive(facts.spec) if door.rule == UnknownId.name
            }
            doors.add(WithoutKey().id(facts))
            asked = [exchange for witness, exchange in evidence.probes if witness.clause in doors]
            return any(
                evidence.answered(exchange) and not evidence.disguised(exchange)
                for exchange in asked
            )

        return refused_read(clause, evidence, open_to_anybody=open_to_anybody)


class UnknownOriginal(KeyRule):
    """An extension needs something to extend."""

    name = "unknown-original"
    meaning = "A job cannot build on an original that does not exist."
    harm = Harm.DELIVERY
    promise = "an original that is not there is refused"
    essential = False
    auth = Auth.OWN
    note = "an original that is not there"
    habit = Habit.ANY_ORIGINAL

    def applies(self, operation: Operation) -> bool:
        """Say whether the operation builds on an earlier job."""
        return operation.submits and operation.needs is not None

    def spoil(self, operation: Operation, case: Case) -> Case:
        """Name an original that is not there."""
        needs = operation.needs
        if needs is None:
            return case
        if needs.parameter:
            return replace(case, parameters={needs.parameter: NO_JOB})
        return replace(case, body=put(case.body, path_of(needs.field), NO_JOB))


class ForeignOriginal(KeyRule):
    """What one account has made, another does not extend."""

    name = "foreign-original"
    meaning = "A job cannot build on another account's original."
    promise = "another key's original is refused"
    auth = Auth.SECOND
    note = "another key's original"
    habit = Habit.SHARED_ORIGINALS

    def applies(self, operation: Operation) -> bool:
        """Say whether the operation builds on an earlier job."""
        return operation.submits and operation.needs is not None

    def _submit(self, clause: Clause, evidence: Evidence) -> Verdict:
        unknown = UnknownOriginal().id(self.facts(clause))
        if any(attempt.accepted for attempt in evidence.witnessed(unknown)):
            numbers = [attempt.exchange.number for attempt in evidence.witnessed(clause.id)]
            reason = "any original is taken, whether it is there or not"
            return verdict(clause, [unproved(reason, *numbers)])
        return super()._submit(clause, evidence)


class Expiry(ObservingRule[ClauseFacts]):
    """An expiry that is told can still be met."""

    kind = "auth"
    name = "expiry"
    meaning = "A documented expiry lies in the future when it is told."
    harm = Harm.DELIVERY
    promise = "the expiry of a job lies in the future"
    usual = Level.SHOULD
    none = "no answer told an expiry"

    def observations(self, clause: Clause, evidence: Evidence) -> Iterator[int | Finding]:
        """Hold each expiry to the moment at which it was told."""
        job = self.facts(clause).operation.job
        assert job is not None
        for attempt, track in evidence.jobs(clause.operation):
            for exchange in (attempt.exchange, *track.polls):
                expires = job.find("expires", body_of(exchange))
                moment = seconds(expires, job.times)
                if moment is None:
                    continue
                if moment > exchange.started - _SLACK:
                    yield exchange.number
                    continue
                past = Difference(at="expiry", promised="in the future", received=str(expires))
                received = f"expires {expires}"
                yield refuted(clause.promise, received, exchange.number, difference=(past,))

    def sabotage(self, clause: Clause) -> Iterator[Sabotage]:
        """Tell a date that has passed."""
        yield Misbehave(habit=Habit.EXPIRED, operation=clause.operation)


class Keys(Kind):
    """Promises about who may do what, and until when."""

    name = "auth"
    means = "Who may do what, and until when. The clauses about other accounts need a second key."
    accept = "The same request with the right key is answered."
    refuse = "With no key, a wrong key or another account's key it is refused."
    mend = (
        "Treat an open door as an incident: tell the provider before anyone else, keep job ids "
        "secret, and do not send what must stay private until it is mended."
    )
    key_rules = (WithoutKey(), WrongKey(), ForeignJob(), UnknownOriginal(), ForeignOriginal())
    expiry = Expiry()
    rules = (*key_rules, expiry)

    def derive(self, spec: Spec) -> Iterator[Clause]:
        """Return the promises for every operation that needs a key."""
        for operation in spec.operations:
            parameter = _id_parameter(spec, operation)
            if not operation.secured or not (operation.submits or parameter):
                continue
            facts = KeyFacts(spec=spec, operation=operation, parameter=parameter)
            for rule in self.key_rules:
                if rule.applies(operation):
                    yield rule.make(facts)
        for operation in spec.submits:
            if operation.job and operation.job.expires and operation.same_as is None:
                yield self.expiry.clause(ClauseFacts(spec=spec, operation=operation))


def _id_parameter(spec: Spec, operation: Operation) -> str:
    """Return the parameter of a read that takes a job's id."""
    for submit in spec.submits:
        job = submit.job
        for link in (job.poll, job.content) if job else ():
            if link and link.operation == operation.id:
                return link.parameter
    return ""


def _as_no_key(clause: Clause, evidence: Evidence) -> list[int]:
    """Return what was sent with the second key, where every answer takes that key for none."""
    exchanges = [exchange for _, exchange in evidence.probed(clause.id)]
    exchanges += [attempt.exchange for attempt in evidence.witnessed(clause.id)]
    for exchange in exchanges:
        if evidence.meaning(exchange) is not AnswerMeaning.UNAUTHORIZED:
            return []
    return [exchange.number for exchange in exchanges]


def _refused(attempt: Attempt, evidence: Evidence) -> Finding:
    witness = attempt.witness
    assert witness is not None
    number = attempt.exchange.number
    received = f"{witness.note}: {describe(attempt.exchange.answer)}"
    if attempt.accepted:
        return refuted(f"{witness.note} is refused", received, number)
    if attempt.reception.turned_away:
        return controlled(witness, [attempt], evidence)
    return unproved(received, number)


def seconds(value: object, unit: str) -> float | None:
    """Return a documented time as seconds since 1970, or None where it is none."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return value / 1000 if unit == "milliseconds" else float(value)
    try:
        moment = clock.datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=clock.UTC)).timestamp()
