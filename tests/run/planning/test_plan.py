"""The plan: as few jobs as can be, and each refusal one edit from a job that is bought anyway."""

from __future__ import annotations

import pytest

from conformance.errors import NoneOfLevel, NothingSelected, NothingTonight
from conformance.model.clause import Level
from conformance.model.inputs import Inputs
from conformance.model.json_place import fields, get
from conformance.promises.registry import derive, rule_of
from conformance.run.planning.duration_estimate import expected_seconds, longest_chain
from conformance.run.planning.plan import make_plan
from conformance.run.planning.selection import Selection, Turn, of_night, select
from conformance.spec.catalog import names
from conformance.spec.document import load
from conformance.spec.schema.violations import valid
from tests.runs import plan_of


@pytest.mark.parametrize("name", names())
def test_a_plan_buys_no_more_than_its_lower_bound_and_one(name: str) -> None:
    plan = plan_of(name)

    assert plan.lower_bound <= len(plan.jobs) <= max(plan.lower_bound + 1, plan.lower_bound * 1.1)


@pytest.mark.parametrize("name", names())
def test_every_bought_body_is_valid_and_every_refused_one_is_not(name: str) -> None:
    plan = plan_of(name)

    for job in plan.jobs:
        assert valid(
            plan.spec.operation(job.case.operation).scenario(job.case.scenario).whole, job.case.body
        )
    constraints = {clause.id for clause in plan.clauses if clause.kind == "constraint"}
    for witness in plan.refusals:
        scenario = plan.spec.operation(witness.case.operation).scenarios[0]
        assert witness.clause not in constraints or not valid(scenario.whole, witness.case.body), (
            witness
        )


@pytest.mark.parametrize("name", names())
def test_every_refusal_has_a_control_among_the_jobs(name: str) -> None:
    plan = plan_of(name)
    bought = {(job.case.operation, fields(job.case.body)) for job in plan.jobs}

    assert all(
        (one.case.operation, fields(one.control)) in bought
        for one in plan.refusals
        if one.control is not None
    )


@pytest.mark.parametrize("name", names())
def test_every_wish_is_met_by_some_job_or_told_as_a_gap(name: str) -> None:
    plan = plan_of(name)

    for clause in plan.clauses:
        for wish in rule_of(clause).wishes(clause) if not clause.unobservable else ():
            met = [
                job
                for job in plan.jobs
                if (job.case.operation, job.case.scenario) == (wish.operation, wish.scenario)
                and wish.met_by(job.case.body)
            ]
            assert met or clause.id in plan.gaps, (clause.id, wish)


def test_the_cheap_tier_buys_one_job_per_scenario() -> None:
    spec = load("specs/uniall.yaml")
    plan = make_plan(spec, derive(spec), Inputs(), cheap=True)

    assert len(plan.jobs) == sum(len(operation.scenarios) for operation in spec.submits)


def test_a_cheap_night_proves_its_share_in_full_and_the_rest_cheaply() -> None:
    spec = load("specs/pixeldojo.yaml")
    cheap = make_plan(spec, derive(spec), Inputs(), cheap=True)
    nights = [Selection(cheap=True, night=(night, 7)) for night in range(1, 8)]
    plans = [
        make_plan(spec, one.of(spec), Inputs(), cheap=True, whole=one.whole(spec)) for one in nights
    ]
    whole = make_plan(spec, derive(spec), Inputs())

    assert all(len(cheap.jobs) <= len(plan.jobs) < len(whole.jobs) for plan in plans)
    assert {clause for plan in plans for job in plan.jobs for clause in job.proves} == {
        clause for job in whole.jobs for clause in job.proves
    }


def test_without_media_a_scenario_is_left_out_and_the_setting_is_named() -> None:
    spec = load("specs/foxapi.yaml")
    plan = make_plan(spec, derive(spec), Inputs(images=(), references=(), videos={}))

    assert not plan.jobs
    assert plan.gaps["foxapi.extend.accepted"].text == (
        "no video input is at hand: set media.videos in conformance.toml or give "
        "--media-video SECONDS=URL"
    )


def test_the_prompt_of_the_configuration_is_the_one_that_is_sent() -> None:
    spec = load("specs/uniall.yaml")
    plan = make_plan(spec, derive(spec), Inputs(prompt="a quiet harbour"))

    assert {get(job.case.body, ("prompt",)) for job in plan.jobs} == {"a quiet harbour"}


