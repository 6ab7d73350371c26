"""How clauses went from one state to another over the runs that a history holds."""

from __future__ import annotations

from fnmatch import fnmatchcase
from itertools import groupby
from typing import TYPE_CHECKING, Any

from conformance.errors import NothingSelected
from conformance.report.comparing.change import ABSENT, change
from conformance.report.comparing.history import LAST
from conformance.spec.did_you_mean import nearest

if TYPE_CHECKING:
    from conformance.report.comparing.change import Found
    from conformance.report.comparing.history import Entry, History

FORMAT = "conformance-history/1"


def chronicle(history: History, *, pattern: str = "", provider: str = "") -> dict[str, Any]:
    """Return runs and clauses with their transitions, as `schemas/history.json` says."""
    rows = [
        (clause, entry, found)
        for clause, entry, found in history.told(provider=provider)
        if _matches(clause, pattern)
    ]
    if pattern and not rows:
        raise NothingSelected(
            pattern, nearest(pattern, {clause for clause, _, _ in history.told(provider=provider)})
        )
    rows.sort(key=lambda row: (row[0], row[1].place, row[1].started))
    grouped = groupby(rows, key=lambda row: (row[0], row[1].provider, row[1].place))
    clauses = [
        _clause(key, [(entry, found) for _, entry, found in group]) for key, group in grouped
    ]
    return {
        "format": FORMAT,
        "runs": [_run(one) for one in history.runs(provider=provider)],
        "clauses": [one for one in clauses if pattern or one["transitions"]],
    }


def _matches(clause: str, pattern: str) -> bool:
    return (
        not pattern
        or fnmatchcase(clause, pattern)
        or fnmatchcase(clause.partition(".")[2], pattern)
    )


def _run(one: Entry) -> dict[str, Any]:
    return {
        "run": one.id,
        "provider": one.provider,
        "target": one.target,
        "recorded_from": one.recorded_from,
        "digest": one.digest,
        "decision": one.decision,
        "complete": one.complete,
        "spend": {"requests": one.requests, "jobs": one.jobs, "credits": one.credits},
        "started": one.started,
        "finished": one.finished,
    }


def _clause(key: tuple[str, str, str], rows: list[tuple[Entry, Found]]) -> dict[str, Any]:
    transitions, last = [], ABSENT
    for entry, found in rows:
        if found.decided and (found.verdict, found.fingerprint) != (last.verdict, last.fingerprint):
            kind = change(last, found)
            transitions.append(
                {
                    "run": entry.id,
                    "finished": entry.finished,
                    "from": last.verdict,
                    "to": found.verdict,
                    "change": kind.value if kind else None,
                    "fingerprint": found.fingerprint,
                }
            )
        last = found if found.decided else last
    # To be seen passing for the first time is no transition.
    transitions = [one for one in transitions if one["change"] or one["from"] != ABSENT.verdict]
    past = [
        {"run": entry.id, "finished": entry.finished, "verdict": found.verdict}
        for entry, found in rows[-LAST:]
    ]
    return {
        "id": key[0],
        "provider": key[1],
        "against": key[2],
        "verdict": last.verdict,
        "transitions": transitions,
        "past": past,
    }
