"""`conformance prove`: show that every check can fail, and fails alone."""

from __future__ import annotations

import json
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from conformance.cli.options import FORMAT, print_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from conformance.run.proving.proof import Prover
    from conformance.run.proving.trial import Trial

EXAMPLES = """
\b
Examples:
  conformance prove PROVIDER
  conformance prove --pairs 20 --format json
  conformance prove PROVIDER --seeds 20 --out proof.jsonl
  conformance prove --harm                which decision each broken promise ends in
"""
#: A sabotage survived, or a faithful provider was accused.
_DEFECT = 1
#: Stopped before everything was tried.
_INCOMPLETE = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What one process does at a time: break one clause in each way, or two at once, or none."""

    file: str
    provider: str
    seed: int
    clauses: tuple[str, ...] = ()


@click.command(epilog=EXAMPLES)
@click.argument("providers", nargs=-1, metavar="[PROVIDER|SPEC.yaml]...")
@click.option("--only", multiple=True, metavar="GLOB", help="Only clauses that match.")
@click.option(
    "--pairs",
    type=click.IntRange(min=0),
    default=0,
    metavar="N",
    help="Break N pairs of clauses of each provider at once as well.",
)
@click.option(
    "--seed",
    type=int,
    default=0,
    show_default=True,
    help="Of the choice of pairs, and of the first provider's ids and times.",
)
@click.option(
    "--seeds",
    type=click.IntRange(min=1),
    default=1,
    metavar="N",
    help="Do it all for N seeds in a row.",
)
@click.option(
    "--faithful",
    is_flag=True,
    help="Break nothing: only see that a faithful provider is not accused.",
)
@click.option(
    "--harm",
    "by_harm",
    is_flag=True,
    help="Also show what was decided by what a buyer loses.",
)
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    default=2,
    show_default=True,
    metavar="N",
    help="Processes.",
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write each trial there as it ends, a line of JSON each.",
)
@FORMAT
@click.option("--quiet", is_flag=True, help="Only the defects and their number.")
def prove(
    providers: tuple[str, ...],
    only: tuple[str, ...],
    pairs: int,
    seed: int,
    seeds: int,
    faithful: bool,
    by_harm: bool,
    jobs: int,
    out: Path | None,
    form: str,
    quiet: bool,
) -> None:
    """Break each clause on purpose, one simulator each, and see whether a run finds exactly that.

    Exits 1 where a sabotage survives, spreads, or a faithful provider is accused: that is a
    defect of ours. Exits 3 where it was stopped; what was proved until then is told and kept.
    """
    from conformance.cli.output.prove_output import as_json, defects, show, trial_as_json
    from conformance.spec.catalog import find, names

    files = [str(find(name)) for name in providers or names()]
    tasks = [
        task
        for file in files
        for task in _tasks(file, only, pairs, range(seed, seed + seeds), faithful=faithful)
    ]
    begun = time.perf_counter()
    trials: list[tuple[str, Trial]] = []
    with ExitStack() as stack:
        lines = stack.enter_context(out.open("w", encoding="utf-8")) if out else None
        advance = stack.enter_context(_bar(len(tasks), quiet=quiet))

        def heard(provider: str, done_trials: Sequence[Trial]) -> None:
            trials.extend((provider, trial) for trial in done_trials)
            advance(len(defects(trials)))
            for trial in done_trials if lines else ():
                print(
                    json.dumps(trial_as_json(provider, trial), ensure_ascii=False),
                    file=lines,
                    flush=True,
                )

        complete = _all(tasks, jobs, heard)
    seconds = time.perf_counter() - begun
    if form == "json":
        print_json(as_json(trials, seconds=seconds, processes=jobs, complete=complete))
    else:
        show(
            trials,
            seconds=seconds,
            total=len(tasks),
            complete=complete,
            by_harm=by_harm,
            quiet=quiet,
        )
    sys.exit(_INCOMPLETE if not complete else _DEFECT if defects(trials) else 0)


def _tasks(
    file: str, only: tuple[str, ...], count: int, seeds: range, *, faithful: bool
) -> Iterator[Task]:
    from conformance.promises.registry import derive
    from conformance.run.planning.selection import select
    from conformance.run.proving.proof import pairs
    from conformance.spec.document import load

    spec = load(file)
    clauses = select(derive(spec), only=only)
    for seed in seeds:
        task = partial(Task, file=file, provider=spec.name, seed=seed)
        yield task()
        if not faithful:
            yield from (task(clauses=(clause.id,)) for clause in clauses)
            yield from (
                task(clauses=(first.id, second.id)) for first, second in pairs(clauses, count, seed)
            )


def _all(tasks: Sequence[Task], jobs: int, heard: Callable[[str, Sequence[Trial]], None]) -> bool:
    """Do all tasks on some processes; say whether nobody stopped it."""
    try:
        for task, trials in (
            _beside(tasks, jobs) if jobs > 1 else ((task, _try(task)) for task in tasks)
        ):
            heard(task.provider, trials)
    except KeyboardInterrupt:
        return False
    return True


def _beside(tasks: Sequence[Task], jobs: int) -> Iterator[tuple[Task, list[Trial]]]:
    from concurrent.futures import ProcessPoolExecutor, as_completed
    from multiprocessing import get_context

    pool = ProcessPoolExecutor(max_workers=jobs, mp_context=get_context("spawn"), initializer=_deaf)
    try:
        waiting = {pool.submit(_try, task): task for task in tasks}
        for done in as_completed(waiting):
            yield waiting[done], done.result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _deaf() -> None:
    """Leave Ctrl-C to the process that has the terminal, so that a trial under way can end."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _try(task: Task) -> list[Trial]:
    proof = _proof_under(task.file, task.seed)
    chosen = [
        next(clause for clause in proof.clauses if clause.id == name) for name in task.clauses
    ]
    match chosen:
        case []:
            return [proof.faithful()]
        case [clause]:
            return list(proof.trials_of(clause))
        case _:
            return [proof.pair(*chosen)]


@lru_cache(maxsize=1)
def _proof_under(file: str, seed: int) -> Prover:
    return _proof(file).under(seed)


@lru_cache(maxsize=1)
def _proof(file: str) -> Prover:
    from conformance.run.proving.proof import Prover
    from conformance.spec.document import load

    proof = Prover(load(file))
    proof.faithful()  # the plan is made in the first run
    return proof


class _bar:  # noqa: N801 - a context like those of contextlib
    """A bar on standard error that says how far it is and how many defects there were."""

    def __init__(self, total: int, *, quiet: bool) -> None:
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeElapsedColumn,
        )

        columns = (
            TextColumn("clauses broken"),
            BarColumn(bar_width=32),
            MofNCompleteColumn(),
            TextColumn("{task.fields[told]}"),
            TimeElapsedColumn(),
        )
        self._progress = Progress(
            *columns,
            console=Console(stderr=True),
            transient=True,
            disable=quiet or not sys.stderr.isatty(),
        )
        self._task = self._progress.add_task("", total=total, told="")

    def __enter__(self) -> Callable[[int], None]:
        self._progress.start()
        return self._advance

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def _advance(self, defects: int) -> None:
        self._progress.update(self._task, advance=1, told=f"{defects} defects" if defects else "")
