"""`conformance history`: how clauses fared in earlier runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from conformance.cli.options import FORMAT, out_folder, print_json

if TYPE_CHECKING:
    from pathlib import Path

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
    from conformance.report.comparing.history import FILE, opened
    from conformance.report.comparing.transitions import chronicle

    with opened(out / FILE) as past:
        past_runs = chronicle(past, pattern=clause, provider=provider)
    if form == "json":
        print_json(past_runs)
    else:
        _print(past_runs, runs=not clause and not quiet, steps=not quiet)


def _print(past_runs: dict[str, Any], *, runs: bool, steps: bool) -> None:
    from rich.console import Console

    terminal = Console(soft_wrap=True, highlight=False)
    if runs:
        _runs(terminal, past_runs["runs"])
    for clause in past_runs["clauses"][:_MOST]:
        _clause(terminal, clause, steps=steps)
    if len(past_runs["clauses"]) > _MOST:
        terminal.print(
            f"… and {len(past_runs['clauses']) - _MOST} more clauses (--format json has all)"
        )


def _runs(terminal: Any, runs: list[dict[str, Any]]) -> None:
    from conformance.cli.output.time_words import moment

    for run in runs[:_MOST]:
        spend = run["spend"]
        decision = run["decision"] if run["complete"] else "incomplete"
        terminal.print(
            f"{moment(run['started'])}  {run['provider']:<12} {run['target']:<10} "
            f"{decision:<12} {spend['requests']:>5} requests {spend['jobs']:>4} jobs",
            markup=False,
        )
    if len(runs) > _MOST:
        terminal.print(f"… and {len(runs) - _MOST} earlier runs")
    if not runs:
        terminal.print("No run is known yet.")


def _clause(terminal: Any, clause: dict[str, Any], *, steps: bool) -> None:
    from rich.text import Text

    from conformance.cli.output.time_words import moment
    from conformance.model.verdict_table import VERDICTS
    from conformance.report.safe_text import plain

    picture = "".join(VERDICTS[past["verdict"]].glyph for past in clause["past"])
    terminal.print(
        Text.assemble((plain(clause["id"]), "bold"), f"  ({plain(clause['against'])})  {picture}")
    )
    for step in clause["transitions"] if steps else ():
        way = (
            f"first seen as {step['to']}"
            if step["from"] == "absent"
            else f"{step['from']} → {step['to']}"
        )
        terminal.print(Text(f"  {moment(step['finished'])}  {way}  {step['change'] or ''}"))
    if steps and not clause["transitions"]:
        terminal.print(
            Text(
                f"  {clause['verdict']} in every run that decided it"
                if clause["verdict"] != "absent"
                else "  no run has decided it"
            )
        )
