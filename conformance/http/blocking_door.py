"""The door to real servers for callers that wait: the same contract as the live door, on `httpx.Client`."""

from __future__ import annotations

import socket
import time
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import urljoin, urlsplit

import httpx

from conformance.http.body_sink import BodySink, Limits
from conformance.http.failures import REDIRECTS, failure_of, is_private
from conformance.model.exchange import Failure, Fault, Request, Response

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conformance.http.keyring import Keyring
    from conformance.model.exchange import Answer

#: What httpx can be given instead of the network.
Transport: TypeAlias = httpx.BaseTransport


class BlockingDoor:
    """Sends over HTTP, with the key for its own origin alone, within limits, following no redirect blindly."""

    def __init__(
        self,
        keys: Keyring,
        *,
        limits: Limits | None = None,
        transport: Transport | None = None,
        proxy: str | None = None,
    ) -> None:
        """Connect to nothing yet."""
        self._keys, self._limits = keys, limits or Limits()
        timeout = httpx.Timeout(self._limits.read, connect=self._limits.connect)
        self._client = httpx.Client(
            timeout=timeout,
            transport=transport,
            proxy=proxy,
            follow_redirects=False,
            trust_env=False,
        )
        # A transport of our own or a proxy decides for itself what it reaches.
        self._guarded = (
            transport is None
            and proxy is None
            and not is_private(urlsplit(keys.base_url).hostname or "")
        )

    def close(self) -> None:
        """Close all connections."""
        self._client.close()

    def send(self, request: Request, *, into: Path | None = None, offset: int = 0) -> Answer:
        """Return what came back; every fault of network and server is a `Failure`, never an exception.

        `into` takes the body of a success; with `offset` it goes on where an earlier part ended.
        """
        limit = self._limits.total_file if into else self._limits.total
        deadline = time.monotonic() + limit
        try:
            return self._through(request, into, offset, lambda: time.monotonic() > deadline)
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError, ValueError) as error:
            return failure_of(error)

    def _through(
        self, request: Request, into: Path | None, offset: int, late: Callable[[], bool]
    ) -> Answer:
        for _ in range(self._limits.redirects + 1):
            if self._guarded and not self._keys.opens(request.url) and _leads_inside(request.url):
                return Failure(
                    fault=Fault.FORBIDDEN,
                    detail=f"{urlsplit(request.url).hostname} is an address of an inner network",
                    delivered=False,
                )
            answer = self._once(request, into, offset, late)
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

    def _once(
        self, request: Request, into: Path | None, offset: int, late: Callable[[], bool]
    ) -> Answer:
        url, headers = self._keys.dress(request)
        with self._client.stream(
            request.method, url, headers=headers, content=request.body or None
        ) as got:
            cut = False
            with BodySink(got, self._limits, into=into, offset=offset) as sink:
                try:
                    for chunk in () if sink.failure else got.iter_bytes():
                        if not sink.take(chunk):
                            break
                        if late():
                            return Failure(fault=Fault.TIMEOUT, detail="no whole answer in time")
                except httpx.RemoteProtocolError:
                    cut = True  # it announced more than it sent; what came is evidence
            return sink.answer(cut=cut)


def _leads_inside(url: str) -> bool:
    """Say whether a host resolves to an address that only an inner network has."""
    host = urlsplit(url).hostname or ""
    if is_private(host):
        return True
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        return False
    return any(is_private(str(entry[4][0])) for entry in found)
