"""A documented way to have a job fail is bought once, and proves the failed side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from conformance.model.inputs import Inputs
from conformance.model.verdict import Decision, Outcome
from conformance.promises.registry import derive
from conformance.run.open_target import INSIDE, TargetChoice
from conformance.run.planning.plan import make_plan
from conformance.run.proving.proof import Prover
from conformance.run.proving.trial import Fate
from conformance.run.session import Session
from tests.small import document, fields, spec_of

if TYPE_CHECKING:
    from conformance.run.planning.plan import Plan
    from conformance.spec.document import Spec

TEXT = {"type": "string"}
NUMBER = {"type": "number"}
ERROR = fields(["message"], message=TEXT)
STATE = fields(["id", "status"], id=TEXT, status=TEXT, url=TEXT, error=ERROR, cost=NUMBER)
FAILS = {"fields": {"/prompt": "a test of failure"}}
SIDE = (
    "make.billing.failed",
    "make.lifecycle.error",
    "make.lifecycle.fails",
    "make.lifecycle.no-result",
    "look.response.error.message.required",
)


def shop(fails_on: dict[str, Any] | None = FAILS) -> Spec:
    """Return a shop that tells how to have a job fail, and that such a job is free."""
    link = {"poll": {"operationId": "look", "parameters": {"id": "$response.body#/id"}}}
    reply = {"description": ".", "content": {"application/json": {"schema": STATE}}}
    job = {
        "id": "/id",
        "status": "/status",
        "result": "/url",
        "error": "/error",
        "states": {"waiting": ["queued"], "done": ["done"], "failed": ["failed"]},
    }
    data = document(
        fields(["prompt"], prompt=TEXT | {"examples": ["a fox"]}),
        **{
            "x-job": job | ({"fails-on": fails_on} if fails_on else {}),
            "x-cost": {"amount": 3, "observed": "/cost", "failed": 0},
            "responses": {"200": reply | {"links": link}},
        },
    )
    parameter = {"name": "id", "in": "path", "required": True, "schema": TEXT}
    look = {"operationId": "look", "parameters": [parameter], "responses": {"200": reply}}
    data["paths"]["/make/{id}"] = {"get": look}
    return spec_of(data)


def plan_of(spec: Spec) -> Plan:
    return make_plan(spec, derive(spec), Inputs.served_at(INSIDE))


def test_the_failed_side_is_proved_and_the_provider_is_a_go() -> None:
    summary = Session(spec=shop(), choice=TargetChoice(kind="simulator")).start()
    outcomes = {clause.local_id: verdict.outcome for clause, verdict in summary.verdicts}

    assert {name: outcomes[name] for name in SIDE} == dict.fromkeys(SIDE, Outcome.PASS)
    assert outcomes["make.lifecycle.completes"] is Outcome.PASS
    assert summary.decision is Decision.GO


def test_without_one_the_failed_side_is_not_observable_and_the_provider_is_a_go() -> None:
    spec = shop(fails_on=None)
    summary = Session(spec=spec, choice=TargetChoice(kind="simulator")).start()
    hidden = {
        clause.local_id for clause in derive(spec) if "fail on purpose" in clause.unobservable
    }

    assert hidden >= {"make.billing.failed", "make.lifecycle.error"}
    assert summary.decision is Decision.GO


def test_one_job_more_is_bought_and_it_comes_last() -> None:
    with_failure, without = plan_of(shop()), plan_of(shop(fails_on=None))

    assert len(with_failure.jobs) == len(without.jobs) + 1
    assert with_failure.jobs[-1].case.body == {"prompt": "a test of failure"}
    assert {f"small.{name}" for name in SIDE} <= {*with_failure.jobs[-1].proves}
    assert with_failure.lower_bound == without.lower_bound + 1


def test_no_other_job_of_the_simulator_fails() -> None:
    plan = plan_of(shop())

    assert {"prompt": "a test of failure"} not in [job.case.body for job in plan.jobs[:-1]]


@pytest.mark.parametrize("name", SIDE)
def test_each_promise_of_the_failed_side_is_found_broken(name: str) -> None:
    prover = Prover(shop())
    (clause,) = [clause for clause in prover.clauses if clause.local_id == name]
    fates = [trial.fate for trial in prover.trials_of(clause)]

    assert fates
    assert not {Fate.SURVIVED, Fate.OUT_OF_SIGHT, Fate.SPREAD} & {*fates}


def test_a_request_that_no_rule_allows_says_so() -> None:
    plan = plan_of(shop({"fields": {"/prompt": 7}}))

    assert str(plan.gaps["small.make.lifecycle.fails"]) == (
        "no valid request is the one that x-job.fails-on describes"
    )
