"""`summary.md` and `badge.json`: the decision for a pull request and for a front page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.reporting.runfile import RunRecord

#: Findings told per provider; the run file has them all.
MOST = 20
_ORDER = ("fail", "error", "flaky", "warn")
_COLOUR = {"go": "brightgreen", "conditional": "yellow", "no-go": "red", "unknown": "lightgrey"}
_WORST = ("no-go", "unknown", "conditional", "go")


def decision_of(run: RunRecord) -> str:
    """Return a run's decision; unknown where it did not come to its end."""
    return str((run.footer or {}).get("decision", "unknown"))


def findings_of(run: RunRecord) -> list[dict[str, Any]]:
    """Return the verdicts that are findings, the gravest first."""
    return sorted((one for one in run.verdicts.values() if one["verdict"] in _ORDER), key=lambda one: (_ORDER.index(one["verdict"]), one["clause"]))


def summary(runs: Sequence[RunRecord]) -> str:
    """Return the content of `summary.md`."""
    lines = ["# Conformance", "", "| provider | decision | pass | fail | warn | flaky | open | requests | jobs |", "|---|---|---|---|---|---|---|---|---|"]
    lines += [_row(run) for run in runs]
    for run in runs:
        found = findings_of(run)
        if found:
            lines += ["", f"## {plain(run.header['title'])}", ""]
            lines += [f"- **{one['verdict']}** `{one['clause']}`: {plain(one['received'] or one['reason'])}" for one in found[:MOST]]
            lines += [f"- … and {len(found) - MOST} more"] if len(found) > MOST else []
    return "\n".join(lines) + "\n"


def badge(runs: Sequence[RunRecord]) -> dict[str, Any]:
    """Return the content of `badge.json`: the worst decision of all."""
    worst = min((decision_of(run) for run in runs), key=_WORST.index, default="unknown")
    return {"schemaVersion": 1, "label": "conformance", "message": worst, "color": _COLOUR[worst]}


def _row(run: RunRecord) -> str:
    counts = (run.footer or {}).get("counts", {})
    spend = (run.footer or {}).get("spend", {"requests": len(run.exchanges), "jobs": len(run.jobs)})
    left = counts.get("untestable", 0) + counts.get("not_run", 0) + counts.get("error", 0)
    cells = [run.header["provider"], decision_of(run), *(counts.get(name, 0) for name in ("pass", "fail", "warn", "flaky")), left, spend["requests"], spend["jobs"]]
    return "| " + " | ".join(map(str, cells)) + " |"


def plain(text: str) -> str:
    """Return a provider's text as it can do no harm in Markdown: one line, no markup."""
    line = "".join(letter if letter.isprintable() else " " for letter in text)[:300]
    for letter in "\\`*_{}[]<>()#+-.!|&":
        line = line.replace(letter, f"&#{ord(letter)};") if letter in "<>&|`[]" else line
    return line
