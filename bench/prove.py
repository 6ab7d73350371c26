"""Every clause broken on purpose, one simulator each, and pairs of them.

What is found, and what cannot be: `nox -s prove`.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

from bench.table import Figures, keep

#: Trials, one a line, as they end.
LINES = Path("reports/bench/prove.jsonl")
USUAL = ("--pairs", "25")
HOW = (
    "`conformance prove {told}`: for every clause, in each of its ways, one simulator that breaks "
    "it and one whole run, in this process's children, on a clock that jumps. "
    "Killed: exactly that clause is found (or one that speaks of the same fact, as the kinds "
    "derive). Pairs are two clauses broken at once, drawn by a seed. "
    "Milliseconds are computing, by process; all of it took {seconds:.0f} s on {processes} "
    "processes."
)
COLUMNS = (
    "",
    "clauses",
    "killed",
    "survived",
    "spread",
    "out of sight",
    "ways to break them",
    "pairs",
    "both found",
    "one obscured",
    "faithful runs",
    "accused",
    "requests a run",
    "jobs a run",
    "credits a run",
    "ms a run",
)


def measure() -> Figures:
    """Break everything once, and some pairs."""
    return proved(USUAL)


def proved(arguments: tuple[str, ...]) -> Figures:
    """Run the command with these arguments and tell what it found."""
    LINES.parent.mkdir(parents=True, exist_ok=True)
    command = [
        sys.executable,
        "-m",
        "conformance",
        "prove",
        "--format",
        "json",
        "--out",
        str(LINES),
        *arguments,
    ]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode not in (0, 1, 3):
        sys.exit(done.returncode)
    return figures(json.loads(done.stdout), " ".join(arguments))


def figures(proof: dict[str, Any], told: str) -> Figures:
    """Return the table: by provider, and each survivor by name."""
    trials = proof["trials"]
    rows = [
        _row(
            provider["provider"],
            [trial for trial in trials if trial["provider"] == provider["provider"]],
        )
        for provider in proof["providers"]
    ]
    rows.append(_row("all", trials))
    notes = [
        _list(
            "Defects of ours",
            [trial for trial in trials if trial["fate"] in ("survived", "spread", "false alarm")],
        )
        or "No sabotage survived, none spread, and no faithful provider was accused.",
        _reasons([trial for trial in trials if trial["fate"] == "out of sight"]),
        _list(
            "Pairs in which one finding takes away what shows the other, and the run says so",
            [trial for trial in trials if trial["fate"] == "obscured"],
        ),
    ]
    raw = {
        name: proof[name] for name in ("complete", "seconds", "processes", "counts", "providers")
    }
    raw |= {
        "arguments": told,
        "not killed": [trial for trial in trials if trial["fate"] not in ("killed", "quiet")],
    }
    how = HOW.format(told=told, seconds=proof["seconds"], processes=proof["processes"]) + (
        "" if proof["complete"] else " It was stopped before everything was tried."
    )
    return Figures(
        title="Self-sabotage: each clause broken on purpose",
        how=how,
        columns=COLUMNS,
        rows=rows,
        notes=[note for note in notes if note],
        raw=raw,
    )


def _row(what: str, trials: list[dict[str, Any]]) -> list[str]:
    by_size = {
        size: [trial for trial in trials if len(trial["clauses"]) == size] for size in (0, 1, 2)
    }
    runs = [trial for trial in trials if trial["requests"]]
    alone: dict[str, set[str]] = defaultdict(set)
    for trial in by_size[1]:
        alone[trial["clauses"][0]].add(trial["fate"])
    # A clause is as its worst way is; one of which a way cannot be seen is killed by the others.
    worst = [
        next(fate for fate in ("survived", "spread", "killed", "out of sight") if fate in fates)
        for fates in alone.values()
    ]
    singles = [str(worst.count(fate)) for fate in ("killed", "survived", "spread", "out of sight")]
    ways = str(sum(bool(trial["requests"]) for trial in by_size[1]))
    means = [
        f"{sum(trial[name] for trial in runs) / max(1, len(runs)) * scale:.0f}"
        for name, scale in (("requests", 1), ("jobs", 1), ("credits", 1), ("seconds", 1000))
    ]
    return [
        what,
        str(len(alone)),
        *singles,
        ways,
        str(len(by_size[2])),
        str(_count(by_size[2], "killed")),
        str(_count(by_size[2], "obscured")),
        str(len(by_size[0])),
        str(_count(by_size[0], "false alarm")),
        *means,
    ]


def _count(trials: list[dict[str, Any]], fate: str) -> int:
    return sum(trial["fate"] == fate for trial in trials)


def _list(title: str, trials: list[dict[str, Any]]) -> str:
    lines = [
        f"- {trial['fate']}: "
        f"{' and '.join(f'`{one}`' for one in trial['clauses']) or 'a faithful provider'}: "
        f"{trial['reason']} {' '.join(f'`{one}`' for one in trial['others'])}".rstrip(": ")
        for trial in trials
    ]
    return "\n".join([f"{title}:", "", *lines]) if lines else ""


def _reasons(trials: list[dict[str, Any]]) -> str:
    by_reason: dict[str, list[str]] = defaultdict(list)
    for trial in trials:
        by_reason[trial["reason"]] += [
            one
            for one in (f"`{one}`" for one in trial["clauses"])
            if one not in by_reason[trial["reason"]]
        ]
    lines = [f"- {reason}: {', '.join(known)}" for reason, known in sorted(by_reason.items())]
    return (
        "\n".join(
            [
                (
                    "Clauses, or ways to break them, that nothing would show from outside, "
                    "each with the reason:"
                ),
                "",
                *lines,
            ]
        )
        if lines
        else ""
    )


if __name__ == "__main__":
    print(keep("prove", proved(tuple(sys.argv[1:]) or USUAL)))
