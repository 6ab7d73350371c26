"""What the door of callers that wait has of its own: connections, limits, addresses."""

from __future__ import annotations

import socket
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeAlias

import httpx

from conformance.http.keyring import no_cookies

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conformance.http.body_sink import Limits

#: What httpx can be given instead of the network.
Transport: TypeAlias = httpx.BaseTransport


class ClientPool:
    """One HTTP client, whose connections all threads share."""

    def __init__(
        self, limits: Limits, *, transport: Transport | None = None, proxy: str | None = None
    ) -> None:
        """Connect to nothing yet."""
        self._client = httpx.Client(
            timeout=httpx.Timeout(limits.read, connect=limits.connect),
            transport=transport,
            proxy=proxy,
            follow_redirects=False,
            trust_env=False,
            cookies=no_cookies(),
        )

    @contextmanager
    def one(self) -> Iterator[httpx.Client]:
        """Yield the client."""
        yield self._client

    def close(self) -> None:
        """Close all connections."""
        self._client.close()


@contextmanager
def time_limit(seconds: float) -> Iterator[Callable[[], None]]:
    """Yield what raises `TimeoutError` once the time is over; nothing else stops a caller."""
    deadline = time.monotonic() + seconds

    def check_time() -> None:
        if time.monotonic() > deadline:
            raise TimeoutError

    yield check_time


def addresses_of(host: str) -> list[str]:
    """Return the addresses that a host resolves to; none where it does not resolve."""
    try:
        entries = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        return []
    return [str(entry[4][0]) for entry in entries]
