"""A provider that repeats every key it is given.

It does so in bodies, headers, errors, addresses and status words.
"""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.types import ASGIApp, Message, Receive, Scope, Send


def shapes(secret: str) -> dict[str, str]:
    """Return a secret in the forms in which a server may repeat it."""
    data = secret.encode()
    return {
        "plain": secret,
        "in an address": quote(secret, safe=""),
        "in JSON": json.dumps(secret)[1:-1],
        "in base64": base64.b64encode(data).decode(),
        "in base64 for addresses": base64.urlsafe_b64encode(data).decode(),
        "as a password in base64": base64.b64encode(b"user:" + data).decode(),
        "as a token in base64": base64.b64encode(b"Bearer " + data).decode(),
        "base64 in an address": quote(base64.b64encode(data).decode(), safe=""),
        "twice in an address": quote(quote(secret, safe=""), safe=""),
    }


class Gossip:
    """Passes requests on to a provider and adds what it learned of keys to every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._polls = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the provider does, and a little more."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        start: dict[str, Any] = {}
        parts: list[bytes] = []

        async def hold(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
            else:
                parts.append(message.get("body", b""))
            if message["type"] == "http.response.body" and not message.get("more_body"):
                await self._tell(scope, start, b"".join(parts), send)

        await self._app(scope, receive, hold)

    async def _tell(self, scope: Scope, start: dict[str, Any], body: bytes, send: Send) -> None:
        secret = _secret(scope)
        headers = [
            (name, value)
            for name, value in start.get("headers", [])
            if name.lower() != b"content-length"
        ]
        if secret:
            body = self._repeated(scope, start["status"], body, secret)
            headers += [(b"x-echo", shape.encode()) for shape in shapes(secret).values()]
            headers += [
                (b"set-cookie", f"session={quote(secret)}".encode()),
                (b"x-debug", f"you sent {secret}".encode()),
            ]
        if secret and scope["method"] == "GET" and b"mp4" in body[:20]:
            self._polls += 1
            if self._polls % 2 and b"moved" not in scope.get("query_string", b""):
                # A redirect that carries the key in its address.
                start["status"], body = 302, b""
                quoted = quote(secret, safe="")
                location = f"{scope['path']}?moved={quoted}&X-Amz-Signature={quoted}"
                headers.append((b"location", location.encode()))
        await send(
            {
                "type": "http.response.start",
                "status": start["status"],
                "headers": [*headers, (b"content-length", str(len(body)).encode())],
            }
        )
        await send({"type": "http.response.body", "body": body})

    def _repeated(self, scope: Scope, status: int, body: bytes, secret: str) -> bytes:
        try:
            told = json.loads(body)
        except ValueError:
            return body
        if not isinstance(told, dict):
            return body
        told["debug"] = shapes(secret)
        if status >= 400:
            message = f"refused for {secret}, also known as {' '.join(shapes(secret).values())}"
            told = _texts(told, message)
            told["message"] = message
        elif scope["method"] == "GET" and isinstance(told.get("status"), str):
            self._polls += 1
            if self._polls == 3:
                told["status"] = f"pondering {secret}"
        return json.dumps(told).encode()


def _texts(node: Any, text: str) -> Any:
    """Put a text in the place of every other one."""
    if isinstance(node, dict):
        return {key: _texts(value, text) for key, value in node.items()}
    return text if isinstance(node, str) else node


def _secret(scope: Scope) -> str:
    for found in _given(scope):
        if found:
            return found
    return ""


def _given(scope: Scope) -> Iterator[str]:
    for name, value in scope["headers"]:
        if name == b"authorization":
            yield value.decode("latin-1").removeprefix("Bearer ")
        if name == b"x-api-key":
            yield value.decode("latin-1")
    for key, values in parse_qs(scope.get("query_string", b"").decode("latin-1")).items():
        if key in ("api_key", "key"):
            yield values[0]
