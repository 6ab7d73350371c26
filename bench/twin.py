"""The faithful twin of a server under test.

Asked the same thing, would it have answered the same?
"""

from __future__ import annotations

import base64
from contextlib import AbstractContextManager, ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

import httpx

from conformance.simulator.server import Server
from tests.miniatures import APPS, Options

if TYPE_CHECKING:
    from types import TracebackType

    from tests.miniatures.provider import Provider


def provider_of(app: Any) -> Provider:
    """Return the miniature behind an application: its routes are its methods."""
    return app.routes[-1].endpoint.__self__


class Twin(AbstractContextManager["Twin"]):
    """A faithful server that knows the jobs of another one, all of them finished."""

    def __init__(self, system: str, options: Options) -> None:
        """Prepare; nothing listens yet."""
        self._app, self._stack = APPS[system](options), ExitStack()

    def __enter__(self) -> Self:
        """Listen."""
        self._url = self._stack.enter_context(Server(self._app)).url
        self._http = self._stack.enter_context(httpx.Client(timeout=10))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop."""
        self._stack.close()

    def learn(self, other: Any) -> None:
        """Take over the jobs of another server."""
        mine = provider_of(self._app)
        for name, job in provider_of(other).jobs.items():
            mine.jobs[name] = replace(job, odd=False, doomed=False)
            mine.polls[name] = 10

    def status(self, request: dict[str, Any]) -> int:
        """Return the status with which it answers a recorded request.

        0 where it cannot be sent again.
        """
        parts = urlsplit(request["uri"])
        body = request.get("body")
        content = (
            base64.b64decode(body["$base64"]) if isinstance(body, dict) else (body or "").encode()
        )
        headers = [
            (name, value)
            for name, values in request["headers"].items()
            for value in values
            if name.lower() not in ("host", "content-length", "connection")
        ]
        try:
            return self._http.request(
                request["method"],
                f"{self._url}{parts.path}{'?' + parts.query if parts.query else ''}",
                headers=headers,
                content=content or None,
            ).status_code
        except (httpx.HTTPError, httpx.InvalidURL, ValueError):
            return 0
