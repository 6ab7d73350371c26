"""Recordings as httpx transports: whatever speaks httpx can be recorded, and answered from one."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import httpx

from conformance.http.body_sink import headers_of
from conformance.http.cassettes.recorded_entry import purpose_of
from conformance.http.failures import NotRecorded
from conformance.model.exchange import Auth, Exchange, Failure, Request, Response

if TYPE_CHECKING:
    from conformance.http.cassettes.recorder import Recorder
    from conformance.http.cassettes.replay import RecordedAnswers
    from conformance.http.keyring import Keyring
    from conformance.model.exchange import Headers

#: Headers that every httpx client sends and that say nothing of the request.
_CLIENT_HEADERS = frozenset(
    {"host", "user-agent", "accept-encoding", "connection", "content-length"}
)
#: Headers of the wire; a body that we hand out is neither compressed nor in pieces.
_WIRE_HEADERS = frozenset({"content-encoding", "transfer-encoding", "content-length"})


class ReplayTransport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Answers from a recording, whether a client waits or awaits. It never connects to anything."""

    def __init__(self, recorded: RecordedAnswers, keys: Keyring) -> None:
        """Take the keys that the client was given, to tell whose a request is."""
        self.recorded, self._keys = recorded, keys

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer at once."""
        return self._answer(without_key(request, request.read(), self._keys))

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer at once."""
        return self._answer(without_key(request, await request.aread(), self._keys))

    def _answer(self, request: Request) -> httpx.Response:
        exchange = self.recorded.take(request)
        answer = exchange.answer if exchange else self.recorded.missing(request)
        if isinstance(answer, Failure):
            raise NotRecorded(answer.detail)
        body = answer.file.read_bytes() if answer.file else answer.body
        return _response(answer.status, answer.headers, body)


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
        sent = without_key(request, await request.aread(), self._keys)
        response = await self._inner.handle_async_request(request)
        body = await response.aread()
        headers = headers_of(response)
        self._count += 1
        exchange = Exchange(
            number=self._count,
            operation="",
            purpose=purpose_of(sent),
            request=sent,
            answer=Response(status=response.status_code, headers=headers, body=body),
            started=started,
            elapsed=time.monotonic() - clock,
        )
        self._recorder.add(self.name, exchange)
        return _response(response.status_code, headers, body)


def _response(status: int, headers: Headers, body: bytes) -> httpx.Response:
    kept = [pair for pair in headers if pair[0] not in _WIRE_HEADERS]
    return httpx.Response(status, headers=kept, content=body)


def without_key(request: httpx.Request, body: bytes, keys: Keyring) -> Request:
    """Return a request without its key: whose it was is kept, what it was is not."""
    carrier, url = keys.carrier, request.url
    headers = {name.lower(): value for name, value in request.headers.items()}
    own_header = carrier.header(keys.own)
    if own_header:
        name, own = own_header
        shown = headers.pop(name.lower(), "")
    else:
        own = carrier.text(keys.own)
        shown = url.params.get(carrier.name, "")
        url = url.copy_remove_param(carrier.name)
    if not shown:
        auth = Auth.NONE
    else:
        auth = Auth.OWN if shown == own else Auth.WRONG
    telling = [pair for pair in headers.items() if pair[0] not in _CLIENT_HEADERS]
    return Request(
        method=request.method, url=str(url), headers=tuple(sorted(telling)), body=body, auth=auth
    )


def application(app: object) -> httpx.AsyncBaseTransport:
    """Return a transport to an ASGI application in this process."""
    return httpx.ASGITransport(app=app, raise_app_exceptions=False)  # type: ignore[arg-type]
