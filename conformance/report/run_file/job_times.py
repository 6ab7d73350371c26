"""What a run measured on the side: how long jobs queued and took, and how often they failed."""

from __future__ import annotations

from collections import defaultdict
from statistics import quantiles
from typing import TYPE_CHECKING

from conformance.model.run_records import MeasuredJobs, Percentiles
from conformance.promises.evidence import body_of
from conformance.spec.job_words import End, Phase

if TYPE_CHECKING:
    from conformance.promises.evidence import Attempt, Evidence, Track


def measured(evidence: Evidence) -> dict[str, MeasuredJobs]:
    """Return queue time, job time and error rate by operation and scenario."""
    groups: defaultdict[str, list[tuple[Attempt, Track]]] = defaultdict(list)
    for attempt, track in evidence.jobs():
        name = f"{attempt.operation.id}.{attempt.case.scenario}"
        groups[name].append((attempt, track))
    return {name: _group(jobs) for name, jobs in sorted(groups.items())}


def _group(jobs: list[tuple[Attempt, Track]]) -> MeasuredJobs:
    took: list[float] = []
    queued: list[float] = []
    for attempt, track in jobs:
        if track.last and track.end in (End.DONE, End.FAILED):
            took.append(track.last.started - attempt.exchange.started)
        waited = _queued(attempt, track)
        if waited is not None:
            queued.append(waited)
    failed = sum(track.end is not End.DONE for _, track in jobs)
    return MeasuredJobs(
        jobs=len(jobs),
        error_rate=round(failed / len(jobs), 3),
        seconds=_percentiles(took),
        queued=_percentiles(queued),
    )


def _queued(attempt: Attempt, track: Track) -> float | None:
    """Return the time until a job was first seen in another than its first state."""
    words = attempt.operation.job
    assert words is not None
    first = str(words.find("status", body_of(attempt.exchange)))
    for exchange in track.polls:
        status = words.find("status", body_of(exchange))
        if isinstance(status, str) and (
            status != first or words.phase(status) is not Phase.WAITING
        ):
            return exchange.started - attempt.exchange.started
    return None


def _percentiles(values: list[float]) -> Percentiles | None:
    if not values:
        return None
    # One value has no quantiles: it is each of them.
    cuts = quantiles(values, n=100, method="inclusive") if len(values) > 1 else values * 99
    return Percentiles(p50=round(cuts[49], 3), p90=round(cuts[89], 3), p99=round(cuts[98], 3))
