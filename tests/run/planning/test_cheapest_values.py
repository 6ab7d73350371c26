"""Where seconds are paid for, a job that may be short is short."""

from __future__ import annotations

from typing import Any

from conformance.model.inputs import Inputs
from conformance.promises.registry import derive
from conformance.run.planning.plan import Plan, make_plan
from tests.small import fields, small

BODY = fields(
    ["prompt"],
    prompt={"type": "string"},
    seconds={"type": "integer", "minimum": 4, "maximum": 12, "default": 8},
    aspect={"type": "string", "enum": ["16:9", "9:16", "1:1", "4:3", "3:4"]},
)
MEDIA = {"length": "/seconds", "aspect": "/aspect"}


def plan_with(**cost: Any) -> Plan:
    spec = small(BODY | {"x-media": MEDIA}, **{"x-cost": cost})
    return make_plan(spec, derive(spec), Inputs())


def lengths(plan: Plan) -> list[int]:
    bodies: list[Any] = [job.case.body for job in plan.jobs]
    return sorted(body.get("seconds", 8) for body in bodies)


def test_jobs_that_need_no_certain_length_take_the_shortest() -> None:
    plan = plan_with(**{"per-second": 1})

    # One for the longest, one for the default.
    assert [length for length in lengths(plan) if length > 4] == [8, 12]


def test_no_job_more_is_bought_and_nothing_less_is_shown() -> None:
    dear, plain = plan_with(**{"per-second": 1}), plan_with(amount=1)

    assert len(dear.jobs) == len(plain.jobs)
    assert {name for job in dear.jobs for name in job.proves} == {
        name for job in plain.jobs for name in job.proves
    }
    assert len(dear.refusals) == len(plain.refusals)
    assert dear.gaps == plain.gaps


def test_where_a_job_has_one_price_its_length_stays_as_it_is() -> None:
    assert lengths(plan_with(amount=1)).count(8) > 2
