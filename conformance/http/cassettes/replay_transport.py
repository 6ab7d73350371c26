"""Tapes as httpx transports: whatever speaks httpx can be recorded, and answered from a recording."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import httpx

from conformance.http.body_sink import headers_of
from conformance.http.failures import NotRecorded
from conformance.model.exchange import Auth, Exchange, Failure, Purpose, Request, Response

if TYPE_CHECKING:
    from conformance.http.keyring import Keyring
    from conformance.http.cassettes.recorder import Recorder
    from conformance.http.cassettes.replay import RecordedAnswers

#: Headers that every httpx client sends and that say nothing of the request.
_USUAL = frozenset({"host", "user-agent", "accept-encoding", "connection", "content-length"})
#: Headers of the wire; a body that we hand out is neither compressed nor in pieces.
_WIRE = frozenset({"content-encoding", "transfer-encoding", "content-length"})


class ReplayTransport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Answers from a tape, for clients that wait and for clients that await. It never connects to anything."""

    def __init__(self, tape: RecordedAnswers, keys: Keyring) -> None:
        """Take the keys that the client was given, to tell whose a request is."""
        self.tape, self._keys = tape, keys

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer at once."""
        return self._answer(plain(request, request.read(), self._keys))

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer at once."""
        return self._answer(plain(request, await request.aread(), self._keys))

    def _answer(self, request: Request) -> httpx.Response:
        found = self.tape.take(request)
        answer = found.answer if found else self.tape.missing(request)
        if isinstance(answer, Failure):
            raise NotRecorded(answer.detail)
        body = answer.file.read_bytes() if answer.file else answer.body
        return httpx.Response(
            answer.status,
            headers=[pair for pair in answer.headers if pair[0] not in _WIRE],
            content=body,
        )


class RecordingTransport(httpx.AsyncBaseTransport):
    """Passes requests on, and puts each with its answer on the cassette named last."""

    def __init__(self, inner: httpx.AsyncBaseTransport, keys: Keyring, recorder: Recorder) -> None:
        """Record what goes through another transport."""
        self._inner, self._keys, self._recorder = inner, keys, recorder
        self._count = 0
        #: The cassette that the next exchange belongs on.
        self.name = "client"

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Pass it on, and write it down before anybody sees the answer."""
        started, clock = time.time(), time.monotonic()
        sent = plain(request, await request.aread(), self._keys)
        got = await self._inner.handle_async_request(request)
        body = await got.aread()
        self._count += 1
        answer = Response(status=got.status_code, headers=headers_of(got), body=body)
        self._recorder.add(
            self.name,
            Exchange(
                number=self._count,
                operation="",
                purpose=Purpose.SUBMIT if sent.method == "POST" else Purpose.POLL,
                request=sent,
                answer=answer,
                started=started,
                elapsed=time.monotonic() - clock,
            ),
        )
        return httpx.Response(
            got.status_code,
            headers=[pair for pair in answer.headers if pair[0] not in _WIRE],
            content=body,
        )


def plain(request: httpx.Request, body: bytes, keys: Keyring) -> Request:
    """Return a request without its key: whose it was is kept, what it was is not."""
    carrier = keys.carrier
    headers = {name.lower(): value for name, value in request.headers.items()}
    shown = (
        headers.pop(carrier.name.lower(), "")
        if carrier.place == "header"
        else request.url.params.get(carrier.name, "")
    )
    url = (
        str(request.url.copy_remove_param(carrier.name))
        if carrier.place == "query"
        else str(request.url)
    )
    roles = {f"{carrier.prefix}{keys.own}": Auth.OWN, "": Auth.NONE}
    kept = tuple(sorted((name, value) for name, value in headers.items() if name not in _USUAL))
    return Request(
        method=request.method,
        url=url,
        headers=kept,
        body=body,
        auth=roles.get(
            shown if carrier.place == "header" or not shown else carrier.prefix + shown, Auth.WRONG
        ),
    )


def application(app: object) -> httpx.AsyncBaseTransport:
    """Return a transport to an ASGI application in this process."""
    return httpx.ASGITransport(app=app, raise_app_exceptions=False)  # type: ignore[arg-type]
