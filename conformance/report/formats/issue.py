"""`issue.md`: what to tell of a provider once two runs in a row have found the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.model.verdict import Outcome
from conformance.report.comparing.background import Change
from conformance.report.formats.summary import code, findings_of, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.model.run_records import ClauseRecord, VerdictRecord
    from conformance.report.comparing.background import Background
    from conformance.report.run_file.run_file import RunRecord

#: Findings told; the report has them all.
MOST = 30
#: Findings that people are woken for; a warning waits in the report.
GRAVE = (Outcome.FAIL, Outcome.FLAKY)


def issue(run: RunRecord, background: Background) -> str:
    """Return the text, or nothing where no finding was there the last time too.

    One bad night proves little.
    """
    again = [
        verdict
        for verdict in findings_of(run)
        if verdict.outcome in GRAVE
        and background.changes.get(verdict.clause) is Change.STILL
        and not verdict.waived
    ]
    if not again:
        return ""
    broken = f"{len(again)} of its promises, found by the last two runs alike"
    lines = [f"{plain(run.header.title)} breaks {broken}.", ""]
    for verdict in again[:MOST]:
        lines += [*_finding(run.clauses[verdict.clause], verdict), ""]
    if len(again) > MOST:
        lines += [f"… and {len(again) - MOST} more, in the report.", ""]
    lines.append(
        f"Spec {code(run.header.spec.file)}, asked at {code(run.header.base_url)}."
        " An accepted divergence is waived with `conformance waivers add`."
    )
    return "\n".join(lines) + "\n"


def _finding(clause: ClauseRecord, verdict: VerdictRecord) -> Iterator[str]:
    yield f"### {verdict.outcome} {code(verdict.clause)}"
    yield f"- promised: {plain(clause.promise)} ({plain(str(clause.source))})"
    yield f"- expected: {code(verdict.expected)}"
    yield f"- received: {code(verdict.received)}"
