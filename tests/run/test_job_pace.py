"""Whoever knows how long a job takes asks at the right moment, and never too soon."""

from __future__ import annotations

import asyncio

from conformance.http.virtual_clock import run_virtual
from conformance.run.job_pace import Pace


def woken(
    *,
    shown: float | None,
    age: float,
    least: float = 0.1,
    most: float = 5.0,
    later: float | None = None,
) -> float:
    """Return after how many seconds one wakes.

    `shown` is known before, `later` is told after a second.
    """

    async def work() -> float:
        pace, clock = Pace(), asyncio.get_running_loop().time
        if shown is not None:
            pace.finished("make", shown)
        if later is not None:
            asyncio.get_running_loop().call_later(1.0, pace.finished, "make", later)
        begun = clock()
        await pace.sleep("make", age=age, least=least, most=most)
        return round(clock() - begun, 3)

    return run_virtual(work())


def test_where_nothing_is_known_it_sleeps_as_long_as_it_was_told() -> None:
    assert woken(shown=None, age=1.0) == 5.0


def test_it_wakes_when_a_job_of_its_kind_is_likely_to_be_finished() -> None:
    assert woken(shown=3.0, age=1.0) == 2.0


def test_it_never_wakes_sooner_than_the_provider_wants_to_be_asked() -> None:
    assert woken(shown=1.01, age=1.0, least=2.0) == 2.0


def test_a_job_that_takes_longer_than_others_is_asked_for_as_usual() -> None:
    assert woken(shown=3.0, age=3.5) == 5.0


def test_a_sleeper_hears_of_a_job_that_finished_meanwhile() -> None:
    assert woken(shown=None, age=1.0, later=2.5) == 1.5


def test_a_job_of_another_kind_tells_nothing() -> None:
    async def work() -> float:
        pace = Pace()
        pace.finished("extend", 0.5)
        await pace.sleep("make", age=0.0, least=0.1, most=4.0)
        return asyncio.get_running_loop().time()

    assert run_virtual(work()) == 4.0
