"""Ours alone against every hand-written departure: found, or missed and why."""

from __future__ import annotations

import statistics
import time
from pathlib import Path
from typing import Any

from bench.ledger import Ledger, digest
from bench.reasons import REASONS
from bench.table import Figures
from conformance.model.verdict import Outcome
from tests.miniatures import WRONG, Wrong
from tests.runs import SPECS, Result, against

HOW = (
    "Each of the {count} departures of the hand-written miniature providers (tests/miniatures), "
    "in this process, on a clock that jumps. "
    "Found: a clause that is broken (fail, warn, flaky) and is not, or not so, on the faithful "
    "server of the same system. Requests and jobs as the server counts them."
)
LEDGER = Ledger(path=Path("reports/bench/catalogue.jsonl"))
BROKEN = (Outcome.FAIL, Outcome.WARN, Outcome.FLAKY, Outcome.ERROR)


def measure() -> Figures:
    """Run against all of them; what was measured with the same sources is not measured again."""
    sources, known = (
        digest(
            "conformance",
            "tests/miniatures",
            *(f"specs/{name}.yaml" for name in sorted(set(SPECS.values()))),
        ),
        LEDGER.read(),
    )
    faithful = {system: _broken(against(system)) for system in SPECS}
    begun = time.perf_counter()
    found = [
        known.get(_key(wrong, sources))
        or _tried(wrong, faithful[wrong.system], _key(wrong, sources), number)
        for number, wrong in enumerate(WRONG, 1)
    ]
    return figures(found, faithful, time.perf_counter() - begun)


def _key(wrong: Wrong, sources: str) -> str:
    return f"{wrong.system} {wrong.name} {sources}"


def _broken(result: Result) -> dict[str, str]:
    return {
        name: verdict.outcome.value
        for name, (_, verdict) in result.verdicts.items()
        if verdict.outcome in BROKEN
    }


def _tried(wrong: Wrong, usual: dict[str, str], key: str, number: int) -> dict[str, Any]:
    result = against(wrong.system, wrong.name)
    new = sorted(name for name, outcome in _broken(result).items() if usual.get(name) != outcome)
    entry = {
        "key": key,
        "system": wrong.system,
        "name": wrong.name,
        "level": wrong.level,
        "group": wrong.group,
        "says": wrong.says,
        "found": new,
        "requests": result.app.state.requests,
        "jobs": result.app.state.submits,
    }
    LEDGER.add(entry)
    if not new or number % 50 == 0:
        print(
            f"[{number}/{len(WRONG)}] {wrong.system} {wrong.name}: {', '.join(new) or 'MISSED'}",
            flush=True,
        )
    return entry


def figures(
    found: list[dict[str, Any]], faithful: dict[str, dict[str, str]], seconds: float
) -> Figures:
    """Return the table: by system, and each miss by name with its reason."""
    rows = [
        _row(system, [entry for entry in found if entry["system"] == system]) for system in SPECS
    ]
    rows.append(_row("all", found))
    levels = ", ".join(
        f"{level} {sum(bool(entry['found']) for entry in found if entry['level'] == level)} of "
        f"{sum(entry['level'] == level for entry in found)}"
        for level in ("must", "should", "companion")
    )
    misses = [entry for entry in found if not entry["found"]]
    lines = [
        f"- {entry['system']} `{entry['name']}` ({entry['level']}): {entry['says']} "
        f"*{REASONS.get((entry['system'], entry['name']), 'A real miss.')}*"
        for entry in misses
    ]
    hits = sum(bool(entry["found"]) for entry in found)
    left_open = sum(
        REASONS.get((entry["system"], entry["name"]), "").startswith("By design")
        for entry in misses
    )
    closed = len(found) - left_open
    notes = [
        (
            f"By level of the promise: {levels}. Without the {left_open} missed ones that a "
            f"document leaves open: {hits} of {closed} ({hits / closed:.1%})."
        ),
        "\n".join(["Missed, each with its reason:", "", *lines])
        if lines
        else "Nothing was missed.",
    ]
    doubts = {
        f"`{name}` {outcome}"
        for outcomes in faithful.values()
        for name, outcome in outcomes.items()
    }
    notes.append(
        f"Of faithful servers ours says: {', '.join(sorted(doubts))} "
        "(a document that contradicts itself; never a fail)."
    )
    raw = {
        "found": hits,
        "of": len(found),
        "seconds": seconds,
        "missed": misses,
        "faithful": faithful,
    }
    return Figures(
        title="Catalogue: every hand-written departure, ours alone",
        how=HOW.format(count=len(found)),
        columns=[
            "",
            "found",
            "share",
            "requests, median",
            "jobs, median",
            "findings for one departure, median",
        ],
        rows=rows,
        notes=notes,
        raw=raw,
    )


def _row(what: str, entries: list[dict[str, Any]]) -> list[str]:
    hits = [entry for entry in entries if entry["found"]]
    middle = {
        name: statistics.median([entry[name] for entry in entries]) for name in ("requests", "jobs")
    }
    return [
        what,
        f"{len(hits)} of {len(entries)}",
        f"{len(hits) / len(entries):.1%}",
        f"{middle['requests']:.0f}",
        f"{middle['jobs']:.0f}",
        f"{statistics.median([len(entry['found']) for entry in hits]):.0f}",
    ]
