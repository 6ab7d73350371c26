"""The life of one job, without I/O: a generator yields what to do next and takes what came back."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING, TypeAlias

from conformance.jobs.request_rendering import fetch, origin, render
from conformance.model.exchange import Auth, Failure, Purpose, Request, Response
from conformance.model.witness import Case
from conformance.spec.answer_meaning import AnswerMeaning, error_inside, meaning
from conformance.spec.job_words import End, Phase

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from conformance.model.exchange import Answer, Json
    from conformance.spec.document import Spec
    from conformance.spec.job_words import JobWords
    from conformance.spec.operation import Operation

#: How many polls in a row may fail before a job counts as lost.
PATIENCE = 5
#: How much longer each wait is than the one before, up to the provider's longest.
GROWTH = 1.3
#: No provider makes anybody wait longer than this, in seconds.
MAX_RETRY_AFTER = 300.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Send:
    """Send this and come back with the answer."""

    request: Request
    purpose: Purpose
    operation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """Come back after this many seconds, or sooner where more is known, but not before `least`."""

    seconds: float
    least: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """What a poll told; for whoever watches. Nothing has to be done."""

    phase: Phase
    status: str
    progress: float | None
    #: True where the status word is none that the spec knows.
    unknown: bool = False


Step: TypeAlias = Send | Wait | Update


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How the following of a job ended."""

    end: End
    result: str = ""
    error: Json = None
    #: The last body that told the job's state.
    body: Json = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pacing:
    """How to wait: the shortest and longest pause, the limit for the whole job, and the clock."""

    first: float
    longest: float
    limit: float
    now: Callable[[], float]
    auth: Auth = Auth.OWN
    #: The shortest pause where a job should be finished by then; the first one where None.
    least: float | None = None
    #: How many polls in a row may fail before the job counts as lost.
    patience: int = PATIENCE
    #: How many polls there may be; the later half is spread over the time that is left then.
    most_polls: int | None = None


def follow(
    spec: Spec, base_url: str, operation: Operation, job_id: str, submitted: Json, pacing: Pacing
) -> Generator[Step, Answer | None, Ended]:
    """Ask for a job's state until it ends: yield `Send`, `Wait`, `Update`, return how it ended."""
    words = operation.job
    assert words is not None
    request = poll_request(spec, base_url, words, job_id, submitted, pacing.auth)
    if request is None:
        return Ended(end=End.LOST, body=submitted)
    begun = pacing.now()
    deadline = begun + pacing.limit
    shortest = pacing.first if pacing.least is None else pacing.least
    poll_operation = spec.operation(words.poll.operation) if words.poll else operation
    pause, polls, failures, seconds_left = pacing.first, 0, 0, inf
    while True:
        polls += 1
        answer = yield Send(request=request, purpose=Purpose.POLL, operation=poll_operation.id)
        update = read(words, poll_operation, answer)
        body = state_body(answer)
        if update is None:
            body = None
            failures += 1
            if failures >= pacing.patience:
                return Ended(end=End.LOST)
        else:
            failures = 0
            yield update
            seconds_left = _seconds_left(update, pacing.now() - begun)
            if update.phase is not Phase.WAITING:
                return Ended(
                    end=End.DONE if update.phase is Phase.DONE else End.FAILED,
                    result=result_of(words, body),
                    error=words.find("error", body),
                    body=body,
                )
        if pacing.now() >= deadline or polls == pacing.most_polls:
            return Ended(end=End.TIMED_OUT, body=body)
        least = max(shortest, retry_after(answer), _spread(pacing, polls, deadline))
        seconds = max(least, min(pause, seconds_left))
        until_deadline = max(0.0, deadline - pacing.now()) + 0.01
        yield Wait(seconds=min(seconds, until_deadline), least=min(least, until_deadline))
        pause = min(pause * GROWTH, pacing.longest)


def _spread(pacing: Pacing, polls: int, deadline: float) -> float:
    """Return the shortest pause with which the polls that are left last until the deadline."""
    if pacing.most_polls is None or polls < pacing.most_polls / 2:
        return 0.0
    return (deadline - pacing.now()) / (pacing.most_polls - polls)


def _seconds_left(update: Update, age: float) -> float:
    """Return how long a job will still take if it goes on as it did."""
    done = update.progress or 0.0
    return age * (100.0 - done) / done if 0.0 < done < 100.0 else inf


def poll_request(
    spec: Spec, base_url: str, words: JobWords, job_id: str, answer: Json, auth: Auth = Auth.OWN
) -> Request | None:
    """Return the request that asks for a job's state, or None where there is no safe way to ask."""
    if words.poll:
        parameters = {words.poll.parameter: job_id}
        case = Case(operation=words.poll.operation, parameters=parameters, auth=auth)
        return render(spec, base_url, case)
    address = words.find("address", answer)
    if not isinstance(address, str):
        return None
    request = fetch(base_url, address, auth)
    if request is None or origin(request.url) != origin(base_url):
        return None
    return request


def download_request(
    spec: Spec, base_url: str, words: JobWords, job_id: str, result: str, *, by_content: bool
) -> tuple[Request, str] | None:
    """Return the request for the file and its operation, or None where no file is named."""
    if words.content and (by_content or not result):
        case = Case(operation=words.content.operation, parameters={words.content.parameter: job_id})
        return render(spec, base_url, case), words.content.operation
    request = fetch(base_url, result) if result else None
    return (request, "") if request else None


def read(words: JobWords, asked: Operation, answer: Answer | None) -> Update | None:
    """Return what the answer of the operation that was asked tells of a job, or None if nothing.

    A job's phase may be told by the HTTP status alone, and a failed job may come as a refusal. An
    error in the place of the status is a refusal of the question, and tells nothing of the job.
    """
    if answer is None or isinstance(answer, Failure):
        return None
    body, by_status = state_body(answer), words.phase_by_status(answer.status)
    status = words.find("status", body)
    if not isinstance(status, str):
        status = ""
    known = bool(status) and words.known(status)
    if meaning(asked, answer) is not AnswerMeaning.ANSWERED:
        told_so = by_status is not None and answer.status >= 300
        if not told_so and not (known and words.phase(status) is Phase.FAILED):
            return None
    elif body is None and by_status is None:
        return None
    if status and (known or by_status is None):
        phase = words.phase(status)
    elif by_status is not None:
        phase = by_status
    elif words.find("error", body):
        phase = Phase.FAILED
    elif result_of(words, body):
        phase = Phase.DONE
    elif words.status and error_inside(words, body):
        return None
    else:
        # Some providers send no status while a job waits, and the result alone when it is done.
        phase = Phase.WAITING
    progress = words.find("progress", body)
    if isinstance(progress, bool) or not isinstance(progress, int | float):
        progress = None
    unknown = bool(status) and not known
    return Update(phase=phase, status=status, progress=progress, unknown=unknown)


def result_of(words: JobWords, body: Json) -> str:
    """Return the address of the result, or an empty string."""
    result = words.find("result", body)
    if isinstance(result, list) and result:
        result = result[0]
    return result if isinstance(result, str) else ""


def retry_after(answer: Answer | None) -> float:
    """Return how long the provider asks to wait, in seconds; 0 where it does not say."""
    if not isinstance(answer, Response):
        return 0.0
    seconds = answer.header("retry-after")
    return min(float(seconds), MAX_RETRY_AFTER) if seconds.isdecimal() else 0.0


def state_body(answer: Answer | None) -> Json:
    """Return the body of an answer that may tell a state, or None where it cannot."""
    body = answer.json() if isinstance(answer, Response) else None
    return body if isinstance(body, dict) else None
