"""Read exchanges as people keep them: .http, JSON, HAR, or what a terminal showed of curl."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.drafting.example_exchange import json_of, seen
from conformance.drafting.fetch_document import parsed, text_of
from conformance.drafting.written import written
from conformance.errors import BadExample

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.drafting.example_exchange import Seen


def transcript(file: str) -> tuple[Seen, ...]:
    """Return the exchanges that a file shows."""
    text = text_of(file)
    structured = text.lstrip()[:1] in ("{", "[")
    found = tuple(_structured(file, text) if structured else written(file, text))
    if not found:
        raise BadExample(file, 1, "no request with a response")
    return found


def _structured(file: str, text: str) -> Iterator[Seen]:
    data = parsed(text, file)
    log = data.get("log") if isinstance(data, dict) else None
    if isinstance(log, dict):
        for entry in _list(log.get("entries")):
            yield from _from_har(file, entry)
        return
    for number, entry in enumerate(data if isinstance(data, list) else [data], start=1):
        if (
            not isinstance(entry, dict)
            or not isinstance(entry.get("request"), dict)
            or not isinstance(entry.get("response"), dict)
        ):
            raise BadExample(file, 1, f"entry {number} has no request and response")
        yield _from_pair(file, entry["request"], entry["response"])


def _from_pair(file: str, request: dict[str, Any], response: dict[str, Any]) -> Seen:
    status = response.get("status", 0)
    if not isinstance(request.get("url"), str) or not isinstance(status, int):
        raise BadExample(
            file,
            1,
            "a request without a url, or a status that is no number",
            '{"request": {"method": …, "url": …, "body": …}, "response": {"status": 200, '
            '"body": …}}',
        )
    return seen(
        file,
        1,
        request.get("method", "POST" if "body" in request else "GET"),
        request["url"],
        _headers(request.get("headers")),
        request.get("body"),
        status,
        _headers(response.get("headers")),
        response.get("body"),
    )


def _from_har(file: str, entry: Any) -> Iterator[Seen]:
    """Yield the exchange of a HAR entry, unless it is a page's picture or style."""
    request, response = (
        entry.get(part) if isinstance(entry, dict) else None for part in ("request", "response")
    )
    if (
        not isinstance(request, dict)
        or not isinstance(response, dict)
        or not isinstance(request.get("url"), str)
    ):
        return
    content, posted = _mapping(response.get("content")), _mapping(request.get("postData"))
    kind = str(content.get("mimeType", ""))
    sent = posted.get("text")
    told = content.get("text") if content.get("encoding") != "base64" else None
    status = response.get("status")
    if "json" in kind or kind.startswith("video/"):
        yield seen(
            file,
            1,
            request.get("method", "GET"),
            request["url"],
            _pairs(request.get("headers")),
            json_of(sent),
            status if isinstance(status, int) else 0,
            {"content-type": kind},
            json_of(told),
        )


def _pairs(entries: Any) -> dict[str, str]:
    return {
        str(one.get("name", "")).lower(): str(one.get("value", ""))
        for one in _list(entries)
        if isinstance(one, dict)
    }


def _headers(value: Any) -> dict[str, str]:
    return (
        {str(name).lower(): str(item) for name, item in value.items()}
        if isinstance(value, dict)
        else {}
    )


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
