"""Kind `lifecycle`: how a job moves from submit to its end, judged on every poll."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote

from conformance.model.clause import Level
from conformance.model.exchange import Exchange, Response
from conformance.model.verdict import Difference
from conformance.model.witness import Case, Side, Witness
from conformance.promises.clause_making import at_most, make
from conformance.promises.evidence import body_of
from conformance.promises.judging import observed, refuted
from conformance.promises.read_refusals import refused_read
from conformance.promises.sabotage import Alter, Habit, Misbehave
from conformance.spec.job_words import End, Phase
from conformance.spec.reception import describe
from conformance.spec.schema.assertions import assertions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from conformance.model.clause import Clause
    from conformance.model.exchange import Json
    from conformance.model.inputs import Inputs
    from conformance.model.verdict import Verdict
    from conformance.promises.evidence import Attempt, Evidence, Track
    from conformance.promises.judging import Finding
    from conformance.promises.sabotage import Sabotage
    from conformance.promises.wish import Wish
    from conformance.spec.document import Spec
    from conformance.spec.job_words import JobWords
    from conformance.spec.operation import Operation

#: Stands for the id of no job: the run puts in one that looks like the provider's own.
NO_JOB = "{no-job}"
#: Stands for the id of a job that the run has made.
A_JOB = "{job}"

#: What a server answers that has no such operation.
_NOT_THERE = (404, 405, 410, 501)

#: What a run may see of a job: a finding where the promise is broken, True where kept, None where it does not apply.
Check = "Callable[[JobWords, Track], Finding | bool | None]"


class Lifecycle:
    """Promises about a job's life."""

    name = "lifecycle"

    def derive(self, spec: Spec) -> Iterator[Clause]:
        """Return the promises that the spec's job words allow to check."""
        for operation in spec.submits:
            if operation.same_as is None and operation.job:
                yield from _clauses(spec, operation, operation.job)
        polls = {
            one.job.poll.operation: one
            for one in reversed(spec.submits)
            if one.job and one.job.poll
        }
        for poll, operation in polls.items():
            yield from _queried(spec, spec.operation(poll), operation)

    def wishes(self, clause: Clause) -> Iterable[Wish]:
        """Any job shows its life."""
        return ()

    def witnesses(
        self, clause: Clause, controls: Sequence[Json], inputs: Inputs
    ) -> Iterator[Witness]:
        """Ask for a job that does not exist."""
        if clause.rule != "unknown-id":
            return
        job: JobWords = clause.facts["submit"].job
        if job.poll:
            case = Case(operation=job.poll.operation, parameters={job.poll.parameter: NO_JOB})
            yield Witness(clause=clause.id, side=Side.REFUSE, case=case, note="the id of no job")

    def judge(self, clause: Clause, evidence: Evidence) -> Verdict:
        """Hold every job to the promise, poll by poll."""
        if clause.rule == "unknown-id":
            return refused_read(clause, evidence)
        if clause.rule == "known-id":
            return _known(clause, evidence)
        words: JobWords = clause.facts["operation"].job
        kept: list[int] = []
        broken: list[Finding] = []
        for attempt, track in evidence.jobs(clause.operation):
            told = _TOLD.get(clause.rule)
            found = told(words, attempt, track) if told else _CHECKS[clause.rule](words, track)
            if found is True:
                kept.append((track.last or attempt.exchange).number)
            elif found:
                broken.append(found)
        return observed(
            clause, kept, broken, none=_NONE.get(clause.rule, "no job was followed far enough")
        )

    def sabotage(self, clause: Clause) -> Iterator[Sabotage]:
        """Have the bad habit."""
        operation: Operation = clause.facts.get("submit") or clause.facts["operation"]
        poll = operation.job.poll.operation if operation.job and operation.job.poll else ""
        habits = {
            "ends": Habit.NEVER_ENDS,
            "order": Habit.SKIPS_BACK,
            "progress": Habit.PROGRESS_FALLS,
            "terminal": Habit.RESURRECTS,
            "id": Habit.CHANGES_ID,
            "unknown-id": Habit.FINDS_ANYTHING,
            "completes": Habit.FAILS,
            "times": Habit.ENDS_BEFORE_IT_BEGINS,
        }
        if clause.rule == "known-id":
            yield Alter(operation=clause.operation, status=404)
        if clause.rule == "address" and operation.job:
            yield Alter(
                operation=operation.id,
                pointer=operation.job.envelope + operation.job.address[0],
                value="/nowhere",
            )
        if clause.rule in habits:
            yield Misbehave(habit=habits[clause.rule], operation=clause.operation)
        if clause.rule == "begins" and operation.job and operation.job.status:
            done = operation.job.states[Phase.DONE][0]
            yield Alter(
                operation=operation.id,
                pointer=operation.job.envelope + operation.job.status[0],
                value=done,
            )
        if clause.rule == "clean" and operation.job:
            yield Alter(
                operation=poll,
                pointer=operation.job.envelope + operation.job.error[0],
                value={"message": "none"},
                phase=Phase.DONE,
            )
        if clause.rule == "result" and operation.job:
            for pointer in operation.job.result[:1]:
                yield Alter(
                    operation=poll,
                    pointer=operation.job.envelope + pointer,
                    remove=True,
                    phase=Phase.DONE,
                )


