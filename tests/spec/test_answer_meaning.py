"""What an answer amounts to, by its status or by a code inside."""

from __future__ import annotations

import json
from typing import Any

import pytest

from conformance.model.exchange import Failure, Fault, Response
from conformance.spec.answer_meaning import AnswerMeaning, meaning
from conformance.spec.reception import Reception, reception
from tests import coded
from tests.small import bad, document, small, spec_of


def answer(status: int, body: Any = None) -> Response:
    return Response(status=status, body=json.dumps(body).encode())


@pytest.mark.parametrize(
    ("status", "meant"),
    [
        (200, AnswerMeaning.ANSWERED),
        (400, AnswerMeaning.INVALID),
        (401, AnswerMeaning.UNAUTHORIZED),
        (402, AnswerMeaning.NO_BALANCE),
        (403, AnswerMeaning.FORBIDDEN),
        (404, AnswerMeaning.NOT_FOUND),
        (409, AnswerMeaning.UNCLEAR),
        (429, AnswerMeaning.RATE_LIMITED),
        (451, AnswerMeaning.MODERATED),
        (302, AnswerMeaning.UNCLEAR),
        (503, AnswerMeaning.UNCLEAR),
    ],
)
def test_without_the_word_the_status_tells(status: int, meant: AnswerMeaning) -> None:
    assert meaning(small().submits[0], answer(status)) is meant


@pytest.mark.parametrize(
    ("status", "code", "meant"),
    [
        (200, 0, AnswerMeaning.ANSWERED),
        pytest.param(200, "0", AnswerMeaning.ANSWERED, id="0 as text"),
        (200, None, AnswerMeaning.ANSWERED),
        (200, 1001, AnswerMeaning.UNAUTHORIZED),
        (200, "1004", AnswerMeaning.NOT_FOUND),
        (200, 1299, AnswerMeaning.INVALID),
        (200, 1006, AnswerMeaning.RATE_LIMITED),
        (200, 77, AnswerMeaning.INVALID),
        (400, 1004, AnswerMeaning.NOT_FOUND),
        (401, 77, AnswerMeaning.UNAUTHORIZED),
        (404, 0, AnswerMeaning.NOT_FOUND),
        (503, 77, AnswerMeaning.UNCLEAR),
    ],
)
def test_a_code_goes_before_the_status(status: int, code: Any, meant: AnswerMeaning) -> None:
    create = coded.spec().operation("create")

    assert meaning(create, answer(status, {"code": code})) is meant


def test_no_answer_is_unclear() -> None:
    failure = Failure(fault=Fault.TIMEOUT, detail="after 30 s")

    assert meaning(coded.spec().operation("create"), failure) is AnswerMeaning.UNCLEAR


@pytest.mark.parametrize(
    ("word", "status", "meant"),
    [
        ({"status": ["4XX", 500]}, 500, AnswerMeaning.INVALID),
        ({"means": {"moderated": [422]}}, 422, AnswerMeaning.MODERATED),
        ({"means": {"not-found": ["50X"]}}, 503, AnswerMeaning.NOT_FOUND),
        ({"means": {"not-found": ["50X"]}}, 510, AnswerMeaning.UNCLEAR),
        ({"means": {"rate-limited": [202]}}, 202, AnswerMeaning.RATE_LIMITED),
    ],
)
def test_statuses_mean_what_the_word_says(
    word: dict[str, Any], status: int, meant: AnswerMeaning
) -> None:
    assert meaning(small(**{"x-refusal": word}).submits[0], answer(status)) is meant


@pytest.mark.parametrize(
    ("listed", "told", "holds"),
    [
        (["AUTH_*"], "auth_expired", True),
        (["AUTH_*"], "NO_AUTH", False),
        (["10XX"], 1042, True),
        (["10XX"], 10042, False),
        (["EXCEEDED"], "exceeded", True),
        ([False], False, True),
        ([False], 0, False),
        ([1], 1.0, True),
    ],
)
def test_a_listed_code_may_leave_digits_or_text_open(
    listed: list[Any], told: Any, holds: bool
) -> None:
    word = {"code": "/code", "good": ["fine"], "means": {"not-found": listed}}
    meant = meaning(small(**{"x-refusal": word}).submits[0], answer(200, {"code": told}))

    assert (meant is AnswerMeaning.NOT_FOUND) is holds


def test_the_nearest_word_counts() -> None:
    data = document()
    data["x-refusal"] = {"code": "/code"}
    make = data["paths"]["/make"]["post"]
    refused = answer(200, {"code": 7, "error_no": 7})

    assert meaning(spec_of(data).submits[0], refused).refused
    make["x-refusal"] = {"code": "/elsewhere"}
    assert not meaning(spec_of(data).submits[0], refused).refused
    make["responses"]["200"]["x-refusal"] = {"code": "/error_no"}
    assert meaning(spec_of(data).submits[0], refused).refused


def test_a_code_of_success_is_no_error_inside() -> None:
    word = {"code": "/code", "good": ["A0000"]}
    create = small(**{"x-refusal": word}).submits[0]
    body = {"code": "A0000", "message": "fine"}

    assert reception(create, answer(200, body)) is Reception.NO_JOB


def test_a_misspelt_meaning_is_named() -> None:
    error = bad(document(**{"x-refusal": {"means": {"unauthorised": [401]}}}))

    assert "unauthorised" in str(error)
