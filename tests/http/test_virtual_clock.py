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


def test_no_time_passes_while_a_thread_works() -> None:
    async def work() -> float:
        begun = asyncio.get_running_loop().time()
        async with asyncio.timeout(5):
            await asyncio.to_thread(time.sleep, 0.02)
        return asyncio.get_running_loop().time() - begun

    assert run_virtual(work()) == 0.0


def test_whoever_sleeps_wakes_when_the_thread_is_done() -> None:
    order = []

    async def sleep() -> None:
        await asyncio.sleep(60)
        order.append("slept")

    async def work() -> None:
        sleeping = asyncio.create_task(sleep())
        await asyncio.to_thread(time.sleep, 0.02)
        order.append("worked")
        await sleeping

    run_virtual(work())

    assert order == ["worked", "slept"]
