"""An exchange as vcrpy writes it, and back: other tools read our cassettes, and we read theirs."""

from __future__ import annotations

import zlib
from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from conformance.http.cassettes.body_files import LARGE
from conformance.http.cassettes.recorded_entry import (
    Malformed,
    auth_of,
    purpose_of,
    status_code,
    text_bytes,
    whole_address,
)
from conformance.model.exchange import Auth, Exchange, Failure, Fault, Purpose, Request, Response

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from conformance.http.cassettes.body_files import BodyFiles
    from conformance.model.exchange import Answer, Headers, JsonObject
    from conformance.spec.provider import Carrier

#: Where an interaction keeps what vcrpy has no word for; vcrpy passes over it.
OURS = "conformance"
#: The status of an interaction that was never answered; HTTP has none such.
UNANSWERED = 0
#: What a compressed body may unfold to.
MAX_UNFOLDED = 64 * 1024 * 1024
#: No recording is later than this in seconds since 1970, nor longer.
MAX_SECONDS = 1e11
#: Headers that speak of the bytes on the wire, which the body that we keep no longer is.
_WIRE = frozenset({"content-encoding", "transfer-encoding"})


def to_interaction(exchange: Exchange, carrier: Carrier, bodies: BodyFiles) -> JsonObject:
    """Return one entry of a cassette; the key's place says whose it was, never what it was."""
    request, answer = exchange.request, exchange.answer
    headers = request.headers
    role = carrier.header(f"<{request.auth.value}>")
    if role and request.auth is not Auth.NONE:
        headers = (*headers, role)
    ours: JsonObject = {
        "number": exchange.number,
        "operation": exchange.operation,
        "purpose": exchange.purpose.value,
        "auth": request.auth.value,
        "started": round(exchange.started, 3),
        "elapsed": round(exchange.elapsed, 4),
    }
    for name in ("scenario", "job", "note"):
        value = getattr(exchange, name)
        if value:
            ours[name] = value
    if isinstance(answer, Failure):
        ours["fault"] = answer.fault.value
        ours["detail"] = answer.detail
        ours["delivered"] = answer.delivered
    elif answer.cut:
        ours["cut"] = True
    # vcrpy tells an empty body from none, and writes an empty one for httpx.
    body = _text(request.body)
    if len(request.body) > LARGE:
        body, ours["request_file"] = "", bodies.keep(request.body)
    sent = {
        "method": request.method,
        "uri": request.url,
        "headers": _grouped(headers),
        "body": body,
    }
    return {"request": sent, "response": _response(answer, bodies), OURS: ours}


