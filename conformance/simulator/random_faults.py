"""A bad day: faults at random, around any application, that no spec speaks of."""

from __future__ import annotations

import asyncio
import json
import random
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: Seconds that a slow answer takes longer, at most.
SLOW = 0.5
#: What a dropped connection had announced, and what it sent of it.
_ANNOUNCED, _SENT = b"1000", b'{"id": "jo'


class RandomFault(StrEnum):
    """What happens to a request on a bad day."""

    SLOW = "the answer is slow"
    BUSY = "it is put off with a 429"
    BROKEN = "it ends in a 5xx"
    DROPPED = "the connection breaks off"
    LOST = "it is served, and the connection breaks off before the answer"


class RandomFaults:
    """Lets a share of all requests meet a fault; the same ones for the same seed and order."""

    def __init__(self, app: ASGIApp, *, share: float, seed: int = 0) -> None:
        """Wrap an application; `share` is between 0 and 1."""
        self._app, self._share = app, share
        self._draw = random.Random(seed)  # noqa: S311 - the same for the same seed
        #: How often each fault was met.
        self.met: dict[RandomFault, int] = dict.fromkeys(RandomFault, 0)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve, or have a fault."""
        if scope["type"] != "http" or self._draw.random() >= self._share:
            await self._app(scope, receive, send)
            return
        fault = self._draw.choice(tuple(RandomFault))
        self.met[fault] += 1
        match fault:
            case RandomFault.SLOW:
                await asyncio.sleep(self._draw.uniform(0.0, SLOW))
                await self._app(scope, receive, send)
            case RandomFault.BUSY:
                await _answer(send, 429, "too many requests", retry_after="1")
            case RandomFault.BROKEN:
                await _answer(send, self._draw.choice((500, 502, 503)), "out of order")
            case RandomFault.DROPPED:
                await _break_off(send)
            case RandomFault.LOST:
                await self._app(scope, receive, _discard)
                await _break_off(send)


async def _answer(send: Send, status: int, text: str, *, retry_after: str = "") -> None:
    error = {"code": str(status), "message": text, "type": "server_error"}
    body = json.dumps({"error": error}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    if retry_after:
        headers.append((b"retry-after", retry_after.encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _break_off(send: Send) -> None:
    """Begin an answer and leave; a server closes the connection of an application that does so."""
    await send(
        {
            "type": "http.response.start",
            "status": 200,
            "headers": [(b"content-type", b"application/json"), (b"content-length", _ANNOUNCED)],
        }
    )
    await send({"type": "http.response.body", "body": _SENT, "more_body": True})
    raise ConnectionAbortedError


async def _discard(_: Message) -> None:
    """Throw an answer away."""
