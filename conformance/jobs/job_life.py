"""The life of one job, without I/O: a generator that yields what to do next and takes what came back."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING, TypeAlias

from conformance.jobs.request_rendering import fetch, render, same_origin
from conformance.model.exchange import Auth, Failure, Purpose, Request, Response
from conformance.model.witness import Case
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Send:
    """Send this and come back with the answer."""

    request: Request
    purpose: Purpose
    operation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """Come back after this many seconds, or sooner where more is known of the job, but not before `least`."""

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


def follow(
    spec: Spec, base_url: str, operation: Operation, job_id: str, answer: Json, pacing: Pacing
) -> Generator[Step, Answer | None, Ended]:
    """Ask for a job's state until it ends; yields `Send`, `Wait` and `Update`, returns how it ended."""
    words = operation.job
    assert words is not None
    request = poll_request(spec, base_url, words, job_id, answer, pacing.auth)
    if request is None:
        return Ended(end=End.LOST, body=answer)
    begun = pacing.now()
    deadline = begun + pacing.limit
    pause, failures, left = pacing.first, 0, inf
    while True:
        got = yield Send(
            request=request,
            purpose=Purpose.POLL,
            operation=words.poll.operation if words.poll else operation.id,
        )
        body = _state(words, got)
        if body is None:
            failures += 1
            if failures >= pacing.patience:
                return Ended(end=End.LOST)
        else:
            failures = 0
            update = read(words, body)
            yield update
            left = _left(update, pacing.now() - begun)
            if update.phase is not Phase.WAITING:
                return Ended(
                    end=End.DONE if update.phase is Phase.DONE else End.FAILED,
                    result=result_of(words, body),
                    error=words.find("error", body),
                    body=body,
                )
        if pacing.now() >= deadline:
            return Ended(end=End.TIMED_OUT, body=body)
        least = max(pacing.first if pacing.least is None else pacing.least, retry_after(got))
        most = max(least, min(pause, left))
        end = max(0.0, deadline - pacing.now()) + 0.01
        yield Wait(seconds=min(most, end), least=min(least, end))
        pause = min(pause * GROWTH, pacing.longest)


def _left(update: Update, age: float) -> float:
    """Return how long a job will still take if it goes on as it did."""
    done = update.progress or 0.0
    return age * (100.0 - done) / done if 0.0 < done < 100.0 else inf


def poll_request(
    spec: Spec, base_url: str, words: JobWords, job_id: str, answer: Json, auth: Auth = Auth.OWN
) -> Request | None:
    """Return the request that asks for a job's state, or None where there is no safe way to ask."""
    if words.poll:
        return render(
            spec,
            base_url,
            Case(
                operation=words.poll.operation, parameters={words.poll.parameter: job_id}, auth=auth
            ),
        )
    address = words.find("address", answer)
    request = fetch(base_url, address, auth) if isinstance(address, str) else None
    return request if request and same_origin(request.url, base_url) else None


def download_request(
    spec: Spec, base_url: str, words: JobWords, job_id: str, result: str, *, by_content: bool
) -> tuple[Request, str] | None:
    """Return the request for the file and the operation it belongs to, or None where none is named."""
    if words.content and (by_content or not result):
        case = Case(operation=words.content.operation, parameters={words.content.parameter: job_id})
        return render(spec, base_url, case), words.content.operation
    request = fetch(base_url, result) if result else None
    return (request, "") if request else None


def read(words: JobWords, body: Json) -> Update:
    """Return what a state answer tells."""
    status = words.find("status", body)
    result = result_of(words, body)
    word = status if isinstance(status, str) else ""
    # Some providers send no status while a job waits, and the result alone when it is done.
    phase = words.phase(word) if word else (Phase.DONE if result else Phase.WAITING)
    if not word and words.find("error", body):
        phase = Phase.FAILED
    progress = words.find("progress", body)
    number = (
        float(progress)
        if isinstance(progress, int | float) and not isinstance(progress, bool)
        else None
    )
    return Update(
        phase=phase, status=word, progress=number, unknown=bool(word) and not words.known(word)
    )


def result_of(words: JobWords, body: Json) -> str:
    """Return the address of the result, or an empty string."""
    found = words.find("result", body)
    if isinstance(found, list) and found:
        found = found[0]
    return found if isinstance(found, str) else ""


def retry_after(answer: Answer | None) -> float:
    """Return how long the provider asks to wait, in seconds; 0 where it does not say."""
    told = answer.header("retry-after") if isinstance(answer, Response) else ""
    return min(float(told), 300.0) if told.isdecimal() else 0.0


def _state(words: JobWords, answer: Answer | None) -> Json:
    """Return the body of an answer that tells a state; a failed job may come as a 4xx."""
    if answer is None or isinstance(answer, Failure):
        return None
    body = answer.json()
    if 200 <= answer.status < 300:
        return body if isinstance(body, dict) else None
    status = words.find("status", body)
    return body if isinstance(status, str) and words.phase(status) is Phase.FAILED else None
