"""The door to real servers: one request in, one answer or failure out, whatever the other side does."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

import httpx

from conformance.exchange.limits import Limits
from conformance.values.exchange import Failure, Fault, Request, Response

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from conformance.exchange.keyring import Keyring
    from conformance.values.exchange import Answer

_REDIRECTS = frozenset({301, 302, 303, 307, 308})


class LiveDoor:
    """Sends over HTTP, with the key for its own origin alone, within limits, following no redirect blindly."""

    def __init__(self, keys: Keyring, *, limits: Limits | None = None, transport: httpx.AsyncBaseTransport | None = None, proxy: str | None = None) -> None:
        self._keys, self._limits = keys, limits or Limits()
        timeout = httpx.Timeout(self._limits.read, connect=self._limits.connect)
        pool = httpx.Limits(max_connections=64, max_keepalive_connections=32)
        self._client = httpx.AsyncClient(timeout=timeout, transport=transport, limits=pool, follow_redirects=False, trust_env=False, proxy=proxy)
        # A transport of our own reaches no network, so there is no address to be careful about.
        self._guarded = transport is None and not _is_private(urlsplit(keys.base_url).hostname or "")

    async def __aenter__(self) -> LiveDoor:
        """Open nothing yet; connections are made when they are needed."""
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Close all connections."""
        await self.close()

    async def close(self) -> None:
        """Close all connections."""
        await self._client.aclose()

    async def send(self, request: Request, *, into: Path | None = None) -> Answer:
        """Return what came back; every fault of network and server is a `Failure`, never an exception."""
        limit = self._limits.total_file if into else self._limits.total
        try:
            async with asyncio.timeout(limit):
                return await self._through(request, into)
        except TimeoutError:
            return Failure(fault=Fault.TIMEOUT, detail=f"no whole answer within {limit:g} s")
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError, ValueError) as error:
            return _failure(error)

    async def _through(self, request: Request, into: Path | None) -> Answer:
        for _ in range(self._limits.redirects + 1):
            if self._guarded and not self._keys.opens(request.url) and await _leads_inside(request.url):
                return Failure(fault=Fault.FORBIDDEN, detail=f"{urlsplit(request.url).hostname} is an address of an inner network", delivered=False)
            answer = await self._once(request, into)
            if not isinstance(answer, Response) or answer.status not in _REDIRECTS or request.method != "GET":
                return answer
            target = urljoin(request.url, answer.header("location"))
            if not answer.header("location") or urlsplit(target).scheme not in ("http", "https"):
                return answer
            request = Request(method="GET", url=target, headers=request.headers, auth=request.auth)
        return Failure(fault=Fault.PROTOCOL, detail=f"more than {self._limits.redirects} redirects in a row")

    async def _once(self, request: Request, into: Path | None) -> Answer:
        url, headers = self._keys.dress(request)
        async with self._client.stream(request.method, url, headers=headers, content=request.body or None) as got:
            return await self._read(got, into)

    async def _read(self, got: httpx.Response, into: Path | None) -> Answer:
        most = self._limits.max_file if into else self._limits.max_bytes
        part = into.with_suffix(".part") if into else None
        chunks: list[bytes] = []
        size, cut = 0, False
        file = part.open("wb") if part else None
        try:
            async for chunk in got.aiter_bytes(65_536):
                size += len(chunk)
                if size > most:
                    return Failure(fault=Fault.TOO_LARGE, detail=f"more than {most:,} bytes")
                if file:
                    file.write(chunk)
                else:
                    chunks.append(chunk)
        except httpx.RemoteProtocolError:
            cut = True  # it announced more than it sent; what came is evidence
        finally:
            if file:
                file.close()
        if part and into:
            part.replace(into)
        return Response(status=got.status_code, headers=_headers(got), body=b"".join(chunks), file=into, cut=cut)


def _headers(got: httpx.Response) -> tuple[tuple[str, str], ...]:
    return tuple((key.decode("latin-1").lower(), value.decode("latin-1")) for key, value in got.headers.raw)


def _failure(error: Exception) -> Failure:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return Failure(fault=Fault.TLS, detail=_brief(cause), delivered=False)
        if isinstance(cause, socket.gaierror):
            return Failure(fault=Fault.DNS, detail="the host name is not known", delivered=False)
        cause = cause.__cause__ or cause.__context__
    match error:
        case httpx.ConnectTimeout():
            return Failure(fault=Fault.TIMEOUT, detail="no connection in time", delivered=False)
        case httpx.ConnectError():
            return Failure(fault=Fault.REFUSED, detail="the connection was refused", delivered=False)
        case httpx.TimeoutException():
            return Failure(fault=Fault.TIMEOUT, detail="no answer in time")
        case httpx.UnsupportedProtocol() | httpx.InvalidURL():
            return Failure(fault=Fault.PROTOCOL, detail=_brief(error), delivered=False)
        case _:
            return Failure(fault=Fault.PROTOCOL, detail=_brief(error) or type(error).__name__)


def _brief(error: BaseException) -> str:
    return str(error)[:200]


async def _leads_inside(url: str) -> bool:
    """Say whether a host resolves to an address that only an inner network has."""
    host = urlsplit(url).hostname or ""
    if _is_private(host):
        return True
    try:
        found: list[Any] = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        return False
    return any(_is_private(str(entry[4][0])) for entry in found)


def _is_private(host: str) -> bool:
    if host in ("localhost", ""):
        return True
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return not address.is_global


