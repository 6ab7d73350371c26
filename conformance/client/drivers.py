"""Drive the client's generators: one driver that waits, one that awaits. Neither decides anything."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from conformance.client.errors import ClientClosed
from conformance.client.step_walk import Walk
from conformance.client.steps import Call, Send, Store, Wait
from conformance.spec.reception import describe

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
    from pathlib import Path

    from conformance.client.steps import Steps
    from conformance.http.redaction import Redactor
    from conformance.jobs.job_life import Update
    from conformance.model.exchange import Answer, Request

T = TypeVar("T")

_log = logging.getLogger("conformance.client")


class Door(Protocol):
    """A way to servers for callers that wait."""

    def send(self, request: Request, *, into: Path | None = None, offset: int = 0) -> Answer:
        """Return what came back; a fault is a `Failure` and no exception."""

    def close(self) -> None:
        """Close all connections."""


class AsyncDoor(Protocol):
    """A way to servers for callers that await."""

    async def send(self, request: Request, *, into: Path | None = None, offset: int = 0) -> Answer:
        """Return what came back; a fault is a `Failure` and no exception."""

    async def close(self) -> None:
        """Close all connections."""


class Journal:
    """Writes to the log what is sent and heard, without secrets, and tells the listeners."""

    def __init__(self, clean: Redactor, on_update: Callable[[Update], object] | None) -> None:
        """Write to the logger `conformance.client`."""
        self._clean, self._on_update = clean, on_update

    def sent(self, request: Request, answer: Answer, began: float) -> None:
        """Note one exchange."""
        if _log.isEnabledFor(logging.DEBUG):
            url = self._clean.text(request.url)
            _log.debug(
                "%s %s: %s in %.3f s",
                request.method,
                url,
                self._clean.text(describe(answer)),
                time.perf_counter() - began,
            )

    def heard(self, update: Update, *listeners: Callable[[Update], object] | None) -> None:
        """Tell a state; a listener that fails must not cost anybody the job."""
        for listener in (self._on_update, *listeners):
            if listener is None:
                continue
            try:
                listener(update)
            except Exception:  # noqa: BLE001 - whatever a listener raises is its own affair
                _log.exception("on_update failed; the wait goes on")


class Driver:
    """Does what the steps ask for and waits meanwhile."""

    def __init__(self, door: Door, journal: Journal, sleep: Callable[[float], object]) -> None:
        """Use a door, a journal and a way to sleep."""
        self._door, self._journal, self._sleep = door, journal, sleep
        self.closed = False

    def run(self, steps: Steps[T], on_update: Callable[[Update], object] | None = None) -> T:
        """Return what the generator returns."""
        walk = Walk(steps)
        for update in self.walk(walk):
            self._journal.heard(update, on_update)
        return walk.result

    def walk(self, walk: Walk[T]) -> Iterator[Update]:
        """Yield the states on the way; the result stands in the walk afterwards."""
        self._check()
        answer: Any = None
        while (step := walk.next(answer)) is not None:
            if isinstance(step, Send | Store | Wait | Call):
                answer = self._do(step)
            else:
                answer = None
                yield step

    def _do(self, step: Send | Store | Wait | Call) -> Any:
        match step:
            case Wait(seconds=seconds):
                return self._sleep(seconds) and None
            case Call(work=work):
                return work()
            case Send(request=request):
                return self._send(request, None, 0)
            case Store(request=request, path=path, offset=offset):
                return self._send(request, path, offset)

    def _send(self, request: Request, into: Path | None, offset: int) -> Answer:
        self._check()
        began = time.perf_counter()
        answer = self._door.send(request, into=into, offset=offset)
        self._journal.sent(request, answer, began)
        return answer

    def _check(self) -> None:
        if self.closed:
            raise ClientClosed

    def close(self) -> None:
        """Close the door."""
        self.closed = True
        self._door.close()


class AsyncDriver:
    """Does what the steps ask for and lets others work meanwhile."""

    def __init__(
        self, door: AsyncDoor, journal: Journal, sleep: Callable[[float], Awaitable[object]]
    ) -> None:
        """Use a door, a journal and a way to sleep."""
        self._door, self._journal, self._sleep = door, journal, sleep
        self.closed = False

    async def run(self, steps: Steps[T], on_update: Callable[[Update], object] | None = None) -> T:
        """Return what the generator returns."""
        walk = Walk(steps)
        async for update in self.walk(walk):
            self._journal.heard(update, on_update)
        return walk.result

    async def walk(self, walk: Walk[T]) -> AsyncIterator[Update]:
        """Yield the states on the way; the result stands in the walk afterwards."""
        self._check()
        answer: Any = None
        while (step := walk.next(answer)) is not None:
            if isinstance(step, Send | Store | Wait | Call):
                answer = await self._do(step)
            else:
                answer = None
                yield step

    async def _do(self, step: Send | Store | Wait | Call) -> Any:
        match step:
            case Wait(seconds=seconds):
                return await self._sleep(seconds) and None
            case Call(work=work):
                return await asyncio.to_thread(work)
            case Send(request=request):
                return await self._send(request, None, 0)
            case Store(request=request, path=path, offset=offset):
                return await self._send(request, path, offset)

    async def _send(self, request: Request, into: Path | None, offset: int) -> Answer:
        self._check()
        began = time.perf_counter()
        answer = await self._door.send(request, into=into, offset=offset)
        self._journal.sent(request, answer, began)
        return answer

    def _check(self) -> None:
        if self.closed:
            raise ClientClosed

    async def close(self) -> None:
        """Close the door."""
        self.closed = True
        await self._door.close()
