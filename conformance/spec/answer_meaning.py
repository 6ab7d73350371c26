"""What an answer amounts to, whichever way its provider says no: by status, or by a code inside."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from conformance.model.exchange import Failure
from conformance.model.json_place import at
from conformance.spec.words.refusal_word import USUALLY_GOOD, RefusalWord

if TYPE_CHECKING:
    from conformance.model.exchange import Answer, Exchange, Json, Response
    from conformance.spec.document import Spec
    from conformance.spec.job_words import JobWords
    from conformance.spec.operation import Operation


class AnswerMeaning(StrEnum):
    """What one answer amounts to."""

    ANSWERED = "answered"
    #: For what was asked, and for nothing else that is known.
    INVALID = "invalid"
    UNAUTHORIZED = "unauthorized"
    #: 403: servers give it for a bad key and for a bad request alike.
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not-found"
    NO_BALANCE = "no-balance"
    RATE_LIMITED = "rate-limited"
    MODERATED = "moderated"
    #: A conflict, a redirect, a server's error, or no answer at all: neither yes nor no.
    UNCLEAR = "unclear"

    @property
    def refused(self) -> bool:
        """Whether it says no, for whatever reason."""
        return self not in (
            AnswerMeaning.ANSWERED,
            AnswerMeaning.RATE_LIMITED,
            AnswerMeaning.UNCLEAR,
        )

    @property
    def concerns_key(self) -> bool:
        """Whether the key is to blame, or may be."""
        return self in (AnswerMeaning.UNAUTHORIZED, AnswerMeaning.FORBIDDEN)


#: What a status means everywhere; any other 4xx is for what was asked.
_USUAL = {
    401: AnswerMeaning.UNAUTHORIZED,
    402: AnswerMeaning.NO_BALANCE,
    403: AnswerMeaning.FORBIDDEN,
    404: AnswerMeaning.NOT_FOUND,
    405: AnswerMeaning.NOT_FOUND,
    407: AnswerMeaning.UNAUTHORIZED,
    408: AnswerMeaning.UNCLEAR,
    409: AnswerMeaning.UNCLEAR,
    410: AnswerMeaning.NOT_FOUND,
    425: AnswerMeaning.UNCLEAR,
    429: AnswerMeaning.RATE_LIMITED,
    451: AnswerMeaning.MODERATED,
}
#: Where a code stands in an error that no spec describes.
_CODES = ("code", "error_code", "errcode", "errno")


def meaning(operation: Operation | None, answer: Answer) -> AnswerMeaning:
    """Return what an answer of an operation amounts to; of none, the status alone tells it."""
    if isinstance(answer, Failure):
        return AnswerMeaning.UNCLEAR
    word = operation.refusal_at(answer.status) if operation else RefusalWord()
    code = told_code(word, answer)
    if code is None or word.good.hold(code):
        return _by_status(word, answer.status)
    if name := word.named(code):
        return AnswerMeaning(name)
    by_status = _by_status(word, answer.status)
    return AnswerMeaning.INVALID if by_status is AnswerMeaning.ANSWERED else by_status


def meaning_in(spec: Spec, exchange: Exchange) -> AnswerMeaning:
    """Return what an exchange's answer amounts to, by the operation that it was sent to."""
    return meaning(spec.named(exchange.operation), exchange.answer)


def told_code(word: RefusalWord, answer: Response) -> Json:
    """Return the code in an answer by which it would be refused, or None where there is none."""
    if not word.code:
        return None
    body = answer.json()
    codes = (at(body, pointer) for pointer in word.code)
    return next((code for code in codes if code is not None), None)


def _by_status(word: RefusalWord, status: int) -> AnswerMeaning:
    if name := word.named(status):
        return AnswerMeaning(name)
    if 200 <= status < 300:
        # Where a code tells refusals, a success without one is a success.
        refused = not word.code and word.status.hold(status)
        return AnswerMeaning.INVALID if refused else AnswerMeaning.ANSWERED
    if status in _USUAL:
        return _USUAL[status]
    refused = 400 <= status < 500 or word.status.hold(status)
    return AnswerMeaning.INVALID if refused else AnswerMeaning.UNCLEAR


def is_disguised(spec: Spec, exchange: Exchange) -> bool:
    """Say whether an answer is a success with an error in it, and its spec knows of no such way."""
    answer = exchange.answer
    if isinstance(answer, Failure) or not 200 <= answer.status < 300:
        return False
    asked = spec.named(exchange.operation)
    if asked is None or told_code(asked.refusal_at(answer.status), answer) is not None:
        return False
    job, body = spec.told_by(asked), answer.json()
    if job and job.find("status", body) is not None:
        return False
    return error_inside(job, body)


def error_inside(job: JobWords | None, body: Json) -> bool:
    """Say whether a body looks like an error, where no spec says how one looks."""
    if not isinstance(body, dict):
        return False
    if job and job.find("error", body):
        return True
    told = body.get("message") or body.get("msg")
    codes = [body[name] for name in _CODES if body.get(name) is not None]
    wrong_code = any(not USUALLY_GOOD.hold(code) for code in codes)
    no_success = body.get("success") is False or body.get("ok") is False
    return bool(body.get("error") or body.get("errors") or ((wrong_code or no_success) and told))
