"""The door to real servers: one request in, one answer or failure out, whatever they do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self
from urllib.parse import urljoin, urlsplit

import httpx

from conformance.http.async_connections import AsyncClientPool, addresses_of, time_limit
from conformance.http.body_sink import BodySink, Limits
from conformance.http.failures import REDIRECTS, failure_of, is_private
from conformance.model.exchange import Failure, Fault, Request, Response

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import TracebackType

    from conformance.http.async_connections import AsyncTransport
    from conformance.http.keyring import Keyring
    from conformance.model.exchange import Answer


class LiveDoor:
    """Sends over HTTP, within limits; the key goes to its own origin alone."""

    def __init__(
        self,
        keys: Keyring,
        *,
        limits: Limits | None = None,
        transport: AsyncTransport | None = None,
        proxy: str | None = None,
    ) -> None:
        """Connect to nothing yet."""
        self._keys, self._limits = keys, limits or Limits()
        self._clients = AsyncClientPool(self._limits, transport=transport, proxy=proxy)
        # A transport of our own or a proxy decides for itself what it reaches.
        own_way = transport is not None or proxy is not None
        self._guarded = not own_way and not is_private(urlsplit(keys.base_url).hostname or "")

    async def __aenter__(self) -> Self:
        """Open nothing yet; connections are made when they are needed."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close all connections."""
        await self.close()

    async def close(self) -> None:
        """Close all connections."""
        await self._clients.close()

    async def send(self, request: Request, *, into: Path | None = None, offset: int = 0) -> Answer:
        """Return what came back; a fault of network or server is a `Failure`, never raised.

        `into` takes the body of a success; with `offset` it goes on where an earlier part ended.
        """
        limit = self._limits.total_file if into else self._limits.total
        try:
            async with time_limit(limit) as check_time:
                return await self._follow(request, into, offset, check_time)
        except TimeoutError:
            return Failure(fault=Fault.TIMEOUT, detail=f"no whole answer within {limit:g} s")
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError, ValueError) as error:
            return failure_of(error)

    async def _follow(
        self, request: Request, into: Path | None, offset: int, check_time: Callable[[], None]
    ) -> Answer:
        """Send a request, and read again where a redirect leads."""
        for _ in range(self._limits.redirects + 1):
            if await self._leads_inside(request.url):
                return Failure(
                    fault=Fault.FORBIDDEN,
                    detail=f"{urlsplit(request.url).hostname} is an address of an inner network",
                    delivered=False,
                )
            answer = await self._exchange(request, into, offset, check_time)
            if (
                not isinstance(answer, Response)
                or answer.status not in REDIRECTS
                or request.method != "GET"
            ):
                return answer
            target = urljoin(request.url, answer.header("location"))
            if not answer.header("location") or urlsplit(target).scheme not in ("http", "https"):
                return answer
            request = Request(method="GET", url=target, headers=request.headers, auth=request.auth)
        return Failure(
            fault=Fault.PROTOCOL, detail=f"more than {self._limits.redirects} redirects in a row"
        )

    async def _exchange(
        self, request: Request, into: Path | None, offset: int, check_time: Callable[[], None]
    ) -> Answer:
        url, headers = self._keys.dress(request)
        content = request.body or None
        async with (
            self._clients.one() as client,
            client.stream(request.method, url, headers=headers, content=content) as response,
        ):
            cut = False
            with BodySink(response, self._limits, into=into, offset=offset) as sink:
                try:
                    await _pour(response, sink, check_time)
                except httpx.RemoteProtocolError:
                    cut = True  # it announced more than it sent; what came is evidence
            return sink.answer(cut=cut)

    async def _leads_inside(self, url: str) -> bool:
        """Say whether an address of the provider leads to a host that only an inner network has."""
        if not self._guarded or self._keys.opens(url):
            return False
        host = urlsplit(url).hostname or ""
        return is_private(host) or any(map(is_private, await addresses_of(host)))


async def _pour(response: httpx.Response, sink: BodySink, check_time: Callable[[], None]) -> None:
    if sink.failure:
        return
    async for chunk in response.aiter_bytes():
        if not sink.take(chunk):
            return
        check_time()
