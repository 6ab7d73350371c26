"""The sender: numbers every exchange, keeps the pace, and remembers what was paid for."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING

from conformance.model.exchange import Exchange, Failure, Fault, Purpose, Response
from conformance.run.events import ExchangeMade
from conformance.run.large_bodies import Spill
from conformance.run.money.request_book import RequestBook
from conformance.spec.answer_meaning import AnswerMeaning, meaning, meaning_in

if TYPE_CHECKING:
    from pathlib import Path

    from conformance.model.exchange import Answer, Request
    from conformance.run.events import Listener
    from conformance.run.journal import RunJournal, Ticket
    from conformance.run.target import Target
    from conformance.spec.document import Spec

#: How often a request is sent again that the provider explicitly put off (429 with Retry-After).
DEFERRALS = 3


class Sender:
    """Sends for a run; the only place where a run waits for a network."""

    def __init__(
        self,
        *,
        target: Target,
        spec: Spec,
        emit: Listener,
        concurrency: int,
        rate: float | None,
        journal: RunJournal | None,
        requests: RequestBook | None = None,
    ) -> None:
        #: What may be sent; whoever sends has set it aside before.
        self.requests = requests or RequestBook()
        self.target, self.spec, self.emit, self.journal = target, spec, emit, journal
        self.spill = Spill()
        self.count = 0
        #: Whether anybody ever answered, and what was said instead.
        self.answered = False
        self.last_failure = "nothing was sent"
        #: What a replay had no answer for: the first of each operation.
        self.missed: dict[str, str] = {}
        self._gate = asyncio.Semaphore(concurrency)
        self._gap = 1.0 / rate if rate else 0.0
        self._next = 0.0
        self._paused_until = 0.0
        self._wall: float | None = None

    @property
    def silent(self) -> bool:
        """Whether something was sent and nobody ever answered."""
        return self.requests.sent > 0 and not self.answered

    def remembers(self, request: Request) -> bool:
        """Say whether an earlier process of this run sent this already."""
        return self.journal is not None and self.journal.holds(request)

    def begin(self, moment: float) -> None:
        """Set what the run's clock says now, in seconds since 1970; else it is the machine's."""
        self._wall = moment - _clock()

    def now(self) -> float:
        """Return the time in seconds since 1970, on the clock of the run: a virtual one jumps."""
        if self._wall is None:
            self._wall = time.time() - _clock()
        return self._wall + _clock()

    async def submit(
        self,
        request: Request,
        *,
        operation: str,
        scenario: str = "",
        clause: str = "",
        note: str = "",
    ) -> Exchange:
        """Send what may be charged for: the intent is remembered before, the answer right after."""
        if self.journal is None:
            return await self.send(
                request,
                operation=operation,
                scenario=scenario,
                purpose=Purpose.SUBMIT,
                clause=clause,
                note=note,
            )
        ticket = self.journal.look(request, operation)
        if ticket.known is not None:
            self.count += 1
            self.requests.give_back(1)
            return self._made(replace(ticket.known, number=self.count, note=note), clause)
        return await self.send(
            request,
            operation=operation,
            scenario=scenario,
            purpose=Purpose.SUBMIT,
            clause=clause,
            note=note,
            ticket=ticket,
        )

    async def send(
        self,
        request: Request,
        *,
        operation: str,
        purpose: Purpose,
        scenario: str = "",
        clause: str = "",
        note: str = "",
        job: str = "",
        into: Path | None = None,
        ticket: Ticket | None = None,
    ) -> Exchange:
        """Send within the pace; a request that is explicitly put off is sent again later.

        What has a ticket is written down before and after.
        """
        answer, started, elapsed = await self._once(request, into, ticket)
        for _ in range(DEFERRALS):
            pause = self._put_off(answer, operation, purpose)
            if not pause or not self.requests.take(1):
                break
            self._paused_until = max(self._paused_until, _clock() + pause)
            answer, started, elapsed = await self._once(request, into)
        self.count += 1
        made = Exchange(
            number=self.count,
            operation=operation,
            purpose=purpose,
            scenario=scenario,
            request=request,
            answer=answer,
            started=started,
            elapsed=elapsed,
            job=job,
            note=note,
        )
        if self.journal and ticket:
            refused = meaning_in(self.spec, made).refused
            self.journal.keep(ticket, made, refused=refused)
        return self._made(made, clause)

    async def _once(
        self, request: Request, into: Path | None, ticket: Ticket | None = None
    ) -> tuple[Answer, float, float]:
        async with self._gate:
            await self._turn()
            if self.journal and ticket:
                self.journal.intend(ticket)
            self.requests.send()
            started, clock = self.now(), _clock()
            answer = await self.target.door.send(request, into=into)
            return answer, started, _clock() - clock

    def _made(self, exchange: Exchange, clause: str) -> Exchange:
        if isinstance(exchange.answer, Response):
            self.answered = True
        else:
            self.last_failure = f"{exchange.answer.fault}: {exchange.answer.detail}"
        if missing(exchange):
            self.missed.setdefault(exchange.operation, missing(exchange))
        self.emit(ExchangeMade(exchange=exchange, clause=clause))
        # Whoever writes it down has it whole; whoever judges it later finds what is large on disk.
        return self.spill.light(exchange)

    def _put_off(self, answer: Answer, operation: str, purpose: Purpose) -> float:
        """Return for how long a provider puts a request off, in seconds; 0 where it does not."""
        if not isinstance(answer, Response):
            return 0.0
        asked = self.spec.named(operation)
        limited = meaning(asked, answer) is AnswerMeaning.RATE_LIMITED
        if not limited and answer.status != HTTPStatus.SERVICE_UNAVAILABLE:
            return 0.0
        word = asked.refusal_at(answer.status) if asked else None
        if limited and purpose is Purpose.SUBMIT and word and word.makes_no_job is False:
            return 0.0  # it may have made a job, and another one would be paid for as well
        seconds = answer.header("retry-after")
        return min(float(seconds), 120.0) if seconds.isdecimal() else 0.0

    async def _turn(self) -> None:
        """Wait until the rate allows the next request, and while the provider asked for a pause."""
        now = _clock()
        at = max(now, self._next, self._paused_until)
        self._next = at + self._gap
        if at > now:
            await asyncio.sleep(at - now)


def missing(exchange: Exchange) -> str:
    """Return why a replay has no answer, or an empty string where there is one."""
    answer = exchange.answer
    return (
        answer.detail if isinstance(answer, Failure) and answer.fault is Fault.NOT_RECORDED else ""
    )


def _clock() -> float:
    return asyncio.get_running_loop().time()
