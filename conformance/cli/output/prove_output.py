"""What `conformance prove` says of its trials: a table for people, a document for programs."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from conformance.model.clause import Harm
from conformance.model.verdict_table import DECISIONS
from conformance.run.proving.trial import DEFECTS, Fate

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rich.table import Table

    from conformance.run.proving.trial import Trial


def defects(trials: Iterable[tuple[str, Trial]]) -> list[tuple[str, Trial]]:
    """Return the trials that show a defect of ours."""
    return [(provider, trial) for provider, trial in trials if trial.fate in DEFECTS]


def trial_as_json(provider: str, trial: Trial) -> dict[str, object]:
    """Return one trial as a line of `--out`, as `conformance/schemas/proof.json` describes it."""
    return {
        "provider": provider,
        "clauses": list(trial.clauses),
        "way": trial.way,
        "seed": trial.seed,
        "fate": trial.fate.value,
        "harm": trial.harm,
        "decision": trial.decision,
        "reason": trial.reason,
        "others": list(trial.others),
        "requests": trial.requests,
        "jobs": trial.jobs,
        "credits": trial.credits,
        "seconds": round(trial.seconds, 3),
    }


def as_json(
    trials: Sequence[tuple[str, Trial]], *, seconds: float, processes: int, complete: bool
) -> dict[str, object]:
    """Return the trials as `conformance/schemas/proof.json` describes them."""

    def order(named: tuple[str, Trial]) -> tuple[object, ...]:
        provider, trial = named
        return provider, trial.seed, len(trial.clauses), trial.clauses, trial.way

    return {
        "format": "conformance-proof/1",
        "complete": complete,
        "seconds": round(seconds, 1),
        "processes": processes,
        "counts": counts(trials),
        "providers": [asdict(totals) for totals in _totals(trials)],
        "trials": [trial_as_json(provider, trial) for provider, trial in sorted(trials, key=order)],
    }


def counts(trials: Iterable[tuple[str, Trial]]) -> dict[str, int]:
    """Return how many trials had which fate."""
    fates = [trial.fate for _, trial in trials]
    return {fate.value: fates.count(fate) for fate in Fate}


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderTotals:
    """What all the trials of a provider came to."""

    provider: str
    counts: dict[str, int]
    runs: int
    requests: int
    jobs: int
    credits: float
    seconds: float


def _totals(trials: Sequence[tuple[str, Trial]]) -> Iterator[ProviderTotals]:
    for provider in sorted({name for name, _ in trials}):
        tried = [(name, trial) for name, trial in trials if name == provider]
        run = [trial for _, trial in tried if trial.requests]
        yield ProviderTotals(
            provider=provider,
            counts=counts(tried),
            runs=len(run),
            requests=sum(trial.requests for trial in run),
            jobs=sum(trial.jobs for trial in run),
            credits=round(sum(trial.credits for trial in run), 2),
            seconds=round(sum(trial.seconds for trial in run), 1),
        )


def show(
    trials: Sequence[tuple[str, Trial]],
    *,
    seconds: float,
    total: int,
    complete: bool,
    by_harm: bool = False,
    quiet: bool = False,
) -> None:
    """Print the table, then what needs mending, then what cannot be seen and why."""
    from rich.console import Console
    from rich.table import Table

    terminal = Console(soft_wrap=True, highlight=False)
    table = Table(box=None, header_style="dim", padding=(0, 2, 0, 0))
    table.add_column("provider", no_wrap=True)
    fates = {trial.fate for _, trial in trials} | {Fate.KILLED, Fate.SURVIVED}
    shown = [fate.value for fate in Fate if fate in fates]
    for heading in (*shown, "requests", "jobs", "credits", "seconds a run"):
        table.add_column(heading, justify="right")
    for totals in _totals(trials):
        runs = max(1, totals.runs)
        table.add_row(
            totals.provider,
            *(str(totals.counts[fate]) for fate in shown),
            f"{totals.requests / runs:.0f}",
            f"{totals.jobs / runs:.1f}",
            f"{totals.credits / runs:.1f}",
            f"{totals.seconds / runs:.2f}",
        )
    if not quiet:
        terminal.print(table)
    if by_harm:
        terminal.print(_harms(trials))
    for _, trial in defects(trials):
        terminal.print(f"  {_line(trial)}", markup=False)
    for _, trial in trials:
        if not quiet and trial.fate in (Fate.OUT_OF_SIGHT, Fate.OBSCURED, Fate.DOUBTED):
            terminal.print(f"  {_line(trial)}", markup=False, style="dim")
    stopped = ""
    if not complete:
        tried = len({(name, trial.clauses, trial.seed) for name, trial in trials})
        stopped = f" Stopped: {tried} of {total} were tried."
    terminal.print(f"{len(trials)} trials in {seconds:.0f} s.{stopped}", markup=False)


def _harms(trials: Sequence[tuple[str, Trial]]) -> Table:
    """Return how the runs that found something decided, by what a buyer loses."""
    from rich.table import Table

    table = Table(box=None, header_style="dim", padding=(0, 2, 0, 0))
    table.add_column("what a buyer loses", no_wrap=True)
    for decision in DECISIONS:
        table.add_column(decision, justify="right")
    for harm in Harm:
        decided = Counter(trial.decision for _, trial in trials if trial.harm == harm)
        if decided:
            table.add_row(harm, *(str(decided[decision]) for decision in DECISIONS))
    return table


def _line(trial: Trial) -> str:
    what = " and ".join(trial.clauses) or "a faithful provider"
    way = f" (way {trial.way + 1})" if trial.way else ""
    seed = f" (seed {trial.seed})" if trial.seed else ""
    others = f"also found: {', '.join(trial.others)}" if trial.others else ""
    details = "; ".join(filter(None, (trial.reason, others)))
    return f"{trial.fate.value}: {what}{way}{seed}: {details}".rstrip(": ")
