"""HAR files, as browsers and proxies write them, read as exchanges."""

from __future__ import annotations

import base64
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from conformance.http.cassettes.recorded_entry import Malformed, whole_address
from conformance.model.exchange import Auth, Exchange, Failure, Fault, Purpose, Request, Response

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conformance.model.exchange import Headers


def exchanges_of(data: dict[str, Any]) -> Iterator[Callable[[], Exchange]]:
    """Yield a maker for each entry; a maker raises `Malformed` for what is no exchange."""
    log = data["log"]
    entries = log.get("entries") if isinstance(log, dict) else None
    for number, entry in enumerate(entries if isinstance(entries, list) else [], 1):
        yield partial(_exchange, entry, number)


def _exchange(entry: Any, number: int) -> Exchange:
    request, response = (
        (entry.get(name) for name in ("request", "response"))
        if isinstance(entry, dict)
        else (None, None)
    )
    if not isinstance(request, dict) or not isinstance(response, dict):
        raise Malformed("it has no request or no response")
    sent = _request(request)
    return Exchange(
        number=number,
        operation="",
        purpose=Purpose.SUBMIT if sent.method == "POST" else Purpose.POLL,
        request=sent,
        answer=_answer(response),
        started=_moment(entry.get("startedDateTime")),
        elapsed=_elapsed(entry.get("time")),
    )


def _request(data: dict[str, Any]) -> Request:
    if not isinstance(data.get("method"), str) or not isinstance(data.get("url"), str):
        raise Malformed("its request has no method or no url")
    headers, posted = _headers(data.get("headers")), data.get("postData") or {}
    known = any(name in ("authorization", "x-api-key", "api-key") for name, _ in headers)
    return Request(
        method=data["method"].upper(),
        url=whole_address(data["url"]),
        headers=headers,
        body=_bytes(posted),
        auth=Auth.OWN if known else Auth.NONE,
    )


def _answer(data: dict[str, Any]) -> Response | Failure:
    status = data.get("status")
    if not isinstance(status, int) or isinstance(status, bool):
        raise Malformed("its response has no status")
    if status == 0:
        return Failure(fault=Fault.PROTOCOL, detail="the recorder saw no answer")
    return Response(
        status=status, headers=_headers(data.get("headers")), body=_bytes(data.get("content") or {})
    )


def _headers(data: Any) -> Headers:
    pairs = data if isinstance(data, list) else []
    # A colon begins what HTTP/2 keeps beside its headers.
    return tuple(
        (str(one["name"]).lower(), str(one.get("value", "")))
        for one in pairs
        if isinstance(one, dict) and "name" in one and not str(one["name"]).startswith(":")
    )


def _bytes(data: Any) -> bytes:
    if not isinstance(data, dict):
        raise Malformed("a body is no mapping")
    text = str(data.get("text") or "")
    return (
        base64.b64decode(text, validate=True)
        if data.get("encoding") == "base64"
        else text.encode("utf-8", errors="surrogatepass")
    )


def _elapsed(value: Any) -> float:
    known = isinstance(value, int | float) and 0 <= value < 1e12
    return float(value) / 1000 if known else 0.0


def _moment(text: Any) -> float:
    try:
        return datetime.fromisoformat(str(text)).timestamp()
    except (ValueError, OverflowError):
        return 0.0
