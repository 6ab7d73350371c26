"""Paid submits.

Sent again only where it certainly was not delivered, or was put off in so many words.
"""

from __future__ import annotations

from email.utils import formatdate
from typing import Any

import pytest

from conformance.client.errors import (
    AuthenticationFailed,
    NoBalance,
    OutcomeUnknown,
    RateLimited,
    RefusedByProvider,
    UnexpectedAnswer,
    Unreachable,
)
from conformance.model.exchange import Failure, Response
from tests.client.shop import KEY, KINDS, TAKEN, Fake, Reply, opened, shop

LOST = {
    "the connection closes": Reply(drop=True),
    "500": Reply(status=500, body={"error": "oops"}),
    "502": Reply(status=502, body="bad gateway"),
    "503": Reply(status=503, body={"error": "busy"}),
    "503 that says when": Reply(status=503, headers={"retry-after": "1"}),
    "504": Reply(status=504),
    "408": Reply(status=408),
    "the body breaks off": Reply(body={"id": "job-1", "status": "queued"}, cut=5),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("reply", LOST.values(), ids=LOST)
def test_a_lost_answer_leaves_exactly_one_post_on_the_wire(kind: str, reply: Reply) -> None:
    with Fake({"POST /make": reply}) as server, opened(kind, shop(), server.url) as client:
        with pytest.raises(OutcomeUnknown):
            client.generate("a fox")

        assert len(server.posts()) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_an_answer_that_takes_too_long_is_lost_too(kind: str) -> None:
    with (
        Fake({"POST /make": Reply(pause=0.5)}) as server,
        opened(kind, shop(), server.url, request_timeout=0.1) as client,
    ):
        with pytest.raises(OutcomeUnknown, match="It was sent once"):
            client.generate("a fox")

        assert len(server.posts()) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_an_unknown_outcome_tells_all_that_is_known_and_no_secret(kind: str) -> None:
    with (
        Fake({"POST /make": Reply(status=500, body={"error": f"key {KEY} crashed"})}) as server,
        opened(kind, shop(), server.url) as client,
    ):
        with pytest.raises(OutcomeUnknown) as caught:
            client.generate("a fox")

        error = caught.value
        assert (error.operation, error.price) == ("make", 5)
        assert b"a fox" in error.exchange.request.body
        assert isinstance(error.exchange.answer, Response)
        assert KEY not in f"{error} {error.exchange}"
        assert client.spent == 5, "what may be charged for stays counted"


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_never_delivered_is_tried_again_until_it_arrives(kind: str) -> None:
    late = Fake({"POST /make": TAKEN})
    naps: list[float] = []

    def sleep(seconds: float) -> None:
        naps.append(seconds)
        if len(naps) == 2:
            late.start()

    with opened(kind, shop(), late.url, sleep=sleep) as client:
        job = client.submit.generate("a fox")

        assert (job.id, len(late.posts()), naps[:2]) == ("job-1", 1, [0.5, 1.0])
    late.__exit__()


@pytest.mark.parametrize("kind", KINDS)
def test_a_provider_that_cannot_be_reached_costs_nothing(kind: str) -> None:
    silent = Fake()  # bound and never listening
    with opened(kind, shop(), silent.url, sleep=lambda _: None) as client:
        with pytest.raises(Unreachable) as caught:
            client.generate("a fox")

        assert caught.value.attempts == 4
        assert isinstance(caught.value.exchange.answer, Failure)
        assert client.spent == 0
    silent.__exit__()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("told", ["7", "7.5", "date"])
def test_a_submit_that_is_put_off_is_sent_when_it_may(kind: str, told: str) -> None:
    later = formatdate(4102444800, usegmt=True) if told == "date" else told
    naps: list[float] = []
    put_off = Reply(status=429, headers={"retry-after": later}, body={"error": "slow down"})
    with (
        Fake({"POST /make": [put_off, TAKEN]}) as server,
        opened(kind, shop(), server.url, sleep=naps.append, timeout=1e10) as client,
    ):
        client.submit.generate("a fox")

        assert len(server.posts()) == 2
        assert naps[0] == float(told) if told != "date" else naps[0] > 1_000_000


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("headers", "posts", "later"),
    [
        ({}, 1, None),
        ({"retry-after": "1"}, 4, 1.0),
        ({"retry-after": "9999"}, 1, 9999.0),
        ({"retry-after": "soon"}, 1, None),
    ],
)
def test_a_submit_that_is_put_off_for_too_long_is_given_up(
    kind: str, headers: dict[str, str], posts: int, later: float | None
) -> None:
    with (
        Fake({"POST /make": Reply(status=429, headers=headers)}) as server,
        opened(kind, shop(), server.url, sleep=lambda _: None, timeout=60) as client,
    ):
        with pytest.raises(RateLimited) as caught:
            client.generate("a fox")

        assert (len(server.posts()), caught.value.retry_after, client.spent) == (posts, later, 0)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, RefusedByProvider),
        (401, AuthenticationFailed),
        (402, NoBalance),
        (403, AuthenticationFailed),
        (409, RefusedByProvider),
        (422, RefusedByProvider),
    ],
)
def test_a_refusal_carries_the_providers_own_words(
    kind: str, status: int, error: type[RefusedByProvider]
) -> None:
    reply = Reply(status=status, body={"error": {"code": "no_way", "message": "not like this"}})
    with Fake({"POST /make": reply}) as server, opened(kind, shop(), server.url) as client:
        with pytest.raises(error) as caught:
            client.generate("a fox")

        assert type(caught.value) is error
        assert (caught.value.status, caught.value.reason, caught.value.message) == (
            status,
            "no_way",
            "not like this",
        )
        assert (len(server.posts()), client.spent) == (1, 0)