def test_a_chain_of_original_and_extension_is_the_longest() -> None:
    assert longest_chain(plan_of("octopusx"), job_seconds=10, latency=0) == 20
    assert longest_chain(plan_of("foxapi"), job_seconds=10, latency=0) == 10


def test_a_rate_limit_stretches_the_expected_time() -> None:
    plan = plan_of("foxapi")

    assert expected_seconds(
        plan, job_seconds=1, latency=0.01, concurrency=8, rate=1
    ) > expected_seconds(plan, job_seconds=1, latency=0.01, concurrency=8, rate=None)


def test_a_selection_by_pattern_kind_or_level_keeps_the_rest_out() -> None:
    clauses = derive(load("specs/foxapi.yaml"))

    assert {one.kind for one in select(clauses, only=["media"])} == {"media"}
    assert {one.id for one in select(clauses, only=["*.duration.maximum"])} == {
        "foxapi.extend.duration.maximum"
    }


def test_a_selection_of_nothing_names_what_comes_close() -> None:
    with pytest.raises(NothingSelected, match=r"foxapi\.extend\.duration\.maximum"):
        select(derive(load("specs/foxapi.yaml")), only=["foxapi.extend.duration.maximun"])


def test_a_selection_of_a_level_that_nothing_has_names_those_that_there_are() -> None:
    with pytest.raises(NoneOfLevel, match="level companion; the levels there are: must"):
        select(
            derive(load("specs/foxapi.yaml")), only=["*.duration.maximum"], level=Level.COMPANION
        )


def test_a_night_without_a_clause_is_no_run() -> None:
    spec = load("specs/foxapi.yaml")
    only = ("foxapi.extend.duration.maximum",)
    clauses = select(derive(spec), only=only)
    full = next(night for night in range(1, 4) if of_night(clauses, night=night, nights=3))

    assert Selection(only=only, night=(full, 3)).of(spec) == clauses
    with pytest.raises(NothingTonight, match="over fewer nights"):
        Selection(only=only, night=(full % 3 + 1, 3)).of(spec)


def test_over_all_nights_every_clause_has_its_turn_exactly_once() -> None:
    clauses = derive(load("specs/foxapi.yaml"))
    nights = [of_night(clauses, night=night, nights=7) for night in range(1, 8)]

    assert sorted(one.id for night in nights for one in night) == sorted(one.id for one in clauses)


def test_with_a_history_the_oldest_proofs_come_first() -> None:
    clauses = derive(load("specs/foxapi.yaml"))
    turns = {one.id: Turn(seen=9.0, proved=float(number)) for number, one in enumerate(clauses)}
    oldest = {one.id for one in clauses[: -(-len(clauses) // 7)]}

    assert {one.id for one in of_night(clauses, night=3, nights=7, turns=turns)} == oldest


def test_what_no_run_has_seen_comes_before_the_oldest_proof() -> None:
    first, second, third = derive(load("specs/foxapi.yaml"))[:3]
    turns = {first.id: Turn(seen=5.0, proved=5.0), second.id: Turn(seen=5.0, proved=1.0)}

    assert of_night([first, second, third], night=1, nights=3, turns=turns) == (third,)
    assert of_night([first, second], night=1, nights=2, turns=turns) == (second,)


def test_what_is_never_proved_takes_no_more_than_its_fixed_turn() -> None:
    clauses = derive(load("specs/foxapi.yaml"))
    turns = {
        one.id: Turn(seen=1.0, proved=None if number % 2 else 1.0)
        for number, one in enumerate(clauses)
    }
    never = {one.id for one in clauses[1::2]}
    nights = [
        {one.id for one in of_night(clauses, night=night, nights=7, turns=turns)}
        for night in range(1, 8)
    ]

    assert sum(len(night & never) for night in nights) < len(clauses)
    assert all(night - never for night in nights)
    assert set().union(*nights) >= never


def test_over_all_nights_of_a_history_every_clause_has_its_turn() -> None:
    clauses = derive(load("specs/foxapi.yaml"))
    turns: dict[str, Turn] = {clauses[0].id: Turn(seen=0.5, proved=0.5)}
    seen: list[str] = []
    for night in range(1, 8):
        share = of_night(clauses, night=night, nights=7, turns=turns)
        seen += [one.id for one in share]
        turns |= {one.id: Turn(seen=float(night), proved=float(night)) for one in share}

    assert set(seen) == {one.id for one in clauses}
    assert len(seen) - len(clauses) < 7
