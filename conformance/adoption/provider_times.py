"""How long jobs queued and took at each provider, as far as runs were kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.errors import CouldNotCheck
from conformance.report.run_file.run_file import read_run
from conformance.run.open_target import is_loopback

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from conformance.model.run_records import Percentiles
    from conformance.report.run_file.run_file import RunRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservedTimes:
    """What one run observed; None where it saw no job end."""

    provider: str
    #: Whether a provider was observed, rather than our own machine.
    real: bool
    jobs: int
    #: The median of a whole job, and of its waiting to begin.
    seconds: float | None
    queued: float | None


def times(folder: Path) -> ObservedTimes | None:
    """Return what the run in a folder observed, or None where none was kept."""
    try:
        return times_of(read_run(folder / "run.jsonl"))
    except CouldNotCheck:
        return None


def times_of(run: RunRecord) -> ObservedTimes:
    """Return what a run observed."""
    measured = run.measured.values()
    header = run.header
    real = (
        header.target != "simulator"
        and header.recorded_from != "simulator"
        and not is_loopback(header.base_url)
    )
    return ObservedTimes(
        provider=header.provider,
        real=real,
        jobs=sum(jobs.jobs for jobs in measured),
        seconds=_median((jobs.seconds, jobs.jobs) for jobs in measured),
        queued=_median((jobs.queued, jobs.jobs) for jobs in measured),
    )


def _median(groups: Iterable[tuple[Percentiles | None, int]]) -> float | None:
    """Return the median of the groups' medians, each counted by its jobs."""
    values: list[float] = []
    for percentiles, jobs in groups:
        if percentiles:
            values += [percentiles.p50] * jobs
    values.sort()
    return round(values[len(values) // 2], 1) if values else None
