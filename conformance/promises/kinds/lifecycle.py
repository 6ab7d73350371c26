"""Kind `lifecycle`: how a job moves from submit to its end, judged on every poll."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import TYPE_CHECKING, ClassVar, TypeAlias
from urllib.parse import unquote

from conformance.model.clause import Harm, Level
from conformance.model.exchange import Exchange, Response
from conformance.model.json_place import pointer_of
from conformance.model.verdict import Difference
from conformance.model.witness import NO_JOB, Case, Side, Witness
from conformance.promises.evidence import body_of
from conformance.promises.judging import Finding, refuted, unproved
from conformance.promises.read_refusals import refused_read
from conformance.promises.rule import ClauseFacts, Kind, ObservingRule, Reliance, Rule
from conformance.promises.sabotage import Alter, Habit, Misbehave
from conformance.spec.answer_meaning import AnswerMeaning
from conformance.spec.job_words import End, Phase
from conformance.spec.reception import describe
from conformance.spec.schema.assertions import assertions
from conformance.spec.words.request_words import ValuesWord

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from conformance.model.clause import Clause
    from conformance.model.exchange import Json
    from conformance.model.inputs import Inputs
    from conformance.model.verdict import Verdict
    from conformance.promises.evidence import Attempt, Evidence, Track
    from conformance.promises.sabotage import Sabotage
    from conformance.spec.document import Spec
    from conformance.spec.job_words import JobWords
    from conformance.spec.operation import Operation

#: What a server answers that has no such operation.
#: What one job shows: a finding where the promise is broken, True where kept, None where it does
#: not apply.
Shown: TypeAlias = Finding | bool | None


class JobRule(ObservingRule[ClauseFacts]):
    """A promise that every job of an operation must keep."""

    kind = "lifecycle"
    usual: ClassVar[Level | None] = Level.SHOULD
    none = "no job was finished"
    habit: ClassVar[Habit]

    def applies(self, job: JobWords) -> bool:
        """Say whether the spec's job words allow to check it."""
        return bool(job.poll or job.by_address)

    def make(self, facts: ClauseFacts) -> Clause:
        """Return the promise of one operation."""
        job = job_words(facts.operation)
        # What is seen only through a query known from elsewhere binds no more than that query.
        query = facts.spec.operation(job.poll.operation) if job.poll else facts.operation
        return self.clause(
            facts,
            context=facts.operation.job_context,
            usual=self.usual_for(job),
            level=query.context.level,
            shown_by=query,
        )

    def usual_for(self, job: JobWords) -> Level | None:
        """Return how binding it is where the document passes over it."""
        return self.usual

    @abstractmethod
    def check(self, words: JobWords, attempt: Attempt, track: Track, evidence: Evidence) -> Shown:
        """Hold one job to the promise."""

    def observations(self, clause: Clause, evidence: Evidence) -> Iterator[int | Finding]:
        """Hold every job to the promise, poll by poll."""
        return self.lives(evidence, clause.operation)

    def lives(self, evidence: Evidence, operation: str) -> Iterator[int | Finding]:
        """Hold every job of an operation to the promise."""
        for attempt, track in evidence.jobs(operation):
            shown = self.check(job_words(attempt.operation), attempt, track, evidence)
            if shown is True:
                yield (track.last or attempt.exchange).number
            elif shown:
                yield shown

    def why_none(self, clause: Clause, evidence: Evidence) -> str:
        """Jobs that nobody made tell nothing; of the others the rule knows what they lacked."""
        return self.none if evidence.jobs(clause.operation) else "no job was made to be followed"

    def sabotage(self, clause: Clause) -> Iterator[Sabotage]:
        """Have the bad habit."""
        yield Misbehave(habit=self.habit, operation=clause.operation)


