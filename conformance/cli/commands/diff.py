"""`conformance diff`: what changed from one run to another."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from conformance.cli.options import FORMAT, print_json

EXAMPLES = """
\b
Examples:
  conformance diff last-night/PROVIDER reports/PROVIDER
  conformance diff old/run.jsonl reports/PROVIDER/run.jsonl --format json
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
@click.option("--quiet", is_flag=True, help="Only the numbers and what became worse.")
def diff(before: Path, after: Path, form: str, *, quiet: bool) -> None:
    """Compare two runs of a provider: what regressed, was fixed, is new, is gone, is still failing.

    RUN is a folder that a run has written, or its run.jsonl; the earlier one comes first.
    """
    from conformance.report.comparing.run_diff import diff as compare
    from conformance.report.run_file.find_runs import whole_run_at

    later = whole_run_at(after)
    found = compare(whole_run_at(before, provider=later.header.provider), later)
    if form == "json":
        print_json(found)
    else:
        _print(found, quiet=quiet)


def _print(found: dict[str, Any], *, quiet: bool) -> None:
    from rich.console import Console
    from rich.text import Text

    from conformance.cli.output.time_words import moment
    from conformance.report.safe_text import plain

    terminal = Console(soft_wrap=True, highlight=False)
    before, after = found["before"], found["after"]
    terminal.print(
        Text(f"{found['provider']}: {before['decision']} → {after['decision']}", style="bold")
    )
    terminal.print(
        Text(
            f"  {moment(before['started'])} ({before['target']}) → "
            f"{moment(after['started'])} ({after['target']})"
        )
    )
    if found["differences"]:
        terminal.print(
            Text(
                "  the runs differ in " + ", ".join(found["differences"]).replace("_", " "),
                style="yellow",
            )
        )
    terminal.print(
        Text("  " + ", ".join(f"{count} {kind}" for kind, count in found["counts"].items()))
    )
    for one in found["changes"]:
        if quiet and one["change"] not in ("regressed", "new"):
            continue
        terminal.print(
            Text(
                f"  {one['change']:<13} {plain(one['clause'])}  {one['before']['verdict']} "
                f"→ {one['after']['verdict']}",
                style=_STYLE[one["change"]],
            )
        )
        if one["received"] and one["change"] != "gone":
            terminal.print(Text(f"                received: {plain(one['received'])}"))
