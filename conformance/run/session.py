"""A session is one provider's run with everything it needs: whoever starts a run wires it here."""

from __future__ import annotations

import asyncio
import time
from contextlib import AsyncExitStack, closing
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

import msgspec

from conformance.errors import NoBudget, UnknownPrices
from conformance.http.redaction import Redactor
from conformance.http.virtual_clock import run_virtual
from conformance.model.inputs import Inputs
from conformance.run.configuration import configuration, input_videos
from conformance.run.journal import RunJournal, set_aside
from conformance.run.key_lock import hold
from conformance.run.open_target import (
    TargetChoice,
    folder_of,
    is_loopback,
    open_target,
    recording_of,
    usual_kind,
)
from conformance.run.planning.plan import make_plan
from conformance.run.planning.search import explored
from conformance.run.planning.selection import Selection, night_of
from conformance.run.provider_run import Run, unheard
from conformance.run.proving.broken_clauses import sabotages_of
from conformance.run.recording.recording_age import ageing
from conformance.run.redacted_events import without_secrets
from conformance.run.run_settings import RunOptions, Settings, usual_concurrency
from conformance.run.spec_gate import check_spec
from conformance.run.waiver_check import granted

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from conformance.http.keyring import Keyring
    from conformance.run.decision import Summary
    from conformance.run.events import Event, Listener
    from conformance.run.money.monthly_spending import Ledger
    from conformance.run.planning.plan import Plan
    from conformance.run.recording.record_listener import Taping
    from conformance.run.recording.recording import RecordingFacts
    from conformance.run.target import Target
    from conformance.spec.document import Spec


