"""How a provider received a submit: taken on, refused, or neither."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from conformance.model.exchange import Failure, Response

if TYPE_CHECKING:
    from conformance.model.exchange import Answer, Json
    from conformance.spec.job_words import JobWords


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
    #: 402, 429, 5xx, a redirect, or no answer at all: neither yes nor no.
    UNCLEAR = "unclear"

    @property
    def refused(self) -> bool:
        """Whether the request itself was turned away, in the status or inside a success."""
        return self in (Reception.REFUSED, Reception.ERROR_INSIDE)

    @property
    def turned_away(self) -> bool:
        """Whether nothing was taken on: for the request itself, or for its key."""
        return self.refused or self is Reception.UNAUTHORIZED


_NEITHER = frozenset({402, 408, 409, 425, 429, 451})
#: Codes inside a body that tell no error.
_FINE = ("", "0", "200", "ok", "success")
#: 403 is not among them: servers give it for a bad key and for a bad request alike, and a refusal
#: proves nothing without its control.
_KEYS = frozenset({401, 407})


def reception(job: JobWords, answer: Answer) -> Reception:
    """Classify the answer to a submit."""
    if isinstance(answer, Failure):
        return Reception.UNCLEAR
    if answer.status in _KEYS:
        return Reception.UNAUTHORIZED
    if 400 <= answer.status < 500:
        return Reception.UNCLEAR if answer.status in _NEITHER else Reception.REFUSED
    if not 200 <= answer.status < 300:
        return Reception.UNCLEAR
    body = answer.json()
    if _names_a_job(job.find("id", body)):
        return Reception.ACCEPTED
    return Reception.ERROR_INSIDE if error_inside(job, body) else Reception.NO_JOB


def _names_a_job(id: Json) -> bool:
    """Say whether a value can stand for a job: nobody can ask for an object, a list or a truth."""
    return isinstance(id, str | int | float) and not isinstance(id, bool) and id != ""


def error_inside(job: JobWords, body: Json) -> bool:
    """Say whether a body carries an error, whatever the status says."""
    if job.find("error", body) or not isinstance(body, dict):
        return bool(body) and isinstance(body, dict)
    code = body.get("code")
    told = body.get("message") or body.get("msg")
    wrong_code = code is not None and str(code).lower() not in _FINE
    return bool(body.get("error") or body.get("errors") or (wrong_code and told))


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
