"""What to send to a provider's support.

Each finding with its source, its request and the answer, as plain text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.model.verdict import Cause, Outcome
from conformance.report.formats.summary import findings_of
from conformance.report.html.exchange_text import indented
from conformance.report.html.markup import spelled
from conformance.report.html.signs import when
from conformance.report.safe_text import shortened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.model.run_records import ExchangeRecord, VerdictRecord
    from conformance.report.html.signs import View

#: Findings in a bundle, and letters of any part of one.
FINDINGS, BODY = 200, 5_000
#: Headers by which support finds a request in its own logs.
_NAMED = ("request-id", "trace", "cf-ray", "correlation", "date")


def bundle(view: View) -> str:
    """Return the evidence for a provider's support; empty where nothing is theirs."""
    theirs = [
        verdict
        for verdict in findings_of(view.run)
        if verdict.cause in (None, Cause.PROVIDER) and verdict.outcome is not Outcome.ERROR
    ][:FINDINGS]
    if not theirs:
        return ""
    header = view.run.header
    lines = [
        f"{header.title}: {len(theirs)} observations against the documentation",
        f"Observed {when(header.started)} at {header.base_url or header.recorded_from}",
    ]
    if header.recorded_from:
        lines.append(f"Answers from: {header.recorded_from}")
    for document in header.documents:
        edition = f", {document.edition}" if document.edition else ""
        lines.append(f"Document: {document.title}{edition}")
    for number, verdict in enumerate(theirs, 1):
        lines += _finding(view, number, verdict)
    return "".join(spelled(line[:BODY], keep="\n\t") + "\n" for line in lines)


def _finding(view: View, number: int, verdict: VerdictRecord) -> Iterator[str]:
    clause = view.run.clauses.get(verdict.clause)
    if clause is None:
        return
    yield from (
        "",
        "-" * 72,
        f"{number}. {shortened(clause.promise)}  [{clause.id}]",
        f"documented in: {clause.source}",
        f"expected: {shortened(verdict.expected)}",
        f"received: {shortened(verdict.received)}",
    )
    yield from (f"  {shortened(line)}" for line in dict.fromkeys(verdict.difference[:20]))
    if verdict.curl:
        yield from ("", "request:", verdict.curl)
    exchange = view.evidence.exemplar(verdict)
    if exchange:
        yield from _answer(exchange)


def _answer(exchange: ExchangeRecord) -> Iterator[str]:
    answer = exchange.answer
    took = f"after {exchange.elapsed * 1000:.0f} ms"
    yield from ("", f"answer ({when(exchange.started)}, {took}):")
    if answer.fault is not None:
        yield f"{answer.fault} {answer.detail}"
        return
    yield f"HTTP {answer.status}"
    for name, value in answer.headers or ():
        if any(part in name.lower() for part in _NAMED):
            yield f"{name}: {value}"
    yield indented(answer.text or "")