class RunFileOpener(Protocol):
    """What makes the listener that writes a run down, without secrets."""

    def __call__(self, *, clean: Redactor) -> Listener:
        """Return the listener."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Everything about one provider's run that is known before it starts."""

    spec: Spec
    choice: TargetChoice
    selection: Selection = field(default_factory=Selection)
    settings: Settings = field(default_factory=Settings)
    #: Where the journal lies; none where nothing is paid.
    journal: Path | None = None
    #: What it takes to take this run up again.
    options: RunOptions = field(default_factory=RunOptions)
    #: Whether an earlier process began this very run.
    resumed: bool = False
    #: The plan, where it was made before; else it is made for the target.
    planned: Plan | None = None

    @classmethod
    def from_options(cls, spec: Spec, options: RunOptions, *, folder: Path) -> Session:
        """Return the run that somebody asked for; its journal lies in the folder."""
        config = configuration(spec.name, options.config).with_media(
            images=options.media_image, videos=input_videos(options.media_video)
        )
        choice = TargetChoice(
            kind=usual_kind(
                spec,
                options.cassettes,
                target=options.target,
                base_url=options.base_url,
                simulated=bool(options.sabotage or options.record),
            ),
            base_url=options.base_url or "",
            key_env=options.key or "",
            second_env=options.second_key or "",
            configuration=config,
            sabotages=sabotages_of(spec, options.sabotage),
            seed=options.seed,
            cassettes=options.cassettes,
            record=options.record,
            refresh=options.refresh,
        )
        address = choice.address(spec) if choice.kind == "live" else ""
        settings = Settings(
            budget=config.budget if options.budget is None else options.budget,
            max_jobs=config.max_jobs if options.max_jobs is None else options.max_jobs,
            max_requests=options.max_requests,
            concurrency=options.concurrency or config.concurrency or usual_concurrency(address),
            rate=options.rate or config.rate,
            job_timeout=options.job_timeout or config.job_timeout or Settings().job_timeout,
            poll_interval=options.poll_interval or config.poll_interval,
            seed=options.seed,
            explore=options.explore,
            strict=options.strict,
            waivers=granted(spec, options.waivers),
        )
        selection = Selection.narrowed(
            spec,
            options.only,
            level=options.level,
            cheap=options.cheap,
            night=night_of(options.night),
        )
        return cls(
            spec=spec,
            choice=choice,
            selection=selection,
            settings=settings,
            journal=folder / "journal.sqlite",
            options=options,
        )

    def start(self, *listeners: Listener, run_file: RunFileOpener | None = None) -> Summary:
        """Run to the end; on a clock that jumps where nothing real is waited for."""
        work = self._run(listeners, run_file)
        if self.choice.kind in ("simulator", "replay"):
            return run_virtual(work)
        return asyncio.run(work)

    def check(self) -> None:
        """Raise what would keep the run from starting, such as no address, key or budget."""
        if self.choice.kind == "replay":
            recording_of(self.spec, self.choice)
        if self.choice.kind == "live":
            self._check_spec()
            asyncio.run(self._check())

    def _check_spec(self) -> None:
        """Raise where the spec keeps a live run from starting; one that has begun is finished."""
        if self.choice.kind == "live" and not self.resumed:
            check_spec(self.spec)

    async def _check(self) -> None:
        async with open_target(self.spec, self.choice) as (target, _):
            self._check_budget(target, self.plan(target))

    async def _run(self, listeners: Sequence[Listener], run_file: RunFileOpener | None) -> Summary:
        self._check_spec()
        async with AsyncExitStack() as stack:
            target, keys = await stack.enter_async_context(open_target(self.spec, self.choice))
            plan = self.plan(target)
            self._check_budget(target, plan)
            clean = redactor(keys, self.spec)
            if target.kind == "live" and not is_loopback(target.base_url):
                stack.enter_context(hold(self.spec.name, keys.own))
            journal = self._open_journal(target, clean)
            if journal:
                stack.callback(journal.close)
            ledger = self._open_ledger(target)
            if ledger:
                stack.callback(ledger.close)
            emit = heard_by(listeners, clean=clean, run_file=run_file)
            if self.choice.record:
                recorder = stack.enter_context(closing(self._recorder(plan, target, clean)))
                emit = _both(recorder, emit)
            settings = replace(self.settings, selected=self.selection.partial, ledger=ledger)
            summary = await Run(
                plan=plan, target=target, settings=settings, emit=emit, journal=journal
            ).go()
            if journal:
                journal.note("finished", str(summary.finished))
            return summary

    def plan(self, target: Target) -> Plan:
        """Return the plan for a target; of a recording the recorded one, and what it lacks."""
        if self.planned:
            return self.planned
        clauses = self.selection.of(self.spec)
        if target.recording and target.kind == "replay":
            return target.recording.plan(self.spec, clauses)
        if target.recording:
            return ageing(target.recording, self.spec, clauses).plan
        plan = self._plan_for(target.inputs)
        if not self.choice.record or not self.settings.explore:
            return plan
        searches = explored(
            self.spec, plan.clauses, count=self.settings.explore, seed=self.settings.seed
        )
        return replace(plan, searches=tuple(searches))

    def _plan_for(self, inputs: Inputs) -> Plan:
        return make_plan(
            self.spec,
            self.selection.of(self.spec),
            inputs,
            cheap=self.selection.cheap,
            whole=self.selection.whole(self.spec),
        )

    def _recorder(self, plan: Plan, target: Target, clean: Redactor) -> Taping:
        from conformance.run.recording.record_listener import Taping

        return Taping(
            folder_of(self.spec, self.choice),
            self.spec,
            target,
            self._facts(plan, target),
            clean=clean,
            keep=self.resumed or self.choice.refresh,
            wanted=getattr(target.door, "is_fresh", None),
        )

    def _facts(self, plan: Plan, target: Target) -> RecordingFacts:
        from conformance import __version__
        from conformance.http.cassettes.body_files import BodyFiles
        from conformance.run.planning.plan_file import recorded_inputs, recorded_plan
        from conformance.run.recording.recording import FORMAT, RecordingFacts, recorded_spec

        facts = RecordingFacts(
            format=FORMAT,
            provider=self.spec.name,
            spec=recorded_spec(self.spec),
            version=__version__,
            seed=self.settings.seed,
            target=target.kind,
            recorded_from=target.recorded_from,
            base_url=target.base_url,
            started=time.time(),
            second_key=target.second_key,
            knows_samples=target.knows_samples,
            brisk=target.brisk,
            fetched=(),
            inputs=recorded_inputs(target.inputs),
            plan=recorded_plan(plan, BodyFiles(folder=folder_of(self.spec, self.choice))),
        )
        if target.recording is None:
            return facts
        before = target.recording.facts
        return msgspec.structs.replace(
            facts,
            started=before.started,
            finished=before.finished,
            fetched=before.fetched,
            spend=before.spend,
            refreshed=(*(before.refreshed or ()), time.time()),
        )

    def _check_budget(self, target: Target, plan: Plan) -> None:
        if target.kind != "live" or is_loopback(target.base_url):
            return
        if self.settings.max_jobs is not None or self.resumed:
            return
        unpriced = plan.worst.unpriced
        if self.settings.budget is not None:
            if unpriced:
                most = len(plan.jobs) + len(plan.refusals)
                raise UnknownPrices(self.spec.name, unpriced, most)
            return
        whole = self._plan_for(Inputs())
        at_hand = ""
        if whole.costs_in_words != plan.costs_in_words:
            at_hand = f" With the inputs at hand it is {plan.costs_in_words}."
        by_number = "--max-jobs N" if whole.worst.unpriced else ""
        by_money = "--budget N" if whole.worst.amount else ""
        limits = " and ".join(filter(None, (by_money, by_number))) or "--budget N"
        raise NoBudget(self.spec.name, whole.costs_in_words, at_hand, limits)

    def _open_ledger(self, target: Target) -> Ledger | None:
        """Return what is left of the month, where it is limited and something may be paid."""
        cap = self.choice.configuration.monthly_budget
        if target.kind != "live" or cap is None:
            return None
        from conformance.run.money.monthly_spending import Ledger, account_of, default

        account = account_of(self.spec.name, target.base_url)
        return Ledger(default(), account=account, cap=cap, now=time.time)

    def _open_journal(self, target: Target, clean: Redactor) -> RunJournal | None:
        if self.journal is None or target.kind != "live":
            return None
        self.journal.parent.mkdir(parents=True, exist_ok=True)
        if not self.resumed:
            set_aside(self.journal, stamp=int(time.time()))
        # Our own samples are served on another port each time; that makes no other request of it.
        samples = ""
        if is_loopback(target.base_url):
            samples = next(iter(target.inputs.images), "").partition("/samples/")[0]
        journal = RunJournal(
            self.journal,
            now=time.time,
            clean=clean,
            volatile={samples: "{samples}"} if samples else None,
        )
        journal.note("options", self.options.to_json())
        return journal


def redactor(keys: Keyring, spec: Spec) -> Redactor:
    """Return what takes a run's secrets out of everything that is written."""
    return Redactor(secrets=keys.secrets(), private=spec.provider.private)


def heard_by(
    listeners: Sequence[Listener], *, clean: Redactor, run_file: RunFileOpener | None = None
) -> Listener:
    """Return a listener that tells a run file and then all others; none hears a secret."""
    everybody = [run_file(clean=clean), *listeners] if run_file else listeners
    if not everybody:
        return unheard

    def listen(event: Event) -> None:
        for listener in everybody:
            listener(event)

    return without_secrets(listen, clean)


def _both(first: Listener, second: Listener) -> Listener:
    def listen(event: Event) -> None:
        first(event)
        second(event)

    return listen