def _clauses(spec: Spec, operation: Operation, job: JobWords) -> Iterator[Clause]:
    # What is seen only through a query known from elsewhere binds no more than that query.
    known = spec.operation(job.poll.operation).context.level if job.poll else Level.MUST

    def clause(
        rule: str, promise: str, *, level: Level = Level.SHOULD, unobservable: str = ""
    ) -> Clause:
        weight = at_most(known, level)
        return make(
            spec,
            "lifecycle",
            rule,
            operation,
            "lifecycle",
            rule,
            promise=promise,
            context=operation.context,
            level=weight,
            unobservable=unobservable,
        )

    if job.poll or job.by_address:
        yield clause("begins", "a new job is waiting, until a poll says otherwise")
        yield clause("ends", "a job ends within the time limit")
        yield clause("completes", "a job made from harmless inputs is finished, not failed")
        yield clause("order", "a job never returns to an earlier state")
        yield clause("terminal", "a finished job stays finished")
        yield clause("id", "a job keeps its id")
    if job.address:
        yield clause(
            "address",
            "the address in the answer leads to the job",
            level=Level.MUST if job.by_address else Level.SHOULD,
        )
    if job.progress:
        yield clause("progress", "progress never falls")
    if job.result or job.content:
        yield clause("result", "a finished job has its result", level=Level.MUST)
    if job.error:
        yield clause("clean", "a finished job carries no error")
        yield clause(
            "error",
            "a failed job tells its error",
            unobservable="no job can be made to fail on purpose",
        )
    if job.created and job.completed:
        yield clause("times", "a job is completed no earlier than it was created")


def _queried(spec: Spec, poll: Operation, operation: Operation) -> Iterator[Clause]:
    # A query that is known from elsewhere alone may not be there.
    if poll.context.level is Level.MUST:
        yield make(
            spec,
            "lifecycle",
            "known-id",
            poll,
            "lifecycle",
            "known-id",
            promise="a job that was made can be asked for",
            context=poll.context,
            submit=operation,
        )
    if operation.same_as is None:
        yield make(
            spec,
            "lifecycle",
            "unknown-id",
            poll,
            "lifecycle",
            "unknown-id",
            promise="the id of no job is refused",
            context=poll.context,
            level=Level.SHOULD,
            submit=operation,
        )


def lives(evidence: Evidence, operation: str) -> dict[str, tuple[list[int], list[Finding]]]:
    """Return for each check of a job's life the polls that keep it and the findings that do not."""
    found: dict[str, tuple[list[int], list[Finding]]] = {}
    for attempt, track in evidence.jobs(operation):
        words = attempt.operation.job
        assert words is not None
        for rule, check in _CHECKS.items():
            kept, broken = found.setdefault(rule, ([], []))
            seen = check(words, track)
            if seen is True:
                kept.append((track.last or attempt.exchange).number)
            elif seen:
                broken.append(seen)
    return found


def states(words: JobWords, exchanges: Iterable[Exchange]) -> list[tuple[Exchange, str]]:
    """Return the status word of every poll that has one."""
    found = ((exchange, words.find("status", body_of(exchange))) for exchange in exchanges)
    return [(exchange, status) for exchange, status in found if isinstance(status, str)]


def _ends(words: JobWords, track: Track) -> Finding | bool | None:
    if track.end is End.TIMED_OUT:
        last = states(words, track.polls)[-1:]
        seen = (
            f"still {last[0][1]!r} when the time limit was reached"
            if last
            else "no end was reached"
        )
        return refuted("a job ends within the time limit", seen, *_numbers(track.polls[-1:]))
    return True if track.end in (End.DONE, End.FAILED) else None


