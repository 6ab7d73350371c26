"""`evidence.har`: the exchanges that findings rest on, as browsers and proxies read them."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from conformance.model.verdict_table import is_finding
from conformance.report.safe_text import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.model.run_records import (
        AnswerRecord,
        ExchangeRecord,
        HeaderPairs,
        RequestRecord,
    )
    from conformance.report.run_file.run_file import RunRecord

Json = dict[str, Any]


def har(run: RunRecord, *, everything: bool = False) -> Json:
    """Return the content of a HAR 1.2 file: the exchanges that findings rest on, or all of them."""
    numbers = sorted(run.exchanges) if everything else sorted(_telling(run))
    log = {
        "version": "1.2",
        "creator": {"name": "conformance", "version": run.header.version},
        "entries": [_entry(run.exchanges[number]) for number in numbers],
    }
    return {"log": log}


def _telling(run: RunRecord) -> set[int]:
    """Return the numbers of the exchanges that findings rest on."""
    verdicts = [verdict for verdict in run.verdicts.values() if is_finding(verdict.outcome)]
    numbers = {number for verdict in verdicts for number in verdict.exchanges}
    return numbers & run.exchanges.keys()


def _entry(exchange: ExchangeRecord) -> Json:
    answer = exchange.answer
    milliseconds = round(max(0.0, exchange.elapsed) * 1000, 3)
    return {
        "startedDateTime": datetime.fromtimestamp(exchange.started, UTC).isoformat(
            timespec="milliseconds"
        ),
        "time": milliseconds,
        "request": _request(exchange.request),
        "response": _response(answer) if answer.fault is None else _failed(answer),
        "cache": {},
        # Only the whole is measured: from the first byte sent to the last one received.
        "timings": {"send": 0, "wait": milliseconds, "receive": 0},
        "comment": plain(_comment(exchange)),
    }


def _comment(exchange: ExchangeRecord) -> str:
    parts = (
        f"exchange {exchange.number}",
        exchange.operation,
        exchange.purpose,
        exchange.clause,
        exchange.note,
        exchange.job,
    )
    return ", ".join(part for part in parts if part)


def _request(request: RequestRecord) -> Json:
    size = _size(request)
    entry: Json = {
        "method": request.method,
        "url": request.url,
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _headers(request.headers),
        "queryString": list(_query(request.url)),
        "headersSize": -1,
        "bodySize": size,
    }
    if size:
        # HAR knows no base64 here: what is no text is told as text that says so.
        text = request.text if request.text is not None else f"base64:{request.base64}"
        entry["postData"] = {
            "mimeType": _header(request.headers, "content-type"),
            "text": text,
            **_cut(request),
        }
    return entry


def _response(answer: AnswerRecord) -> Json:
    headers, status = answer.headers or (), answer.status or 0
    content: Json = {"size": _size(answer), "mimeType": _header(headers, "content-type")}
    if answer.base64 is not None:
        content |= {"text": answer.base64, "encoding": "base64"}
    elif answer.text:
        content["text"] = answer.text
    return {
        "status": status,
        "statusText": _phrase(status),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _headers(headers),
        "content": content | _cut(answer),
        "redirectURL": _header(headers, "location"),
        "headersSize": -1,
        "bodySize": _size(answer),
    }


def _failed(answer: AnswerRecord) -> Json:
    """Return what stands where there was no answer: browsers write a status of 0."""
    failure = plain(f"{answer.fault}: {answer.detail}")
    return {
        "status": 0,
        "statusText": "",
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": [],
        "content": {"size": 0, "mimeType": "x-unknown"},
        "redirectURL": "",
        "headersSize": -1,
        "bodySize": -1,
        "comment": failure,
        "_error": failure,
    }


def _headers(pairs: HeaderPairs) -> list[Json]:
    return [{"name": name, "value": value} for name, value in pairs]


def _header(pairs: HeaderPairs, wanted: str) -> str:
    return next((value for name, value in pairs if name.lower() == wanted), "")


def _query(url: str) -> Iterator[Json]:
    try:
        query = urlsplit(url).query
    except ValueError:  # an address that is none still has been sent
        return
    for name, value in parse_qsl(query, keep_blank_values=True):
        yield {"name": name, "value": value}


def _size(part: RequestRecord | AnswerRecord) -> int:
    if part.shortened is not None:
        return part.shortened
    if part.base64 is not None:
        return len(part.base64) * 3 // 4 - part.base64.count("=")
    return len((part.text or "").encode("utf-8", "replace"))


def _cut(part: RequestRecord | AnswerRecord) -> Json:
    if part.shortened is None:
        return {}
    return {"comment": f"cut: {part.shortened} characters in all"}


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
