"""`conformance report`: the report of one or more runs, made anew from their run files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from conformance.report.run_file.run_file import RunRecord

EXAMPLES = """
\b
Examples:
  conformance report                                 the runs in reports/
  conformance report reports/PROVIDER                one of them
  conformance report last-night tonight --out both   several, in one page
"""
_USUAL = Path("reports")


@click.command(epilog=EXAMPLES)
@click.argument("runs", nargs=-1, type=click.Path(path_type=Path), metavar="[RUN|DIR]...")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Where the files go. Default: the one folder that is named, else reports.",
)
@click.option(
    "--all-evidence",
    is_flag=True,
    help=(
        "Also write evidence.har of every exchange, beside the page; "
        "a run leaves those of its findings alone."
    ),
)
def report(runs: tuple[Path, ...], out: Path | None, *, all_evidence: bool) -> None:
    """Write the report of runs anew: index.html, summary.md and badge.json.

    RUN is a run.jsonl; DIR is a folder that a run has written, or one that holds such folders;
    reports without either. Nothing is sent, and no browser is opened.
    """
    from conformance.report.comparing.gather_background import looked_up
    from conformance.report.comparing.history import FILE
    from conformance.report.formats.outputs import write_all
    from conformance.report.run_file.find_runs import files_at
    from conformance.report.run_file.run_file import read_run

    named = runs or (_USUAL,)
    found = [
        (file, read_run(file))
        for file in dict.fromkeys(file for path in named for file in files_at(path))
    ]
    # Of two runs of one provider the first has its past; the other's is not told apart from it.
    known = {
        run.header.provider: looked_up(file.parent.parent / FILE, run)
        for file, run in reversed(found)
    }
    folder = out or (named[0] if len(named) == 1 and named[0].is_dir() else _USUAL)
    folder.mkdir(parents=True, exist_ok=True)
    page = write_all(
        folder,
        [run for _, run in found],
        {name: background for name, (background, _) in known.items()},
    )
    if all_evidence:
        _write_evidence(folder, [run for _, run in found])
    for trouble in dict.fromkeys(trouble for _, trouble in known.values() if trouble):
        click.echo(trouble, err=True)
    click.echo(f"Report: {page}")


def _write_evidence(folder: Path, runs: list[RunRecord]) -> None:
    """Write every exchange of every run into one file."""
    from conformance.report.formats.evidence_har import har
    from conformance.report.formats.outputs import pretty, write_text

    whole = [har(run, everything=True)["log"] for run in runs]
    entries = [entry for log in whole for entry in log["entries"]]
    write_text(folder / "evidence.har", pretty({"log": {**whole[0], "entries": entries}}))
