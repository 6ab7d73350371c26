"""How a provider received a submit: taken on, refused, or neither."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from conformance.model.exchange import Failure, Response
from conformance.spec.answer_meaning import AnswerMeaning, error_inside, meaning, told_code

if TYPE_CHECKING:
    from conformance.model.exchange import Answer, Json
    from conformance.spec.operation import Operation


class Reception(StrEnum):
    """What the answer to a submit amounts to."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    #: No or a wrong key: says nothing of the request itself.
    UNAUTHORIZED = "unauthorized"
    #: An error object inside a 2xx.
    ERROR_INSIDE = "error inside success"
    #: A 2xx that names no job.
    NO_JOB = "success without a job"
    #: No balance, too many, a server's error, or no answer at all: neither yes nor no.
    UNCLEAR = "unclear"

    @property
    def refused(self) -> bool:
        """Whether the request itself was turned away, in the status or inside a success."""
        return self in (Reception.REFUSED, Reception.ERROR_INSIDE)

    @property
    def turned_away(self) -> bool:
        """Whether nothing was taken on: for the request itself, or for its key."""
        return self.refused or self is Reception.UNAUTHORIZED


_REFUSALS = {
    AnswerMeaning.INVALID: Reception.REFUSED,
    AnswerMeaning.NOT_FOUND: Reception.REFUSED,
    # A refusal proves nothing without its control, so that a bad key is not taken for one.
    AnswerMeaning.FORBIDDEN: Reception.REFUSED,
    AnswerMeaning.UNAUTHORIZED: Reception.UNAUTHORIZED,
}


def reception(operation: Operation, answer: Answer) -> Reception:
    """Classify the answer to a submit."""
    meant = meaning(operation, answer)
    if meant is not AnswerMeaning.ANSWERED or isinstance(answer, Failure):
        return _REFUSALS.get(meant, Reception.UNCLEAR)
    job, body = operation.job, answer.json()
    if job and _names_a_job(job.find("id", body)):
        return Reception.ACCEPTED
    said_good = told_code(operation.refusal_at(answer.status), answer) is not None
    disguised = not said_good and error_inside(job, body)
    return Reception.ERROR_INSIDE if disguised else Reception.NO_JOB


def _names_a_job(id: Json) -> bool:
    """Say whether a value can stand for a job: nobody can ask for an object, a list or a truth."""
    return isinstance(id, str | int | float) and not isinstance(id, bool) and id != ""


def describe(answer: Answer) -> str:
    """Return an answer in a few words, for people: `HTTP 422 "duration too long"`."""
    if isinstance(answer, Failure):
        return f"no answer ({answer.fault}: {answer.detail})"
    told = _told(answer)
    return f"HTTP {answer.status}" + (f" “{told}”" if told else "")


def _told(answer: Response) -> str:
    body = answer.json()
    for name in ("error", "message", "detail", "msg"):
        found = body.get(name) if isinstance(body, dict) else None
        if isinstance(found, dict):
            found = found.get("message")
        if isinstance(found, str):
            return found[:120]
    return ""