class Begins(JobRule):
    """Nothing is finished before it has begun."""

    name = "begins"
    meaning = (
        "The answer to a submit calls the job waiting, in a documented word, and not "
        "finished while it still waits."
    )
    harm = Harm.INTEGRATION
    promise = "a new job is waiting, until a poll says otherwise"
    none = "no answer to a submit told a state that a poll could be held to"

    def check(self, words: JobWords, attempt: Attempt, track: Track, evidence: Evidence) -> Shown:
        """Compare the status at submit with the first poll's."""
        status = words.find("status", body_of(attempt.exchange))
        number = attempt.exchange.number
        later = [word for _, word in states(words, track.polls)]
        if not isinstance(status, str) or not later:
            return None
        if not _documented(words, status) and not _lists_states(attempt.operation, words):
            expected = "a new job is waiting, in a documented word"
            return refuted(expected, f"{status!r} at submit", number)
        if words.phase(status) is not Phase.WAITING and words.phase(later[0]) is Phase.WAITING:
            received = f"{status!r} at submit, {later[0]!r} afterwards"
            return refuted("a new job is waiting", received, number)
        return True

    def sabotage(self, clause: Clause) -> Iterator[Sabotage]:
        """Call a new job finished."""
        operation = self.facts(clause).operation
        words = job_words(operation)
        if words.status:
            yield Alter(
                operation=operation.id,
                pointer=words.envelope + words.status[0],
                value=words.states[Phase.DONE][0],
            )


class Ends(JobRule):
    """Who pays for a job is not left waiting."""

    name = "ends"
    meaning = "A job is finished or failed within the time limit of the run."
    harm = Harm.DELIVERY
    promise = "a job ends within the time limit"
    essential = True
    client = Reliance.ALWAYS
    none = "no job was followed to its end or to the time limit"
    habit = Habit.NEVER_ENDS

    def check(self, words: JobWords, attempt: Attempt, track: Track, evidence: Evidence) -> Shown:
        """A job that was followed to the time limit has not ended."""
        if track.end is not End.TIMED_OUT:
            return True if track.end in (End.DONE, End.FAILED) else None
        polled = states(words, track.polls)
        if polled and not any(words.known(status) for _, status in polled):
            strange = ", ".join(sorted({repr(status[:40]) for _, status in polled})[:5])
            reason = f"the spec knows none of its states ({strange}): add them to x-job.states"
            return unproved(reason, polled[-1][0].number)
        received = "no end was reached"
        for _, status in states(words, track.polls)[-1:]:
            received = f"still {status!r} when the time limit was reached"
        last = [exchange.number for exchange in track.polls[-1:]]
        return refuted(self.promise, received, *last)


class Completes(JobRule):
    """What is harmless is made."""

    name = "completes"
    meaning = (
        "A job made from harmless inputs does not fail, and its end is told in a documented word."
    )
    harm = Harm.DELIVERY
    promise = "a job made from harmless inputs is finished, not failed"
    client = Reliance.ALWAYS
    none = "no job was followed to its end"
    habit = Habit.FAILS

    def check(self, words: JobWords, attempt: Attempt, track: Track, evidence: Evidence) -> Shown:
        """A failed job breaks it; so does an end in a word that no document has."""
        if attempt.meant_to_fail:
            return None
        last = track.last
        if track.end is End.FAILED and last:
            error = words.find("error", body_of(last)) or describe(last.answer)
            received = f"the job failed: {str(error)[:120]}"
            return refuted("the job is finished", received, last.number)
        if track.end is not End.DONE:
            return None
        for exchange, status in states(words, [last] if last else []):
            if not _documented(words, status):
                expected = "a finished job says so in a documented word"
                return refuted(expected, f"{status!r}", exchange.number)
        return True


