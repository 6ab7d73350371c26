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
_USUAL = {
    "accept": "*/*",
    "accept-encoding": "gzip",
    "connection": "keep-alive",
    "user-agent": "conformance",
}


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
        heard: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": request.body, "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            heard.append(message)

        # As a server does: an application that falls over, or says nothing, answers 500.
        with suppress(Exception):
            await self._app(_scope(request, url, headers), receive, send)
        return _response(
            heard or [{"type": "http.response.start", "status": 500, "headers": []}], into
        )


def _scope(request: Request, url: str, headers: list[tuple[str, str]]) -> dict[str, Any]:
    parts = urlsplit(url)
    sent = {**_USUAL, "host": parts.netloc, "content-length": str(len(request.body))} | {
        name.lower(): value for name, value in headers
    }
    if not request.body and request.method == "GET":
        del sent["content-length"]
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


def _response(heard: list[dict[str, Any]], into: Path | None) -> Response:
    start = heard[0]
    headers = tuple(
        (name.decode("latin-1").lower(), value.decode("latin-1"))
        for name, value in start["headers"]
    )
    body = b"".join(
        message.get("body", b"") for message in heard if message["type"] == "http.response.body"
    )
    if into is None or not 200 <= start["status"] < 300:
        return Response(status=start["status"], headers=headers, body=body)
    into.write_bytes(body)
    return Response(status=start["status"], headers=headers, file=into)