@pytest.mark.parametrize("kind", KINDS)
def test_an_error_inside_a_success_is_a_refusal(kind: str) -> None:
    with (
        Fake(
            {"POST /make": Reply(body={"error": {"code": "busy", "message": "not now"}})}
        ) as server,
        opened(kind, shop(), server.url) as client,
        pytest.raises(RefusedByProvider, match=r"HTTP 200\): busy: not now"),
    ):
        client.generate("a fox")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "body",
    [
        {"ok": True},
        [],
        "fine",
        {"id": None},
        {"id": True},
        {"id": ""},
        {"id": {"a": 1}},
        b"\xff\xfe",
    ],
)
def test_a_success_without_a_job_may_have_cost_something_and_is_not_repeated(
    kind: str, body: Any
) -> None:
    with (
        Fake({"POST /make": Reply(body=body)}) as server,
        opened(kind, shop(), server.url) as client,
    ):
        with pytest.raises(UnexpectedAnswer) as caught:
            client.generate("a fox")

        assert caught.value.exchange is not None
        assert (len(server.posts()), client.spent) == (1, 5)


@pytest.mark.parametrize("kind", KINDS)
def test_a_submit_follows_no_redirect(kind: str) -> None:
    with (
        Fake({"POST /make": TAKEN}) as other,
        Fake(
            {"POST /make": Reply(status=307, headers={"location": f"{other.url}/make"})}
        ) as server,
    ):
        with (
            opened(kind, shop(), server.url) as client,
            pytest.raises(UnexpectedAnswer, match="redirect"),
        ):
            client.generate("a fox")

        assert other.heard == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_documented_idempotency_key_makes_a_repetition_safe(kind: str) -> None:
    with (
        Fake({"POST /make": [Reply(drop=True), Reply(status=503), TAKEN]}) as server,
        opened(kind, shop(idempotent=True), server.url) as client,
    ):
        client.submit.generate("a fox")
        client.submit.generate("a fox")

        keys = [one.headers["idempotency-key"] for one in server.posts()]
        assert len(keys) == 4
        assert len(set(keys[:3])) == 1
        assert keys[3] != keys[0]


@pytest.mark.parametrize("kind", KINDS)
def test_no_undocumented_header_is_sent(kind: str) -> None:
    with Fake({"POST /make": TAKEN}) as server, opened(kind, shop(), server.url) as client:
        client.submit.generate("a fox")

        assert not [name for name in server.posts()[0].headers if "idempot" in name]
        assert server.posts()[0].headers["authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize("kind", KINDS)
def test_only_what_was_given_is_sent_beside_what_must_be_there(kind: str) -> None:
    with Fake({"POST /make": TAKEN}) as server, opened(kind, shop(), server.url) as client:
        client.submit.generate("a fox", duration=6.0, resolution="720P", aspect_ratio=None)

        assert server.posts()[0].body == {
            "model": "tiny",
            "prompt": "a fox",
            "duration": 6,
            "size": "720p",
        }
