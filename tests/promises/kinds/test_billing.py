"""A balance tells what a job cost only where no other submit was under way."""

from __future__ import annotations

import json

import pytest

from conformance.model.exchange import Exchange, Purpose, Request, Response
from conformance.model.verdict import Outcome, Verdict
from conformance.model.witness import Case
from conformance.promises.evidence import Attempt, Evidence
from conformance.promises.kinds.billing import brackets
from conformance.promises.registry import derive, rule_of
from tests.small import fields, small

SPEC = small(fields(prompt={"type": "string"}), **{"x-cost": {"amount": 10, "balance": "/left"}})


def sent(number: int, *, start: float, end: float, left: int | None) -> Attempt:
    """Return a submit that showed the balance, or one that was refused."""
    answer = (
        Response(status=422)
        if left is None
        else Response(status=200, body=json.dumps({"id": str(number), "left": left}).encode())
    )
    request = Request(method="POST", url="https://api.example.com/make")
    exchange = Exchange(
        number=number,
        operation="make",
        purpose=Purpose.SUBMIT,
        request=request,
        answer=answer,
        started=start,
        elapsed=end - start,
    )
    return Attempt(
        exchange=exchange,
        case=Case(operation="make", scenario="request", body={}),
        operation=SPEC.submits[0],
    )


def pairs(*attempts: Attempt) -> list[tuple[tuple[int, int], float | None, int]]:
    return [
        (one.numbers, one.fell, one.refusals)
        for one in brackets(Evidence(spec=SPEC, attempts=attempts))
    ]


def test_two_submits_in_a_row_show_what_the_second_one_cost_and_the_refusals_between_them() -> None:
    seen = pairs(
        sent(1, start=0, end=1, left=90),
        sent(2, start=2, end=3, left=None),
        sent(3, start=4, end=5, left=80),
    )

    assert seen == [((1, 3), 10.0, 1)]


@pytest.mark.parametrize(
    "start",
    [0.5, 1.5, 4.5],
    ids=["beside the first", "between, and still there", "beside the second"],
)
def test_a_submit_that_is_under_way_meanwhile_may_be_charged_at_any_time(start: float) -> None:
    seen = pairs(
        sent(1, start=0, end=1, left=90),
        sent(2, start=start, end=4.8, left=80),
        sent(3, start=4, end=5, left=70),
    )

    assert seen == []


def test_after_submits_that_went_out_at_once_pairs_begin_with_the_next_that_went_alone() -> None:
    together = [sent(1, start=0, end=3, left=80), sent(2, start=1, end=2, left=90)]

    assert pairs(*together, sent(3, start=4, end=5, left=70), sent(4, start=6, end=7, left=60)) == [
        ((3, 4), 10.0, 0)
    ]


def judged(*left: int | None) -> Verdict:
    """Judge by the balances that submits showed one after the other; None is a refusal."""
    attempts = [
        sent(number, start=2 * number, end=2 * number + 1, left=balance)
        for number, balance in enumerate(left, 1)
    ]
    (clause,) = [clause for clause in derive(SPEC) if clause.rule == "refusals-free"]
    evidence = Evidence(spec=SPEC, attempts=tuple(attempts))
    return rule_of(clause).judge(clause, evidence)


def test_refusals_across_which_the_balance_always_falls_are_charged() -> None:
    verdict = judged(100, 90, None, 73, None, 56)

    assert verdict.outcome is Outcome.FAIL
    assert "1 refused requests cost 7 credits" in verdict.received


def test_refusals_that_leave_the_balance_alone_are_free() -> None:
    assert judged(100, 90, None, 80, None, 70).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("left", "why"),
    [
        ((100, None, 90, None, 73), "no pair of submits without refusals"),
        ((100, 90, 80, None, 70, None, 53), "1 of 2 times; others may be spending"),
        ((100, 90, 73, None, 56), "without any refusal too; others may be spending"),
    ],
    ids=["nothing to compare with", "one was free", "the same without a refusal"],
)
def test_nobody_is_accused_of_what_somebody_else_may_have_spent(
    left: tuple[int | None, ...], why: str
) -> None:
    verdict = judged(*left)

    assert verdict.outcome is Outcome.UNTESTABLE
    assert why in str(verdict.reason)
