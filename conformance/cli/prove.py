"""`conformance prove`: show that every check can fail, and fails alone."""

from __future__ import annotations

import json
import sys
from concurrent.futures import ProcessPoolExecutor
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.engine.proof import Trial

EXAMPLES = """
\b
Examples:
  conformance prove PROVIDER
  conformance prove --pairs 20 --format json
"""


@click.command(epilog=EXAMPLES)
@click.argument("providers", nargs=-1, metavar="[PROVIDER|SPEC.yaml]...")
@click.option("--only", multiple=True, metavar="GLOB", help="Only clauses that match.")
@click.option("--pairs", type=click.IntRange(min=0), default=0, metavar="N", help="Break N pairs of clauses at once as well.")
@click.option("--seed", type=int, default=0, show_default=True, help="Of the choice of pairs.")
@click.option("--jobs", type=click.IntRange(min=1), default=2, show_default=True, metavar="N", help="Processes.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="For people, or for programs.")
def prove(providers: tuple[str, ...], only: tuple[str, ...], pairs: int, seed: int, jobs: int, form: str) -> None:
    """Break each clause on purpose, one simulator each, and see whether a run finds exactly that.

    Exits 1 where a sabotage survives: that is a check of ours that cannot fail.
    """
    from conformance.spec.catalog import find, names

    files = [str(find(name)) for name in providers or names()]
    tasks = [(file, only, part, jobs, pairs // jobs if part else pairs - pairs // jobs * (jobs - 1), seed) for file in files for part in range(jobs)]
    trials: list[tuple[str, Trial]] = []
    with ProcessPoolExecutor(max_workers=jobs) as pool:
        for provider, found in pool.map(_share, tasks):
            trials += [(provider, trial) for trial in found]
            _progress(len(trials), quiet=form == "json")
    if form == "json":
        click.echo(json.dumps(as_json(trials), indent=2, ensure_ascii=False))
    else:
        _print(trials)
    sys.exit(1 if any(trial.fate == "survived" for _, trial in trials) else 0)


def _share(task: tuple[str, tuple[str, ...], int, int, int, int]) -> tuple[str, list[Trial]]:
    """Return one process's share of the trials of a spec."""
    from conformance.engine.proof import Proof
    from conformance.engine.selection import select
    from conformance.spec.document import load

    file, only, part, parts, pairs, seed = task
    proof = Proof(load(file))
    chosen = select(proof.clauses, only=only)
    found = [trial for clause in chosen[part::parts] for trial in proof.trials_of(clause)]
    return proof.spec.name, found + list(_pairs(proof, pairs, seed + part))


def _pairs(proof: Any, count: int, seed: int) -> Iterator[Trial]:
    import random

    draw = random.Random(seed)  # noqa: S311 - a choice that has to be the same each time
    breakable = proof.breakable()
    made = 0
    while made < count and len(breakable) > 1:
        one, other = draw.sample(breakable, 2)
        trial = proof.pair(one, other)
        if trial is not None:
            made += 1
            yield trial


def as_json(trials: list[tuple[str, Trial]]) -> dict[str, Any]:
    """Return the trials as `conformance/schemas/proof.json` describes them."""
    return {
        "format": "conformance-proof/1",
        "counts": _counts(trials),
        "trials": [
            {
                "provider": provider, "clauses": list(trial.clauses), "way": trial.way, "fate": trial.fate.value, "reason": trial.reason,
                "others": list(trial.others), "requests": trial.requests, "jobs": trial.jobs, "credits": trial.credits, "seconds": round(trial.seconds, 3),
            }
            for provider, trial in trials
        ],
    }  # fmt: skip


def _counts(trials: list[tuple[str, Trial]]) -> dict[str, int]:
    from conformance.engine.proof import Fate

    return {fate.value: sum(trial.fate is fate for _, trial in trials) for fate in Fate}


def _print(trials: list[tuple[str, Trial]]) -> None:
    from rich.console import Console
    from rich.table import Table

    terminal = Console(soft_wrap=True, highlight=False)
    table = Table("provider", "killed", "spread", "survived", "out of sight", "requests a run", "jobs a run", "seconds a run", box=None, header_style="dim", padding=(0, 2, 0, 0))
    for provider in dict.fromkeys(name for name, _ in trials):
        mine = [pair for pair in trials if pair[0] == provider]
        run = [trial for _, trial in mine if trial.requests]
        count = max(1, len(run))
        averages = (sum(one.requests for one in run) / count, sum(one.jobs for one in run) / count, sum(one.seconds for one in run) / count)
        table.add_row(provider, *(str(value) for value in _counts(mine).values()), f"{averages[0]:.0f}", f"{averages[1]:.1f}", f"{averages[2]:.2f}")
    terminal.print(table)
    for _, trial in trials:
        if trial.fate in ("survived", "spread"):
            terminal.print(f"  {trial.fate.value}: {' and '.join(trial.clauses)} (way {trial.way + 1}) {', '.join(trial.others)} {trial.reason}".rstrip(), markup=False)
    for _, trial in trials:
        if trial.fate == "out of sight":
            terminal.print(f"  out of sight: {trial.clauses[0]}: {trial.reason}", markup=False, style="dim")


def _progress(done: int, *, quiet: bool) -> None:
    if not quiet and sys.stderr.isatty():
        click.echo(f"\r{done} trials", nl=False, err=True)