class Order(JobRule):
    """Work goes forward."""

    name = "order"
    meaning = "A job never goes back to an earlier state."
    harm = Harm.INTEGRATION
    promise = "a job never returns to an earlier state"
    none = "no poll told a state"
    habit = Habit.SKIPS_BACK

    def check(self, words: JobWords, attempt: Attempt, track: Track, evidence: Evidence) -> Shown:
        """Rank each state by its place in the spec; an unknown one stays where the last was."""
        waiting = words.states.get(Phase.WAITING, ())
        ranks = {word.lower(): rank for rank, word in enumerate(waiting)}
        before = -1
        polled = states(words, track.polls)
        for exchange, status in polled:
            rank = ranks.get(status.lower(), before)
            if words.phase(status) is not Phase.WAITING:
                rank = len(ranks)
            if rank < before:
                received = f"{status!r} after a later state"
                return refuted(self.promise, received, exchange.number)
            before = rank
        return bool(polled) or None


class Terminal(JobRule):
    """The end is the end."""

    name = "terminal"
    meaning = "A job that has ended stays as it ended, and keeps its result."
    harm = Harm.DELIVERY
    promise = "a finished job stays finished"
    essential = True
    none = "no answer after the end of a job told its state or its result"
    habit = Habit.RESURRECTS

    def check(self, words: JobWords, attempt: Attempt, track: Track, evidence: Evidence) -> Shown:
        """Compare what is said after the end with the end."""
        if track.end not in (End.DONE, End.FAILED) or not track.last:
            return None
        ended = Phase.DONE if track.end is End.DONE else Phase.FAILED
        had_result = words.find("result", body_of(track.last))
        shown = False
        for exchange in track.asked_again:
            elsewhere = exchange.request.url != track.last.request.url
            if elsewhere and not evidence.answered(exchange):
                continue  # an address that leads nowhere breaks a promise of its own
            status = words.find("status", body_of(exchange))
            phase = words.phase(status) if isinstance(status, str) else _by_status(words, exchange)
            if phase is not None and phase is not ended:
                received = f"{status or describe(exchange.answer)!r} after it had ended"
                return refuted(self.promise, received, exchange.number)
            if had_result and not words.find("result", body_of(exchange)):
                received = "no result when it was asked for again"
                return refuted("a finished job keeps its result", received, exchange.number)
            shown = shown or bool(had_result) or phase is not None
        return shown or None


class KeepsId(JobRule):
    """A job has one name."""

    name = "id"
    meaning = "Every answer about a job carries the id that the submit gave."
    harm = Harm.DELIVERY
    promise = "a job keeps its id"
    essential = True
    client = Reliance.ALWAYS
    none = "no poll repeated the id"
    habit = Habit.CHANGES_ID

    def check(self, words: JobWords, attempt: Attempt, track: Track, evidence: Evidence) -> Shown:
        """Compare the id in each answer with the one that was asked for."""
        shown = False
        for exchange in (*track.polls, *track.asked_again):
            job_id = words.find("id", body_of(exchange))
            if job_id is None:
                continue
            if job_id != track.id:
                received = f"asked for {track.id!r}, was answered {str(job_id)[:80]!r}"
                wrong = Difference(at="id", promised=track.id, received=str(job_id))
                return refuted(self.promise, received, exchange.number, difference=(wrong,))
            shown = True
        return shown or None


class Address(JobRule):
    """What an answer points to is there."""

    name = "address"
    meaning = "The address that the answer to a submit names leads to the job."
    harm = Harm.INTEGRATION
    promise = "the address in the answer leads to the job"
    none = "no answer to a submit named an address that was then asked"

    def applies(self, job: JobWords) -> bool:
        """Say whether an answer names an address."""
        return bool(job.address)

    def usual_for(self, job: JobWords) -> Level | None:
        """Where it is the only way to a job, it binds."""
        return Level.MUST if job.by_address else Level.SHOULD

    def check(self, words: JobWords, attempt: Attempt, track: Track, evidence: Evidence) -> Shown:
        """Look at what the address answered."""
        address = words.find("address", body_of(attempt.exchange))
        if not isinstance(address, str):
            return None
        asked = [
            exchange
            for exchange in (*track.polls, *track.after)
            if _path(exchange.request.url) == _path(address)
        ]
        if any(evidence.answered(exchange) for exchange in asked):
            return True
        # Where it is the very address that the query has, the query's own clause tells.
        if words.poll and any(exchange in track.polls for exchange in asked):
            return None
        for exchange in asked:
            if _is_not_there(evidence, exchange):
                received = f"{address[:120]}: {describe(exchange.answer)}"
                return refuted(self.promise, received, exchange.number)
        return None

    def sabotage(self, clause: Clause) -> Iterator[Sabotage]:
        """Point to nowhere."""
        operation = self.facts(clause).operation
        words = job_words(operation)
        pointer = words.envelope + words.address[0]
        yield Alter(operation=operation.id, pointer=pointer, value="/nowhere")