def _completes(words: JobWords, track: Track) -> Finding | bool | None:
    if track.end is End.FAILED and track.last:
        error = words.find("error", body_of(track.last))
        return refuted(
            "the job is finished", f"the job failed: {str(error)[:120]}", track.last.number
        )
    if track.end is End.DONE and track.last:
        for _, status in states(words, [track.last]):
            if not _listed(words, status):
                return refuted(
                    "a finished job says so in a documented word", f"{status!r}", track.last.number
                )
    return True if track.end is End.DONE else None


def _listed(words: JobWords, status: str) -> bool:
    """Say whether a status word is a documented one, to the letter."""
    return any(status in listed for listed in words.states.values())


def _order(words: JobWords, track: Track) -> Finding | bool | None:
    ranks = {word.lower(): rank for rank, word in enumerate(words.states.get(Phase.WAITING, ()))}
    before = -1
    seen = states(words, track.polls)
    for exchange, status in seen:
        rank = (
            1000 if words.phase(status) is not Phase.WAITING else ranks.get(status.lower(), before)
        )
        if rank < before:
            return refuted(
                "a job never returns to an earlier state",
                f"{status!r} after a later state",
                exchange.number,
            )
        before = rank
    return bool(seen) or None


def _progress(words: JobWords, track: Track) -> Finding | bool | None:
    before = -1.0
    for exchange in track.polls:
        value = _percent(words.find("progress", body_of(exchange)))
        if value is None:
            continue
        if value < before:
            return refuted(
                "progress never falls",
                f"{value:g} after {before:g}",
                exchange.number,
                difference=(
                    Difference(
                        at="progress", promised=f"at least {before:g}", received=f"{value:g}"
                    ),
                ),
            )
        before = value
    return True if before >= 0 else None


def _terminal(words: JobWords, track: Track) -> Finding | bool | None:
    if track.end not in (End.DONE, End.FAILED) or not track.last:
        return None
    ended = words.phase(str(words.find("status", body_of(track.last))))
    later = states(words, track.after)
    for exchange, status in later:
        if words.phase(status) is not ended:
            return refuted(
                "a finished job stays finished", f"{status!r} after it had ended", exchange.number
            )
        if words.find("result", body_of(track.last)) and not words.find(
            "result", body_of(exchange)
        ):
            return refuted(
                "a finished job keeps its result",
                "no result when it was asked for again",
                exchange.number,
            )
    return bool(later) or None


def _id(words: JobWords, track: Track) -> Finding | bool | None:
    seen = [
        (exchange, words.find("id", body_of(exchange))) for exchange in (*track.polls, *track.after)
    ]
    for exchange, found in seen:
        if found is not None and found != track.id:
            return refuted(
                "a job keeps its id",
                f"asked for {track.id!r}, was answered {str(found)[:80]!r}",
                exchange.number,
                difference=(Difference(at="id", promised=track.id, received=str(found)),),
            )
    return True if any(found is not None for _, found in seen) else None


def _result(words: JobWords, track: Track) -> Finding | bool | None:
    if track.end is not End.DONE or not track.last:
        return None
    found = words.find("result", body_of(track.last))
    # A list of addresses has its result too: of its form the answer's schema has clauses of its own.
    found = found[0] if isinstance(found, list) and found else found
    if isinstance(found, str) and found:
        return True
    if not words.result or words.content:
        got = [
            one
            for one in track.downloads
            if isinstance(one.answer, Response) and one.answer.status < 300
        ]
        if got:
            return (
                True
                if not words.result
                else refuted(
                    "a finished job has its result",
                    "the answer names none, though the file can be had",
                    track.last.number,
                )
            )
    return refuted(
        "a finished job has its result",
        "finished without a result",
        track.last.number,
        difference=(
            Difference(
                at=words.result[0] if words.result else "file", promised="", received="absent"
            ),
        ),
    )


