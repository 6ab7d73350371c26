"""Purchasing: submits within the budget, and follows every job that was paid for to its end."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from conformance.jobs.request_recognition import Recogniser
from conformance.jobs.request_rendering import render
from conformance.model.exchange import Auth, Failure
from conformance.model.json_place import MISSING, at, get, path_of, put
from conformance.model.money import MoneyBook
from conformance.model.verdict import Reason, ReasonCode
from conformance.model.witness import NO_JOB
from conformance.promises.evidence import Attempt, body_of
from conformance.promises.kinds.billing import number_at, stated_cost
from conformance.run.events import JobEnded, JobStarted, Noted
from conformance.run.job_following import JobFollowing
from conformance.run.job_pace import Pace
from conformance.run.money.budget import Budget
from conformance.run.money.request_book import JobAllowance, ceiling_reached
from conformance.run.planning.request_ceiling import FOLLOWING
from conformance.run.sender import missing
from conformance.run.verdicts import not_recorded
from conformance.spec.job_words import End
from conformance.spec.reception import Reception, reception

if TYPE_CHECKING:
    from collections.abc import Iterable

    from conformance.model.exchange import Json
    from conformance.model.witness import Case, Witness
    from conformance.run.run_settings import Settings
    from conformance.run.sender import Sender
    from conformance.run.target import Target
    from conformance.spec.document import Spec
    from conformance.spec.operation import Operation
    from conformance.spec.words.operation_words import NeedsWord


@dataclass(kw_only=True)
class Purchasing:
    """What was submitted so far, what it cost, and what is still running."""

    spec: Spec
    target: Target
    sender: Sender
    settings: Settings
    #: Why a clause's requests were not sent, by clause id.
    gaps: dict[str, Reason]
    #: Operations of which a single job is planned.
    bought_once: frozenset[str] = frozenset()
    attempts: list[Attempt] = field(default_factory=list)
    #: Finished jobs that others build on, by operation.
    originals: dict[str, str] = field(default_factory=dict)
    #: Operations whose original is one that the document names: nobody here made it.
    borrowed: set[str] = field(default_factory=set)
    #: Operations of which no job was seen to finish: what stands in `originals` may be no original.
    doubtful: set[str] = field(default_factory=set)
    running: dict[str, JobStarted] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Begin with nothing bought."""
        book = MoneyBook(limit=self.settings.budget, max_jobs=self.settings.max_jobs)
        self.budget = Budget(book=book, ledger=self.settings.ledger)
        self.pace = Pace()
        self._said = False
        #: What each job was counted with, by the number of its submit.
        self._counted: dict[int, float | None] = {}
        self._recognise = Recogniser(self.spec)
        self._tasks: dict[int, asyncio.Task[None]] = {}

    async def submit(
        self,
        case: Case,
        *,
        price: float | None,
        witness: Witness | None = None,
        input_seconds: int | None = None,
        clauses: Iterable[str] = (),
    ) -> Attempt | None:
        """Send what may become a job, if the budget allows it, and follow it where it does."""
        operation = self.spec.operation(case.operation)
        prepared = self._prepared(operation, case, witness)
        if prepared is None:
            needed = operation.needs.operation if operation.needs else ""
            text = f"no finished {needed} job is at hand as its original"
            self.gap(clauses, Reason(code=ReasonCode.NO_INPUT, text=text))
            return None
        request = render(self.spec, self.target.base_url, prepared)
        remembered = self.sender.remembers(request)
        if not await self.sender.requests.reserve(1 + FOLLOWING):
            why = ceiling_reached(self.sender.requests)
            self._say_once(why.text)
            self.gap(clauses, why)
            return None
        if not remembered and not self.budget.reserve(price):
            self.sender.requests.give_back(1 + FOLLOWING)
            self._say_once(self.budget.why)
            self.gap(clauses, Reason(code=ReasonCode.BUDGET, text=self.budget.why))
            return None
        note = witness.note if witness else ""
        clause = witness.clause if witness else ""
        exchange = await self.sender.submit(
            request, operation=operation.id, scenario=case.scenario, clause=clause, note=note
        )
        allowance = JobAllowance(self.sender.requests, FOLLOWING)
        if missing(exchange):
            allowance.close()
            self.budget.release(price)
            self.gap([clause] if clause else clauses, not_recorded(missing(exchange)))
            return None
        attempt = Attempt(
            exchange=exchange,
            case=prepared,
            operation=operation,
            witness=witness,
            input_seconds=input_seconds,
        )
        self.attempts.append(attempt)
        if attempt.accepted:
            self._count(attempt, price, remembered=remembered)
            self._start(attempt, price, allowance)
        else:
            allowance.close()
            if not remembered:
                lost = isinstance(exchange.answer, Failure) and exchange.answer.delivered
                self.budget.release(price, lost=lost)
        return attempt

    def remembers(self, case: Case) -> bool:
        """Say whether an earlier process of this run sent this already."""
        prepared = self._prepared(self.spec.operation(case.operation), case)
        if prepared is None:
            return False
        return self.sender.remembers(render(self.spec, self.target.base_url, prepared))

    def _say_once(self, why: str) -> None:
        """Tell a person, the first time, that nothing more is submitted."""
        if not self._said:
            self._said = True
            self.sender.emit(Noted(text=f"nothing more is submitted: {why}"))

    def _prepared(
        self, operation: Operation, case: Case, witness: Witness | None = None
    ) -> Case | None:
        """Put in the id of the finished job that an operation needs.

        A request that is to be refused for what it names instead keeps that.
        """
        needs = operation.needs
        if needs is None:
            return case
        original = self.originals.get(needs.operation)
        if original is None or (needs.operation in self.borrowed and case.auth is Auth.SECOND):
            return None
        if named_original(needs, case) == NO_JOB:
            original = unlike(original)
        if needs.parameter:
            return replace(case, parameters={**case.parameters, needs.parameter: original})
        field = path_of(needs.field)
        named = get(case.body, field)
        if case.raw is not None or named is MISSING:
            return case
        control = witness.control if witness else None
        if control is not None and named not in (NO_JOB, get(control, field)):
            return case
        return replace(case, body=put(case.body, field, original))

    def borrow(self, operation: str) -> str:
        """Take an original that was not seen to finish, or a documented one; say which."""
        made = [
            attempt.track.id
            for attempt in self.attempts
            if attempt.operation.id == operation
            and attempt.track
            and attempt.track.end is not End.FAILED
        ]
        documented = [
            submit.needs.known
            for submit in self.spec.submits
            if submit.needs and submit.needs.operation == operation and submit.needs.known
        ]
        if not made and not documented:
            return f"no {operation} job was finished, so nothing that extends one can be tried"
        original = (made + documented)[0]
        self.originals[operation] = original
        self.doubtful.add(operation)
        if original in documented:
            self.borrowed.add(operation)
        return f"no {operation} job was finished, so an original that may not be there is tried"

    def _count(self, attempt: Attempt, price: float | None, *, remembered: bool) -> None:
        """Count a job at its cost: as the provider says, else as expected."""
        cost = attempt.operation.cost
        observed = number_at(attempt, cost.observed) if cost and cost.observed else None
        charged = price if observed is None else observed
        if remembered:
            self.budget.recall(charged)
        else:
            self.budget.settle(price, charged=charged)
        self._counted[attempt.exchange.number] = charged

    def _correct(self, attempt: Attempt) -> None:
        """Count a followed job at the cost that only its later answers state."""
        cost = attempt.operation.cost
        if cost is None or number_at(attempt, cost.observed) is not None:
            return
        stated = stated_cost(attempt, cost.observed)
        if stated is not None:
            self.budget.correct(self._counted[attempt.exchange.number], stated)

    def _start(self, attempt: Attempt, price: float | None, allowance: JobAllowance) -> None:
        operation, number = attempt.operation, attempt.exchange.number
        assert operation.job is not None
        job_id = str(operation.job.find("id", body_of(attempt.exchange)))
        label = f"job-{number}"
        started = JobStarted(
            job=label,
            id=job_id,
            operation=operation.id,
            scenario=attempt.case.scenario,
            price=price,
            exchange=number,
        )
        self.running[label] = started
        self.sender.emit(started)
        # Every second file is taken from the content operation, where there is one; the only file
        # is taken in both ways.
        jobs = [
            bought
            for bought in self.attempts
            if bought.operation.id == operation.id and bought.accepted
        ]
        by_content: tuple[bool, ...] = (len(jobs) % 2 == 0,)
        if operation.id in self.bought_once:
            by_content = (False, True)
        self._tasks[number] = asyncio.create_task(
            self._follow(attempt, job_id, label, allowance, by_content=by_content)
        )

    async def _follow(
        self,
        attempt: Attempt,
        job_id: str,
        label: str,
        allowance: JobAllowance,
        *,
        by_content: tuple[bool, ...],
    ) -> None:
        begun = self.sender.now()
        following = JobFollowing(
            spec=self.spec,
            target=self.target,
            sender=self.sender,
            settings=self.settings,
            allowance=allowance,
            recognise=self._recognise,
            pace=self.pace,
            by_content=by_content,
        )
        track = await following.follow(attempt, job_id, label)
        allowance.close()
        numbers = [made.exchange.number for made in self.attempts]
        index = numbers.index(attempt.exchange.number)
        self.attempts[index] = replace(attempt, track=track)
        self._correct(self.attempts[index])
        self.running.pop(label, None)
        self.sender.emit(
            JobEnded(
                job=label,
                end=track.end,
                seconds=self.sender.now() - begun,
                ended_by=track.last.number if track.last else None,
            )
        )

    async def finish(self) -> None:
        """Wait until every job has come to its end."""
        while pending := [task for task in self._tasks.values() if not task.done()]:
            await asyncio.gather(*pending)
        for task in self._tasks.values():
            task.result()

    async def settled(self) -> None:
        """Wait until a job of each operation is finished: always the same, for replays."""
        finished: set[str] = set()
        for attempt in [attempt for attempt in self.attempts if attempt.accepted]:
            if attempt.operation.id in finished:
                continue
            await self._tasks[attempt.exchange.number]
            for followed in self.attempts:
                is_it = followed.exchange.number == attempt.exchange.number
                if is_it and followed.track and followed.track.end is End.DONE:
                    finished.add(followed.operation.id)

    async def followed(self, attempt: Attempt) -> None:
        """Wait until one job has come to its end."""
        await self._tasks[attempt.exchange.number]

    def drop(self) -> None:
        """Follow nothing any further."""
        for task in self._tasks.values():
            task.cancel()

    def tell_left(self) -> None:
        """Name the jobs of an earlier process that this one had no reason to come to."""
        if self.sender.journal is None:
            return
        for exchange in self.sender.journal.unasked():
            operation = self.spec.operation(exchange.operation)
            job = operation.job
            if job and reception(operation, exchange.answer) is Reception.ACCEPTED:
                job_id = job.find("id", body_of(exchange))
                text = (
                    f"job {job_id} of the process that was stopped was not followed again: "
                    "this time nothing asked for it"
                )
                self.sender.emit(Noted(text=text))

    def gap(self, clauses: Iterable[str], why: Reason) -> None:
        """Remember why requests for these clauses were not sent."""
        for clause in clauses:
            self.gaps.setdefault(clause, why)


def named_original(needs: NeedsWord, case: Case) -> Json:
    """Return the id of the job that a request builds on, as it stands in it."""
    return case.parameters.get(needs.parameter) if needs.parameter else at(case.body, needs.field)


def unlike(job_id: str) -> str:
    """Return an id that looks like another and is none: its last characters are turned."""
    turned = str.maketrans(
        "abcdefghijklmnopqrstuvwxyz0123456789", "zyxwvutsrqponmlkjihgfedcba9876543210"
    )
    changed = job_id[:-8] + job_id[-8:].translate(turned)
    return f"{job_id}-0" if changed == job_id else changed
