"""How long jobs take, as far as this run has seen: whoever knows it asks at the right moment."""

from __future__ import annotations

import asyncio


class Pace:
    """The shortest time in which a job of each kind was seen to finish."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self._shortest: dict[str, float] = {}
        self._news = asyncio.Event()

    def finished(self, kind: str, age: float) -> None:
        """Take note of a job that was finished at that age, and tell everyone who sleeps."""
        self._shortest[kind] = min(age, self._shortest.get(kind, age))
        self._news.set()
        self._news = asyncio.Event()

    async def sleep(self, kind: str, *, age: float, least: float, most: float) -> None:
        """Sleep until a job of this age is likely to be finished, or at the latest for `most`."""
        clock = asyncio.get_running_loop().time
        begun = clock()
        while (left := self._wait(kind, age, least, most) - (clock() - begun)) > 0:
            news = self._news
            try:
                async with asyncio.timeout(left):
                    await news.wait()
            except TimeoutError:
                return

    def _wait(self, kind: str, age: float, least: float, most: float) -> float:
        shortest = self._shortest.get(kind, 0.0)
        # Older than any that was finished: this one takes longer, and nothing is known of it.
        return min(most, max(least, shortest - age)) if shortest > age else most
