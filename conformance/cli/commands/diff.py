"""`conformance diff`: what changed from one run to another."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from conformance.cli.options import FORMAT, print_json

if TYPE_CHECKING:
    from conformance.report.comparing.run_diff import RunDiff

EXAMPLES = """
\b
Examples:
  conformance diff last-night/PROVIDER reports/PROVIDER
  conformance diff old/run.jsonl reports/PROVIDER/run.jsonl --format json
  conformance diff old/PROVIDER reports/PROVIDER --exit-code   1 where something became worse
"""
_STYLE = {
    "regressed": "bold red",
    "new": "red",
    "still failing": "yellow",
    "fixed": "green",
    "gone": "dim",
}


@click.command(epilog=EXAMPLES)
@click.argument("before", type=click.Path(path_type=Path), metavar="RUN")
@click.argument("after", type=click.Path(path_type=Path), metavar="RUN")
@FORMAT
@click.option(
    "--exit-code",
    "by_exit_code",
    is_flag=True,
    help="Exit 1 where something regressed or is newly broken, waived or not; 4 where the later "
    "run is unknown and the earlier was not.",
)
@click.option("--quiet", is_flag=True, help="Only the numbers and what became worse.")
def diff(before: Path, after: Path, form: str, *, by_exit_code: bool, quiet: bool) -> None:
    """Compare two runs of a provider: what regressed, was fixed, is new, is gone, is still failing.

    RUN is a folder that a run has written, or its run.jsonl; the earlier one comes first.
    """
    from conformance.model.run_records import plain_json
    from conformance.report.comparing.run_diff import diff as compare
    from conformance.report.comparing.run_diff import exit_code
    from conformance.report.run_file.find_runs import whole_run_at

    later = whole_run_at(after)
    difference = compare(whole_run_at(before, provider=later.header.provider), later)
    if form == "json":
        print_json(plain_json(difference))
    else:
        _print(difference, quiet=quiet)
    if by_exit_code:
        sys.exit(exit_code(difference))


def _print(difference: RunDiff, *, quiet: bool) -> None:
    from rich.console import Console
    from rich.text import Text

    from conformance.cli.output.time_words import moment
    from conformance.report.comparing.background import Change
    from conformance.report.safe_text import brief, plain

    terminal = Console(soft_wrap=True, highlight=False)
    before, after = difference.before, difference.after
    decisions = f"{before.decision} → {after.decision}"
    terminal.print(Text(f"{difference.provider}: {decisions}", style="bold"))
    runs = (f"{moment(run.started)} ({run.target})" for run in (before, after))
    terminal.print(Text("  " + " → ".join(runs)))
    if difference.differences:
        facts = ", ".join(difference.differences).replace("_", " ")
        terminal.print(Text(f"  the runs differ in {facts}", style="yellow"))
    counts = (f"{count} {change}" for change, count in difference.counts.items())
    terminal.print(Text("  " + ", ".join(counts)))
    for changed in difference.changes:
        change = changed.change
        if quiet and change not in (Change.REGRESSED, Change.NEW):
            continue
        way = f"{changed.before.verdict} → {changed.after.verdict}"
        line = f"  {change:<13} {plain(changed.clause)}  {way}"
        terminal.print(Text(line, style=_STYLE[change]))
        if changed.received and change is not Change.GONE:
            terminal.print(Text(f"                received: {brief(changed.received)}"))
