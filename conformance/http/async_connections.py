"""What the door of callers that await has of its own: connections, limits, addresses."""

from __future__ import annotations

import asyncio
import socket
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, TypeAlias

import httpx

from conformance.http.keyring import no_cookies

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from conformance.http.body_sink import Limits

#: What httpx can be given instead of the network.
AsyncTransport: TypeAlias = httpx.AsyncBaseTransport


class AsyncClientPool:
    """As many HTTP clients of one connection each as requests were ever under way at once.

    One pool of many connections looks at each of them, for each of them, at each request;
    a pool of one has nothing to look for. The client used last is used next, so that few stay open.
    """

    def __init__(
        self,
        limits: Limits,
        *,
        transport: AsyncTransport | None = None,
        proxy: str | None = None,
    ) -> None:
        """Prepare; a client is made when all others are in use."""
        self._limits, self._transport, self._proxy = limits, transport, proxy
        # Reading the certificates takes longer than many a request: once for all clients.
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
            cookies=no_cookies(),
        )
        self._all.append(client)
        return client


@asynccontextmanager
async def time_limit(seconds: float) -> AsyncIterator[Callable[[], None]]:
    """Raise `TimeoutError` inside when the time is over; what is yielded need not be called."""
    async with asyncio.timeout(seconds):
        yield lambda: None


async def addresses_of(host: str) -> list[str]:
    """Return the addresses that a host resolves to; none where it does not resolve."""
    try:
        entries = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        return []
    return [str(entry[4][0]) for entry in entries]