class Progress(JobRule):
    """What is done stays done."""

    name = "progress"
    meaning = "Progress never falls."
    harm = Harm.HYGIENE
    promise = "progress never falls"
    none = "no poll told progress"
    habit = Habit.PROGRESS_FALLS

    def applies(self, job: JobWords) -> bool:
        """Say whether answers tell progress."""
        return bool(job.progress)

    def check(self, words: JobWords, attempt: Attempt, track: Track, evidence: Evidence) -> Shown:
        """Compare each progress with the one before."""
        before = -1.0
        for exchange in track.polls:
            value = _percent(words.find("progress", body_of(exchange)))
            if value is None:
                continue
            if value < before:
                promised = f"at least {before:g}"
                fell = Difference(at="progress", promised=promised, received=f"{value:g}")
                received = f"{value:g} after {before:g}"
                return refuted(self.promise, received, exchange.number, difference=(fell,))
            before = value
        return True if before >= 0 else None


class HasResult(JobRule):
    """What is finished can be had."""

    name = "result"
    meaning = "A finished job names its result."
    harm = Harm.DELIVERY
    promise = "a finished job has its result"
    client = Reliance.ALWAYS
    usual = None
    essential = True

    def applies(self, job: JobWords) -> bool:
        """Say whether the spec knows where the result is."""
        return bool(job.result or job.content)

    def check(self, words: JobWords, attempt: Attempt, track: Track, evidence: Evidence) -> Shown:
        """Look for an address in the last answer, or for the file itself."""
        if track.end is not End.DONE or not track.last:
            return None
        result = words.find("result", body_of(track.last))
        # A list of addresses has its result too: of its form the answer's schema has clauses of its
        # own.
        if isinstance(result, list) and result:
            result = result[0]
        if isinstance(result, str) and result:
            return True
        number = track.last.number
        if words.content or not words.result:
            had = any(map(evidence.answered, track.downloads))
            if had and not words.result:
                return True
            if had:
                received = "the answer names none, though the file can be had"
                return refuted(self.promise, received, number)
        where = words.result[0] if words.result else "file"
        absent = Difference(at=where, promised="", received="absent")
        return refuted(self.promise, "finished without a result", number, difference=(absent,))

    def sabotage(self, clause: Clause) -> Iterator[Sabotage]:
        """Leave the result out."""
        words = job_words(self.facts(clause).operation)
        for pointer in words.result[:1]:
            yield Alter(
                operation=words.poll.operation if words.poll else "",
                pointer=words.envelope + pointer,
                remove=True,
                phase=Phase.DONE,
            )


class Clean(JobRule):
    """Success is not failure."""

    name = "clean"
    meaning = "A finished job carries no error."
    harm = Harm.INTEGRATION
    promise = "a finished job carries no error"

    def applies(self, job: JobWords) -> bool:
        """Say whether answers have a place for errors."""
        return bool(job.error)

    def check(self, words: JobWords, attempt: Attempt, track: Track, evidence: Evidence) -> Shown:
        """Look for an error in the last answer of a finished job."""
        if track.end is not End.DONE or not track.last:
            return None
        error = words.find("error", body_of(track.last))
        if not error:
            return True
        received = f"finished, with the error {str(error)[:80]!r}"
        return refuted(self.promise, received, track.last.number)

    def sabotage(self, clause: Clause) -> Iterator[Sabotage]:
        """Finish with an error."""
        words = job_words(self.facts(clause).operation)
        yield Alter(
            operation=words.poll.operation if words.poll else "",
            pointer=words.envelope + words.error[0],
            value={"message": "none"},
            phase=Phase.DONE,
        )


