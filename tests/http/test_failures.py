"""What an error of the network means, and whether a paid request may have arrived."""

from __future__ import annotations

import socket
import ssl

import httpx
import pytest

from conformance.http.failures import failure_of, is_private
from conformance.model.exchange import Fault


def caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "fault", "delivered"),
    [
        (httpx.ConnectError("no"), Fault.REFUSED, False),
        (httpx.ConnectTimeout("no"), Fault.TIMEOUT, False),
        (httpx.ProxyError("407"), Fault.REFUSED, False),
        (caused(httpx.ConnectError("no"), ssl.SSLError("bad certificate")), Fault.TLS, False),
        (caused(httpx.ConnectError("no"), socket.gaierror("unknown")), Fault.DNS, False),
        (httpx.UnsupportedProtocol("ftp"), Fault.PROTOCOL, False),
        (httpx.InvalidURL("odd"), Fault.PROTOCOL, False),
        (httpx.ReadTimeout("late"), Fault.TIMEOUT, True),
        (httpx.WriteTimeout("late"), Fault.TIMEOUT, True),
        (httpx.PoolTimeout("late"), Fault.TIMEOUT, True),
        (httpx.ReadError("reset"), Fault.PROTOCOL, True),
        (caused(httpx.ReadError(""), ssl.SSLError("bad record")), Fault.TLS, True),
        (httpx.RemoteProtocolError(""), Fault.PROTOCOL, True),
        (OSError("odd"), Fault.PROTOCOL, True),
    ],
    ids=repr,
)
def test_only_what_was_certainly_not_delivered_says_so(
    error: Exception, fault: Fault, delivered: bool
) -> None:
    failure = failure_of(error)

    assert (failure.fault, failure.delivered) == (fault, delivered)
    assert failure.detail


@pytest.mark.parametrize(
    ("host", "private"),
    [
        ("localhost", True),
        ("", True),
        ("127.0.0.1", True),
        ("::1", True),
        ("fe80::1%eth0", True),
        ("10.1.2.3", True),
        ("8.8.8.8", False),
        ("example.com", False),
    ],
)
def test_inner_addresses_are_known(host: str, private: bool) -> None:
    assert is_private(host) is private
