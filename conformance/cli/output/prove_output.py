"""What `conformance prove` says of its trials: a table for people, a document for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.run.proving.trial import DEFECTS, Fate

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from conformance.run.proving.trial import Trial

#: Trials with the provider they belong to.
Trials = "Sequence[tuple[str, Trial]]"


def defects(trials: Iterable[tuple[str, Trial]]) -> list[tuple[str, Trial]]:
    """Return the trials that show a defect of ours."""
    return [(provider, trial) for provider, trial in trials if trial.fate in DEFECTS]


def trial_as_json(provider: str, trial: Trial) -> dict[str, Any]:
    """Return one trial as a line of `--out`, as `conformance/schemas/proof.json` describes it."""
    return {
        "provider": provider,
        "clauses": list(trial.clauses),
        "way": trial.way,
        "seed": trial.seed,
        "fate": trial.fate.value,
        "reason": trial.reason,
        "others": list(trial.others),
        "requests": trial.requests,
        "jobs": trial.jobs,
        "credits": trial.credits,
        "seconds": round(trial.seconds, 3),
    }


def as_json(
    trials: Sequence[tuple[str, Trial]], *, seconds: float, processes: int, complete: bool
) -> dict[str, Any]:
    """Return the trials as `conformance/schemas/proof.json` describes them."""
    ordered = sorted(
        trials,
        key=lambda pair: (
            pair[0],
            pair[1].seed,
            len(pair[1].clauses),
            pair[1].clauses,
            pair[1].way,
        ),
    )
    return {
        "format": "conformance-proof/1",
        "complete": complete,
        "seconds": round(seconds, 1),
        "processes": processes,
        "counts": counts(trials),
        "providers": [
            _totals(name, [trial for provider, trial in trials if provider == name])
            for name in sorted({name for name, _ in trials})
        ],
        "trials": [trial_as_json(provider, trial) for provider, trial in ordered],
    }


def counts(trials: Iterable[tuple[str, Trial]]) -> dict[str, int]:
    """Return how many trials had which fate."""
    fates = [trial.fate for _, trial in trials]
    return {fate.value: fates.count(fate) for fate in Fate}


def _totals(name: str, trials: list[Trial]) -> dict[str, Any]:
    run = [trial for trial in trials if trial.requests]
    return {
        "provider": name,
        "counts": counts((name, trial) for trial in trials),
        "runs": len(run),
        "requests": sum(trial.requests for trial in run),
        "jobs": sum(trial.jobs for trial in run),
        "credits": round(sum(trial.credits for trial in run), 2),
        "seconds": round(sum(trial.seconds for trial in run), 1),
    }


def show(
    trials: Sequence[tuple[str, Trial]],
    *,
    seconds: float,
    total: int,
    complete: bool,
    quiet: bool = False,
) -> None:
    """Print the table, then what needs mending, then what cannot be seen and why."""
    from rich.console import Console
    from rich.table import Table

    terminal = Console(soft_wrap=True, highlight=False)
    table = Table(box=None, header_style="dim", padding=(0, 2, 0, 0))
    table.add_column("provider", no_wrap=True)
    shown = [
        fate
        for fate in Fate
        if fate in (Fate.KILLED, Fate.SURVIVED) or any(trial.fate is fate for _, trial in trials)
    ]
    for heading in (
        *(fate.value for fate in shown),
        "requests",
        "jobs",
        "credits",
        "seconds a run",
    ):
        table.add_column(heading, justify="right")
    for totals in (
        _totals(name, [trial for provider, trial in trials if provider == name])
        for name in sorted({name for name, _ in trials})
    ):
        runs = max(1, totals["runs"])
        averages = (
            f"{totals['requests'] / runs:.0f}",
            f"{totals['jobs'] / runs:.1f}",
            f"{totals['credits'] / runs:.1f}",
            f"{totals['seconds'] / runs:.2f}",
        )
        table.add_row(
            totals["provider"], *(str(totals["counts"][fate.value]) for fate in shown), *averages
        )
    if not quiet:
        terminal.print(table)
    for _, trial in defects(trials):
        terminal.print(f"  {_line(trial)}", markup=False)
    for _, trial in () if quiet else trials:
        if trial.fate in (Fate.OUT_OF_SIGHT, Fate.OBSCURED):
            terminal.print(f"  {_line(trial)}", markup=False, style="dim")
    stopped = (
        ""
        if complete
        else (
            f" Stopped: {len({(name, trial.clauses, trial.seed) for name, trial in trials})} "
            f"of {total} were tried."
        )
    )
    terminal.print(f"{len(trials)} trials in {seconds:.0f} s.{stopped}", markup=False)


def _line(trial: Trial) -> str:
    what = " and ".join(trial.clauses) or "a faithful provider"
    way = f" (way {trial.way + 1})" if trial.way else ""
    seed = f" (seed {trial.seed})" if trial.seed else ""
    details = "; ".join(
        part
        for part in (trial.reason, f"also found: {', '.join(trial.others)}" if trial.others else "")
        if part
    )
    return f"{trial.fate.value}: {what}{way}{seed}: {details}".rstrip(": ")
