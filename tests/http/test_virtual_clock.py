"""A clock that jumps waits for nothing but work that is really done."""

from __future__ import annotations

import asyncio
import time

from conformance.http.virtual_clock import run_virtual


def test_an_hour_is_over_at_once() -> None:
    async def sleep() -> float:
        await asyncio.sleep(3600)
        return asyncio.get_running_loop().time()

    begun = time.monotonic()

    assert run_virtual(sleep()) == 3600
    assert time.monotonic() - begun < 10


def test_a_thread_is_waited_for_at_the_end_however_far_the_clock_might_jump() -> None:
    ended: list[bool] = []

    def work() -> None:
        time.sleep(0.2)
        ended.append(True)

    async def leave_it_running() -> None:
        running = asyncio.get_running_loop().run_in_executor(None, work)
        assert not running.done()

    run_virtual(leave_it_running())

    assert ended
