"""`summary.md` and `badge.json`: the decision for a pull request and for a front page."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from conformance.model.verdict import Decision
from conformance.model.verdict_table import DECISIONS, gravity, is_finding
from conformance.report.comparing.background import NOTHING, Change
from conformance.report.comparing.change import counted
from conformance.report.open_promises import hangs_on, open_promises
from conformance.report.safe_text import brief

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from conformance.model.run_records import VerdictRecord
    from conformance.report.comparing.background import Background
    from conformance.report.open_promises import OpenPromises
    from conformance.report.run_file.run_file import RunRecord

#: Findings told per provider; the run file has them all.
MOST = 20
#: A step summary of GitHub may have 1 MiB; all its steps together are shown in one page.
LARGEST = 1_000_000
#: The longest name, and the longest text of a finding.
_NAME, _TEXT = 120, 300
#: Letters that mean something within a line of Markdown; as an entity each is a letter again.
_MARKS = str.maketrans({letter: f"&#{ord(letter)};" for letter in "\\`*_[]<>|&~@$"})


def findings_of(run: RunRecord) -> list[VerdictRecord]:
    """Return the verdicts that are findings, the gravest first."""
    findings = [verdict for verdict in run.verdicts.values() if is_finding(verdict.outcome)]
    return sorted(findings, key=lambda verdict: (gravity(verdict.outcome), verdict.clause))


def summary(runs: Sequence[RunRecord], backgrounds: Mapping[str, Background] | None = None) -> str:
    """Return the content of `summary.md`, never more than a step summary may have."""
    lines = [
        "# Conformance",
        "",
        "| provider | decision | pass | fail | warn | flaky | open | requests | jobs |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    lines += [_row(run) for run in runs]
    for run in runs:
        lines += _section(run, (backgrounds or {}).get(run.header.provider, NOTHING))
    return _bounded(lines)


def badge(runs: Sequence[RunRecord]) -> dict[str, Any]:
    """Return the content of `badge.json`: the worst decision of all."""
    decisions = {run.decision for run in runs}
    worst = next((decision for decision in DECISIONS if decision in decisions), Decision.UNKNOWN)
    return {
        "schemaVersion": 1,
        "label": "conformance",
        "message": str(worst),
        "color": DECISIONS[worst].badge,
    }


def _bounded(lines: Sequence[str]) -> str:
    kept: list[str] = []
    left = LARGEST - len("\n… and more than fits here\n".encode())
    for text in lines:
        left -= len(text.encode("utf-8", "replace")) + 1
        if left < 0:
            kept += ["", "… and more than fits here"]
            break
        kept.append(text)
    return "\n".join(kept) + "\n"


def _section(run: RunRecord, background: Background) -> list[str]:
    findings = findings_of(run)
    changed = counted(background.changes)
    left_open = [group for group in open_promises(run) if group.observable]
    if not findings and not changed and not left_open and run.complete:
        return []
    lines = ["", f"## {plain(run.header.title, _NAME)}", ""]
    if not run.complete:
        lines += ["The run did not come to its end, so its decision is unknown.", ""]
    why = hangs_on(run) if run.complete else ""
    if why:
        lines += [f"{run.decision.capitalize()}: {plain(why)}.", ""]
    if changed:
        lines += [f"Since the last run: {changed}.", ""]
    lines += [_bullet(verdict, background) for verdict in findings[:MOST]]
    if len(findings) > MOST:
        lines.append(f"- … and {len(findings) - MOST} more")
    if left_open:
        gap = [""] if findings else []
        lines += [*gap, "Not decided:", "", *map(_open_bullet, left_open[:MOST])]
    if len(left_open) > MOST:
        lines.append(f"- … and {len(left_open) - MOST} more reasons")
    return lines


def _open_bullet(group: OpenPromises) -> str:
    """Return what one reason left open, with what can be done about it."""
    advice = f" – {plain(group.advice)}" if group.advice else ""
    return f"- {plain(str(group))}{advice}"


def _bullet(verdict: VerdictRecord, background: Background) -> str:
    marks = []
    change = background.changes.get(verdict.clause)
    if change in (Change.NEW, Change.REGRESSED):
        marks.append(change.value)
    if verdict.waived:
        marks.append(f"waiver {verdict.waived.standing}")
    marked = f" ({', '.join(marks)})" if marks else ""
    received = verdict.received or verdict.reason or "not shown"
    return f"- **{verdict.outcome}**{marked} {code(verdict.clause, _NAME)}: {code(received)}"


def _row(run: RunRecord) -> str:
    counts = Counter(run.counts)
    cells = [
        plain(run.header.provider, _NAME),
        run.decision if run.complete else "unknown (incomplete)",
        *(counts[name] for name in ("pass", "fail", "warn", "flaky")),
        counts["untestable"] + counts["not_run"] + counts["error"],
        run.spend.requests,
        run.spend.jobs,
    ]
    return "| " + " | ".join(map(str, cells)) + " |"


def code(text: str, longest: int = _TEXT) -> str:
    """Return a provider's text as code: no name is called in it, nothing becomes a picture."""
    return f"<code>{plain(text, longest)}</code>"


def plain(text: str, longest: int = _TEXT) -> str:
    """Return a provider's text as it can do no harm in Markdown.

    One line, no markup, nothing that becomes a link.
    """
    return (
        brief(str(text), longest)
        .translate(_MARKS)
        .replace("://", "&#58;//")
        .replace("www.", "www&#46;")
    )
