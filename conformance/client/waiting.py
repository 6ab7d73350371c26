"""Wait for a job: the shared flow, watched for what the caller has to know."""

from __future__ import annotations

import logging
import warnings
from typing import TYPE_CHECKING

from conformance.client.client_core import words_of
from conformance.client.errors import JobLost, JobUnknown, TimedOut, UnknownStatus
from conformance.client.results import Result, failed, finished, refusal
from conformance.client.steps import Send, Update, Wait
from conformance.jobs.job_life import (
    Ended,
    Pacing,
    follow,
    poll_request,
    read,
    retry_after,
    state_body,
)
from conformance.model.exchange import Failure, Purpose
from conformance.model.json_place import path_of, put
from conformance.spec.answer_meaning import AnswerMeaning, is_disguised, meaning
from conformance.spec.job_words import End
from conformance.spec.reception import describe

if TYPE_CHECKING:
    from collections.abc import Generator

    from conformance.client.client_core import Core
    from conformance.client.job_reference import Reference
    from conformance.client.steps import Step, Steps
    from conformance.jobs.job_life import Step as Flowing
    from conformance.model.exchange import Answer, Exchange, Json
    from conformance.spec.operation import Operation

#: How many looks in a row may fail before a wait gives up; the deadline bounds it as well.
PATIENCE = 20
#: How many answers in a row may refuse to tell of the job: some providers need a moment to know
#: their own.
DENIALS = 4
#: How often one look is tried where nobody waits for the end.
LOOKS = 3
_log = logging.getLogger("conformance.client")


class Watch:
    """Remembers what a wait has seen, so that its end can be told with all that is known."""

    def __init__(self, core: Core, reference: Reference) -> None:
        """Begin with nothing seen."""
        self.core, self.reference = core, reference
        self.status = ""
        self.denials = 0
        self.last: Exchange | None = None
        self._warned: set[str] = set()

    def see(self, step: Send, answer: Answer) -> None:
        """Look at an answer; raise where waiting on is of no use."""
        self.last = self.core.exchange(step.request, answer, step.purpose, step.operation)
        poll = self.core.spec.operation(step.operation)
        meant = meaning(poll, answer)
        # A failed job may be served like an error of the request.
        tells = read(words_of(self.core.operation(self.reference)), poll, answer) is not None
        denied = meant.refused or is_disguised(self.core.spec, self.last)
        if tells or not denied:
            self.denials = 0
            return
        self.denials += 1
        if self.denials < DENIALS and not meant.concerns_key:
            return
        if meant is AnswerMeaning.NOT_FOUND:
            raise JobUnknown(self.reference, describe(self.last.answer), self.last)
        if meant.refused:
            raise refusal(poll, self.last, self.reference)
        raise _lost(self)

    def hear(self, update: Update) -> None:
        """Note a state; warn once for each status word that the spec does not know."""
        self.status = update.status
        if update.unknown and update.status not in self._warned:
            self._warned.add(update.status)
            message = (
                f"Job {self.reference.id} has the status {update.status[:80]!r}, which the spec "
                "does not know; it counts as waiting until the deadline."
            )
            _log.warning(message)
            warnings.warn(message, UnknownStatus, stacklevel=2)


def waiting(core: Core, reference: Reference, *, timeout: float) -> Steps[Result]:
    """Look at a job until it ends and return its result; other ends are errors with the id."""
    operation, began = _ready(core, reference), core.now()
    first, longest = core.every(words_of(operation))
    pacing = Pacing(first=first, longest=longest, limit=timeout, now=core.now, patience=PATIENCE)
    watch = Watch(core, reference)
    ended = yield from _relay(
        watch,
        follow(
            core.spec, core.base_url, operation, reference.id, _answer(operation, reference), pacing
        ),
    )
    if ended.end is End.DONE:
        return finished(core, reference, ended.body, watch.last)
    if ended.end is End.FAILED:
        raise failed(core, reference, watch.status, ended.body)
    if ended.end is End.TIMED_OUT:
        raise TimedOut(reference, round(core.now() - began, 3), watch.status)
    raise _lost(watch)


def looking(core: Core, reference: Reference) -> Steps[tuple[Update, Json]]:
    """Look at a job once; a look that fails on the way is tried again."""
    operation = _ready(core, reference)
    words = words_of(operation)
    asked = core.spec.operation(words.poll.operation) if words.poll else operation
    request = poll_request(
        core.spec, core.base_url, words, reference.id, _answer(operation, reference)
    )
    watch, pause = Watch(core, reference), 0.5
    for left in reversed(range(LOOKS if request else 0)):
        assert request is not None
        step = Send(request=request, purpose=Purpose.POLL, operation=asked.id)
        answer: Answer = yield step
        watch.see(step, answer)
        update = read(words, asked, answer)
        if update is not None:
            watch.hear(update)
            yield update
            return update, state_body(answer)
        if left:
            yield Wait(seconds=max(pause, retry_after(answer)))
            pause *= 2
    raise _lost(watch)


def cancelling(core: Core, reference: Reference) -> Steps[None]:
    """Ask the provider to stop a job, where it documents a way to."""
    from conformance.client.drafting.scenario_routing import offered
    from conformance.client.errors import NotOffered
    from conformance.jobs.request_rendering import render
    from conformance.model.witness import Case

    link = words_of(_ready(core, reference)).cancel
    if link is None:
        raise NotOffered("cancel a job", core.spec.provider.title, offered(core.spec))
    request = render(
        core.spec,
        core.base_url,
        Case(operation=link.operation, parameters={link.parameter: reference.id}),
    )
    answer: Answer = yield Send(request=request, purpose=Purpose.PROBE, operation=link.operation)
    exchange = core.exchange(request, answer, Purpose.PROBE, link.operation)
    if isinstance(answer, Failure):
        raise JobLost(
            reference,
            f"whether it was cancelled is not known, {describe(exchange.answer)}",
            exchange,
        )
    asked = core.spec.operation(link.operation)
    if meaning(asked, answer) is not AnswerMeaning.ANSWERED:
        raise refusal(asked, exchange, reference)


def _relay(
    watch: Watch, flow: Generator[Flowing, Answer | None, Ended]
) -> Generator[Step, Answer | None, Ended]:
    """Hand the flow's steps on and look at what passes."""
    answer: Answer | None = None
    while True:
        try:
            step = flow.send(answer)
        except StopIteration as stop:
            ended: Ended = stop.value
            return ended
        if isinstance(step, Update):
            watch.hear(step)
        answer = yield step
        if isinstance(step, Send) and answer is not None:
            watch.see(step, answer)


def _ready(core: Core, reference: Reference) -> Operation:
    operation = core.operation(reference)
    core.ready(operation)
    return operation


def _answer(operation: Operation, reference: Reference) -> Json:
    """Return as much of the submit's answer as is needed to find the address to ask at."""
    words = words_of(operation)
    if not reference.address or not words.address:
        return {}
    pointer = words.envelope + words.address[0]
    answer: Json = put({}, path_of(pointer), reference.address)
    return answer


def _lost(watch: Watch) -> JobLost:
    if watch.last is None:
        return JobLost(watch.reference, "the provider named no address of its own to ask at")
    return JobLost(
        watch.reference, f"the last answer was {describe(watch.last.answer)}", watch.last
    )
