"""An exchange as vcrpy writes it, and back: other tools read our cassettes, and we read theirs."""

from __future__ import annotations

import zlib
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from conformance.http.cassettes.body_files import LARGE
from conformance.http.cassettes.recorded_entry import Malformed, whole_address
from conformance.model.exchange import Auth, Exchange, Failure, Fault, Purpose, Request, Response

if TYPE_CHECKING:
    from pathlib import Path

    from conformance.http.cassettes.body_files import BodyFiles
    from conformance.spec.provider import Carrier
    from conformance.model.exchange import Answer, Headers

#: Where an interaction keeps what vcrpy has no word for; vcrpy passes over it.
OURS = "conformance"
#: The status of an interaction that was never answered; HTTP has none such.
UNANSWERED = 0
#: What a compressed body may unfold to.
MOST = 64 * 1024 * 1024
#: No recording is later than this in seconds since 1970, nor longer.
MOST_SECONDS = 1e11
#: Headers that speak of the bytes on the wire, which the body that we keep no longer is.
_WIRE = frozenset({"content-encoding", "transfer-encoding"})


def to_interaction(exchange: Exchange, carrier: Carrier, bodies: BodyFiles) -> dict[str, Any]:
    """Return one entry of a cassette; the key's place says whose it was, never what it was."""
    request = exchange.request
    headers = [*request.headers]
    if carrier.place == "header" and request.auth is not Auth.NONE:
        headers.append((carrier.name, f"{carrier.prefix}<{request.auth.value}>"))
    ours: dict[str, Any] = {
        "number": exchange.number,
        "operation": exchange.operation,
        "purpose": exchange.purpose.value,
        "auth": request.auth.value,
        "started": round(exchange.started, 3),
        "elapsed": round(exchange.elapsed, 4),
    }
    ours |= {
        name: value
        for name, value in (
            ("scenario", exchange.scenario),
            ("job", exchange.job),
            ("note", exchange.note),
        )
        if value
    }
    answer = exchange.answer
    if isinstance(answer, Failure):
        ours |= {
            "fault": answer.fault.value,
            "detail": answer.detail,
            "delivered": answer.delivered,
        }
    elif answer.cut:
        ours["cut"] = True
    body = _text(
        request.body
    )  # vcrpy tells an empty body from none, and writes an empty one for httpx
    if len(request.body) > LARGE:
        body, ours["request_file"] = "", bodies.keep(request.body)
    told = {
        "method": request.method,
        "uri": request.url,
        "headers": _grouped(tuple(headers)),
        "body": body,
    }
    return {"request": told, "response": _response(answer, bodies), OURS: ours}


def _response(answer: Answer, bodies: BodyFiles) -> dict[str, Any]:
    if isinstance(answer, Failure):
        return {
            "status": {"code": UNANSWERED, "message": answer.fault.value},
            "headers": {},
            "body": {"string": ""},
        }
    body = answer.file.read_bytes() if answer.file else answer.body
    kept: dict[str, Any] = (
        {"string": _text(body)} if len(body) <= LARGE else {"string": "", "file": bodies.keep(body)}
    )
    headers = tuple(pair for pair in answer.headers if pair[0].lower() not in _WIRE)
    return {
        "status": {"code": answer.status, "message": _phrase(answer.status)},
        "headers": _grouped(headers),
        "body": kept,
    }


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def _grouped(headers: Headers) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in headers:
        found.setdefault(name, []).append(value)
    return found


def _text(body: bytes) -> str | bytes:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return body


# -- and back --------------------------------------------------------------------------


def from_interaction(data: Any, number: int, bodies: BodyFiles) -> Exchange:
    """Return the exchange of an entry; raises `Malformed` saying what is wrong with it."""
    request, response, ours = (
        _mapping(data, "request"),
        _mapping(data, "response"),
        data.get(OURS) or {},
    )
    if not isinstance(ours, dict):
        raise Malformed(f"{OURS} is no mapping")
    sent = _request(request, ours, bodies)
    return Exchange(
        number=int(ours.get("number", number)),
        operation=str(ours.get("operation", "")),
        purpose=Purpose(ours.get("purpose", _purpose(sent))),
        request=sent,
        answer=_answer(response, ours, bodies),
        started=_seconds(ours, "started"),
        elapsed=_seconds(ours, "elapsed"),
        job=str(ours.get("job", "")),
        scenario=str(ours.get("scenario", "")),
        note=str(ours.get("note", "")),
    )


