"""`conformance resume`: take up a run that was killed, without paying for anything twice."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from conformance.cli.options import ONLY_FINDINGS

EXAMPLES = """
\b
Examples:
  conformance resume                      every unfinished run under reports/
  conformance resume reports/PROVIDER     that one
  conformance resume night                every one under another --out
"""


@click.command(epilog=EXAMPLES)
@click.argument(
    "folders",
    nargs=-1,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="[DIR]...",
)
@ONLY_FINDINGS
def resume(folders: tuple[Path, ...], *, quiet: bool) -> None:
    """Follow the jobs that an interrupted run has paid for, and finish what it began.

    Submits whose answer is known are not sent again; one whose answer was lost is reported and
    never repeated.
    """
    from conformance.cli.run_providers import again
    from conformance.run.decision import heaviest
    from conformance.run.journal import facts_of
    from conformance.run.run_settings import options_from_json

    places = folders or (Path("reports"),)
    found = sorted({path.parent for place in places for path in place.rglob("journal.sqlite")})
    unfinished = [
        (folder, facts)
        for folder in found
        if (facts := facts_of(folder / "journal.sqlite")).get("options")
        and not facts.get("finished")
    ]
    if not unfinished:
        told = ", ".join(f"{place}/" for place in places)
        click.echo(
            f"Nothing to resume: no journal of an unfinished run lies under {told}"
            + ("" if folders else " (elsewhere: `conformance resume DIR`)")
        )
        return
    codes = [
        again(folder, options_from_json(facts["options"]), quiet=quiet)
        for folder, facts in unfinished
    ]
    sys.exit(heaviest(codes))
