"""`conformance history`: how clauses fared in earlier runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from conformance.cli.options import FORMAT, out_folder, print_json

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rich.console import Console

    from conformance.report.comparing.history import RecordedRun
    from conformance.report.comparing.transitions import Chronicle, ClauseHistory

HELP = """
Show the transitions of a clause over earlier runs;
without one, the runs and all that changed.

CLAUSE may hold * for anything.
"""
EXAMPLES = """
\b
Examples:
  conformance history                              every run, and what changed when
  conformance history '*.duration.maximum'
  conformance history --provider PROVIDER --format json
"""
#: Runs and clauses shown to people; programs get all.
_MOST = 20


@click.command(epilog=EXAMPLES, help=HELP)
@click.argument("clause", default="", metavar="[CLAUSE]")
@click.option("--provider", default="", metavar="NAME", help="Only runs of this provider.")
@out_folder("The --out folder of the runs.")
@FORMAT
@click.option("--quiet", is_flag=True, help="Only how each clause stands, without its way there.")
def history(clause: str, provider: str, out: Path, form: str, *, quiet: bool) -> None:
    """Show how clauses fared in earlier runs."""
    from conformance.model.run_records import plain_json
    from conformance.report.comparing.history import FILE, opened
    from conformance.report.comparing.transitions import chronicle

    with opened(out / FILE) as past:
        past_runs = chronicle(past, pattern=clause, provider=provider)
    if form == "json":
        print_json(plain_json(past_runs))
    else:
        _print(past_runs, runs=not clause and not quiet, steps=not quiet)


def _print(past_runs: Chronicle, *, runs: bool, steps: bool) -> None:
    from rich.console import Console

    terminal = Console(soft_wrap=True, highlight=False)
    if runs:
        _runs(terminal, past_runs.runs)
    for clause in past_runs.clauses[:_MOST]:
        _clause(terminal, clause, steps=steps)
    more = len(past_runs.clauses) - _MOST
    if more > 0:
        terminal.print(f"… and {more} more clauses (--format json has all)")


def _runs(terminal: Console, runs: Sequence[RecordedRun]) -> None:
    from conformance.cli.output.time_words import moment

    for run in runs[:_MOST]:
        decision = run.decision if run.complete else "incomplete"
        terminal.print(
            f"{moment(run.started)}  {run.provider:<12} {run.target:<10} "
            f"{decision:<12} {run.spend.requests:>5} requests {run.spend.jobs:>4} jobs",
            markup=False,
        )
    if len(runs) > _MOST:
        terminal.print(f"… and {len(runs) - _MOST} earlier runs")
    if not runs:
        terminal.print("No run is known yet.")


def _clause(terminal: Console, clause: ClauseHistory, *, steps: bool) -> None:
    from rich.text import Text

    from conformance.cli.output.time_words import moment
    from conformance.model.verdict_table import VERDICTS
    from conformance.report.comparing.change import ABSENT
    from conformance.report.safe_text import plain

    picture = "".join(VERDICTS[past.verdict].glyph for past in clause.past)
    terminal.print(
        Text.assemble((plain(clause.id), "bold"), f"  ({plain(clause.against)})  {picture}")
    )
    if not steps:
        return
    for step in clause.transitions:
        way = f"{step.before} → {step.after}"
        if step.before == ABSENT.verdict:
            way = f"first seen as {step.after}"
        terminal.print(Text(f"  {moment(step.finished)}  {way}  {step.change or ''}"))
    if not clause.transitions:
        always = f"{clause.verdict} in every run that decided it"
        if clause.verdict == ABSENT.verdict:
            always = "no run has decided it"
        terminal.print(Text(f"  {always}"))
