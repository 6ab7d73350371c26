"""`conformance combine`: join the runs of several machines into one report."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from conformance.cli.options import ALLOW_UNKNOWN, MIN_COVERAGE, ONLY_FINDINGS

if TYPE_CHECKING:
    from conformance.report.run_file.combine import Shard

EXAMPLES = """
\b
Examples:
  conformance combine shard-1 shard-2 --out reports
  conformance combine artifacts/* --out site --fail-on new
"""


@click.command(epilog=EXAMPLES)
@click.argument(
    "folders", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="DIR..."
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    metavar="DIR",
    help="Where the joint files go; a history that lies there is continued.",
)
@click.option(
    "--fail-on",
    type=click.Choice(["fail", "new", "never"]),
    default="fail",
    show_default=True,
    help="Which findings make the exit code 1.",
)
@ALLOW_UNKNOWN
@MIN_COVERAGE
@ONLY_FINDINGS
def combine(
    folders: tuple[Path, ...],
    *,
    out: Path,
    fail_on: str,
    allow_unknown: bool,
    min_coverage: float | None,
    quiet: bool,
) -> None:
    """Join runs: shards of one provider become one run, runs of several providers one report.

    DIR is what a run has written: its --out folder, or a provider's folder in it. Refused, with
    exit code 2, are shards of different specs, a clause that two of them have, the same run
    twice, and runs that did not come to their end.
    """
    from conformance.cli.output.closing_words import closing
    from conformance.report.comparing.gather_background import looked_up, worse
    from conformance.report.comparing.history import FILE
    from conformance.report.formats.outputs import write_all, write_provider
    from conformance.report.run_file.combine import code_of, grouped, write_joint
    from conformance.run.decision import heaviest

    groups = grouped(_shards(folders))
    runs, backgrounds, codes = [], {}, [0]
    for provider, shards in groups.items():
        write_joint(shards, out / provider, command=["conformance", *sys.argv[1:]])
        run = write_provider(out / provider)
        backgrounds[provider], trouble = looked_up(out / FILE, run)
        if trouble:
            click.echo(trouble, err=True)
        runs.append(run)
        excused = fail_on == "never" or (fail_on == "new" and not worse(run, backgrounds[provider]))
        codes.append(
            code_of(run, excused=excused, allow_unknown=allow_unknown, min_coverage=min_coverage)
        )
    write_all(out, runs, backgrounds)
    closing(runs, out, backgrounds, quiet=quiet, color=os.environ.get("NO_COLOR") is None)
    sys.exit(heaviest(codes))


def _shards(folders: tuple[Path, ...]) -> list[Shard]:
    from conformance.report.run_file.combine import Shard
    from conformance.report.run_file.find_runs import files_at
    from conformance.report.run_file.run_file import read_run

    return [Shard(file=file, run=read_run(file)) for folder in folders for file in files_at(folder)]
