"""A job is asked for when its own progress says that it should be finished.

It is not asked for more often than the provider wants.
"""

from __future__ import annotations

import json

import pytest

from conformance.jobs.job_life import Ended, Pacing, Send, Wait, follow
from conformance.model.exchange import Response
from conformance.spec.job_words import End
from tests.small import fields, small

JOB = {
    "id": "/id",
    "status": "/status",
    "progress": "/progress",
    "result": "/url",
    "address": "/at",
    "states": {"waiting": ["working"], "done": ["done"]},
}
BASE = "https://api.example.com"


def waits(
    *progress: float | None,
    first: float = 1.0,
    longest: float = 8.0,
    least: float | None = None,
    headers: tuple[tuple[str, str], ...] = (),
) -> list[tuple[float, float]]:
    """Return the waits of a job whose polls tell that progress.

    One poll each ten seconds; then the job is done.
    """
    spec = small(fields(prompt={"type": "string"}), **{"x-job": JOB})
    clock = [0.0]
    pacing = Pacing(first=first, least=least, longest=longest, limit=1000, now=lambda: clock[0])
    steps = follow(spec, BASE, spec.submits[0], "1", {"id": "1", "at": f"{BASE}/jobs/1"}, pacing)
    told = [{"status": "working", "progress": one} for one in progress] + [{"status": "done"}]
    found: list[tuple[float, float]] = []
    answer: Response | None = None
    try:
        while True:
            step = steps.send(answer)
            answer = None
            if isinstance(step, Send):
                clock[0] += 10
                answer = Response(
                    status=200, headers=headers, body=json.dumps(told.pop(0)).encode()
                )
            elif isinstance(step, Wait):
                found.append((round(step.seconds, 2), step.least))
    except StopIteration as stop:
        ended: Ended = stop.value
        assert ended.end is End.DONE
    return found


def test_without_progress_each_wait_is_longer_than_the_one_before_up_to_the_longest() -> None:
    assert [seconds for seconds, _ in waits(*[None] * 10)] == [
        1.0,
        1.3,
        1.69,
        2.2,
        2.86,
        3.71,
        4.83,
        6.27,
        8.0,
        8.0,
    ]


def test_a_job_that_is_nearly_done_is_asked_for_when_it_should_be() -> None:
    slow = waits(*[10] * 9, 98)

    assert slow[-1][0] == pytest.approx(100 * 2 / 98, abs=0.01)


def test_it_is_never_asked_for_sooner_than_the_provider_wants() -> None:
    assert waits(99, first=2.0) == [(2.0, 2.0)]


def test_where_it_is_nobody_s_burden_it_is_asked_for_sooner_than_at_first() -> None:
    assert waits(99, least=0.2) == [(0.2, 0.2)]


def test_what_the_provider_asks_to_wait_is_waited_whatever_the_progress() -> None:
    assert waits(99, headers=(("retry-after", "30"),)) == [(30.0, 30.0)]


@pytest.mark.parametrize("odd", [0, -5, 100, 250, True])
def test_progress_that_tells_nothing_changes_nothing(odd: float) -> None:
    assert waits(odd) == [(1.0, 1.0)]


def test_a_job_that_never_ends_is_asked_for_no_more_often_than_may_be_and_until_its_limit() -> None:
    spec = small(fields(prompt={"type": "string"}), **{"x-job": JOB})
    clock = [0.0]
    pacing = Pacing(first=0.1, longest=0.4, limit=600, now=lambda: clock[0], most_polls=20)
    steps = follow(spec, BASE, spec.submits[0], "1", {"id": "1", "at": f"{BASE}/jobs/1"}, pacing)
    working = Response(status=200, body=json.dumps({"status": "working"}).encode())
    polls = 0
    answer: Response | None = None
    try:
        while True:
            step = steps.send(answer)
            answer = working if isinstance(step, Send) else None
            polls += isinstance(step, Send)
            if isinstance(step, Wait):
                # Whoever waits may wake up early, but not before this.
                clock[0] += step.least
    except StopIteration as stop:
        ended: Ended = stop.value
        assert ended.end is End.TIMED_OUT

    assert polls == 20
    assert clock[0] >= 600
