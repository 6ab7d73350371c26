"""The door to real servers: one request in, one answer or failure out, whatever the other side does."""

from __future__ import annotations

import asyncio
import socket
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import urljoin, urlsplit

import httpx

from conformance.http.body_sink import BodySink, Limits
from conformance.http.connections import ClientPool
from conformance.http.failures import REDIRECTS, failure_of, is_private
from conformance.model.exchange import Failure, Fault, Request, Response

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from conformance.http.keyring import Keyring
    from conformance.model.exchange import Answer


#: What httpx can be given instead of the network.
AsyncTransport: TypeAlias = httpx.AsyncBaseTransport


class LiveDoor:
    """Sends over HTTP, with the key for its own origin alone, within limits, following no redirect blindly."""

    def __init__(
        self,
        keys: Keyring,
        *,
        limits: Limits | None = None,
        transport: AsyncTransport | None = None,
        proxy: str | None = None,
    ) -> None:
        self._keys, self._limits = keys, limits or Limits()
        self._lanes = ClientPool(self._limits, transport=transport, proxy=proxy)
        # A transport of our own reaches no network, so there is no address to be careful about.
        self._guarded = transport is None and not is_private(urlsplit(keys.base_url).hostname or "")

    async def __aenter__(self) -> LiveDoor:
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
        await self._lanes.close()

    async def send(self, request: Request, *, into: Path | None = None, offset: int = 0) -> Answer:
        """Return what came back; every fault of network and server is a `Failure`, never an exception.

        `into` takes the body of a success; with `offset` it goes on where an earlier part ended.
        """
        limit = self._limits.total_file if into else self._limits.total
        try:
            async with asyncio.timeout(limit):
                return await self._through(request, into, offset)
        except TimeoutError:
            return Failure(fault=Fault.TIMEOUT, detail=f"no whole answer within {limit:g} s")
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError, ValueError) as error:
            return failure_of(error)

    async def _through(self, request: Request, into: Path | None, offset: int) -> Answer:
        for _ in range(self._limits.redirects + 1):
            if (
                self._guarded
                and not self._keys.opens(request.url)
                and await _leads_inside(request.url)
            ):
                return Failure(
                    fault=Fault.FORBIDDEN,
                    detail=f"{urlsplit(request.url).hostname} is an address of an inner network",
                    delivered=False,
                )
            answer = await self._once(request, into, offset)
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

    async def _once(self, request: Request, into: Path | None, offset: int) -> Answer:
        url, headers = self._keys.dress(request)
        async with (
            self._lanes.one() as client,
            client.stream(
                request.method, url, headers=headers, content=request.body or None
            ) as got,
        ):
            cut = False
            with BodySink(got, self._limits, into=into, offset=offset) as sink:
                try:
                    await _pour(got, sink)
                except httpx.RemoteProtocolError:
                    cut = True  # it announced more than it sent; what came is evidence
            return sink.answer(cut=cut)


async def _pour(got: httpx.Response, sink: BodySink) -> None:
    if sink.failure:
        return
    async for chunk in got.aiter_bytes():
        if not sink.take(chunk):
            return


async def _leads_inside(url: str) -> bool:
    """Say whether a host resolves to an address that only an inner network has."""
    host = urlsplit(url).hostname or ""
    if is_private(host):
        return True
    try:
        found: list[Any] = await asyncio.get_running_loop().getaddrinfo(
            host, None, type=socket.SOCK_STREAM
        )
    except OSError:
        return False
    return any(is_private(str(entry[4][0])) for entry in found)
