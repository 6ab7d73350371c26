"""One run: buy the planned jobs, send what must be refused, follow everything to its end, judge."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from conformance.jobs.request_rendering import render
from conformance.model.exchange import Auth, Fault, Purpose, Response
from conformance.model.verdict import Reason, ReasonCode
from conformance.model.witness import A_JOB, NO_JOB, Case
from conformance.promises.evidence import Attempt, Evidence
from conformance.promises.fingerprint import fingerprint
from conformance.promises.registry import rule_of
from conformance.run.decision import Spend, Summary, cover, decide
from conformance.run.events import (
    Noted,
    PhaseBegan,
    RunFinished,
    RunInterrupted,
    RunStarted,
    VerdictReached,
)
from conformance.run.planning.plan import apart
from conformance.run.planning.search import explored, smaller
from conformance.run.purchasing import Purchasing, unlike
from conformance.run.run_settings import Settings
from conformance.run.sender import Sender, missing
from conformance.run.verdicts import judge_all, not_recorded, silence, unrecorded
from conformance.run.waiver_check import any_bad, standings, valid_of
from conformance.spec.job_words import End
from conformance.spec.reception import Reception
from conformance.spec.schema.violations import valid

if TYPE_CHECKING:
    from collections.abc import Awaitable, Iterable

    from conformance.model.exchange import Exchange
    from conformance.model.verdict import Outcome, Verdict
    from conformance.model.witness import Witness
    from conformance.run.events import Event, Listener
    from conformance.run.journal import RunJournal
    from conformance.run.planning.plan import Plan, PlannedJob
    from conformance.run.target import Target
    from conformance.spec.operation import Operation

#: How often a request that crashes a server is made smaller.
SHRINKS = 12
#: How many jobs of each operation are bought one after the other where a balance is shown: two pairs and what stands before them.
IN_TURN = 3
#: How many refusals are sent once more where it was not seen whether they cost anything.
AGAIN = 8
#: How many clauses of one scenario may be found broken by a paid job before the rest there is not tried.
ENOUGH = 3


def _unheard(event: Event) -> None:
    """Listen to nothing."""


@dataclass(kw_only=True)
class Run:
    """The state of one run. `go` does it all and returns the summary."""

    plan: Plan
    target: Target
    settings: Settings = field(default_factory=Settings)
    emit: Listener = _unheard
    journal: RunJournal | None = None

    def __post_init__(self) -> None:
        """Set up what grows while the run goes on."""
        self.spec = self.plan.spec
        self.sender = Sender(
            target=self.target,
            emit=self.emit,
            concurrency=self.settings.concurrency,
            rate=self.settings.rate or self.spec.provider.rate,
            journal=self.journal,
        )
        self.purchasing = Purchasing(
            spec=self.spec,
            target=self.target,
            sender=self.sender,
            settings=self.settings,
            gaps=dict(self.plan.gaps),
        )
        self.probes: list[tuple[Witness, Exchange]] = []
        #: Seconds since the answers of a replay were recorded.
        self._since = 0.0
        self._broken: dict[tuple[str, str], set[str]] = {}
        self._bought: set[int] = set()
        balanced = any(one.cost and one.cost.balance for one in self.spec.submits)
        # Where a balance is shown, submits go one after the other, so that each can be accounted for.
        self._in_turn = balanced

    async def go(self) -> Summary:
        """Run everything; on cancellation say what is still running and paid."""
        recorded = self.target.recorded
        if recorded is not None:
            # Judges hold expiries to the time of the recording; the run itself is of today.
            self.sender.begin(recorded)
            self._since = time.time() - recorded
        started = self.sender.now() + self._since
        self._tell(
            RunStarted(
                plan=self.plan,
                provider=self.spec.name,
                target=self.target.kind,
                base_url=self.target.base_url,
                started=started,
                seed=self.settings.seed,
                recorded_from=self.target.recorded_from,
                recorded=recorded,
            )
        )
        with self.sender.spill:
            try:
                await self._everything()
            except asyncio.CancelledError:
                self._tell(RunInterrupted(running=tuple(self.purchasing.running.values())))
                raise
            finally:
                self.purchasing.drop()
            return self._judge(started)

    async def _everything(self) -> None:
        await self._buy("originals", self._originals())
        await self._first_jobs()
        if self.sender.silent:
            return  # nobody is there; every further request would say the same
        if self.purchasing.attempts and all(
            one.reception is Reception.UNAUTHORIZED for one in self.purchasing.attempts
        ):
            self._tell(
                Noted(
                    text=f"every request was turned away for its key: does {self.spec.provider.key_env} hold the right one?"
                )
            )
        if self._in_turn:
            # One operation's refusals between two submits, so that a charge for them has a name.
            for operation in self.spec.submits:
                await self._refusals(operation.id)
                if any(
                    one.accepted and one.witness and one.operation.id == operation.id
                    for one in self.purchasing.attempts
                ):
                    # Across a job that nobody planned the balance tells nothing: the refusals get another pair of submits.
                    await self._buy("jobs", self._closing())
                    await self._again(operation.id)
                await self._buy("jobs", self._closing())
            await self._buy("jobs", self._accounted())
            # The others need not be told apart on the balance, so that they need not wait for each other.
            await self._buy("jobs", self._unbought(), in_turn=False)
        else:
            # The provider works on the jobs while it is asked what it refuses.
            await asyncio.gather(self._buy("jobs", self._unbought()), self._refusals())
        await self._split()
        await self._explore()
        await self.purchasing.settled()
        await asyncio.gather(self.purchasing.finish(), self._reads())
        await self._confirm()
        await self.purchasing.finish()
        self.purchasing.tell_left()

    # -- buying -------------------------------------------------------------------------

    def _needed(self) -> set[str]:
        return {
            one.needs.operation
            for one in self.spec.submits
            if one.needs and any(job.case.operation == one.id for job in self.plan.jobs)
        }

    def _originals(self) -> list[PlannedJob]:
        """Return the first planned job of each operation that others need one of."""
        first = {
            job.case.operation: job
            for job in reversed(self.plan.jobs)
            if job.case.operation in self._needed()
        }
        return list(first.values())

    def _closing(self) -> list[PlannedJob]:
        """Return a job to show the balance with: of the operation with most to buy, so that others keep theirs for plain pairs."""
        left = self._unbought()
        counts = Counter(job.case.operation for job in left)
        return sorted(left, key=lambda job: -counts[job.case.operation])[:1]

    def _accounted(self) -> list[PlannedJob]:
        """Return the jobs that each operation still needs so that the balance is seen to fall for it often enough."""
        have = Counter(
            job.case.operation for index, job in enumerate(self.plan.jobs) if index in self._bought
        )
        found: list[PlannedJob] = []
        for job in self._unbought():
            have[job.case.operation] += 1
            found += [job] if have[job.case.operation] <= IN_TURN else []
        return found

    def _unbought(self) -> list[PlannedJob]:
        return [job for index, job in enumerate(self.plan.jobs) if index not in self._bought]

    async def _first_jobs(self) -> None:
        """Buy one job of each scenario; where it is refused, try the next, so that refusals have a control."""
        groups: dict[tuple[str, str], list[PlannedJob]] = {}
        for index, job in enumerate(self.plan.jobs):
            if index not in self._bought:
                groups.setdefault((job.case.operation, job.case.scenario), []).append(job)
        if any(one.needs for one in self.spec.submits):
            await self._await_originals()
        await self._in_order([self._first_of(jobs) for jobs in groups.values()], name="first jobs")

    async def _first_of(self, jobs: list[PlannedJob]) -> None:
        for job in jobs:
            attempt = await self._buy_one(job)
            # Where an earlier process never saw the answer, only another request can be the control.
            if attempt is None or not (
                attempt.reception is Reception.REFUSED
                or attempt.exchange.fault is Fault.ANSWER_LOST
            ):
                return

    async def _buy(self, name: str, jobs: list[PlannedJob], *, in_turn: bool = True) -> None:
        await self._in_order([self._buy_one(job) for job in jobs], name=name, in_turn=in_turn)

    async def _in_order(
        self, waiting: Iterable[Awaitable[object]], *, name: str, in_turn: bool = True
    ) -> None:
        pending = list(waiting)
        self._tell(PhaseBegan(name=name, requests=len(pending)))
        if self._in_turn and in_turn:
            for one in pending:
                await one
        else:
            await asyncio.gather(*pending)

    async def _buy_one(self, job: PlannedJob) -> Attempt | None:
        self._bought.add(next(index for index, one in enumerate(self.plan.jobs) if one is job))
        return await self.purchasing.submit(
            job.case, price=job.price, input_seconds=job.input_seconds, clauses=job.proves
        )

    # -- originals ----------------------------------------------------------------------

    async def _await_originals(self) -> None:
        """Wait for the jobs that others extend."""
        for operation in self._needed():
            for attempt in [
                one
                for one in self.purchasing.attempts
                if one.operation.id == operation and one.accepted
            ]:
                await self.purchasing.followed(attempt)
            done = [
                (one, one.track)
                for one in self.purchasing.attempts
                if one.operation.id == operation and one.track and one.track.end is End.DONE
            ]
            if done:
                self.purchasing.originals[operation] = done[0][1].id
            else:
                self._tell(Noted(text=self.purchasing.borrow(operation)))

    # -- refusing -----------------------------------------------------------------------

    async def _refusals(self, operation: str = "") -> None:
        """Send what must be refused: clause beside clause, each clause's own witnesses one after the other."""
        groups: dict[str, list[Witness]] = {}
        for witness in self.plan.refusals:
            if operation in ("", witness.case.operation):
                groups.setdefault(witness.clause, []).append(witness)
        self._tell(PhaseBegan(name="refusals", requests=sum(map(len, groups.values()))))
        gate = asyncio.Semaphore(self.settings.concurrency)

        async def one(clause: str, witnesses: list[Witness]) -> None:
            async with gate:
                await self._refuse(clause, witnesses)

        await asyncio.gather(*(one(clause, witnesses) for clause, witnesses in groups.items()))

    async def _again(self, operation: str) -> None:
        """Send some of what was refused once more."""
        refused = [
            one.witness
            for one in self.purchasing.attempts
            if one.witness and one.operation.id == operation and one.reception is Reception.REFUSED
        ]
        await asyncio.gather(*(self._refuse(one.clause, [one]) for one in refused[:AGAIN]))

    async def _refuse(self, clause: str, witnesses: list[Witness]) -> None:
        for witness in witnesses:
            key = (witness.case.operation, witness.case.scenario)
            if witness.control is not None and not self._has_control(key):
                text = f"no {key[1]} request was accepted, so a refusal would prove nothing"
                self.purchasing.gap([clause], Reason(code=ReasonCode.NO_CONTROL, text=text))
                return
            if witness.case.auth is Auth.SECOND and not self.target.second_key:
                return
            if (
                len(self._broken.get(key, ())) >= ENOUGH
                and not self._affordable
                and not self.purchasing.remembers(witness.case)
            ):
                text = (
                    f"{ENOUGH} forbidden {key[1]} requests were accepted and paid for; "
                    "the rest was not tried (raise --budget to try)"
                )
                self.purchasing.gap([clause], Reason(code=ReasonCode.BUDGET, text=text))
                return
            attempt = await self.purchasing.submit(
                witness.case, price=self._price(key[0]), witness=witness, clauses=[clause]
            )
            if attempt is not None and attempt.accepted:
                self._broken.setdefault(key, set()).add(clause)
                return

    @property
    def _affordable(self) -> bool:
        return self.settings.budget is not None and self.settings.budget >= self.plan.worst

    def _has_control(self, key: tuple[str, str]) -> bool:
        return any(
            one.accepted and (one.operation.id, one.case.scenario) == key
            for one in self.purchasing.attempts
        )

    def _price(self, operation: str) -> float:
        known = [job.price for job in self.plan.jobs if job.case.operation == operation]
        return max(known, default=1.0)

    # -- looking closer -----------------------------------------------------------------

    async def _split(self) -> None:
        """Where a request with many values was refused, send each value alone."""
        tried = list(self.purchasing.attempts)
        sent: list[object] = []
        cases: list[tuple[Case, int | None, str]] = []
        for clause in self.plan.clauses:
            for wish in rule_of(clause).wishes(clause):
                met = [
                    one
                    for one in self._planned(wish.operation, wish.scenario)
                    if wish.suits(one.case.body, one.input_seconds)
                ]
                if (
                    not met
                    or any(one.reception is not Reception.REFUSED for one in met)
                    or not wish.wants
                    or not self._has_control((wish.operation, wish.scenario))
                ):
                    continue
                scenario = self.spec.operation(wish.operation).scenario(wish.scenario)
                found = apart(scenario, wish, self.target.inputs, tried)
                if found is not None and found[0] not in sent:
                    sent.append(found[0])
                    cases.append(
                        (
                            Case(operation=wish.operation, scenario=wish.scenario, body=found[0]),
                            found[1],
                            clause.id,
                        )
                    )
        await self._in_order(
            [
                self.purchasing.submit(
                    case, price=self._price(case.operation), input_seconds=seconds, clauses=[clause]
                )
                for case, seconds, clause in cases
            ],
            name="single values",
        )

    async def _explore(self) -> None:
        """Send what a search draws; what crashes the server is made smaller while it still does."""
        if not self.settings.explore and not self.plan.searches:
            return
        found = self.plan.searches or explored(
            self.spec, self.plan.clauses, count=self.settings.explore, seed=self.settings.seed
        )
        self._tell(PhaseBegan(name="search", requests=len(found)))
        for witness in found:
            attempt = await self.purchasing.submit(
                witness.case,
                price=self._price(witness.case.operation),
                witness=witness,
                clauses=[witness.clause],
            )
            if attempt is not None and _crashed(attempt):
                await self._shrink(witness)

    async def _shrink(self, witness: Witness) -> None:
        body = witness.case.body
        whole = self.spec.operation(witness.case.operation).scenarios[0].whole
        for _ in range(SHRINKS):
            for less in smaller(body):
                if valid(whole, less):
                    continue
                told = f"found by searching, made smaller: {json.dumps(less)[:120]}"
                again = replace(witness, case=replace(witness.case, body=less), note=told)
                attempt = await self.purchasing.submit(
                    again.case, price=self._price(again.case.operation), witness=again
                )
                if attempt is not None and _crashed(attempt):
                    body = less
                    break
            else:
                return

    def _planned(self, operation: str, scenario: str) -> list[Attempt]:
        return [
            one
            for one in self.purchasing.attempts
            if one.witness is None
            and one.operation.id == operation
            and scenario in ("", one.case.scenario)
        ]

    async def _confirm(self) -> None:
        """Look again at what was found and costs nothing: refusals of what is allowed, and reads that were let in."""
        refused = [
            one
            for one in self.purchasing.attempts
            if one.witness is None
            and one.reception is Reception.REFUSED
            and one.case.auth is Auth.OWN
        ]
        again = [
            (one.case, one.input_seconds)
            for one in refused
            if not any(
                other.accepted and other.case.body == one.case.body
                for other in self.purchasing.attempts
            )
        ]
        for _ in range(self.settings.confirm):
            await self._in_order(
                [
                    self.purchasing.submit(
                        case, price=self._price(case.operation), input_seconds=seconds
                    )
                    for case, seconds in again
                ],
                name="confirmations",
            )
        let_in = [
            witness
            for witness, exchange in self.probes
            if isinstance(exchange.answer, Response) and exchange.answer.status < 300
        ]
        for _ in range(self.settings.confirm):
            await asyncio.gather(*(self._read(witness) for witness in let_in))

    async def _reads(self) -> None:
        """Send the free reads that must be refused: unknown ids, foreign jobs, no key."""
        probes = [
            one
            for one in self.plan.probes
            if one.case.auth is not Auth.SECOND or self.target.second_key
        ]
        self._tell(PhaseBegan(name="reads", requests=len(probes)))
        await asyncio.gather(*(self._read(witness) for witness in probes))

    async def _read(self, witness: Witness) -> None:
        known = self._known_ids(witness.case.operation)
        if not known:
            no_job = "no job was made whose id could be asked for"
            reason = Reason(code=ReasonCode.NO_CONTROL, text=no_job)
            self.purchasing.gap([witness.clause], reason)
        for job_id in known:
            values = {A_JOB: job_id, NO_JOB: unlike(job_id)}
            case = replace(
                witness.case,
                parameters={
                    name: values.get(value, value)
                    for name, value in witness.case.parameters.items()
                },
            )
            exchange = await self.sender.send(
                render(self.spec, self.target.base_url, case),
                operation=case.operation,
                purpose=Purpose.PROBE,
                clause=witness.clause,
                note=witness.note,
            )
            if missing(exchange):
                self.purchasing.gap([witness.clause], not_recorded(missing(exchange)))
                continue
            self.probes.append((witness, exchange))

    def _known_ids(self, operation: str) -> list[str]:
        """Return the id of one job of each operation that this read can ask for: the first that was finished, if any was."""
        found: dict[str, str] = {}
        for one in sorted(
            self.purchasing.attempts,
            key=lambda attempt: attempt.track is None or attempt.track.end is not End.DONE,
        ):
            if one.track and operation in _reads_of(one.operation):
                found.setdefault(one.operation.id, one.track.id)
        return list(found.values())

    # -- judging ------------------------------------------------------------------------

    def evidence(self) -> Evidence:
        """Return what was seen so far, as judges read it."""
        return Evidence(
            spec=self.spec,
            attempts=tuple(self.purchasing.attempts),
            probes=tuple(self.probes),
            gaps=self.purchasing.gaps,
            doubtful=frozenset(
                one.id
                for one in self.spec.submits
                if one.needs and one.needs.operation in self.purchasing.doubtful
            ),
            knows_samples=self.target.knows_samples,
            second_key=self.target.second_key,
            now=self.sender.now(),
        )

    def _judge(self, started: float) -> Summary:
        evidence = self.evidence()
        pairs = (
            judge_all(self.plan.clauses, evidence)
            if self.sender.answered or (self.purchasing.budget.why and not self.sender.count)
            else silence(self.plan.clauses, self.sender.last_failure)
        )
        pairs = (
            unrecorded(pairs, self.plan.unrecorded, self.sender.missed, strict=self.settings.strict)
            if self.target.recorded is not None
            else pairs
        )
        for remark in self.target.remarks():
            self._tell(Noted(text=remark))
        keys = {
            clause.id: fingerprint(clause, verdict, evidence.told(verdict.exchanges))
            for clause, verdict in pairs
        }
        waived = standings(
            {clause.id: (verdict.outcome, keys[clause.id]) for clause, verdict in pairs},
            self.settings.waivers,
            today=datetime.fromtimestamp(started, UTC).date(),
        )
        for clause, verdict in pairs:
            self._tell(
                VerdictReached(
                    clause=clause,
                    verdict=verdict,
                    fingerprint=keys[clause.id],
                    waived=waived.get(clause.id),
                )
            )
        summary = Summary(
            decision=decide(
                pairs,
                waived=valid_of(waived),
                bad_waivers=any_bad(waived),
                selected=self.settings.selected,
            ),
            counts=_counts(verdict for _, verdict in pairs),
            coverage=cover(pairs),
            spend=Spend(
                requests=self.sender.count,
                jobs=self.purchasing.budget.book.jobs,
                credits=self.purchasing.budget.book.spent,
            ),
            started=started,
            finished=self.sender.now() + self._since,
            verdicts=tuple(pairs),
        )
        self._tell(RunFinished(summary=summary, evidence=evidence))
        return summary

    def _tell(self, event: Event) -> None:
        self.emit(event)


def _crashed(attempt: Attempt) -> bool:
    answer = attempt.exchange.answer
    return isinstance(answer, Response) and answer.status >= 500


def _reads_of(operation: Operation) -> tuple[str, ...]:
    job = operation.job
    return tuple(link.operation for link in (job.poll, job.content) if link) if job else ()


def _counts(verdicts: Iterable[Verdict]) -> dict[Outcome, int]:
    found: dict[Outcome, int] = {}
    for verdict in verdicts:
        found[verdict.outcome] = found.get(verdict.outcome, 0) + 1
    return found
