"""How long a run will take: the longest chain of dependent requests, or the rate limit."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conformance.run.planning.plan import Plan

#: Submit, a poll or two around the end, the polls after it, and the file.
_AROUND_A_JOB = 6


def longest_chain(plan: Plan, *, job_seconds: float, latency: float) -> float:
    """Return the seconds of the longest chain of requests: an original and what extends it."""
    spec = plan.spec
    used = {job.case.operation for job in plan.jobs}
    depth = 2 if any(submit.needs and submit.id in used for submit in spec.submits) else 1
    return depth * (job_seconds + _AROUND_A_JOB * latency)


def expected_seconds(
    plan: Plan, *, job_seconds: float, latency: float, concurrency: int, rate: float | None
) -> float:
    """Return the seconds a run takes on a provider that keeps its promises."""
    requests = len(plan.refusals) + len(plan.probes) + len(plan.jobs) * (_AROUND_A_JOB + 4)
    sending = requests * latency / concurrency
    limited = requests / rate if rate else 0.0
    return max(longest_chain(plan, job_seconds=job_seconds, latency=latency) + sending, limited)
