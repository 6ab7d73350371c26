"""One run: buy the planned jobs, send what must be refused, follow everything to its end, judge."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from conformance.jobs.request_rendering import render
from conformance.model.exchange import Auth, Fault, Purpose, Response
from conformance.model.verdict import Reason, ReasonCode
from conformance.model.witness import A_JOB, NO_JOB, Case
from conformance.promises.evidence import Attempt, Evidence
from conformance.promises.registry import rule_of
from conformance.run.decision import Spend
from conformance.run.events import Noted, PhaseBegan, RunInterrupted, RunStarted
from conformance.run.money.request_book import RequestBook, ceiling_reached
from conformance.run.planning.body_composing import apart
from conformance.run.planning.request_ceiling import AGAIN, ENOUGH, SHRINKS, most_requests
from conformance.run.planning.search import explored, smaller
from conformance.run.purchasing import Purchasing, unlike
from conformance.run.run_settings import Settings
from conformance.run.sender import Sender, missing
from conformance.run.verdicts import conclude, judge_all, not_recorded, silence, unrecorded
from conformance.spec.answer_meaning import AnswerMeaning, meaning_in
from conformance.spec.job_words import End
from conformance.spec.reception import Reception
from conformance.spec.schema.violations import valid

if TYPE_CHECKING:
    from collections.abc import Awaitable, Iterable, Sequence

    from conformance.model.clause import Clause
    from conformance.model.exchange import Exchange
    from conformance.model.witness import Witness
    from conformance.promises.wish import Wish
    from conformance.run.decision import Summary
    from conformance.run.events import Event, Listener
    from conformance.run.journal import RunJournal
    from conformance.run.planning.plan import Plan, PlannedJob
    from conformance.run.target import Target

#: How many jobs of each operation are bought one after the other where a balance is shown: two
#: pairs and what stands before them.
IN_TURN = 3


def unheard(event: Event) -> None:
    """Listen to nothing."""


@dataclass(kw_only=True)
class Run:
    """The state of one run. `go` does it all and returns the summary."""

    plan: Plan
    target: Target
    settings: Settings = field(default_factory=Settings)
    emit: Listener = unheard
    journal: RunJournal | None = None

    def __post_init__(self) -> None:
        """Set up what grows while the run goes on."""
        self.spec = self.plan.spec
        self.sender = Sender(
            target=self.target,
            spec=self.spec,
            emit=self.emit,
            concurrency=self.settings.concurrency,
            rate=self.settings.rate or self.spec.provider.rate,
            journal=self.journal,
            requests=RequestBook(self._most_requests()),
        )
        self.purchasing = Purchasing(
            spec=self.spec,
            target=self.target,
            sender=self.sender,
            settings=self.settings,
            gaps=dict(self.plan.gaps),
            bought_once=self._bought_once(),
        )
        self.probes: list[tuple[Witness, Exchange]] = []
        #: Seconds since the answers of a replay were recorded.
        self._since = 0.0
        #: Clauses found broken by a paid job, by operation and scenario.
        self._broken: dict[tuple[str, str], set[str]] = {}
        #: Places in the plan of the jobs that were asked for.
        self._bought: set[int] = set()
        # Where a balance is shown, submits go one after the other: each is accounted for.
        self._in_turn = any(
            operation.cost and operation.cost.balance for operation in self.spec.submits
        )

    def _most_requests(self) -> int | None:
        """Return how many requests are sent at most; a replay sends none at all."""
        if self.target.kind == "replay":
            return None
        return self.settings.max_requests or most_requests(
            self.plan, confirm=self.settings.confirm, explore=self.settings.explore
        )

    async def go(self) -> Summary:
        """Run everything; on cancellation say what is still running and paid."""
        recorded = self.target.recorded
        if recorded is not None:
            # Judges hold expiries to the time of the recording; the run itself is of today.
            self.sender.begin(recorded)
            self._since = time.time() - recorded
        started = self.sender.now() + self._since
        self.emit(
            RunStarted(
                plan=self.plan,
                provider=self.spec.name,
                target=self.target.kind,
                base_url=self.target.base_url,
                started=started,
                seed=self.settings.seed,
                recorded_from=self.target.recorded_from,
                recorded=recorded,
                most_requests=self.sender.requests.most,
            )
        )
        with self.sender.spill:
            try:
                await self._everything()
            except asyncio.CancelledError:
                self.emit(RunInterrupted(running=tuple(self.purchasing.running.values())))
                raise
            finally:
                self.purchasing.drop()
            return self._judge(started)

    async def _everything(self) -> None:
        await self._buy("originals", self._originals())
        await self._first_jobs()
        if self.sender.silent:
            return  # nobody is there; every further request would say the same
        self._warn_of_the_key()
        if self._in_turn:
            await self._buy_and_refuse_in_turn()
        else:
            # The provider works on the jobs while it is asked what it refuses.
            await asyncio.gather(self._buy("jobs", self._unbought()), self._refusals())
        await self._single_values()
        await self._explore()
        await self.purchasing.settled()
        await asyncio.gather(self.purchasing.finish(), self._reads())
        await self._confirm()
        await self.purchasing.finish()
        self.purchasing.tell_left()

    @property
    def _attempts(self) -> list[Attempt]:
        return self.purchasing.attempts

    def _warn_of_the_key(self) -> None:
        unauthorized = [attempt.reception is Reception.UNAUTHORIZED for attempt in self._attempts]
        if unauthorized and all(unauthorized):
            variable = self.spec.provider.key_env
            text = f"every request was turned away for its key: does {variable} hold the right one?"
            self.emit(Noted(text=text))

    async def _buy_and_refuse_in_turn(self) -> None:
        """Send an operation's refusals between two submits, so that a charge for them shows."""
        refusing = {witness.case.operation for witness in self.plan.refusals}
        for operation in self.spec.submits:
            if operation.id not in refusing:
                continue
            await self._refusals(operation.id)
            let_in = [
                attempt
                for attempt in self._attempts_at(operation.id)
                if attempt.accepted and attempt.witness
            ]
            if let_in:
                # Across a job that nobody planned the balance tells nothing: the refusals get
                # another pair of submits.
                await self._buy("jobs", self._closing())
                await self._refuse_again(operation.id)
            await self._buy("jobs", self._closing())
        await self._buy("jobs", self._accounted())
        # The rest need not be told apart on the balance, and need not wait for each other.
        await self._buy("jobs", self._unbought(), in_turn=False)

    # -- buying -------------------------------------------------------------------------

    def _needed(self) -> set[str]:
        """Return the operations whose jobs the planned ones build on."""
        planned = {job.case.operation for job in self.plan.jobs}
        return {
            operation.needs.operation
            for operation in self.spec.submits
            if operation.needs and operation.id in planned
        }

    def _bought_once(self) -> frozenset[str]:
        """Return the operations of which a single job is planned, other ways to ask left out."""
        counts = Counter(job.case.operation for job in self.plan.jobs)
        return frozenset(
            submit.id
            for submit in self.spec.submits
            if counts[submit.id] == 1 and submit.same_as is None
        )

    def _originals(self) -> list[PlannedJob]:
        """Return the first planned job of each operation that others need one of."""
        needed = self._needed()
        first: dict[str, PlannedJob] = {}
        for job in reversed(self.plan.jobs):
            if job.case.operation in needed:
                first[job.case.operation] = job
        return list(first.values())

    def _closing(self) -> list[PlannedJob]:
        """Return a job to show the balance with, of the operation with most to buy."""
        unbought = self._unbought()
        counts = Counter(job.case.operation for job in unbought)
        return sorted(unbought, key=lambda job: -counts[job.case.operation])[:1]

    def _accounted(self) -> list[PlannedJob]:
        """Return the jobs that show the balance falling often enough for each operation."""
        counts = Counter(self.plan.jobs[index].case.operation for index in self._bought)
        jobs = []
        for job in self._unbought():
            counts[job.case.operation] += 1
            if counts[job.case.operation] <= IN_TURN:
                jobs.append(job)
        return jobs

    def _unbought(self) -> list[PlannedJob]:
        return [job for index, job in enumerate(self.plan.jobs) if index not in self._bought]

    async def _first_jobs(self) -> None:
        """Buy a job of each scenario, the next where it is refused: refusals need a control."""
        groups: dict[tuple[str, str], list[PlannedJob]] = {}
        for job in self._unbought():
            groups.setdefault((job.case.operation, job.case.scenario), []).append(job)
        if any(operation.needs for operation in self.spec.submits):
            await self._await_originals()
        await self._send_all([self._first_of(jobs) for jobs in groups.values()], name="first jobs")

    async def _first_of(self, jobs: list[PlannedJob]) -> None:
        for job in jobs:
            attempt = await self._buy_one(job)
            if attempt is None:
                return
            # Where an earlier process never saw the answer, another request is the control.
            lost = attempt.exchange.fault is Fault.ANSWER_LOST
            if not lost and not attempt.reception.refused:
                return

    async def _buy(self, name: str, jobs: list[PlannedJob], *, in_turn: bool = True) -> None:
        await self._send_all([self._buy_one(job) for job in jobs], name=name, in_turn=in_turn)

    async def _send_all(
        self, pending: Sequence[Awaitable[object]], *, name: str, in_turn: bool = True
    ) -> None:
        self.emit(PhaseBegan(name=name, requests=len(pending)))
        if self._in_turn and in_turn:
            for request in pending:
                await request
        else:
            await asyncio.gather(*pending)

    async def _buy_one(self, job: PlannedJob) -> Attempt | None:
        self._bought.add(
            next(index for index, planned in enumerate(self.plan.jobs) if planned is job)
        )
        return await self.purchasing.submit(
            job.case, price=job.price, input_seconds=job.input_seconds, clauses=job.proves
        )

    async def _await_originals(self) -> None:
        """Wait for the jobs that others extend."""
        for operation in self._needed():
            for attempt in self._attempts_at(operation):
                if attempt.accepted:
                    await self.purchasing.followed(attempt)
            finished = [
                attempt.track.id
                for attempt in self._attempts_at(operation)
                if attempt.track and attempt.track.end is End.DONE
            ]
            if finished:
                self.purchasing.originals[operation] = finished[0]
            else:
                self.emit(Noted(text=self.purchasing.borrow(operation)))

    def _attempts_at(self, operation: str) -> list[Attempt]:
        return [attempt for attempt in self._attempts if attempt.operation.id == operation]

    # -- refusing -----------------------------------------------------------------------

    async def _refusals(self, operation: str = "") -> None:
        """Send what must be refused: clause beside clause, a clause's own one after the other."""
        groups: dict[str, list[Witness]] = {}
        for witness in self.plan.refusals:
            if operation in ("", witness.case.operation):
                groups.setdefault(witness.clause, []).append(witness)
        self.emit(PhaseBegan(name="refusals", requests=sum(map(len, groups.values()))))
        gate = asyncio.Semaphore(self.settings.concurrency)

        async def refuse(clause: str, witnesses: list[Witness]) -> None:
            async with gate:
                await self._refuse(clause, witnesses)

        await asyncio.gather(*(refuse(clause, witnesses) for clause, witnesses in groups.items()))

    async def _refuse_again(self, operation: str) -> None:
        """Send some of what was refused once more."""
        refused = [
            attempt.witness
            for attempt in self._attempts_at(operation)
            if attempt.witness and attempt.reception.refused
        ]
        await asyncio.gather(
            *(self._refuse(witness.clause, [witness]) for witness in refused[:AGAIN])
        )

    async def _refuse(self, clause: str, witnesses: list[Witness]) -> None:
        for witness in witnesses:
            operation, scenario = witness.case.operation, witness.case.scenario
            if witness.control is not None and not self._has_control(operation, scenario):
                text = f"no {scenario} request was accepted, so a refusal would prove nothing"
                self.purchasing.gap([clause], Reason(code=ReasonCode.NO_CONTROL, text=text))
                return
            if witness.case.auth is Auth.SECOND and not self.target.second_key:
                return
            broken = self._broken.setdefault((operation, scenario), set())
            if (
                len(broken) >= ENOUGH
                and not self._affords_the_worst()
                and not self.purchasing.remembers(witness.case)
            ):
                text = (
                    f"{ENOUGH} forbidden {scenario} requests were accepted and paid for; "
                    "the rest was not tried (raise --budget to try)"
                )
                self.purchasing.gap([clause], Reason(code=ReasonCode.BUDGET, text=text))
                return
            attempt = await self.purchasing.submit(
                witness.case, price=self.plan.dearest(operation), witness=witness, clauses=[clause]
            )
            if attempt is not None and attempt.accepted:
                broken.add(clause)
                return

    def _has_control(self, operation: str, scenario: str) -> bool:
        return any(
            attempt.accepted and attempt.case.scenario == scenario
            for attempt in self._attempts_at(operation)
        )

    def _affords_the_worst(self) -> bool:
        """Say whether every forbidden request may be taken without passing a limit."""
        budget, max_jobs, worst = self.settings.budget, self.settings.max_jobs, self.plan.worst
        most = len(self.plan.jobs) + len(self.plan.refusals)
        # Jobs of unknown price are bounded by their number alone.
        bounded_by_jobs = max_jobs is not None and max_jobs >= most
        bounded_by_money = budget is not None and budget >= worst.amount
        return bounded_by_money and (bounded_by_jobs or not worst.unpriced)

    # -- looking closer -----------------------------------------------------------------

    async def _single_values(self) -> None:
        """Where a request with many values was refused, send each value alone."""
        tried = list(self._attempts)
        bodies: list[object] = []
        submits = []
        for clause in self.plan.clauses:
            for wish in rule_of(clause).wishes(clause):
                if not self._was_refused(wish):
                    continue
                scenario = self.spec.operation(wish.operation).scenario(wish.scenario)
                single = apart(scenario, wish, self.target.inputs, tried)
                if single is None or single[0] in bodies:
                    continue
                body, seconds = single
                bodies.append(body)
                submits.append(
                    self.purchasing.submit(
                        Case(operation=wish.operation, scenario=wish.scenario, body=body),
                        price=self.plan.dearest(wish.operation),
                        input_seconds=seconds,
                        clauses=[clause.id],
                    )
                )
        await self._send_all(submits, name="single values")

    def _was_refused(self, wish: Wish) -> bool:
        """Say whether all that meets a wish was refused, and another of its scenario taken."""
        meeting = [
            attempt
            for attempt in self._attempts_at(wish.operation)
            if attempt.witness is None
            and wish.scenario in ("", attempt.case.scenario)
            and wish.suits(attempt.case.body, attempt.input_seconds)
        ]
        refused = all(attempt.reception.refused for attempt in meeting)
        if not meeting or not refused or not wish.wants:
            return False
        return self._has_control(wish.operation, wish.scenario)

    async def _explore(self) -> None:
        """Send what a search draws; what crashes the server is made smaller while it still does."""
        if not self.settings.explore and not self.plan.searches:
            return
        drawn = self.plan.searches or explored(
            self.spec, self.plan.clauses, count=self.settings.explore, seed=self.settings.seed
        )
        self.emit(PhaseBegan(name="search", requests=len(drawn)))
        for witness in drawn:
            if await self._crashes(witness, clauses=[witness.clause]):
                await self._shrink(witness)

    async def _shrink(self, witness: Witness) -> None:
        body = witness.case.body
        whole = self.spec.operation(witness.case.operation).scenarios[0].whole
        for _ in range(SHRINKS):
            for less in smaller(body):
                if valid(whole, less):
                    continue
                note = f"found by searching, made smaller: {json.dumps(less)[:120]}"
                case = replace(witness.case, body=less)
                if await self._crashes(replace(witness, case=case, note=note)):
                    body = less
                    break
            else:
                return

    async def _crashes(self, witness: Witness, clauses: Iterable[str] = ()) -> bool:
        attempt = await self.purchasing.submit(
            witness.case,
            price=self.plan.dearest(witness.case.operation),
            witness=witness,
            clauses=clauses,
        )
        answer = attempt.exchange.answer if attempt else None
        return isinstance(answer, Response) and answer.status >= 500

    async def _reads(self) -> None:
        """Send the free reads that must be refused: unknown ids, foreign jobs, no key."""
        witnesses = [
            witness
            for witness in self.plan.probes
            if witness.case.auth is not Auth.SECOND or self.target.second_key
        ]
        self.emit(PhaseBegan(name="reads", requests=len(witnesses)))
        await asyncio.gather(*(self._read(witness) for witness in witnesses))

    async def _read(self, witness: Witness) -> None:
        job_ids = self._readable_jobs(witness.case.operation)
        if not job_ids:
            text = "no job was made whose id could be asked for"
            reason = Reason(code=ReasonCode.NO_CONTROL, text=text)
            self.purchasing.gap([witness.clause], reason)
        for job_id in job_ids:
            values = {A_JOB: job_id, NO_JOB: unlike(job_id)}
            parameters = {
                name: values.get(value, value) for name, value in witness.case.parameters.items()
            }
            case = replace(witness.case, parameters=parameters)
            if not await self.sender.requests.reserve(1):
                self.purchasing.gap([witness.clause], ceiling_reached(self.sender.requests))
                return
            exchange = await self.sender.send(
                render(self.spec, self.target.base_url, case),
                operation=case.operation,
                purpose=Purpose.PROBE,
                clause=witness.clause,
                note=witness.note,
            )
            if missing(exchange):
                self.purchasing.gap([witness.clause], not_recorded(missing(exchange)))
            else:
                self.probes.append((witness, exchange))

    def _readable_jobs(self, operation: str) -> list[str]:
        """Return a job of each operation that a read can ask for, a finished one if any."""
        tracked = [attempt for attempt in self._attempts if attempt.track]
        finished = [
            attempt for attempt in tracked if attempt.track and attempt.track.end is End.DONE
        ]
        job_ids: dict[str, str] = {}
        for attempt in [*finished, *tracked]:
            if attempt.track and operation in attempt.operation.reads:
                job_ids.setdefault(attempt.operation.id, attempt.track.id)
        return list(job_ids.values())

    async def _confirm(self) -> None:
        """Look again at what costs nothing: refusals of what is allowed, reads that were let in."""
        accepted = [attempt.case.body for attempt in self._attempts if attempt.accepted]
        refused = [
            attempt
            for attempt in self._attempts
            if attempt.witness is None
            and attempt.reception.refused
            and attempt.case.auth is Auth.OWN
            and attempt.case.body not in accepted
        ]
        for _ in range(self.settings.confirm):
            submits = [
                self.purchasing.submit(
                    attempt.case,
                    price=self.plan.dearest(attempt.case.operation),
                    input_seconds=attempt.input_seconds,
                )
                for attempt in refused
            ]
            await self._send_all(submits, name="confirmations")
        let_in = [
            witness
            for witness, exchange in self.probes
            if meaning_in(self.spec, exchange) is AnswerMeaning.ANSWERED
        ]
        for _ in range(self.settings.confirm):
            await asyncio.gather(*(self._read(witness) for witness in let_in))

    # -- judging ------------------------------------------------------------------------

    def evidence(self) -> Evidence:
        """Return what was seen so far, as judges read it."""
        doubtful = [
            operation.id
            for operation in self.spec.submits
            if operation.needs and operation.needs.operation in self.purchasing.doubtful
        ]
        return Evidence(
            spec=self.spec,
            attempts=tuple(self._attempts),
            probes=tuple(self.probes),
            gaps=self.purchasing.gaps,
            doubtful=frozenset(doubtful),
            knows_samples=self.target.knows_samples,
            second_key=self.target.second_key,
            now=self.sender.now(),
        )

    def _judge(self, started: float) -> Summary:
        evidence = self.evidence()
        clauses: Sequence[Clause] = self.plan.clauses
        budget = self.purchasing.budget
        # Where nothing was sent at all, each promise has a reason of its own.
        if self.sender.answered or not self.sender.count:
            pairs = judge_all(clauses, evidence)
        else:
            pairs = silence(clauses, self.sender.last_failure)
        if self.target.recorded is not None:
            pairs = unrecorded(
                pairs, self.plan.unrecorded, self.sender.missed, strict=self.settings.strict
            )
        for remark in self.target.remarks():
            self.emit(Noted(text=remark))
        bought_nothing = (
            self.target.kind == "simulator" and bool(self.plan.jobs) and not budget.book.jobs
        )
        if bought_nothing:
            planned = len(self.plan.jobs)
            text = f"nothing was bought though {planned} jobs were planned: nothing paid is proved"
            self.emit(Noted(text=text))
        return conclude(
            pairs,
            evidence,
            self.emit,
            spend=Spend(
                requests=self.sender.count,
                jobs=budget.book.jobs,
                credits=budget.book.spent,
                unpriced=budget.book.unpriced,
            ),
            started=started,
            finished=self.sender.now() + self._since,
            waivers=self.settings.waivers,
            selected=self.settings.selected,
            bought_nothing=bought_nothing,
        )
