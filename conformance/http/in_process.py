"""Doors to an application in this very process: the same requests, without a network."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import httpx

from conformance.http.async_door import LiveDoor
from conformance.model.exchange import Response

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conformance.http.keyring import Keyring
    from conformance.model.exchange import Answer, Request

#: What the client library would send beside a request's own headers.
_USUAL_HEADERS = {
    "accept": "*/*",
    "accept-encoding": "gzip",
    "connection": "keep-alive",
    "user-agent": "conformance",
}


#: What stands for an application that said nothing.
_NO_ANSWER: dict[str, Any] = {"type": "http.response.start", "status": 500, "headers": []}


def asgi_door(app: Any, keys: Keyring) -> LiveDoor:
    """Return a door whose requests are answered by an ASGI application."""
    return LiveDoor(keys, transport=httpx.ASGITransport(app=app, raise_app_exceptions=False))


class DirectDoor(LiveDoor):
    """Spares the client library, for thousands of runs in a row: it calls the application itself.

    Whatever does not go to its own origin takes the usual way.
    """

    def __init__(self, app: Any, keys: Keyring) -> None:
        """Open nothing."""
        super().__init__(keys, transport=httpx.ASGITransport(app=app, raise_app_exceptions=False))
        self._app, self._ring = app, keys

    async def _exchange(
        self, request: Request, into: Path | None, offset: int, check_time: Callable[[], None]
    ) -> Answer:
        if offset or not self._ring.opens(request.url) or not request.url.isascii():
            return await super()._exchange(request, into, offset, check_time)
        url, headers = self._ring.dress(request)
        messages: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": request.body, "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            messages.append(message)

        # As a server does: an application that falls over, or says nothing, answers 500.
        with suppress(Exception):
            await self._app(_scope(request, url, headers), receive, send)
        return _response(messages or [_NO_ANSWER], into)


def _scope(request: Request, url: str, headers: list[tuple[str, str]]) -> dict[str, Any]:
    parts = urlsplit(url)
    sent = {**_USUAL_HEADERS, "host": parts.netloc}
    if request.body or request.method != "GET":
        sent["content-length"] = str(len(request.body))
    sent.update((name.lower(), value) for name, value in headers)
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": parts.scheme,
        "root_path": "",
        "path": unquote(parts.path) or "/",
        "raw_path": (parts.path or "/").encode(),
        "query_string": parts.query.encode(),
        "headers": [(name.encode(), value.encode("latin-1")) for name, value in sent.items()],
        "server": (parts.hostname, parts.port or 80),
        "client": ("127.0.0.1", 123),
    }


def _response(messages: list[dict[str, Any]], into: Path | None) -> Response:
    status = messages[0]["status"]
    headers = []
    for name, value in messages[0]["headers"]:
        headers.append((name.decode("latin-1").lower(), value.decode("latin-1")))
    # Messages of another kind have no body.
    body = b"".join(message.get("body", b"") for message in messages)
    if into is None or not 200 <= status < 300:
        return Response(status=status, headers=tuple(headers), body=body)
    into.write_bytes(body)
    return Response(status=status, headers=tuple(headers), file=into)