def _response(answer: Answer, bodies: BodyFiles) -> JsonObject:
    if isinstance(answer, Failure):
        status = {"code": UNANSWERED, "message": answer.fault.value}
        return {"status": status, "headers": {}, "body": {"string": ""}}
    body = answer.file.read_bytes() if answer.file else answer.body
    kept: JsonObject = {"string": ""}
    if len(body) > LARGE:
        kept["file"] = bodies.keep(body)
    else:
        kept["string"] = _text(body)
    return {
        "status": {"code": answer.status, "message": _phrase(answer.status)},
        "headers": _grouped(pair for pair in answer.headers if pair[0].lower() not in _WIRE),
        "body": kept,
    }


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def _grouped(headers: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    values_by_name: dict[str, list[str]] = {}
    for name, value in headers:
        values_by_name.setdefault(name, []).append(value)
    return values_by_name


def _text(body: bytes) -> str | bytes:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return body


# -- and back --------------------------------------------------------------------------


def from_interaction(entry: Any, number: int, bodies: BodyFiles) -> Exchange:
    """Return the exchange of an entry; raises `Malformed` saying what is wrong with it."""
    request, response = _mapping(entry, "request"), _mapping(entry, "response")
    ours = entry.get(OURS) or {}
    if not isinstance(ours, dict):
        raise Malformed(f"{OURS} is no mapping")
    sent = _request(request, ours, bodies)
    return Exchange(
        number=int(ours.get("number", number)),
        operation=str(ours.get("operation", "")),
        purpose=Purpose(ours.get("purpose", purpose_of(sent))),
        request=sent,
        answer=_answer(response, ours, bodies),
        started=_seconds(ours, "started"),
        elapsed=_seconds(ours, "elapsed"),
        job=str(ours.get("job", "")),
        scenario=str(ours.get("scenario", "")),
        note=str(ours.get("note", "")),
    )


def _mapping(entry: Any, name: str) -> JsonObject:
    part = entry.get(name) if isinstance(entry, dict) else None
    if not isinstance(part, dict):
        raise Malformed(f"it has no {name}")
    return part


def _seconds(ours: JsonObject, name: str) -> float:
    seconds = float(ours.get(name, 0.0))
    if not 0.0 <= seconds < MAX_SECONDS:
        raise Malformed(f"its time {name!r} is no number of seconds")
    return seconds


def _request(data: JsonObject, ours: JsonObject, bodies: BodyFiles) -> Request:
    method, uri = data.get("method"), data.get("uri")
    if not isinstance(method, str) or not isinstance(uri, str):
        raise Malformed("its request has no method or no uri")
    headers = _headers(data.get("headers"))
    auth = Auth(ours["auth"]) if "auth" in ours else auth_of(headers)
    if ours:
        # The key's header says whose key it was; it is no part of what a request says of itself.
        headers = tuple(pair for pair in headers if f"<{auth.value}>" not in pair[1])
    if "request_file" in ours:
        body = _body_file(ours["request_file"], bodies).read_bytes()
    else:
        body = _bytes(data.get("body"))
    return Request(
        method=method.upper(), url=whole_address(uri), headers=headers, body=body, auth=auth
    )


def _answer(data: JsonObject, ours: JsonObject, bodies: BodyFiles) -> Answer:
    if "fault" in ours:
        return Failure(
            fault=Fault(ours["fault"]),
            detail=str(ours.get("detail", "")),
            delivered=bool(ours.get("delivered", True)),
        )
    # What vcrpy wrote for httpx before its version 6 has other names.
    status = data.get("status")
    code = status.get("code") if isinstance(status, dict) else data.get("status_code")
    kept = data.get("body")
    if not isinstance(kept, dict):
        kept = {"string": data.get("content", kept)}
    file_name = kept.get("file")
    content = kept.get("string", kept.get("base64_string")) if file_name is None else None
    response = Response(
        status=status_code(code, "its response has no status code"),
        headers=_headers(data.get("headers")),
        body=_bytes(content),
        file=None if file_name is None else _body_file(file_name, bodies),
        cut=bool(ours.get("cut", False)),
    )
    return _unfolded(response)


def _body_file(name: Any, bodies: BodyFiles) -> Path:
    path = bodies.find(str(name))
    if path is None:
        raise Malformed(f"its body is said to lie in {str(name)[:80]!r}, which is not there")
    return path


def _headers(data: Any) -> Headers:
    if data is None:
        return ()
    if not isinstance(data, dict):
        raise Malformed("its headers are no mapping")
    headers: list[tuple[str, str]] = []
    for name, value in data.items():
        values = value if isinstance(value, (list, tuple)) else [value]
        headers += [(str(name).lower(), str(each)) for each in values]
    return tuple(headers)


def _bytes(data: Any) -> bytes:
    if data is None:
        return b""
    if hasattr(data, "read"):
        data = data.read()
    if isinstance(data, str):
        return text_bytes(data)
    if isinstance(data, bytes):
        return data
    raise Malformed(f"a body is neither text nor bytes but {type(data).__name__}")


def _unfolded(response: Response) -> Response:
    """Return an answer with its body as it was meant: a recorder may have kept it compressed."""
    body = response.body
    if not body or response.header("content-encoding").lower() not in ("gzip", "deflate"):
        return response
    for window_bits in (47, -15):
        decompressor = zlib.decompressobj(window_bits)
        try:
            unfolded = decompressor.decompress(body, MAX_UNFOLDED)
        except zlib.error:
            continue
        if decompressor.unconsumed_tail:
            raise Malformed(f"its body unfolds to more than {MAX_UNFOLDED:,} bytes")
        return replace(response, body=unfolded)
    return response  # it says that it is compressed and is not: kept decoded, with its header
