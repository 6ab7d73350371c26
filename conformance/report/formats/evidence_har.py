"""`evidence.har`: the exchanges that findings rest on, as browsers and proxies read them."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from conformance.model.verdict_table import is_finding
from conformance.report.safe_text import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conformance.report.run_file.run_file import RunRecord

Json = dict[str, Any]


def har(run: RunRecord, *, everything: bool = False) -> Json:
    """Return the content of a HAR 1.2 file: the exchanges that findings rest on, or all of them."""
    numbers = sorted(run.exchanges) if everything else sorted(_telling(run))
    log = {
        "version": "1.2",
        "creator": {"name": "conformance", "version": str(run.header["version"])},
        "entries": [_entry(run.exchanges[number]) for number in numbers],
    }
    return {"log": log}


def _telling(run: RunRecord) -> set[int]:
    """Return the numbers of the exchanges that findings rest on."""
    verdicts = (one for one in run.verdicts.values() if is_finding(one["verdict"]))
    return {number for one in verdicts for number in one["exchanges"] if number in run.exchanges}


def _entry(exchange: Json) -> Json:
    request, answer = exchange["request"], exchange["answer"]
    milliseconds = round(max(0.0, exchange["elapsed"]) * 1000, 3)
    entry: Json = {
        "startedDateTime": datetime.fromtimestamp(exchange["started"], UTC).isoformat(
            timespec="milliseconds"
        ),
        "time": milliseconds,
        "request": _request(request),
        "response": _failed(answer) if "fault" in answer else _response(answer),
        "cache": {},
        # Only the whole is measured: from the first byte sent to the last one received.
        "timings": {"send": 0, "wait": milliseconds, "receive": 0},
        "comment": plain(_comment(exchange)),
    }
    return entry


def _comment(exchange: Json) -> str:
    parts = (
        f"exchange {exchange['number']}",
        exchange["operation"],
        exchange["purpose"],
        exchange.get("clause"),
        exchange.get("note"),
        exchange.get("job"),
    )
    return ", ".join(str(part) for part in parts if part)


def _request(request: Json) -> Json:
    found: Json = {
        "method": request["method"],
        "url": request["url"],
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _headers(request["headers"]),
        "queryString": _query(request["url"]),
        "headersSize": -1,
        "bodySize": _size(request),
    }
    if _size(request):
        # HAR knows no base64 here: what is no text is told as text that says so.
        text = request["text"] if "text" in request else f"base64:{request['base64']}"
        found["postData"] = {
            "mimeType": _header(request["headers"], "content-type"),
            "text": text,
            **_cut(request),
        }
    return found


def _response(answer: Json) -> Json:
    content: Json = {"size": _size(answer), "mimeType": _header(answer["headers"], "content-type")}
    if "base64" in answer:
        content |= {"text": answer["base64"], "encoding": "base64"}
    elif answer.get("text"):
        content["text"] = answer["text"]
    return {
        "status": answer["status"],
        "statusText": _phrase(answer["status"]),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _headers(answer["headers"]),
        "content": content | _cut(answer),
        "redirectURL": _header(answer["headers"], "location"),
        "headersSize": -1,
        "bodySize": _size(answer),
    }


def _failed(answer: Json) -> Json:
    """Return what stands where there was no answer: browsers write a status of 0."""
    told = plain(f"{answer['fault']}: {answer['detail']}")
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
        "comment": told,
        "_error": told,
    }


def _headers(pairs: Sequence[Sequence[str]]) -> list[Json]:
    return [{"name": name, "value": value} for name, value in pairs]


def _header(pairs: Sequence[Sequence[str]], wanted: str) -> str:
    return next((value for name, value in pairs if name.lower() == wanted), "")


def _query(url: str) -> list[Json]:
    return list(_pairs(url))


def _pairs(url: str) -> Iterator[Json]:
    try:
        query = urlsplit(url).query
    except ValueError:  # an address that is none still has been sent
        return
    for name, value in parse_qsl(query, keep_blank_values=True):
        yield {"name": name, "value": value}


def _size(part: Json) -> int:
    if "shortened" in part:
        return int(part["shortened"])
    if "base64" in part:
        return len(part["base64"]) * 3 // 4 - str(part["base64"]).count("=")
    return len(str(part.get("text", "")).encode("utf-8", "replace"))


def _cut(part: Json) -> Json:
    return {"comment": f"cut: {part['shortened']} characters in all"} if "shortened" in part else {}


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
