"""`conformance waivers`: check, add and remove accepted divergences."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from conformance.cli.options import FORMAT, out_folder, print_json

if TYPE_CHECKING:
    from conformance.errors import BadSpec
    from conformance.model.waiver import Waiver
    from conformance.report.run_file.run_file import RunRecord

EXAMPLES = """
\b
Examples:
  conformance waivers check
  conformance waivers add PROVIDER.create.duration.maximum \
--reason "told to their support" --owner video --days 30
  conformance waivers prune
"""
_FILE = click.option(
    "--waivers",
    "file",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="The file. Default: waivers.yaml beside the specs.",
)
_OUT = out_folder("Where the last runs lie.")


@click.group(epilog=EXAMPLES)
def waivers() -> None:
    """Check, add and remove accepted divergences.

    A waiver names a clause (or a pattern for a few), the fingerprint of the finding that is
    accepted, a reason, an owner, and the last day on which it holds: 90 days at most. A run fails
    where a waived clause passes, fails in another way, or is past that day.
    """


@waivers.command(epilog=EXAMPLES)
@_FILE
@_OUT
@FORMAT
@click.option("--quiet", is_flag=True, help="Only what is wrong.")
def check(file: Path | None, out: Path, form: str, *, quiet: bool) -> None:
    """Say of each waiver whether it stands, as far as the date and the last run tell.

    Exit code 2 where one is badly written or for nothing, 1 where one does not stand.
    """
    path, today = _path(file), _today()
    listed, problems = _examined(path, today) if path.is_file() else ((), [])
    standings = [_standing(waiver, out, today) for waiver in listed]
    if form == "json":
        print_json(
            {
                "format": "conformance-waivers/1",
                "file": str(path),
                "problems": [str(problem) for problem in problems],
                "waivers": [standing.as_json(today) for standing in standings],
            }
        )
    else:
        shown = [standing for standing in standings if not quiet or not standing.stands]
        _print(path, shown, problems, today=today, quiet=quiet)
    if problems:
        sys.exit(2)
    sys.exit(0 if all(standing.stands for standing in standings) else 1)


@waivers.command(epilog=EXAMPLES)
@click.argument("clause")
@click.option("--reason", required=True, metavar="TEXT", help="Why it is accepted.")
@click.option("--owner", required=True, metavar="NAME", help="Who answers for it.")
@click.option(
    "--days",
    type=click.IntRange(1, 90),
    default=30,
    show_default=True,
    metavar="N",
    help="How long it holds.",
)
@click.option(
    "--fingerprint",
    multiple=True,
    metavar="KEY",
    help="Of the finding. Default: those that the last run shows. May be repeated.",
)
@_FILE
@_OUT
@click.option("--quiet", is_flag=True, help="Say nothing where it went well.")
def add(
    clause: str,
    reason: str,
    owner: str,
    days: int,
    fingerprint: tuple[str, ...],
    file: Path | None,
    out: Path,
    *,
    quiet: bool,
) -> None:
    """Accept what the last run found of a clause, for some days.

    CLAUSE may be a pattern that covers a few clauses of one provider.
    """
    from conformance.report.formats.outputs import write_text
    from conformance.spec.waivers_editing import added
    from conformance.spec.waivers_file import read_back

    path, today, provider = _path(file), _today(), clause.partition(".")[0]
    keys = fingerprint or _shown(clause, provider, out)
    expires = (today + timedelta(days=days)).isoformat()
    facts = {
        "clause": clause,
        "provider": provider,
        "fingerprint": keys[0] if len(keys) == 1 else keys,
        "reason": reason,
        "owner": owner,
        "created": today.isoformat(),
        "expires": expires,
    }
    text = added(path.read_text("utf-8") if path.is_file() else "", facts, file=str(path))
    for problem in _unfit(read_back(text, file=str(path), today=today), only=provider):
        raise problem
    write_text(path, text)
    if not quiet:
        click.echo(f"{path}: {clause} is accepted until {expires} ({', '.join(keys)}).")


@waivers.command(epilog=EXAMPLES)
@_FILE
@_OUT
@click.option("--dry-run", is_flag=True, help="Only say what would go.")
@click.option("--quiet", is_flag=True, help="Say only what goes.")
def prune(file: Path | None, out: Path, *, dry_run: bool, quiet: bool) -> None:
    """Remove waivers that are past their date, or whose clause passed in the last run."""
    from conformance.report.formats.outputs import write_text
    from conformance.spec.waivers_editing import pruned
    from conformance.spec.waivers_file import load

    path, today = _path(file), _today()
    if not path.is_file():
        click.echo(f"{path}: there are no waivers.")
        return
    gone = {}
    for index, waiver in enumerate(load(path)):
        standing = _standing(waiver, out, today)
        if standing.word in ("expired", "fixed"):
            gone[index] = standing
    text = pruned(path.read_text("utf-8"), list(gone), file=str(path))
    verb = "would be" if dry_run else "is"
    for standing in gone.values():
        waiver = standing.waiver
        click.echo(f"{path}:{waiver.place.line}: {waiver.clause} ({standing.word}) {verb} removed.")
    if gone and not dry_run:
        write_text(path, text)
    if not gone and not quiet:
        click.echo(f"{path}: nothing to remove.")


def _path(file: Path | None) -> Path:
    from conformance.spec.catalog import folder
    from conformance.spec.waivers_file import FILE

    return file or folder() / FILE


def _today() -> date:
    return datetime.now(UTC).date()


def _examined(path: Path, today: date) -> tuple[tuple[Waiver, ...], list[BadSpec]]:
    from conformance.spec.waivers_file import examined

    listed, problems = examined(path, today=today)
    return listed, [*problems, *_unfit(listed)]


def _unfit(listed: tuple[Waiver, ...], *, only: str = "") -> list[BadSpec]:
    """Return what is wrong with waivers beside the specs that they speak of."""
    from conformance.promises.registry import derive
    from conformance.spec.document import load
    from conformance.spec.waivers_file import unbound

    specs = _specs(listed)
    problems: dict[tuple[int, str], BadSpec] = {}
    for provider in sorted({waiver.provider for waiver in listed if only in ("", waiver.provider)}):
        clauses = (
            [waiver.id for waiver in derive(load(specs[provider]))] if provider in specs else []
        )
        of_provider = [waiver for waiver in listed if waiver.provider == provider]
        for problem in unbound(
            of_provider, provider if provider in specs else "", clauses, known=tuple(specs)
        ):
            problems[problem.line, problem.seen] = problem
    return [problems[key] for key in sorted(problems)]


def _specs(listed: tuple[Waiver, ...]) -> dict[str, Path]:
    """Return the specs by name: the known ones, and those beside the waivers."""
    from conformance.spec.catalog import find, names
    from conformance.spec.waivers_file import FILE

    near = (
        path
        for folder in {Path(waiver.place.file).parent for waiver in listed}
        for path in folder.glob("*.yaml")
        if path.name != FILE
    )
    return {**{path.stem: path for path in near}, **{name: find(name) for name in names()}}


@dataclass(frozen=True, slots=True, kw_only=True)
class WaiverStanding:
    """A waiver, and how it stands in the last run of a folder."""

    waiver: Waiver
    #: A standing's name, or `unknown`.
    word: str

    @property
    def stands(self) -> bool:
        """Whether nothing speaks against it."""
        return self.word in ("valid", "unknown")

    def as_json(self, today: date) -> dict[str, object]:
        """Return it as programs read it."""
        waiver = self.waiver
        return {
            "clause": waiver.clause,
            "provider": waiver.provider,
            "line": waiver.place.line,
            "reason": waiver.reason,
            "owner": waiver.owner,
            "created": waiver.created.isoformat(),
            "expires": waiver.expires.isoformat(),
            "days": (waiver.expires - today).days,
            "standing": self.word,
        }


def _standing(waiver: Waiver, out: Path, today: date) -> WaiverStanding:
    from conformance.report.comparing.change import compared_verdicts
    from conformance.run.waiver_check import standings

    if today > waiver.expires:
        return WaiverStanding(waiver=waiver, word="expired")
    run = _last(waiver.provider, out)
    findings = {}
    for name, finding in compared_verdicts(run).items() if run else ():
        findings[name] = (finding.verdict, finding.fingerprint)
    words = [
        status.standing.value for status in standings(findings, [waiver], today=today).values()
    ]
    worst = min(words, key=("different", "fixed", "valid", "expired").index, default="unknown")
    return WaiverStanding(waiver=waiver, word=worst)


def _last(provider: str, out: Path) -> RunRecord | None:
    from conformance.report.run_file.run_file import read_run

    file = out / provider / "run.jsonl"
    run = read_run(file) if file.is_file() else None
    return run if run and run.complete else None


def _shown(clause: str, provider: str, out: Path) -> tuple[str, ...]:
    from fnmatch import fnmatchcase

    from conformance.report.comparing.change import compared_verdicts

    run = _last(provider, out)
    keys = []
    for name, finding in compared_verdicts(run).items() if run else ():
        if fnmatchcase(name, clause) and finding.finding:
            keys.append(finding.fingerprint)
    if not keys:
        _check_promised(clause, provider)
        why = f"there is no complete run in {out / provider}"
        if run:
            why = f"the last run in {out / provider} finds nothing of it"
        raise click.UsageError(
            f"Nothing to accept for {clause!r}: {why}. Run first, or give --fingerprint KEY."
        )
    return tuple(keys)


def _check_promised(clause: str, provider: str) -> None:
    """Raise where a spec that we have promises nothing of the name."""
    from fnmatch import fnmatchcase

    from conformance.errors import NothingSelected
    from conformance.promises.registry import derive
    from conformance.spec.did_you_mean import nearest
    from conformance.spec.document import load

    file = _specs(()).get(provider)
    clauses = [promised.id for promised in derive(load(file))] if file else []
    if clauses and not any(fnmatchcase(name, clause) for name in clauses):
        raise NothingSelected(clause, nearest(clause, clauses))


def _print(
    path: Path,
    standings: list[WaiverStanding],
    problems: list[BadSpec],
    *,
    today: date,
    quiet: bool,
) -> None:
    from conformance.report.safe_text import plain

    for problem in problems:
        click.echo(plain(str(problem), 1000), err=True)
    for standing in standings:
        waiver = standing.waiver
        days = (waiver.expires - today).days
        left = f"{days} days left" if days >= 0 else f"{-days} days past"
        click.echo(
            f"{path}:{waiver.place.line}: {standing.word:<9} {plain(waiver.clause)}  until "
            f"{waiver.expires} ({left}), {plain(waiver.owner)}: {plain(waiver.reason)}"
        )
    if not standings and not problems and not quiet:
        click.echo(f"{path}: there are no waivers.")