class TellsError(JobRule):
    """Who fails says why."""

    name = "error"
    meaning = "A failed job says why."
    harm = Harm.INTEGRATION
    promise = "a failed job tells its error"
    client = Reliance.ALWAYS
    none = "no job failed in this run"

    def make(self, facts: ClauseFacts) -> Clause:
        """Return the promise; nobody can observe it where no way to fail is documented."""
        clause = super().make(facts)
        if job_words(facts.operation).fails_on:
            return clause
        return replace(clause, unobservable="no job can be made to fail on purpose")

    def needs_failed_job(self, clause: Clause) -> bool:
        """Only a failed job has an error."""
        return True

    def applies(self, job: JobWords) -> bool:
        """Say whether answers have a place for errors."""
        return bool(job.error)

    def check(self, words: JobWords, attempt: Attempt, track: Track, evidence: Evidence) -> Shown:
        """Look for an error in the last answer of a failed job."""
        if track.end is not End.FAILED or not track.last:
            return None
        if words.find("error", body_of(track.last)):
            return True
        return refuted(self.promise, "failed without an error", track.last.number)

    def sabotage(self, clause: Clause) -> Iterator[Sabotage]:
        """Fail without a word."""
        words = job_words(self.facts(clause).operation)
        for error in words.error:
            yield Alter(
                operation=words.poll.operation if words.poll else "",
                pointer=words.envelope + error,
                remove=True,
                phase=Phase.FAILED,
            )


class FailsAsDocumented(JobRule):
    """What is documented to fail fails."""

    name = "fails"
    meaning = "A job of the request that is documented to fail fails (x-job.fails-on)."
    harm = Harm.INTEGRATION
    promise = "a job of the request that is documented to fail fails"
    usual: ClassVar[Level | None] = None
    none = "no job of that request was followed to its end"
    habit = Habit.NEVER_FAILS

    def applies(self, job: JobWords) -> bool:
        """Say whether a way to fail is documented."""
        return super().applies(job) and job.fails_on is not None

    def needs_failed_job(self, clause: Clause) -> bool:
        """It is about the job that fails."""
        return True

    def check(self, words: JobWords, attempt: Attempt, track: Track, evidence: Evidence) -> Shown:
        """Look at the end of the job that should have failed."""
        if not attempt.meant_to_fail or track.end not in (End.DONE, End.FAILED) or not track.last:
            return None
        if track.end is End.FAILED:
            return True
        return refuted(self.promise, "the job was finished", track.last.number)


class FailsWithoutResult(FailsAsDocumented):
    """Who fails delivers nothing."""

    name = "no-result"
    meaning = "A failed job names no result."
    promise = "a failed job names no result"
    usual = Level.SHOULD
    none = "no job failed in this run"

    def applies(self, job: JobWords) -> bool:
        """Say whether a way to fail is documented, and answers have a place for results."""
        return super().applies(job) and bool(job.result)

    def check(self, words: JobWords, attempt: Attempt, track: Track, evidence: Evidence) -> Shown:
        """Look for a result in the last answer of a failed job."""
        if track.end is not End.FAILED or not track.last:
            return None
        result = words.find("result", body_of(track.last))
        if not result:
            return True
        received = f"failed, with the result {str(result)[:80]!r}"
        return refuted(self.promise, received, track.last.number)

    def sabotage(self, clause: Clause) -> Iterator[Sabotage]:
        """Name a result all the same."""
        words = job_words(self.facts(clause).operation)
        yield Alter(
            operation=words.poll.operation if words.poll else "",
            pointer=words.envelope + words.result[0],
            value="https://example.com/result.mp4",
            phase=Phase.FAILED,
        )