def _begins(words: JobWords, attempt: Attempt, track: Track) -> Finding | bool | None:
    told = words.find("status", body_of(attempt.exchange))
    later = [status for _, status in states(words, track.polls)]
    if not isinstance(told, str) or not later:
        return None
    if not _listed(words, told) and not _has_list(attempt.operation, words):
        return refuted(
            "a new job is waiting, in a documented word",
            f"{told!r} at submit",
            attempt.exchange.number,
        )
    if words.phase(told) is not Phase.WAITING and words.phase(later[0]) is Phase.WAITING:
        return refuted(
            "a new job is waiting",
            f"{told!r} at submit, {later[0]!r} afterwards",
            attempt.exchange.number,
        )
    return True


def _has_list(operation: Operation, words: JobWords) -> bool:
    """Say whether the answer's schema lists the status words: a closed list is another clause's, an open one promises nothing."""
    nodes = (
        found
        for reply in operation.replies
        if reply.success
        for found in assertions(reply.schema or {})
    )
    return any(
        {"x-values", "enum"} & set(found.node)
        and "/" + "/".join(found.path) in [words.envelope + one for one in words.status]
        for found in nodes
    )


def _address(words: JobWords, attempt: Attempt, track: Track) -> Finding | bool | None:
    told = words.find("address", body_of(attempt.exchange))
    asked = [
        one
        for one in (*track.polls, *track.after)
        if isinstance(told, str) and _path(one.request.url) == _path(told)
    ]
    if any(isinstance(one.answer, Response) and one.answer.status < 300 for one in asked):
        return True
    # Where it is the very address that the query has, the query's own clause tells.
    for one in [] if words.poll and any(one in track.polls for one in asked) else asked:
        if isinstance(one.answer, Response) and one.answer.status in _NOT_THERE:
            return refuted(
                "the address in the answer leads to the job",
                f"{str(told)[:120]}: {describe(one.answer)}",
                one.number,
            )
    return None


def _path(address: str) -> str:
    """Return the path of an address, which may be nothing more than one."""
    plain = unquote(address.partition("?")[0].partition("#")[0])
    return (plain.partition("://")[2].partition("/")[2] if "://" in plain else plain).strip("/")


def _known(clause: Clause, evidence: Evidence) -> Verdict:
    """A query that answers for no job at all is not there; one that answers for some is judged by what it says."""
    polls = [
        one
        for _, track in evidence.jobs()
        for one in track.polls
        if one.operation == clause.operation
    ]
    kept = [
        one.number for one in polls if isinstance(one.answer, Response) and one.answer.status < 300
    ]
    lost = [
        one for one in polls if isinstance(one.answer, Response) and one.answer.status in _NOT_THERE
    ]
    broken = [
        refuted(
            clause.promise, f"asked for a job that was made: {describe(one.answer)}", one.number
        )
        for one in lost
    ]
    return observed(clause, kept, [] if kept else broken, none="no job was asked for")


def _clean(words: JobWords, track: Track) -> Finding | bool | None:
    if track.end is not End.DONE or not track.last:
        return None
    found = words.find("error", body_of(track.last))
    return (
        refuted(
            "a finished job carries no error",
            f"finished, with the error {str(found)[:80]!r}",
            track.last.number,
        )
        if found
        else True
    )


def _error(words: JobWords, track: Track) -> Finding | bool | None:
    if track.end is not End.FAILED or not track.last:
        return None
    return bool(words.find("error", body_of(track.last))) or refuted(
        "a failed job tells its error", "failed without an error", track.last.number
    )


def _times(words: JobWords, track: Track) -> Finding | bool | None:
    if track.end is not End.DONE or not track.last:
        return None
    created, completed = (
        words.find(name, body_of(track.last)) for name in ("created", "completed")
    )
    if not isinstance(created, int | float) or not isinstance(completed, int | float):
        return None
    return completed >= created or refuted(
        "completed no earlier than created",
        f"created {created}, completed {completed}",
        track.last.number,
    )


def _percent(value: Json) -> float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value)
    text = value.rstrip("% ") if isinstance(value, str) else ""
    return float(text) if text.replace(".", "", 1).isdecimal() else None


def _numbers(exchanges: Iterable[Exchange]) -> tuple[int, ...]:
    return tuple(one.number for one in exchanges)


_CHECKS = {
    "ends": _ends,
    "completes": _completes,
    "order": _order,
    "progress": _progress,
    "terminal": _terminal,
    "id": _id,
    "clean": _clean,
    "result": _result,
    "error": _error,
    "times": _times,
}
_TOLD = {"begins": _begins, "address": _address}
_NONE = {
    "error": "no job failed in this run",
    "terminal": "no job was asked for again after its end",
    "result": "no job was finished",
}
