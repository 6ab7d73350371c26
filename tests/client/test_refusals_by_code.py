"""A provider that says no with HTTP 200 and a code raises what any other does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from conformance.client.errors import (
    AuthenticationFailed,
    JobFailed,
    JobUnknown,
    NoBalance,
    OutcomeUnknown,
    RateLimited,
    RefusedByProvider,
)
from tests.client.shop import KINDS, TAKEN, Fake, Reply, opened, shop
from tests.small import spec_of

if TYPE_CHECKING:
    from conformance.spec.document import Spec

WORD = {
    "code": "/code",
    "good": [0],
    "message": "/why/text",
    "means": {
        "unauthorized": [1001],
        "not-found": [1004],
        "no-balance": [1005],
        "rate-limited": [1006],
    },
}
PUT_OFF = Reply(body={"code": 1006}, headers={"retry-after": "1"})


def coded(word: Any = WORD) -> Spec:
    return spec_of({**shop().tree.data, "x-refusal": word})


def no(code: int) -> Reply:
    return Reply(body={"code": code, "why": {"text": "so it is"}})


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("code", "error"),
    [
        (1001, AuthenticationFailed),
        (1005, NoBalance),
        (1006, RateLimited),
        (1999, RefusedByProvider),
    ],
)
def test_a_refused_submit_is_the_error_that_its_code_means(
    kind: str, code: int, error: type[RefusedByProvider]
) -> None:
    with (
        Fake({"POST /make": no(code)}) as server,
        opened(kind, coded(), server.url) as client,
    ):
        with pytest.raises(error) as caught:
            client.generate("a fox")

        assert type(caught.value) is error
        assert (caught.value.reason, caught.value.message) == (str(code), "so it is")
        assert client.spent == 0


@pytest.mark.parametrize("kind", KINDS)
def test_a_poll_that_denies_the_job_ends_the_wait(kind: str) -> None:
    with (
        Fake({"POST /make": TAKEN, "GET /jobs/job-1": no(1004)}) as server,
        opened(kind, coded(), server.url) as client,
        pytest.raises(JobUnknown),
    ):
        client.generate("a fox")


@pytest.mark.parametrize("kind", KINDS)
def test_a_poll_that_refuses_the_key_ends_the_wait_at_once(kind: str) -> None:
    with (
        Fake({"POST /make": TAKEN, "GET /jobs/job-1": no(1001)}) as server,
        opened(kind, coded(), server.url) as client,
    ):
        with pytest.raises(AuthenticationFailed):
            client.generate("a fox")

        assert len(server.asked("/jobs/job-1")) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_a_submit_that_is_put_off_by_a_code_is_sent_when_it_may(kind: str) -> None:
    with (
        Fake({"POST /make": [PUT_OFF, TAKEN]}) as server,
        opened(kind, coded(), server.url, sleep=lambda _: None) as client,
    ):
        client.submit.generate("a fox")

        assert len(server.posts()) == 2


@pytest.mark.parametrize("kind", KINDS)
def test_a_submit_that_was_put_off_and_may_have_made_a_job_is_not_sent_again(kind: str) -> None:
    with (
        Fake({"POST /make": [PUT_OFF, TAKEN]}) as server,
        opened(kind, coded(WORD | {"makes-no-job": False}), server.url) as client,
    ):
        with pytest.raises(OutcomeUnknown):
            client.submit.generate("a fox")

        assert len(server.posts()) == 1
        assert client.spent == 5, "what may be charged for stays counted"


@pytest.mark.parametrize("kind", KINDS)
def test_a_job_that_failed_may_be_told_by_the_status_of_its_poll(kind: str) -> None:
    spec = shop.__wrapped__(**{"by-status": {"failed": [410]}})
    with (
        Fake({"POST /make": TAKEN, "GET /jobs/job-1": Reply(status=410)}) as server,
        opened(kind, spec, server.url) as client,
    ):
        with pytest.raises(JobFailed):
            client.generate("a fox")

        assert len(server.asked("/jobs/job-1")) == 1
