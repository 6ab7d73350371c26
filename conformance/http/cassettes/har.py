"""HAR files, as browsers and proxies write them, read as exchanges."""

from __future__ import annotations

import base64
from datetime import datetime
from typing import TYPE_CHECKING, Any

from conformance.http.cassettes.recorded_entry import (
    Malformed,
    auth_of,
    purpose_of,
    status_code,
    text_bytes,
    whole_address,
)
from conformance.model.exchange import Exchange, Failure, Fault, Request, Response

if TYPE_CHECKING:
    from conformance.model.exchange import Headers, JsonObject

#: Longer than anything takes, in milliseconds.
_ENDLESS = 1e12


def is_har(data: Any) -> bool:
    """Say whether a JSON value is a HAR file."""
    return isinstance(data, dict) and "log" in data


def har_entries(data: JsonObject) -> list[Any]:
    """Return the entries of a HAR file, each for `exchange_of_entry`."""
    log = data["log"]
    entries = log.get("entries") if isinstance(log, dict) else None
    return entries if isinstance(entries, list) else []


def exchange_of_entry(entry: Any, number: int) -> Exchange:
    """Return the exchange of an entry; raises `Malformed` for what is none."""
    parts = entry if isinstance(entry, dict) else {}
    request, response = parts.get("request"), parts.get("response")
    if not isinstance(request, dict) or not isinstance(response, dict):
        raise Malformed("it has no request or no response")
    sent = _request(request)
    return Exchange(
        number=number,
        operation="",
        purpose=purpose_of(sent),
        request=sent,
        answer=_answer(response),
        started=_started(parts.get("startedDateTime")),
        elapsed=_elapsed(parts.get("time")),
    )


def _request(data: JsonObject) -> Request:
    method, url = data.get("method"), data.get("url")
    if not isinstance(method, str) or not isinstance(url, str):
        raise Malformed("its request has no method or no url")
    headers = _headers(data.get("headers"))
    return Request(
        method=method.upper(),
        url=whole_address(url),
        headers=headers,
        body=_body(data.get("postData") or {}),
        auth=auth_of(headers),
    )


def _answer(data: JsonObject) -> Response | Failure:
    status = status_code(data.get("status"), "its response has no status")
    if status == 0:
        return Failure(fault=Fault.PROTOCOL, detail="the recorder saw no answer")
    headers, content = _headers(data.get("headers")), data.get("content") or {}
    body = _body(content)
    media_type = str(content.get("mimeType") or "")
    # HAR keeps the value of this header twice, and some recorders leave out the headers.
    if "/" in media_type and not any(name == "content-type" for name, _ in headers):
        headers = (*headers, ("content-type", media_type))
    return Response(status=status, headers=headers, body=body)


def _headers(data: Any) -> Headers:
    headers: list[tuple[str, str]] = []
    for pair in data if isinstance(data, list) else []:
        name = str(pair.get("name", ":")) if isinstance(pair, dict) else ":"
        # A colon begins what HTTP/2 keeps beside its headers.
        if not name.startswith(":"):
            headers.append((name.lower(), str(pair.get("value", ""))))
    return tuple(headers)


def _body(data: Any) -> bytes:
    if not isinstance(data, dict):
        raise Malformed("a body is no mapping")
    text = str(data.get("text") or "")
    if data.get("encoding") == "base64":
        return base64.b64decode(text, validate=True)
    return text_bytes(text)


def _elapsed(milliseconds: Any) -> float:
    if isinstance(milliseconds, int | float) and 0 <= milliseconds < _ENDLESS:
        return float(milliseconds) / 1000
    return 0.0


def _started(text: Any) -> float:
    try:
        return datetime.fromisoformat(str(text)).timestamp()
    except (ValueError, OverflowError):
        return 0.0
