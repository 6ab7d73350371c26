"""HTTP clients of one connection each: a request takes a free one, and gives it back open."""

from __future__ import annotations

from contextlib import asynccontextmanager
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TYPE_CHECKING

import httpx

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from conformance.http.body_sink import Limits


class ClientPool:
    """As many clients as requests were ever under way at once.

    One pool of many connections looks at each of them, for each of them, at each request;
    a pool of one has nothing to look for. The lane used last is used next, so that few stay open.
    """

    def __init__(
        self,
        limits: Limits,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        proxy: str | None = None,
    ) -> None:
        """Prepare; a lane is made when all others are in use."""
        self._limits, self._transport, self._proxy = limits, transport, proxy
        # Reading the certificates takes longer than many a request: once for all lanes.
        self._trust = httpx.create_ssl_context(trust_env=False) if transport is None else True
        self._all: list[httpx.AsyncClient] = []
        self._free: list[httpx.AsyncClient] = []

    @asynccontextmanager
    async def one(self) -> AsyncIterator[httpx.AsyncClient]:
        """Yield a client that nobody else uses meanwhile."""
        client = self._free.pop() if self._free else self._made()
        try:
            yield client
        finally:
            self._free.append(client)

    async def close(self) -> None:
        """Close all connections."""
        for client in self._all:
            await client.aclose()

    def _made(self) -> httpx.AsyncClient:
        client = httpx.AsyncClient(
            timeout=httpx.Timeout(self._limits.read, connect=self._limits.connect),
            transport=self._transport,
            proxy=self._proxy,
            limits=httpx.Limits(max_connections=1),
            verify=self._trust,
            follow_redirects=False,
            trust_env=False,
            # A cookie would carry what one key may do into a request that is sent without it.
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
        )
        self._all.append(client)
        return client
