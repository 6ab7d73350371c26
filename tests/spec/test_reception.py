"""How a submit was received: taken on, refused, or neither."""

from __future__ import annotations

import json
from typing import Any

import pytest

from conformance.model.exchange import Failure, Fault, Response
from conformance.spec.answer_meaning import error_inside
from conformance.spec.reception import Reception, describe, reception
from tests.small import small

MAKE = small(**{"x-job": {"id": "/id", "error": "/error", "states": {"done": ["done"]}}}).submits[0]


def answer(status: int, body: Any = None) -> Response:
    return Response(status=status, body=json.dumps(body).encode())


@pytest.mark.parametrize(
    ("status", "body", "received"),
    [
        (200, {"id": "job_1"}, Reception.ACCEPTED),
        (202, {"id": 7}, Reception.ACCEPTED),
        (200, {"error": {"message": "no"}}, Reception.ERROR_INSIDE),
        (200, {"code": 400, "message": "no"}, Reception.ERROR_INSIDE),
        (200, {"code": "InvalidParameter", "msg": "no"}, Reception.ERROR_INSIDE),
        (200, {"code": 0, "message": "fine"}, Reception.NO_JOB),
        (200, {"code": "success", "message": "fine"}, Reception.NO_JOB),
        (200, {}, Reception.NO_JOB),
        (200, [], Reception.NO_JOB),
        (400, {"error": "no"}, Reception.REFUSED),
        (422, None, Reception.REFUSED),
        (401, None, Reception.UNAUTHORIZED),
        (403, None, Reception.REFUSED),
        (402, None, Reception.UNCLEAR),
        (429, None, Reception.UNCLEAR),
        (500, None, Reception.UNCLEAR),
        (302, None, Reception.UNCLEAR),
    ],
)
def test_an_answer_is_read_one_way(status: int, body: Any, received: Reception) -> None:
    assert reception(MAKE, answer(status, body)) is received


def test_no_answer_is_neither_yes_nor_no() -> None:
    failure = Failure(fault=Fault.TIMEOUT, detail="after 30 s")

    assert reception(MAKE, failure) is Reception.UNCLEAR
    assert describe(failure) == "no answer (timeout: after 30 s)"


@pytest.mark.parametrize("body", [None, "text", 5, [], ["error"]])
def test_what_is_no_object_carries_no_error(body: Any) -> None:
    assert not error_inside(MAKE.job, body)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"error": {"message": "too long"}}, "HTTP 422 “too long”"),
        ({"detail": "too long"}, "HTTP 422 “too long”"),
        ({"error": {"code": 5}}, "HTTP 422"),
        ([], "HTTP 422"),
        ({"message": "x" * 500}, "HTTP 422 “" + "x" * 120 + "”"),
    ],
)
def test_an_answer_is_told_in_a_few_words(body: Any, told: str) -> None:
    assert describe(answer(422, body)) == told