class Times(JobRule):
    """Causes come before effects."""

    name = "times"
    meaning = "A job is not completed before it was created."
    harm = Harm.HYGIENE
    promise = "a job is completed no earlier than it was created"
    none = "no finished job told both times"
    habit = Habit.ENDS_BEFORE_IT_BEGINS

    def applies(self, job: JobWords) -> bool:
        """Say whether answers tell both times."""
        return bool(job.created and job.completed)

    def check(self, words: JobWords, attempt: Attempt, track: Track, evidence: Evidence) -> Shown:
        """Compare both times in the last answer."""
        if track.end is not End.DONE or not track.last:
            return None
        created = words.find("created", body_of(track.last))
        completed = words.find("completed", body_of(track.last))
        if not isinstance(created, int | float) or not isinstance(completed, int | float):
            return None
        if completed >= created:
            return True
        received = f"created {created}, completed {completed}"
        return refuted("completed no earlier than created", received, track.last.number)


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryFacts(ClauseFacts):
    """A query, and an operation whose jobs are asked for with it."""

    submit: Operation


class KnownId(ObservingRule[QueryFacts]):
    """A provider knows what it was asked for."""

    kind = "lifecycle"
    name = "known-id"
    meaning = "A query knows the jobs that were made."
    harm = Harm.DELIVERY
    promise = "a job that was made can be asked for"
    none = "no job was asked for"

    def observations(self, clause: Clause, evidence: Evidence) -> Iterator[int | Finding]:
        """A query that answers for no job at all is not there.

        One that answers for some is judged by what it says.
        """
        polls = [
            exchange
            for _, track in evidence.jobs()
            for exchange in track.polls
            if exchange.operation == clause.operation
        ]
        answered = [exchange.number for exchange in polls if evidence.answered(exchange)]
        yield from answered
        for exchange in polls:
            if not answered and _is_not_there(evidence, exchange):
                received = f"asked for a job that was made: {describe(exchange.answer)}"
                yield refuted(clause.promise, received, exchange.number)

    def sabotage(self, clause: Clause) -> Iterator[Sabotage]:
        """Know of no job."""
        yield Alter(operation=clause.operation, status=404)


class UnknownId(Rule[QueryFacts]):
    """Nobody answers for what is not there."""

    kind = "lifecycle"
    name = "unknown-id"
    meaning = "The id of no job is answered by 4xx."
    harm = Harm.INTEGRATION
    promise = "the id of no job is refused"
    usual = Level.SHOULD

    def witnesses(
        self, clause: Clause, controls: Sequence[Json], inputs: Inputs
    ) -> Iterator[Witness]:
        """Ask for a job that does not exist."""
        poll = job_words(self.facts(clause).submit).poll
        if poll:
            case = Case(operation=poll.operation, parameters={poll.parameter: NO_JOB})
            yield Witness(clause=clause.id, side=Side.REFUSE, case=case, note="the id of no job")

    def judge(self, clause: Clause, evidence: Evidence) -> Verdict:
        """Hold the query to a refusal."""
        return refused_read(clause, evidence, server_error_breaks=True)

    def sabotage(self, clause: Clause) -> Iterator[Sabotage]:
        """Answer for any id."""
        yield Misbehave(habit=Habit.FINDS_ANYTHING, operation=clause.operation)


