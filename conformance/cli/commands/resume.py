"""`conformance resume`: take up a run that was killed, without paying for anything twice."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from conformance.cli.options import ONLY_FINDINGS

if TYPE_CHECKING:
    from conformance.run.run_settings import RunOptions

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

    places = folders or (Path("reports"),)
    journals = {path for place in places for path in place.rglob("journal.sqlite")}
    unfinished = {}
    for journal in sorted(journals):
        options = _unfinished(journal)
        if options is not None:
            unfinished[journal.parent] = options
    if not unfinished:
        shown = ", ".join(f"{place}/" for place in places)
        elsewhere = "" if folders else " (elsewhere: `conformance resume DIR`)"
        click.echo(
            f"Nothing to resume: no journal of an unfinished run lies under {shown}{elsewhere}"
        )
        return
    codes = [again(folder, options, quiet=quiet) for folder, options in unfinished.items()]
    sys.exit(heaviest(codes))


def _unfinished(journal: Path) -> RunOptions | None:
    """Return what a run that did not come to its end was asked for; None of every other."""
    import msgspec

    from conformance.errors import BrokenJournal
    from conformance.run.journal import facts_of
    from conformance.run.run_settings import options_from_json

    facts = facts_of(journal)
    if not facts.get("options") or facts.get("finished"):
        return None
    try:
        return options_from_json(facts["options"])
    except msgspec.DecodeError as error:
        raise BrokenJournal(str(journal), str(error)) from error
