"""What to send to a provider's support: each finding with its source, its request and the answer, as plain text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.report.formats.summary import findings_of
from conformance.report.html.exchange_text import indented
from conformance.report.html.markup import spelled
from conformance.report.html.page_evidence import exemplar
from conformance.report.html.signs import when

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.report.html.signs import View

#: Findings in a bundle, and letters of any part of one.
FINDINGS, BODY = 200, 5_000
#: Headers by which support finds a request in its own logs.
_NAMED = ("request-id", "trace", "cf-ray", "correlation", "date")


def bundle(view: View) -> str:
    """Return the evidence for a provider's support; empty where nothing is theirs."""
    found = [
        one
        for one in findings_of(view.run)
        if one.get("cause") in (None, "provider") and one["verdict"] != "error"
    ][:FINDINGS]
    if not found:
        return ""
    header = view.run.header
    head = [
        f"{header['title']}: {len(found)} observations against the documentation",
        f"Observed {when(header['started'])} at {header['base_url'] or header['recorded_from']}",
    ]
    if header["recorded_from"]:
        head.append(f"Answers from: {header['recorded_from']}")
    told = [
        *head,
        *(
            f"Document: {one['title']}{', ' + one['edition'] if one['edition'] else ''}"
            for one in header["documents"]
        ),
    ]
    lines = [
        *told,
        *(text for number, one in enumerate(found, 1) for text in _finding(view, number, one)),
    ]
    return "".join(spelled(text[:BODY], keep="\n\t") + "\n" for text in lines)


def _finding(view: View, number: int, one: dict[str, Any]) -> Iterator[str]:
    clause = view.run.clauses.get(one["clause"])
    if clause is None:
        return
    source = ", ".join(
        part for part in (clause["source"]["document"], clause["source"]["section"]) if part
    )
    yield from (
        "",
        "-" * 72,
        f"{number}. {clause['promise']}  [{clause['id']}]",
        f"documented in: {source}",
        f"expected: {one['expected']}",
        f"received: {one['received']}",
    )
    yield from (f"  {text}" for text in dict.fromkeys(one["difference"][:20]))
    if one["curl"]:
        yield from ("", "request:", one["curl"])
    which = exemplar(one)
    exchange = view.evidence.kept.get(which) if which is not None else None
    if exchange:
        yield from _answer(exchange)


def _answer(exchange: dict[str, Any]) -> Iterator[str]:
    answer = exchange["answer"]
    yield from (
        "",
        f"answer ({when(exchange['started'])}, after {exchange['elapsed'] * 1000:.0f} ms):",
    )
    if "fault" in answer:
        yield f"{answer['fault']} {answer.get('detail', '')}"
        return
    yield f"HTTP {answer['status']}"
    yield from (
        f"{name}: {value}"
        for name, value in answer["headers"]
        if any(part in name.lower() for part in _NAMED)
    )
    yield indented(answer.get("text", ""))
