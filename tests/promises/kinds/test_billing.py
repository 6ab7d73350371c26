"""A balance tells what a job cost only where no other submit was under way."""

from __future__ import annotations

import json

import pytest

from conformance.model.exchange import Exchange, Purpose, Request, Response
from conformance.model.witness import Case
from conformance.promises.evidence import Attempt, Evidence
from conformance.promises.kinds.billing import brackets
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