class Lifecycle(Kind):
    """Promises about a job's life."""

    name = "lifecycle"
    means = (
        "How a job moves from submit to its end. Judged on every poll of every job that "
        "the run buys."
    )
    accept = (
        "All jobs are polled to their end, asked for once more afterwards, and each step "
        "is compared with the one before."
    )
    refuse = "Only for unknown ids: a query for a job that does not exist is refused."
    mend = (
        "Give your own polling a time limit, treat the first end of a job as final, and "
        "never conclude from progress alone. Then tell the provider, with the job's id and "
        "the times in the report."
    )
    #: In the order in which clauses are listed.
    job_rules = (
        Begins(),
        Ends(),
        Completes(),
        Order(),
        Terminal(),
        KeepsId(),
        Address(),
        Progress(),
        HasResult(),
        Clean(),
        TellsError(),
        FailsAsDocumented(),
        FailsWithoutResult(),
        Times(),
    )
    known_id = KnownId()
    unknown_id = UnknownId()
    rules = (*job_rules, known_id, unknown_id)

    def derive(self, spec: Spec) -> Iterator[Clause]:
        """Return the promises that the spec's job words allow to check."""
        for operation in spec.submits:
            if operation.same_as is None and operation.job:
                facts = ClauseFacts(spec=spec, operation=operation)
                for rule in self.job_rules:
                    if rule.applies(operation.job):
                        yield rule.make(facts)
        # The first operation that is asked for with a query speaks for it.
        submits: dict[str, Operation] = {}
        for operation in reversed(spec.submits):
            if operation.job and operation.job.poll:
                submits[operation.job.poll.operation] = operation
        for query, submit in submits.items():
            yield from self._queried(spec, spec.operation(query), submit)

    def _queried(self, spec: Spec, query: Operation, submit: Operation) -> Iterator[Clause]:
        facts = QueryFacts(spec=spec, operation=query, submit=submit)
        # A query that is known from elsewhere alone may not be there.
        if query.context.level is Level.MUST:
            yield self.known_id.clause(facts)
        if submit.same_as is None:
            yield self.unknown_id.clause(facts)


def job_words(operation: Operation) -> JobWords:
    """Return how an operation's jobs are followed."""
    assert operation.job is not None
    return operation.job


def states(words: JobWords, exchanges: Iterable[Exchange]) -> list[tuple[Exchange, str]]:
    """Return the status word of every poll that has one."""
    polled: list[tuple[Exchange, str]] = []
    for exchange in exchanges:
        status = words.find("status", body_of(exchange))
        if isinstance(status, str):
            polled.append((exchange, status))
    return polled


def _documented(words: JobWords, status: str) -> bool:
    """Say whether a status word is a documented one, to the letter."""
    return any(status in listed for listed in words.states.values())


def _lists_states(operation: Operation, words: JobWords) -> bool:
    """Say whether the answer's schema lists the status words.

    A closed list is another clause's, an open one promises nothing.
    """
    pointers = [words.envelope + pointer for pointer in words.status]
    for reply in operation.replies:
        for assertion in assertions(reply.schema) if reply.success and reply.schema else ():
            listed = "enum" in assertion.node or ValuesWord.on(assertion.node)
            if listed and pointer_of(assertion.path) in pointers:
                return True
    return False


def _by_status(words: JobWords, exchange: Exchange) -> Phase | None:
    """Return the phase that the HTTP status of an answer tells, where it tells one."""
    answer = exchange.answer
    return words.phase_by_status(answer.status) if isinstance(answer, Response) else None


def _is_not_there(evidence: Evidence, exchange: Exchange) -> bool:
    """Say whether an answer denies that what was asked for is there."""
    if evidence.meaning(exchange) is AnswerMeaning.NOT_FOUND:
        return True
    answer = exchange.answer
    return isinstance(answer, Response) and answer.status == HTTPStatus.NOT_IMPLEMENTED


def _path(address: str) -> str:
    """Return the path of an address, which may be nothing more than one."""
    plain = unquote(address.partition("?")[0].partition("#")[0])
    if "://" in plain:
        plain = plain.partition("://")[2].partition("/")[2]
    return plain.strip("/")


def _percent(value: Json) -> float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value)
    text = value.rstrip("% ") if isinstance(value, str) else ""
    return float(text) if text.replace(".", "", 1).isdecimal() else None
