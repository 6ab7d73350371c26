"""Run one provider from spec to summary: the wiring of plan, target, journal and listeners."""

from __future__ import annotations

import asyncio
import time
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from conformance.http.redaction import Redactor
from conformance.http.virtual_clock import run_virtual
from conformance.promises.registry import derive
from conformance.run.journal import RunJournal, set_aside
from conformance.run.key_lock import hold
from conformance.run.open_target import NoBudget, folder_of, is_loopback, open_target, recording_of
from conformance.run.planning.plan import make_plan
from conformance.run.planning.search import explored
from conformance.run.planning.selection import of_night, select
from conformance.run.provider_run import Run
from conformance.run.recording.recording_age import ageing
from conformance.run.redacted_events import without_secrets
from conformance.run.run_settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator, Mapping
    from pathlib import Path

    from conformance.http.keyring import Keyring
    from conformance.model.clause import Clause, Level
    from conformance.run.decision import Summary
    from conformance.run.events import Event, Listener
    from conformance.run.money.monthly_spending import Ledger
    from conformance.run.open_target import TargetChoice
    from conformance.run.planning.plan import Plan
    from conformance.run.planning.selection import Turn
    from conformance.run.target import Target
    from conformance.spec.document import Spec


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which clauses take part."""

    only: tuple[str, ...] = ()
    level: Level | None = None
    #: One job per scenario.
    cheap: bool = False
    #: This night's share of the clauses: which night, of how many. A cheap night has all clauses, and its share proved in full.
    night: tuple[int, int] | None = None
    #: When each clause last had its turn, where a history knows.
    turns: Mapping[str, Turn] = field(default_factory=dict)
    named: frozenset[str] | None = None

    def of(self, spec: Spec) -> tuple[Clause, ...]:
        """Return the clauses of a spec that take part."""
        found = select(derive(spec), only=self.only, level=self.level, named=self.named)
        return found if self.cheap else self._tonight(found)

    def whole(self, spec: Spec) -> frozenset[str]:
        """Return the clauses that a cheap night proves with all the jobs they need."""
        return (
            frozenset(clause.id for clause in self._tonight(self.of(spec)))
            if self.cheap and self.night
            else frozenset()
        )

    def _tonight(self, clauses: tuple[Clause, ...]) -> tuple[Clause, ...]:
        return (
            of_night(clauses, night=self.night[0], nights=self.night[1], turns=self.turns)
            if self.night
            else clauses
        )

    @property
    def partial(self) -> bool:
        """Whether anything is left out on purpose."""
        return bool(self.only or self.level or self.cheap or self.night or self.named is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Everything about one provider's run that is known before it starts."""

    spec: Spec
    choice: TargetChoice
    selection: Selection = field(default_factory=Selection)
    settings: Settings = field(default_factory=Settings)
    #: Where the journal lies; none where nothing is paid.
    journal: Path | None = None
    #: What it takes to take this run up again, as the command line gave it.
    options: str = ""
    #: Whether an earlier process began this very run.
    resumed: bool = False

    def start(self, listeners: Callable[[Keyring], Listener]) -> Summary:
        """Run to the end; on a clock that jumps where nothing real is waited for."""
        work = self._run(listeners)
        return run_virtual(work) if self.choice.kind in ("simulator", "replay") else _real(work)

    def check(self) -> None:
        """Raise what would keep the run from starting: no address, no key, no budget, no recording. Nothing is sent."""
        if self.choice.kind == "replay":
            recording_of(self.spec, self.choice)
        if self.choice.kind == "live":
            asyncio.run(self._check())

    async def _check(self) -> None:
        async with open_target(self.spec, self.choice) as (target, _):
            self._check_budget(target, self.plan(target))

    async def _run(self, listeners: Callable[[Keyring], Listener]) -> Summary:
        async with open_target(self.spec, self.choice) as (target, keys):
            plan = self.plan(target)
            self._check_budget(target, plan)
            journal = self._journal(target, cleaner(keys, self.spec))
            with (
                hold(self.spec.name, keys.own) if self._guarded(target) else _free(),
                self._ledger(target) as ledger,
                self._taped(
                    plan, target, keys, without_secrets(listeners(keys), cleaner(keys, self.spec))
                ) as emit,
            ):
                settings = replace(self.settings, selected=self.selection.partial, ledger=ledger)
                run = Run(plan=plan, target=target, settings=settings, emit=emit, journal=journal)
                summary = await run.go()
            if journal:
                journal.note("finished", str(summary.finished))
                journal.close()
            return summary

    def plan(self, target: Target) -> Plan:
        """Return the plan for a target: of a replay, the recorded one; of a refreshed recording, that and what it lacks."""
        if target.recording:
            clauses = self.selection.of(self.spec)
            return (
                target.recording.plan(self.spec, clauses)
                if target.kind == "replay"
                else ageing(target.recording, self.spec, clauses).plan
            )
        plan = make_plan(
            self.spec,
            self.selection.of(self.spec),
            target.inputs,
            cheap=self.selection.cheap,
            whole=self.selection.whole(self.spec),
        )
        if self.choice.record and self.settings.explore:
            return replace(
                plan,
                searches=tuple(
                    explored(
                        self.spec,
                        plan.clauses,
                        count=self.settings.explore,
                        seed=self.settings.seed,
                    )
                ),
            )
        return plan

    @contextmanager
    def _taped(
        self, plan: Plan, target: Target, keys: Keyring, listener: Listener
    ) -> Iterator[Listener]:
        """Yield the listener, with a recorder before it where this run is recorded."""
        if not self.choice.record:
            yield listener
            return
        from conformance.run.recording.record_listener import Taping

        folder = folder_of(self.spec, self.choice)
        taping = Taping(
            folder,
            self.spec,
            target,
            self._facts(plan, target),
            clean=cleaner(keys, self.spec),
            keep=self.resumed or self.choice.refresh,
            wanted=getattr(target.door, "is_fresh", None),
        )

        def both(event: Event) -> None:
            taping(event)
            listener(event)

        try:
            yield both
        finally:
            taping.close()

    def _facts(self, plan: Plan, target: Target) -> dict[str, Any]:
        from conformance.run.recording.recording import facts_of

        facts = facts_of(
            plan,
            target.inputs,
            folder_of(self.spec, self.choice),
            seed=self.settings.seed,
            target=target.kind,
            recorded_from=target.recorded_from,
            base_url=target.base_url,
            started=time.time(),
            second_key=target.second_key,
            knows_samples=target.knows_samples,
            brisk=target.brisk,
            fetched=[],
        )
        if target.recording is None:
            return facts
        before = target.recording.facts
        kept = {
            name: before[name]
            for name in ("started", "finished", "fetched", "spend")
            if name in before
        }
        return {**facts, **kept, "refreshed": [*before.get("refreshed", ()), time.time()]}

    def _check_budget(self, target: Target, plan: Plan) -> None:
        if (
            target.kind == "live"
            and self.settings.budget is None
            and self.settings.max_jobs is None
            and not is_loopback(target.base_url)
        ):
            raise NoBudget(self.spec.name, plan.expected, plan.worst, self.spec.provider.unit)

    @contextmanager
    def _ledger(self, target: Target) -> Iterator[Ledger | None]:
        """Yield what is left of the month, where the configuration limits it and something may be paid."""
        cap = self.choice.configuration.monthly_budget
        if target.kind != "live" or cap is None:
            yield None
            return
        from conformance.run.money.monthly_spending import Ledger, account_of, default

        ledger = Ledger(
            default(), account=account_of(self.spec.name, target.base_url), cap=cap, now=time.time
        )
        try:
            yield ledger
        finally:
            ledger.close()

    def _guarded(self, target: Target) -> bool:
        return target.kind == "live" and not is_loopback(target.base_url)

    def _journal(self, target: Target, clean: Redactor) -> RunJournal | None:
        if self.journal is None or target.kind != "live":
            return None
        self.journal.parent.mkdir(parents=True, exist_ok=True)
        if not self.resumed:
            set_aside(self.journal, stamp=int(time.time()))
        # Our own samples are served on another port each time; that makes no other request of it.
        samples = (
            next(iter(target.inputs.images), "").partition("/samples/")[0]
            if is_loopback(target.base_url)
            else ""
        )
        journal = RunJournal(
            self.journal,
            now=time.time,
            clean=clean,
            volatile={samples: "{samples}"} if samples else None,
        )
        journal.note("options", self.options)
        return journal


def cleaner(keys: Keyring, spec: Spec) -> Redactor:
    """Return what takes a run's secrets out of everything that is written."""
    return Redactor(secrets=keys.secrets(), private=spec.provider.private)


def _real(work: Coroutine[Any, Any, Summary]) -> Summary:
    return asyncio.run(work)


def _free() -> Any:
    from contextlib import nullcontext

    return nullcontext()
