"""An exchange for readers: what was sent, what came back, each cut to what fits a page."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from conformance.model.run_records import AnswerRecord
from conformance.report.html.markup import Markup, block, tag

if TYPE_CHECKING:
    from conformance.model.run_records import ExchangeRecord, HeaderPairs, RequestRecord

#: Letters of a body in the page; the evidence has more, the run file up to its own limit.
BODY = 3_000


def message(exchange: ExchangeRecord) -> Markup:
    """Return an exchange as two columns."""
    request, answer = exchange.request, exchange.answer
    sent: list[Markup | None] = [
        tag("h4", "Sent"),
        tag("p", tag("code", f"{request.method} {request.url}")),
        _headers(request.headers),
        _body(request),
    ]
    came: list[Markup | None] = [tag("h4", "Came back")]
    if answer.fault is not None:
        came.append(tag("p", tag("code", answer.fault), f" {answer.detail}"))
    else:
        took = f" after {exchange.elapsed * 1000:.0f} ms"
        came += [
            tag("p", tag("code", f"HTTP {answer.status}"), took),
            _headers(answer.headers or ()),
            _body(answer),
        ]
    return tag("div", tag("div", *sent), tag("div", *came), class_="pair")


def _headers(pairs: HeaderPairs) -> Markup | None:
    if not pairs:
        return None
    lines = "\n".join(f"{name}: {value}" for name, value in pairs)
    return tag(
        "details",
        tag("summary", f"{len(pairs)} headers" if len(pairs) > 1 else "1 header"),
        tag("pre", block(lines)),
        class_="sub",
    )


def _body(part: RequestRecord | AnswerRecord) -> Markup | None:
    if part.base64:
        return tag("p", f"{len(part.base64) * 3 // 4:,} bytes that are no text", class_="soft")
    if not part.text:
        filed = isinstance(part, AnswerRecord) and part.file
        return tag("p", "kept as a file during the run" if filed else "no body", class_="soft")
    note = None
    if part.shortened:
        cut = f"cut at the run file's limit; {part.shortened:,} letters came"
        note = tag("p", cut, class_="soft")
    return tag("div", tag("pre", block(indented(part.text), BODY)), note)


def indented(text: str) -> str:
    """Return JSON as people read it, anything else as it came."""
    if len(text) > 50 * BODY:
        return text
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return text
