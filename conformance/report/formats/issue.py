"""`issue.md`: what to tell of a provider once two runs in a row have found the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.report.comparing.background import Change
from conformance.report.formats.summary import code, findings_of, plain

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from conformance.report.comparing.background import Background
    from conformance.report.run_file.run_file import RunRecord

#: Findings told; the report has them all.
MOST = 30
#: Findings that people are woken for; a warning waits in the report.
GRAVE = ("fail", "flaky")


def issue(run: RunRecord, known: Background) -> str:
    """Return the text, or nothing where no finding was there the last time too: one bad night proves little."""
    again = [
        one
        for one in findings_of(run)
        if one["verdict"] in GRAVE
        and known.changes.get(one["clause"]) is Change.STILL
        and not one.get("waived")
    ]
    if not again:
        return ""
    lines = [
        f"{plain(run.header['title'])} breaks {len(again)} of its promises, found by the last two runs alike.",
        "",
    ]
    for one in again[:MOST]:
        lines += [*_finding(run, one), ""]
    lines += [f"… and {len(again) - MOST} more, in the report.", ""] if len(again) > MOST else []
    lines += [
        f"Spec {code(run.header['spec']['file'])}, asked at {code(run.header['base_url'])}. An accepted divergence is waived with `conformance waivers add`."
    ]
    return "\n".join(lines) + "\n"


def _finding(run: RunRecord, one: dict[str, Any]) -> Iterator[str]:
    clause = run.clauses[one["clause"]]
    source = ", ".join(
        part for part in (clause["source"]["document"], clause["source"]["section"]) if part
    )
    yield f"### {one['verdict']} {code(one['clause'])}"
    yield f"- promised: {plain(clause['promise'])} ({plain(source)})"
    yield f"- expected: {code(one['expected'])}"
    yield f"- received: {code(one['received'])}"