def _seconds(ours: dict[str, Any], name: str) -> float:
    seconds = float(ours.get(name, 0.0))
    if not 0.0 <= seconds < MOST_SECONDS:
        raise Malformed(f"its time {name!r} is no number of seconds")
    return seconds


def _mapping(data: Any, name: str) -> dict[str, Any]:
    found = data.get(name) if isinstance(data, dict) else None
    if not isinstance(found, dict):
        raise Malformed(f"it has no {name}")
    return found


def _request(data: dict[str, Any], ours: dict[str, Any], bodies: BodyFiles) -> Request:
    method, uri = data.get("method"), data.get("uri")
    if not isinstance(method, str) or not isinstance(uri, str):
        raise Malformed("its request has no method or no uri")
    headers = _headers(data.get("headers"))
    auth = Auth(ours["auth"]) if "auth" in ours else _auth(headers)
    # The key's header says whose key it was; it is no part of what a request says of itself.
    kept = tuple(pair for pair in headers if not (ours and f"<{auth.value}>" in pair[1]))
    return Request(
        method=method.upper(),
        url=whole_address(uri),
        headers=kept,
        body=_large(ours["request_file"], bodies).read_bytes()
        if "request_file" in ours
        else _bytes(data.get("body")),
        auth=auth,
    )


def _auth(headers: Headers) -> Auth:
    return (
        Auth.OWN
        if any(name.lower() in ("authorization", "x-api-key", "api-key") for name, _ in headers)
        else Auth.NONE
    )


def _purpose(request: Request) -> str:
    return Purpose.SUBMIT if request.method == "POST" else Purpose.POLL


def _answer(data: dict[str, Any], ours: dict[str, Any], bodies: BodyFiles) -> Answer:
    if "fault" in ours:
        return Failure(
            fault=Fault(ours["fault"]),
            detail=str(ours.get("detail", "")),
            delivered=bool(ours.get("delivered", True)),
        )
    # What vcrpy wrote for httpx before its version 6 has other names.
    told = data.get("status")
    status = told.get("code") if isinstance(told, dict) else data.get("status_code")
    if not isinstance(status, int) or isinstance(status, bool):
        raise Malformed("its response has no status code")
    headers = _headers(data.get("headers"))
    held = data.get("body")
    body, file = (
        (_held(held, bodies))
        if isinstance(held, dict)
        else (_bytes(data.get("content", held)), None)
    )
    coding = next(
        (value.lower() for name, value in headers if name.lower() == "content-encoding"), ""
    )
    return Response(
        status=status,
        headers=headers,
        body=_unfolded(body, coding),
        file=file,
        cut=bool(ours.get("cut", False)),
    )


def _held(data: dict[str, Any], bodies: BodyFiles) -> tuple[bytes, Path | None]:
    name = data.get("file")
    if name is None:
        return _bytes(data.get("string", data.get("base64_string"))), None
    return b"", _large(name, bodies)


def _large(name: Any, bodies: BodyFiles) -> Path:
    found = bodies.find(str(name))
    if found is None:
        raise Malformed(f"its body is said to lie in {str(name)[:80]!r}, which is not there")
    return found


def _headers(data: Any) -> Headers:
    if data is None:
        return ()
    if not isinstance(data, dict):
        raise Malformed("its headers are no mapping")
    return tuple(
        (str(name).lower(), str(value))
        for name, values in data.items()
        for value in (values if isinstance(values, (list, tuple)) else [values])
    )


def _bytes(data: Any) -> bytes:
    if data is None:
        return b""
    if hasattr(data, "read"):
        data = data.read()
    if isinstance(data, str):
        return data.encode("utf-8", errors="surrogatepass")
    if isinstance(data, bytes):
        return data
    raise Malformed(f"a body is neither text nor bytes but {type(data).__name__}")


def _unfolded(body: bytes, coding: str) -> bytes:
    """Return a body as it was meant: a recorder may have kept it as it came, compressed."""
    if coding not in ("gzip", "deflate") or not body:
        return body
    for window in (47, -15):
        unfold = zlib.decompressobj(window)
        try:
            found = unfold.decompress(body, MOST)
        except zlib.error:
            continue
        if unfold.unconsumed_tail:
            raise Malformed(f"its body unfolds to more than {MOST:,} bytes")
        return found
    return body  # it says that it is compressed and is not: kept decoded, with its header
