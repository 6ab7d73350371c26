"""Waiting for a job: nothing loses its id, and no odd answer ends the wait before its time."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from conformance.client import Phase
from conformance.client.errors import (
    AuthenticationFailed,
    FinishedWithoutResult,
    JobCancelled,
    JobFailed,
    JobLost,
    JobModerated,
    JobUnknown,
    NoBalance,
    NotOffered,
    RefusedByProvider,
    TimedOut,
    UnexpectedAnswer,
    UnknownStatus,
)
from tests.client.shop import KEY, KINDS, TAKEN, Fake, Reply, opened, shop

WORKING = Reply(body={"id": "job-1", "status": "working", "progress": 40})
DONE = Reply(
    body={"id": "job-1", "status": "done", "progress": 100, "url": "/files/1.mp4", "cost": 4}
)


def look(*replies: Reply) -> dict[str, Any]:
    return {"POST /make": TAKEN, "GET /jobs/job-1": list(replies)}


@pytest.mark.parametrize("kind", KINDS)
def test_a_finished_job_gives_its_video(kind: str) -> None:
    with Fake(look(WORKING, DONE)) as server, opened(kind, shop(), server.url) as client:
        video = client.generate("a fox", duration=3)

        assert (video.id, video.url, video.duration, video.cost) == (
            "job-1",
            f"{server.url}/files/1.mp4",
            3.0,
            4.0,
        )


@pytest.mark.parametrize("kind", KINDS)
def test_every_state_is_told_in_order(kind: str) -> None:
    heard: list[tuple[str, float | None]] = []
    with Fake(look(WORKING, DONE)) as server, opened(kind, shop(), server.url) as client:
        client.generate(
            "a fox", on_update=lambda update: heard.append((update.status, update.progress))
        )

        assert heard == [("working", 40.0), ("done", 100.0)]


@pytest.mark.parametrize("kind", KINDS)
def test_updates_are_an_iterator_and_the_wait_after_it_asks_nothing_more(kind: str) -> None:
    with Fake(look(WORKING, DONE)) as server, opened(kind, shop(), server.url) as client:
        job = client.submit.generate("a fox")
        phases = [update.phase for update in job.updates()]
        asked = len(server.heard)

        assert phases == [Phase.WAITING, Phase.DONE]
        assert (job.wait().id, job.status, job.progress, job.done, len(server.heard)) == (
            "job-1",
            "done",
            100.0,
            True,
            asked,
        )


@pytest.mark.parametrize("kind", KINDS)
def test_a_listener_that_fails_costs_nobody_the_job(
    kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    with (
        Fake(look(WORKING, DONE)) as server,
        opened(kind, shop(), server.url, on_update=lambda _: 1 / 0) as client,
    ):
        assert client.generate("a fox").id == "job-1"
        assert "the wait goes on" in caplog.text


@pytest.mark.parametrize("kind", KINDS)
def test_a_time_out_keeps_the_job_and_the_wait_can_be_taken_up(kind: str) -> None:
    with Fake(look(WORKING)) as server, opened(kind, shop(), server.url) as client:
        with pytest.raises(TimedOut, match=r"client\.job\('job-1'\)") as caught:
            client.generate("a fox", timeout=0.05)
        server.script["GET /jobs/job-1"] = [DONE]

        assert caught.value.status == "working"
        assert client.job(caught.value.job.id).wait().url == f"{server.url}/files/1.mp4"
        assert client.job(caught.value.job).wait().duration == 5.0
        assert client.job(caught.value.job.to_json()).wait().cost == 4.0
        assert len(server.posts()) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_an_unknown_status_is_waited_on_with_one_warning(kind: str) -> None:
    odd = Reply(body={"id": "job-1", "status": "THROTTLED"})
    with Fake(look(odd, odd, DONE)) as server, opened(kind, shop(), server.url) as client:
        with pytest.warns(UnknownStatus, match="'THROTTLED'") as warned:
            assert client.generate("a fox").id == "job-1"

        assert len(warned) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_an_unknown_status_is_bounded_by_the_deadline(kind: str) -> None:
    with (
        Fake(look(Reply(body={"status": "aborted"}))) as server,
        opened(kind, shop(), server.url) as client,
        pytest.warns(UnknownStatus),
        pytest.raises(TimedOut),
    ):
        client.generate("a fox", timeout=0.05)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "trouble",
    [
        Reply(status=500),
        Reply(drop=True),
        Reply(body="nonsense"),
        Reply(body=[1]),
        Reply(status=429, headers={"retry-after": "0"}),
        Reply(status=404),
    ],
    ids=str,
)
def test_a_look_that_fails_does_not_end_the_wait(kind: str, trouble: Reply) -> None:
    with (
        Fake(look(trouble, WORKING, trouble, trouble, DONE)) as server,
        opened(kind, shop(), server.url) as client,
    ):
        assert client.generate("a fox").id == "job-1"


@pytest.mark.parametrize("kind", KINDS)
def test_a_look_waits_as_long_as_the_provider_asks(kind: str) -> None:
    naps: list[float] = []
    with (
        Fake(look(Reply(status=429, headers={"retry-after": "3"}), DONE)) as server,
        opened(kind, shop(), server.url, sleep=naps.append) as client,
    ):
        client.generate("a fox")

        assert naps == [3.0]


@pytest.mark.parametrize("kind", KINDS)
def test_a_job_that_cannot_be_asked_for_is_lost_and_not_failed(kind: str) -> None:
    with (
        Fake(look(Reply(status=500, body={"error": "down"}))) as server,
        opened(kind, shop(), server.url) as client,
    ):
        with pytest.raises(JobLost, match="HTTP 500") as caught:
            client.generate("a fox")

        assert (type(caught.value), caught.value.job.id) == (JobLost, "job-1")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("code", "error"),
    [
        (1001, AuthenticationFailed),
        (1004, JobUnknown),
        (1005, NoBalance),
        (1201, RefusedByProvider),
    ],
)
def test_a_poll_that_is_refused_by_a_code_ends_the_wait_and_keeps_the_job(
    kind: str, code: int, error: type[Exception]
) -> None:
    no = Reply(body={"code": code, "msg": "not for you", "data": None})
    spec = shop(coded=True)
    with Fake(look(no)) as server, opened(kind, spec, server.url) as client:
        with pytest.raises(error, match="not for you") as raised:
            client.generate("a fox")

        assert raised.value.job.id == "job-1"  # type: ignore[attr-defined]
        assert "client.job('job-1')" in str(raised.value)
        assert len(server.asked("/jobs/job-1")) <= 4


@pytest.mark.parametrize("kind", KINDS)
def test_a_job_that_is_denied_by_a_code_for_a_moment_is_waited_for(kind: str) -> None:
    no = Reply(body={"code": 1004, "msg": "no such job"})
    replies = look(no, no, WORKING, no, DONE)
    with Fake(replies) as server, opened(kind, shop(coded=True), server.url) as client:
        assert client.generate("a fox").id == "job-1"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("status", [400, 422])
def test_a_poll_that_is_refused_for_itself_ends_the_wait_and_keeps_the_job(
    kind: str, status: int
) -> None:
    no = Reply(status=status, body={"error": {"message": "no such id"}})
    with Fake(look(no)) as server, opened(kind, shop(), server.url) as client:
        with pytest.raises(RefusedByProvider, match="no such id") as raised:
            client.generate("a fox")

        assert raised.value.job is not None
        assert raised.value.job.id == "job-1"
        assert len(server.asked("/jobs/job-1")) == 4


@pytest.mark.parametrize("kind", KINDS)
def test_a_poll_that_answers_an_error_which_no_spec_describes_ends_the_wait(kind: str) -> None:
    no = Reply(body={"code": 40401, "message": "task does not exist"})
    with Fake(look(no)) as server, opened(kind, shop(), server.url) as client:
        with pytest.raises(JobLost, match="task does not exist") as raised:
            client.generate("a fox")

        assert raised.value.job.id == "job-1"
        assert len(server.asked("/jobs/job-1")) == 4


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("status", [404, 410])
def test_a_job_that_the_provider_keeps_denying_is_unknown(kind: str, status: int) -> None:
    with Fake(look(Reply(status=status))) as server, opened(kind, shop(), server.url) as client:
        with pytest.raises(JobUnknown):
            client.generate("a fox")

        assert len(server.asked("/jobs/job-1")) == 4


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("status", [401, 403])
def test_a_key_that_no_longer_opens_ends_the_wait_with_the_id(kind: str, status: int) -> None:
    with (
        Fake(look(WORKING, Reply(status=status))) as server,
        opened(kind, shop(), server.url) as client,
    ):
        with pytest.raises(AuthenticationFailed, match="job-1") as caught:
            client.generate("a fox")

        assert caught.value.job
        assert caught.value.job.id == "job-1"


FAILURES = {
    "plain": (
        200,
        {"status": "failed", "error": {"code": "gpu", "message": "lost it"}},
        JobFailed,
        ("gpu", "lost it"),
    ),
    "as a refusal": (422, {"status": "failed", "error": "lost it"}, JobFailed, ("", "lost it")),
    "as a denial": (403, {"status": "failed", "error": ["x"]}, JobFailed, ("", "x")),
    "moderated": (
        200,
        {"status": "failed", "error": {"type": "content_policy_violation", "message": "no"}},
        JobModerated,
        ("content_policy_violation", "no"),
    ),
    "cancelled": (200, {"status": "cancelled"}, JobCancelled, ("", "")),
    "without a status": (200, {"error": {"code": 7, "detail": "odd"}}, JobFailed, ("7", "odd")),
    "done with an error": (
        200,
        {"status": "done", "error": {"code": "gpu", "message": "lost it"}},
        JobFailed,
        ("gpu", "lost it"),
    ),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("status", "body", "error", "told"), FAILURES.values(), ids=FAILURES)
def test_a_failed_job_raises_with_the_providers_reason(
    kind: str, status: int, body: Any, error: type[JobFailed], told: tuple[str, str]
) -> None:
    with (
        Fake(look(WORKING, Reply(status=status, body=body))) as server,
        opened(kind, shop(), server.url) as client,
    ):
        with pytest.raises(error) as caught:
            client.generate("a fox")

        assert type(caught.value) is error
        assert (caught.value.job.id, caught.value.reason, caught.value.message) == ("job-1", *told)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("url", [None, "", [], 5, {"a": 1}])
def test_done_without_a_result_is_an_error_of_its_own(kind: str, url: Any) -> None:
    with (
        Fake(look(Reply(body={"status": "done", "url": url}))) as server,
        opened(kind, shop(), server.url) as client,
    ):
        with pytest.raises(FinishedWithoutResult) as caught:
            client.generate("a fox")

        assert caught.value.exchange is not None


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://example.com/a", "javascript:1", "http://", "http://[::1"]
)
def test_a_result_that_is_no_web_address_is_a_divergence(kind: str, url: str) -> None:
    with (
        Fake(look(Reply(body={"status": "done", "url": url}))) as server,
        opened(kind, shop(), server.url) as client,
        pytest.raises(UnexpectedAnswer, match="web address"),
    ):
        client.generate("a fox")


@pytest.mark.parametrize("kind", KINDS)
def test_a_job_is_followed_at_the_address_it_names(kind: str) -> None:
    taken = Reply(body={"id": "job-1", "at": "/elsewhere/1"})
    with (
        Fake({"POST /make": taken, "GET /elsewhere/1": [WORKING, DONE]}) as server,
        opened(kind, shop(by_address=True), server.url) as client,
    ):
        job = client.submit.generate("a fox")

        assert job.wait().id == "job-1"
        assert client.job(job.reference()).wait().id == "job-1"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("at", ["http://127.0.0.1:9/steal", "//example.com/steal", None])
def test_a_job_is_never_followed_to_another_origin(kind: str, at: str | None) -> None:
    with (
        Fake({"POST /make": Reply(body={"id": "job-1", "at": at})}) as server,
        opened(kind, shop(by_address=True), server.url) as client,
        pytest.raises(JobLost, match="no address of its own"),
    ):
        client.generate("a fox")


@pytest.mark.parametrize("kind", KINDS)
def test_refresh_looks_once(kind: str) -> None:
    with (
        Fake(look(Reply(status=500), WORKING, DONE)) as server,
        opened(kind, shop(), server.url) as client,
    ):
        job = client.submit.generate("a fox")

        assert (job.status, job.progress, job.done) == ("", None, False)
        assert job.refresh().status == "working"
        assert (job.status, job.progress, job.done) == ("working", 40.0, False)
        assert len(server.asked("/jobs/job-1")) == 2


@pytest.mark.parametrize("kind", KINDS)
def test_refresh_gives_up_after_a_few_tries(kind: str) -> None:
    with Fake(look(Reply(status=500))) as server, opened(kind, shop(), server.url) as client:
        with pytest.raises(JobLost):
            client.job("job-1").refresh()

        assert len(server.asked("/jobs/job-1")) == 3


@pytest.mark.parametrize("kind", KINDS)
def test_a_job_is_cancelled_where_that_is_documented(kind: str) -> None:
    script = look(WORKING) | {
        "POST /jobs/job-1/cancel": [
            Reply(body={}),
            Reply(status=409, body={"error": "too late"}),
            Reply(drop=True),
        ]
    }
    with Fake(script) as server, opened(kind, shop(cancel=True), server.url) as client:
        job = client.submit.generate("a fox")
        job.cancel()

        with pytest.raises(RefusedByProvider, match="too late"):
            job.cancel()
        with pytest.raises(JobLost, match="whether it was cancelled"):
            job.cancel()


@pytest.mark.parametrize("kind", KINDS)
def test_a_job_is_not_cancelled_where_nothing_documents_it(kind: str) -> None:
    with (
        Fake(look(WORKING)) as server,
        opened(kind, shop(), server.url) as client,
        pytest.raises(NotOffered, match="no way to cancel a job"),
    ):
        client.submit.generate("a fox").cancel()


@pytest.mark.parametrize("kind", KINDS)
def test_an_interrupt_notes_which_job_goes_on(kind: str) -> None:
    def stop(_: float) -> None:
        raise KeyboardInterrupt

    with Fake(look(WORKING)) as server, opened(kind, shop(), server.url, sleep=stop) as client:
        with pytest.raises(KeyboardInterrupt) as caught:
            client.generate("a fox")

        assert "client.job('job-1')" in caught.value.__notes__[0]


@pytest.mark.parametrize("kind", KINDS)
def test_the_log_tells_what_was_sent_and_no_secret(
    kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "conformance.client")
    with (
        Fake(look(Reply(status=500, body={"error": f"{KEY}?"}), DONE)) as server,
        opened(kind, shop(), server.url) as client,
    ):
        client.generate("a fox")

        assert "POST" in caplog.text
        assert "took job job-1" in caplog.text
        assert KEY not in caplog.text


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("timeout", ["long", -1, float("nan"), float("inf"), True])
def test_a_timeout_is_a_number_of_seconds(kind: str, timeout: Any) -> None:
    with Fake(look(DONE)) as server, opened(kind, shop(), server.url) as client:
        with pytest.raises(TypeError, match="a number of seconds"):
            client.generate("a fox", timeout=timeout)

        assert server.posts() == []
