"""The ceiling of requests: what a run sends at most, even to a server that keeps no promise."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conformance.run.planning.plan import Plan

#: Polls until a job has to be at its end; the later ones are spread over the time that is left.
POLLS = 60
#: Polls after the end, to see whether a job stays finished.
AFTER = 2
#: What following one job takes at most: its polls, those after its end, and its file.
FOLLOWING = POLLS + AFTER + 1
#: How many clauses of a scenario may be found broken by paid jobs before the rest is not tried.
ENOUGH = 3
#: How many refusals are sent once more where it was not seen whether they cost anything.
AGAIN = 8
#: How often a request that crashes a server is made smaller.
SHRINKS = 12


def most_requests(plan: Plan, *, confirm: int, explore: int) -> int:
    """Return how many requests a run of this plan sends at most.

    Each planned request and the looks again, each planned job followed to its end, and a few more
    jobs in each scenario: forbidden requests that are taken all the same.
    """
    spec = plan.spec
    reads = sum(
        max(1, sum(witness.case.operation in submit.reads for submit in spec.submits))
        for witness in plan.probes
    )
    # What is refused though it is allowed is sent once with less, and then to confirm it.
    submits = len(plan.jobs) * (2 + confirm) + len(plan.refusals) + AGAIN * len(spec.submits)
    searches = len(plan.searches) or explore * len(spec.submits)
    cases = [job.case for job in plan.jobs] + [witness.case for witness in plan.refusals]
    scenarios = {(case.operation, case.scenario) for case in cases}
    jobs = len(plan.jobs) + ENOUGH * max(1, len(scenarios))
    looks = submits + reads * (1 + confirm) + searches * (1 + SHRINKS)
    return looks + jobs * FOLLOWING
