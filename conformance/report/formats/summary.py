"""`summary.md` and `badge.json`: the decision for a pull request and for a front page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.model.verdict import Decision
from conformance.model.verdict_table import DECISIONS, gravity, is_finding
from conformance.report.comparing.background import NOTHING, Change
from conformance.report.comparing.change import counted
from conformance.report.safe_text import plain as line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from conformance.report.comparing.background import Background
    from conformance.report.run_file.run_file import RunRecord

#: Findings told per provider; the run file has them all.
MOST = 20
#: A step summary of GitHub may have 1 MiB; all its steps together are shown in one page.
LARGEST = 1_000_000
#: The longest name, and the longest text of a finding.
_NAME, _TEXT = 120, 300
#: Letters that mean something within a line of Markdown; as an entity each is a letter again.
_MARKS = str.maketrans({letter: f"&#{ord(letter)};" for letter in "\\`*_[]<>|&~@$"})


def decision_of(run: RunRecord) -> str:
    """Return a run's decision; unknown where it did not come to its end."""
    return str((run.footer or {}).get("decision", "unknown"))


def findings_of(run: RunRecord) -> list[dict[str, Any]]:
    """Return the verdicts that are findings, the gravest first."""
    return sorted(
        (one for one in run.verdicts.values() if is_finding(one["verdict"])),
        key=lambda one: (gravity(one["verdict"]), one["clause"]),
    )


def summary(runs: Sequence[RunRecord], backgrounds: Mapping[str, Background] | None = None) -> str:
    """Return the content of `summary.md`, never more than a step summary may have."""
    known = backgrounds or {}
    lines = [
        "# Conformance",
        "",
        "| provider | decision | pass | fail | warn | flaky | open | requests | jobs |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    lines += [_row(run) for run in runs]
    for run in runs:
        lines += _section(run, known.get(run.header["provider"], NOTHING))
    return _bounded(lines)


def badge(runs: Sequence[RunRecord]) -> dict[str, Any]:
    """Return the content of `badge.json`: the worst decision of all."""
    decisions = {decision_of(run) for run in runs}
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


def _section(run: RunRecord, known: Background) -> list[str]:
    found = findings_of(run)
    changed = counted(known.changes)
    if not found and not changed and run.complete:
        return []
    lines = ["", f"## {plain(run.header['title'], _NAME)}", ""]
    lines += (
        ["The run did not come to its end, so its decision is unknown.", ""]
        if not run.complete
        else []
    )
    lines += [f"Since the last run: {changed}.", ""] if changed else []
    lines += [_bullet(one, known) for one in found[:MOST]]
    return lines + ([f"- … and {len(found) - MOST} more"] if len(found) > MOST else [])


def _bullet(one: dict[str, Any], known: Background) -> str:
    change = known.changes.get(one["clause"])
    marks = [change.value] if change in (Change.NEW, Change.REGRESSED) else []
    marks += [f"waiver {one['waived']['standing']}"] if one.get("waived") else []
    told = f" ({', '.join(marks)})" if marks else ""
    return f"- **{one['verdict']}**{told} {code(one['clause'], _NAME)}: {code(one['received'] or one['reason'] or 'not shown')}"


def _row(run: RunRecord) -> str:
    counts = (run.footer or {}).get("counts", {})
    spend = (run.footer or {}).get("spend", {"requests": len(run.exchanges), "jobs": len(run.jobs)})
    left = counts.get("untestable", 0) + counts.get("not_run", 0) + counts.get("error", 0)
    decision = decision_of(run) if run.complete else "unknown (incomplete)"
    cells = [
        plain(run.header["provider"], _NAME),
        decision,
        *(counts.get(name, 0) for name in ("pass", "fail", "warn", "flaky")),
        left,
        spend["requests"],
        spend["jobs"],
    ]
    return "| " + " | ".join(map(str, cells)) + " |"


def code(text: str, longest: int = _TEXT) -> str:
    """Return a provider's text as code: no name is called in it, nothing becomes a picture."""
    return f"<code>{plain(text, longest)}</code>"


def plain(text: str, longest: int = _TEXT) -> str:
    """Return a provider's text as it can do no harm in Markdown: one line, no markup, nothing that becomes a link."""
    return (
        line(str(text), longest)
        .translate(_MARKS)
        .replace("://", "&#58;//")
        .replace("www.", "www&#46;")
    )
