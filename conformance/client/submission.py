"""Submit a paid job: sent again only where it was certainly not delivered, or put off."""

from __future__ import annotations

import logging
import time
import uuid
from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.client.client_core import words_of
from conformance.client.errors import ClientError, OutcomeUnknown, UnexpectedAnswer, Unreachable
from conformance.client.job_reference import Reference
from conformance.client.results import refusal, retry_after
from conformance.client.steps import Send, Wait
from conformance.model.exchange import Failure, Fault, Purpose
from conformance.spec.answer_meaning import AnswerMeaning, meaning
from conformance.spec.reception import Reception, describe, reception

if TYPE_CHECKING:
    from conformance.client.client_core import Core
    from conformance.client.drafting.request_draft import RequestDraft
    from conformance.client.steps import Steps
    from conformance.model.exchange import Answer, Exchange, Request, Response
    from conformance.spec.operation import Operation

#: How often a submit is sent at most.
ATTEMPTS = 4
#: The first pause before another attempt; each next one is twice as long.
PAUSE = 0.5
#: Ways not to arrive that may be over in a moment.
_PASSING = frozenset({Fault.REFUSED, Fault.DNS, Fault.TIMEOUT})
_log = logging.getLogger("conformance.client")


def submitting(core: Core, draft: RequestDraft, *, patience: float) -> Steps[Reference]:
    """Send a draft and return the reference of its job.

    `patience` bounds how long it may be put off.
    """
    request = core.request(draft)
    key = _idempotency(draft)
    if key:
        request = replace(request, headers=(*request.headers, key))
    reserved = core.budget.reserve(draft, core.spec.provider.title)
    try:
        answer = yield from _delivered(core, draft, request, patience, repeatable=bool(key))
        reference, charged = _accepted(core, draft, request, answer, key[1] if key else "")
    except (OutcomeUnknown, UnexpectedAnswer):
        raise  # it may be charged for: what is reserved stays so
    except ClientError:
        core.budget.release(reserved)
        raise
    core.budget.settle(reserved, charged)
    _log.info("%s took job %s (%s)", core.spec.name, reference.id, draft.operation.id)
    return reference


def _delivered(
    core: Core, draft: RequestDraft, request: Request, patience: float, *, repeatable: bool
) -> Steps[Answer]:
    """Return the answer of the one attempt that arrived and was not put off."""
    deadline, pause, attempt = core.now() + patience, PAUSE, 1
    while True:
        answer: Answer = yield Send(
            request=request, purpose=Purpose.SUBMIT, operation=draft.operation.id
        )
        wait = _again(draft.operation, answer, pause, repeatable=repeatable)
        if wait is None or attempt == ATTEMPTS or core.now() + wait > deadline:
            break
        yield Wait(seconds=wait)
        pause, attempt = pause * 2, attempt + 1
    if isinstance(answer, Failure) and not answer.delivered:
        raise Unreachable(
            core.clean.text(answer.detail),
            attempt,
            core.exchange(request, answer, Purpose.SUBMIT, draft.operation.id),
        )
    return answer


def _again(operation: Operation, answer: Answer, pause: float, *, repeatable: bool) -> float | None:
    """Return how long to wait before it may be sent again, or None where it may not."""
    if isinstance(answer, Failure):
        passing = not answer.delivered and answer.fault in _PASSING
        return pause if passing or (answer.delivered and repeatable) else None
    if meaning(operation, answer) is AnswerMeaning.RATE_LIMITED:
        asked_pause = retry_after(answer)
        if asked_pause is None or (_may_have_made_a_job(operation, answer) and not repeatable):
            return None
        return max(asked_pause, 0.05)
    return pause if repeatable and answer.status >= 500 else None


def _may_have_made_a_job(operation: Operation, answer: Response) -> bool:
    """Say whether a submit may have made a job though it was refused for its rate."""
    limited = meaning(operation, answer) is AnswerMeaning.RATE_LIMITED
    return limited and operation.refusal_at(answer.status).makes_no_job is False


def _accepted(
    core: Core, draft: RequestDraft, request: Request, answer: Answer, key: str
) -> tuple[Reference, float | None]:
    """Return the job that an answer names and its cost, or raise what it means instead."""
    exchange = core.exchange(request, answer, Purpose.SUBMIT, draft.operation.id)
    meant = meaning(draft.operation, answer)
    if (
        isinstance(answer, Failure)
        or answer.cut
        or (meant is AnswerMeaning.UNCLEAR and (answer.status >= 500 or answer.status == 408))
        or _may_have_made_a_job(draft.operation, answer)
    ):
        raise OutcomeUnknown(
            describe(exchange.answer), exchange, draft.operation.id, draft.price, key
        )
    if meant is not AnswerMeaning.ANSWERED:
        raise _refused(draft.operation, answer.status, exchange)
    words, body = words_of(draft.operation), answer.json()
    job_id = words.find("id", body)
    if isinstance(job_id, bool) or not isinstance(job_id, str | int) or job_id == "":
        raise _nameless(draft, exchange)
    charged = core.charged(draft.operation, body)
    address = words.find("address", body) if words.poll is None else None
    reference = Reference(
        provider=core.spec.name,
        operation=draft.operation.id,
        scenario=draft.scenario.title,
        id=str(job_id),
        base_url=core.base_url,
        address=address if isinstance(address, str) else "",
        submitted=time.time(),
        duration=draft.duration,
        size=draft.size,
        aspect_ratio=draft.aspect_ratio,
        cost=charged if charged is not None else draft.price,
    )
    return reference, charged


def _refused(operation: Operation, status: int, exchange: Exchange) -> ClientError:
    if 300 <= status < 400:
        return UnexpectedAnswer(
            "an answer to the submit",
            f"a redirect (HTTP {status}), which a paid request does not follow",
            exchange,
        )
    return refusal(operation, exchange)


def _nameless(draft: RequestDraft, exchange: Exchange) -> ClientError:
    if reception(draft.operation, exchange.answer) is Reception.ERROR_INSIDE:
        return refusal(draft.operation, exchange)
    received = (
        f"{describe(exchange.answer)}, which names none; it may have made a job, "
        "so it is not sent again"
    )
    return UnexpectedAnswer("a job with an id", received, exchange)


def _idempotency(draft: RequestDraft) -> tuple[str, str] | None:
    """Return the header that makes a repetition safe, where the provider documents one."""
    for name, place in draft.operation.parameters.items():
        if place == "header" and "idempotency" in name.lower():
            return name, str(uuid.uuid4())
    return None
