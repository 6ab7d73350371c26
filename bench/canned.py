"""A server that answers from its memory: what it does not know yet it asks a simulator, once.

`python -m bench.canned SPEC.yaml PORT` runs it; whoever measures switches it over by requests of
its own.
"""

from __future__ import annotations

import base64
import json
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx

from conformance.simulator import SimulatorOptions, simulate
from conformance.simulator.server import serve_forever
from conformance.spec.document import load

if TYPE_CHECKING:
    from pathlib import Path

Send = Callable[[dict[str, Any]], Awaitable[None]]
Key = tuple[str, str, str, str, bytes]

#: Has the server repeat from the start, and forgets the log.
AGAIN = "/--again"
#: Returns what was asked since.
LOG = "/--log"
#: Jobs end at their first poll; there is nothing to wait for.
JOB_SECONDS = 0.001


@dataclass(slots=True)
class Canned:
    """The application: a memory around another one."""

    inner: Any
    repeating: bool = False
    answers: dict[Key, list[list[dict[str, Any]]]] = field(default_factory=dict)
    used: dict[Key, int] = field(default_factory=dict)
    asked: list[Key] = field(default_factory=list)
    #: Requests for which nothing was remembered yet: a run may ask for another of its jobs than the
    #: last time.
    strange: int = 0

    async def __call__(self, scope: Any, receive: Any, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        body = await _all(receive)
        if scope["path"] in (AGAIN, LOG):
            await self._told(scope["path"], send)
            return
        key = _key(scope, body)
        self.asked.append(key)
        if self.repeating and key in self.answers:
            for message in self._next(key):
                await send(message)
        else:
            self.strange += self.repeating
            await self._remember(key, scope, body, send)

    def _next(self, key: Key) -> list[dict[str, Any]]:
        known = self.answers[key]
        number = self.used[key] = self.used.get(key, 0) + 1
        return known[min(number, len(known)) - 1]

    async def _remember(self, key: Key, scope: Any, body: bytes, send: Send) -> None:
        messages: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def both(message: dict[str, Any]) -> None:
            messages.append(message)
            await send(message)

        await self.inner(scope, receive, both)
        self.answers.setdefault(key, []).append(messages)

    async def _told(self, path: str, send: Send) -> None:
        told = (
            {
                "asked": [[*key[:4], base64.b64encode(key[4]).decode()] for key in self.asked],
                "strange": self.strange,
            }
            if path == LOG
            else {}
        )
        if path == AGAIN:
            self.repeating, self.strange = True, 0
            self.used.clear()
            self.asked.clear()
        await send(
            {
                "type": "http.response.start",
                "status": 200,
                "headers": [(b"content-type", b"application/json")],
            }
        )
        await send({"type": "http.response.body", "body": json.dumps(told).encode()})


def _key(scope: Any, body: bytes) -> Key:
    headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
    query = scope["query_string"].decode("latin-1")
    return (
        scope["method"],
        scope["raw_path"].decode("latin-1") + (f"?{query}" if query else ""),
        headers.get(b"authorization", ""),
        headers.get(b"content-type", ""),
        body,
    )


async def _all(receive: Any) -> bytes:
    parts = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Remote:
    """The server in its own process, as those who measure see it."""

    url: str

    def again(self) -> None:
        """Have it repeat from the start."""
        httpx.get(self.url + AGAIN).raise_for_status()

    def log(self) -> tuple[list[Key], int]:
        """Return what was asked since, and how much of it was unknown."""
        told = httpx.get(self.url + LOG).json()
        return [(*key[:4], base64.b64decode(key[4])) for key in told["asked"]], told["strange"]


@contextmanager
def canned(spec: Path) -> Iterator[Remote]:
    """Run the server in a process of its own while the block lasts."""
    with subprocess.Popen(
        [sys.executable, "-m", "bench.canned", str(spec)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        try:
            yield Remote(url=process.stdout.readline().strip())
        finally:
            process.terminate()


def main(spec: str) -> None:
    """Serve until told to end."""
    app = Canned(
        inner=simulate(load(spec), SimulatorOptions(job_seconds=JOB_SECONDS, now=time.time))
    )
    serve_forever(app, announce=lambda url: print(url, flush=True))


if __name__ == "__main__":
    main(sys.argv[1])
