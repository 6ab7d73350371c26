"""A cost that only a later answer states is held to the document and counted as spent."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from conformance.http.virtual_clock import run_virtual
from conformance.model.exchange import Request, Response
from conformance.model.inputs import Inputs
from conformance.model.verdict import Outcome
from conformance.promises.registry import derive
from conformance.run.planning.plan import make_plan
from conformance.run.provider_run import Run
from conformance.run.target import Target
from tests.small import fields, small

if TYPE_CHECKING:
    from pathlib import Path

    from conformance.run.decision import Summary

BASE = "http://mini.invalid"
JOB = {"id": "/id", "status": "/status", "address": "/at", "states": {"done": ["done"]}}


class TellsLater:
    """A way to a server whose polls alone state what a job costs."""

    def __init__(self, cost: float) -> None:
        self.cost = cost

    async def send(self, request: Request, *, into: Path | None = None) -> Response:
        body: dict[str, object] = {"id": "job-1", "at": f"{BASE}/jobs/1", "status": "working"}
        if request.method == "GET":
            body |= {"status": "done", "cost": self.cost}
        headers = (("content-type", "application/json"),)
        return Response(status=200, headers=headers, body=json.dumps(body).encode())


def run_of(stated: float, **cost: object) -> Summary:
    operation = {"x-job": JOB, "x-cost": {"observed": "/cost", **cost}}
    spec = small(fields(["prompt"], prompt={"type": "string"}), **operation)
    clauses = [clause for clause in derive(spec) if clause.kind == "billing"]
    plan = make_plan(spec, clauses, Inputs())
    target = Target(kind="live", base_url=BASE, door=TellsLater(stated), brisk=True)
    return run_virtual(Run(plan=plan, target=target).go())


@pytest.mark.parametrize(("stated", "outcome"), [(2.0, Outcome.PASS), (3.0, Outcome.FAIL)])
def test_a_cost_that_only_polls_state_is_held_to_the_document(
    stated: float, outcome: Outcome
) -> None:
    verdicts = run_of(stated, amount=2).verdicts

    (found,) = [one.outcome for clause, one in verdicts if clause.id == "small.make.billing.cost"]
    assert found is outcome


def test_a_cost_that_only_polls_state_is_counted_as_spent() -> None:
    spend = run_of(3.0, basis="no price is documented").spend

    assert (spend.credits, spend.unpriced) == (3.0 * spend.jobs, 0)
    assert spend.jobs > 0
