"""What can go wrong on the way, told as a `Failure`: the same for both doors."""

from __future__ import annotations

import ipaddress
import socket
import ssl

import httpx

from conformance.model.exchange import Failure, Fault

#: Answers that name another address.
REDIRECTS = frozenset({301, 302, 303, 307, 308})


class NotRecorded(httpx.TransportError):
    """A request that was never recorded, and the nearest that was."""


def failure_of(error: Exception) -> Failure:
    """Return what an error of the network means, and whether the request may have arrived."""
    if isinstance(error, NotRecorded):
        return Failure(fault=Fault.NOT_RECORDED, detail=str(error), delivered=False)
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.ProxyError):
        return _unconnected(error)
    match error:
        case httpx.TimeoutException():
            return Failure(fault=Fault.TIMEOUT, detail="no answer in time")
        case httpx.UnsupportedProtocol() | httpx.InvalidURL():
            return Failure(fault=Fault.PROTOCOL, detail=_brief(error), delivered=False)
        case _ if _caused_by(error, ssl.SSLError):
            # A connection that breaks later on may have carried the request already.
            return Failure(fault=Fault.TLS, detail=_brief(error))
        case _:
            return Failure(fault=Fault.PROTOCOL, detail=_brief(error))


def is_private(host: str) -> bool:
    """Say whether a host is this machine or an address that only an inner network has."""
    if host in ("localhost", ""):
        return True
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return not address.is_global


def _unconnected(error: Exception) -> Failure:
    if _caused_by(error, ssl.SSLError):
        return Failure(fault=Fault.TLS, detail=_brief(error), delivered=False)
    if _caused_by(error, socket.gaierror):
        return Failure(fault=Fault.DNS, detail="the host name is not known", delivered=False)
    match error:
        case httpx.ConnectTimeout():
            return Failure(fault=Fault.TIMEOUT, detail="no connection in time", delivered=False)
        case httpx.ProxyError():
            return Failure(
                fault=Fault.REFUSED, detail=f"the proxy refused: {_brief(error)}", delivered=False
            )
        case _:
            return Failure(
                fault=Fault.REFUSED, detail="the connection was refused", delivered=False
            )


def _caused_by(error: BaseException, kind: type[BaseException]) -> bool:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, kind):
            return True
        cause = cause.__cause__ or cause.__context__
    return False


def _brief(error: BaseException) -> str:
    return str(error)[:200] or type(error).__name__
