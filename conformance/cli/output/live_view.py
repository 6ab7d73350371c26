"""The view of a run while it goes on: a table that moves on a terminal, a few lines on a pipe."""

from __future__ import annotations

import math
import shlex
import sys
import time
from typing import TYPE_CHECKING, Any

from conformance.model.exchange import Purpose
from conformance.model.money import bought
from conformance.model.verdict import ReasonCode
from conformance.report.html.signs import many
from conformance.report.safe_text import plain
from conformance.run.events import (
    ExchangeMade,
    JobEnded,
    JobMoved,
    JobStarted,
    Noted,
    PhaseBegan,
    RunInterrupted,
    RunStarted,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path
    from types import TracebackType

    from conformance.run.events import Event
    from conformance.run.planning.plan import Plan

#: What a line of ours may hold at most.
_LONGEST = 2000


class Console:
    """Shows progress on standard error, so that standard output stays for results."""

    def __init__(self, *, quiet: bool, folder: Path | None = None) -> None:
        from rich.console import Console as Terminal
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeElapsedColumn,
        )

        self._terminal = Terminal(stderr=True)
        self._quiet = quiet
        #: Where the journal lies.
        self._folder = folder
        columns = (
            TextColumn("{task.description:<34}"),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TextColumn("{task.fields[told]}", markup=False),
            TimeElapsedColumn(),
        )
        self._progress = Progress(
            *columns,
            console=self._terminal,
            transient=True,
            disable=quiet or not sys.stderr.isatty(),
        )
        self._bars: dict[str, Any] = {}
        self._jobs: dict[str, str] = {}

    def __enter__(self) -> Console:
        """Start drawing."""
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop drawing."""
        self._progress.stop()

    def __call__(self, event: Event) -> None:
        """Show what the event says."""
        match event:
            case RunStarted():
                self._run_started(event)
            case PhaseBegan(name=name) if "requests" in self._bars:
                self._progress.update(self._bars["requests"], description=name)
            # A plan cannot know how often a job will be asked after.
            case ExchangeMade(exchange=exchange) if (
                "requests" in self._bars and exchange.purpose in (Purpose.SUBMIT, Purpose.PROBE)
            ):
                self._progress.advance(self._bars["requests"])
            case JobStarted(job=job, operation=operation, scenario=scenario):
                self._jobs[job] = f"{operation} {scenario}".strip()
                self._bars[job] = self._progress.add_task(
                    f"  {self._jobs[job]}", total=100, told="queued"
                )
            case JobMoved(job=job, status=status, progress=progress) if job in self._bars:
                self._progress.update(
                    self._bars[job], completed=_share(progress), told=plain(status, 20)
                )
            case JobEnded(job=job, end=end) if job in self._bars:
                self._progress.update(self._bars[job], completed=100, told=str(end), visible=False)
                self._progress.advance(self._bars["jobs"])
            case Noted(text=text):
                self._say(text)
            case RunInterrupted(running=running):
                self._run_interrupted(running)
            case _:
                return

    def _run_started(self, event: RunStarted) -> None:
        plan = event.plan
        jobs, clauses = len(plan.jobs), many(len(plan.clauses), "clause")
        requests = len(plan.refusals) + len(plan.probes) + jobs
        planned = ""
        if requests:
            sent = f"about {many(requests, 'request')} besides polls"
            planned = f", {_jobs(plan)}, {sent}{_at_most(event.most_requests)}"
        self._say(f"{event.provider} {_where(event)}: {clauses}{planned}")
        # Told before anything is paid for: the option may have been forgotten.
        missing = {
            reason.text for reason in plan.gaps.values() if reason.code is ReasonCode.NO_INPUT
        }
        for text in sorted(missing):
            self._say(f"{text}; what needs one is left out")
        self._bars["requests"] = self._progress.add_task("requests", total=requests, told="")
        self._bars["jobs"] = self._progress.add_task("jobs", total=jobs, told="")

    def _run_interrupted(self, running: Iterable[JobStarted]) -> None:
        jobs = ", ".join(f"{job.operation} {job.id}" for job in running) or "none"
        command = ["conformance", "resume"]
        if self._folder:
            command.append(str(self._folder))
        self._say(
            f"Nothing more is submitted. Paid and still running: {jobs}. "
            f"`{shlex.join(command)}` takes the run up again."
        )

    def _say(self, text: str) -> None:
        if not self._quiet:
            self._terminal.print(
                plain(text, _LONGEST), markup=False, highlight=False, soft_wrap=True
            )


def _share(progress: float | None) -> float:
    """Return how full a bar is drawn; a provider may say what is no number, or out of bounds."""
    if progress is None or math.isnan(progress):
        return 0.0
    return min(max(progress, 0.0), 100.0)


def _jobs(plan: Plan) -> str:
    return bought(len(plan.jobs), plan.expected, plain(plan.spec.provider.unit))


def _at_most(most: int | None) -> str:
    return "" if most is None else f", at most {many(most, 'request')} in all"


def _where(event: RunStarted) -> str:
    """Return in words where the answers come from."""
    if event.recorded is not None:
        origin = (
            "the built-in simulator" if event.recorded_from == "simulator" else event.recorded_from
        )
        return (
            f"replayed, as recorded from {origin} on "
            f"{time.strftime('%Y-%m-%d', time.gmtime(event.recorded))}"
        )
    return f"against {'the built-in simulator' if event.target == 'simulator' else event.base_url}"
