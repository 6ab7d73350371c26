"""Recorded answers in place of a network: found by what was asked, given in recorded order."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from conformance.http.cassettes.nearest_recorded import nearest_to
from conformance.model.exchange import Failure, Fault, Response

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from conformance.model.exchange import Answer, Exchange, Request


class RequestDoor(Protocol):
    """What sends requests to somebody."""

    async def send(self, request: Request, *, into: Path | None = None) -> Answer:
        """Send it; never raises for what a network or a server does."""


#: Headers that make another request of the same method, address and body.
_DISTINGUISHING_HEADERS = ("content-type", "range")
#: Methods whose answer may be given again: asking changes nothing.
_READING_METHODS = ("GET", "HEAD", "OPTIONS")
#: How many requests that were not recorded are compared with the recorded; the rest says the same.
MAX_COMPARED = 100


@dataclass(slots=True)
class _Queue:
    """What was answered to one request, in order; the last answer is never used up for reads."""

    left: deque[Exchange] = field(default_factory=deque)
    last: Exchange | None = None


class RecordedAnswers:
    """Recorded exchanges by request. Finding one costs the same however many there are."""

    def __init__(self, exchanges: Iterable[Exchange]) -> None:
        """Put every exchange where its request will look for it."""
        self._queues: dict[str, _Queue] = {}
        self._recorded = list(exchanges)
        for exchange in self._recorded:
            self._queues.setdefault(key_of(exchange.request), _Queue()).left.append(exchange)
        #: How often the last answer was given again, and which requests were never recorded.
        self.repeated = 0
        self.missed: list[str] = []

    def take(self, request: Request) -> Exchange | None:
        """Return the next recorded exchange of a request; None where there is none."""
        queue = self._queues.get(key_of(request))
        if queue is None:
            return None
        if queue.left:
            queue.last = queue.left.popleft()
        elif request.method not in _READING_METHODS:
            return None
        else:
            self.repeated += 1
        return queue.last

    def missing(self, request: Request) -> Failure:
        """Return the failure for an answer that was never recorded, with the nearest."""
        detail = f"{request.method} {request.url} was not recorded"
        if len(self.missed) < MAX_COMPARED:
            recorded = [exchange.request for exchange in self._recorded]
            detail += f"; {nearest_to(request, recorded)}"
        self.missed.append(detail)
        return Failure(fault=Fault.NOT_RECORDED, detail=detail, delivered=False)

    def left(self) -> list[Request]:
        """Return the recorded requests that nobody made yet."""
        return [exchange.request for queue in self._queues.values() for exchange in queue.left]

    def remarks(self) -> list[str]:
        """Return what a replay could not give as it was recorded."""
        remarks = []
        if self.repeated:
            remarks.append(
                f"{self.repeated} reads beyond the recording were given the last recorded answer "
                "again"
            )
        if self.missed:
            remarks.append(f"{len(self.missed)} requests were never recorded: {self.missed[0]}")
        return remarks


class ReplayDoor:
    """Answers from a recording, and never from a network."""

    def __init__(self, recorded: RecordedAnswers) -> None:
        """Answer from this recording."""
        self.recorded = recorded

    async def send(self, request: Request, *, into: Path | None = None, offset: int = 0) -> Answer:
        """Return the recorded answer after the time that it took."""
        exchange = self.recorded.take(request)
        if exchange is None:
            return self.recorded.missing(request)
        await asyncio.sleep(exchange.elapsed)
        return with_body(exchange.answer, into, offset)


class FreshDoor:
    """Answers from a recording what is in it, and sends the rest to a real door."""

    def __init__(self, recorded: RecordedAnswers, door: RequestDoor) -> None:
        """Ask the recording first."""
        self.recorded, self._door = recorded, door
        #: The requests that were not recorded; one that says the same may well be.
        self._fresh: list[Request] = []

    def is_fresh(self, request: Request) -> bool:
        """Say whether a request went to the real door."""
        return any(request is fresh for fresh in self._fresh)

    async def send(self, request: Request, *, into: Path | None = None, offset: int = 0) -> Answer:
        """Return the recorded answer, or a new one."""
        exchange = self.recorded.take(request)
        if exchange is not None:
            return with_body(exchange.answer, into, offset)
        self._fresh.append(request)
        return await self._door.send(request, into=into)


def with_body(answer: Answer, into: Path | None, offset: int = 0) -> Answer:
    """Return a recorded answer with its body where the caller wants it."""
    if not isinstance(answer, Response) or into is None or not 200 <= answer.status < 300:
        return answer
    body = answer.file.read_bytes() if answer.file else answer.body
    with into.open("ab" if offset and answer.status == 206 else "wb") as file:
        file.write(body)
    return Response(status=answer.status, headers=answer.headers, file=into, cut=answer.cut)


def key_of(request: Request) -> str:
    """Return what two requests share that ask for the same."""
    headers = []
    for name, value in request.headers:
        if name.lower() in _DISTINGUISHING_HEADERS:
            headers.append(f"{name}:{value}")
    head = "\n".join([request.method, request.url, request.auth, *sorted(headers)]).encode()
    return hashlib.blake2b(head + b"\n" + _canonical(request.body), digest_size=16).hexdigest()


def _canonical(body: bytes) -> bytes:
    """Return JSON with its fields in one order; other bodies as they are."""
    if not body.startswith((b"{", b"[")):
        return body
    try:
        return json.dumps(
            json.loads(body, object_pairs_hook=_unique_names), sort_keys=True
        ).encode()
    except (ValueError, RecursionError, TypeError):
        return body


def _unique_names(pairs: list[tuple[str, object]]) -> dict[str, object]:
    value_by_name = dict(pairs)
    if len(value_by_name) != len(pairs):
        raise ValueError("a name is there twice, so that its bytes matter")
    return value_by_name
