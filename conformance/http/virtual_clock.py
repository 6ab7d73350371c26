"""An event loop whose clock jumps: nothing is waited for that only time would bring."""

from __future__ import annotations

import asyncio
import selectors
from typing import TYPE_CHECKING, Any, TypeVar, TypeVarTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from concurrent.futures import Executor

T = TypeVar("T")
Ts = TypeVarTuple("Ts")


class VirtualLoop(asyncio.SelectorEventLoop):
    """Runs tasks as usual, but where all of them sleep, the time of the next one is now."""

    def __init__(self) -> None:
        """Start at zero."""
        self._moment = 0.0
        #: How many threads work for it: while one does, no time passes.
        self.working = 0
        super().__init__(_Jumping(self))

    def time(self) -> float:
        """Return the loop's own time, in seconds."""
        return self._moment

    def run_in_executor(
        self, executor: Executor | None, func: Callable[[*Ts], T], *args: *Ts
    ) -> asyncio.Future[T]:
        """Have a thread work; a time limit around it must not be over before it has begun."""
        future = super().run_in_executor(executor, func, *args)
        self.working += 1
        future.add_done_callback(self._worked)
        return future

    def _worked(self, _future: asyncio.Future[Any]) -> None:
        self.working -= 1

    async def shutdown_default_executor(self, timeout: float | None = None) -> None:  # noqa: ASYNC109
        """Wait for the threads, however long: a limit would be over at once on this clock."""
        await super().shutdown_default_executor()

    def jump(self, seconds: float) -> None:
        """Let that much time pass at once."""
        self._moment += seconds


class _Jumping(selectors.DefaultSelector):
    """Never blocks for a timer: it lets the loop's clock jump instead."""

    def __init__(self, loop: VirtualLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[Any]:
        if timeout is None:
            return super().select(None)
        ready = super().select(0)
        if ready or timeout <= 0:
            return ready
        if self._loop.working:
            return super().select(None)  # a thread that is done wakes the loop
        self._loop.jump(timeout)
        return ready


def run_virtual(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end on a clock that jumps."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(coroutine)
