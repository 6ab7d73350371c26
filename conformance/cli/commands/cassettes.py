"""`conformance cassettes`: what is recorded, how it has aged, and what it lacks."""

from __future__ import annotations

import sys
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import click

from conformance.cli.options import (
    CASSETTES,
    FORMAT,
    KEY,
    MAX_AGE,
    ONLY_FINDINGS,
    out_folder,
    print_json,
)
from conformance.cli.output.time_words import day, days_since, too_old

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from conformance.run.recording.recording import Recording
    from conformance.run.recording.recording_age import Ageing
    from conformance.spec.document import Spec


@click.group(
    epilog=(
        "\b\nExamples:\n  conformance cassettes status\n  conformance cassettes refresh "
        "PROVIDER --only '*.duration.*'\n  conformance cassettes client\n"
    )
)
def cassettes() -> None:
    """What is recorded, how it has aged beside today's specs, and what it lacks."""


@cassettes.command(
    epilog=(
        "\b\nExamples:\n  conformance cassettes status\n  conformance cassettes status "
        "PROVIDER --max-age 30 --format json\n"
    )
)
@click.argument("providers", nargs=-1, metavar="[PROVIDER|SPEC.yaml]...")
@CASSETTES
@MAX_AGE
@FORMAT
@click.option("--quiet", is_flag=True, help="Only what is wrong.")
def status(
    providers: tuple[str, ...], *, cassettes: Path, max_age: float | None, form: str, quiet: bool
) -> None:
    """Show age, origin and drift of every recording."""
    from conformance.cli.named_specs import specs_of

    statuses = [_status(spec, cassettes / spec.name) for spec in specs_of(providers)]
    outdated = []
    for recorded in statuses:
        if max_age is not None and recorded.days is not None and recorded.days > max_age:
            outdated.append(recorded)
    if form == "json":
        print_json(
            {
                "format": "conformance-cassettes/1",
                "recordings": [recorded.as_json() for recorded in statuses],
                "older": [recorded.provider for recorded in outdated],
            }
        )
    else:
        for recorded in statuses:
            _tell(recorded, quiet=quiet)
    for recorded in outdated:
        assert recorded.days is not None
        click.echo(too_old(recorded.provider, recorded.days), err=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingStatus:
    """What lies in a provider's folder of recordings, and how it has aged."""

    provider: str
    folder: Path
    #: Files of a recording that was not brought to its end.
    unfinished: tuple[str, ...]
    recording: Recording | None
    #: Beside today's spec; None where nothing is recorded.
    ageing: Ageing | None

    @property
    def days(self) -> float | None:
        """How many days ago it was recorded."""
        if self.recording is None:
            return None
        return round(max(0.0, days_since(self.recording.started)), 2)

    @property
    def size(self) -> int:
        """How many bytes its files have."""
        files = self.folder.rglob("*")
        return sum(path.stat().st_size for path in files if path.is_file())

    def as_json(self) -> dict[str, object]:
        """Return it as programs read it."""
        row: dict[str, object] = {
            "provider": self.provider,
            "folder": str(self.folder),
            "unfinished": list(self.unfinished),
            "days": self.days,
            "recorded_from": None,
        }
        if self.recording is None or self.ageing is None:
            return row
        facts = self.recording.facts
        drift = [
            {
                "clause": drifted.clause,
                "recorded": list(drifted.recorded),
                "today": list(drifted.today),
            }
            for drifted in self.ageing.drift
        ]
        return row | {
            "recorded_from": facts.recorded_from,
            "recorded": day(self.recording.started),
            "version": facts.version,
            "seed": facts.seed,
            "spend": asdict(facts.spend) if facts.spend else None,
            "refreshed": len(facts.refreshed or ()),
            "exchanges": len(self.recording.exchanges()),
            "bytes": self.size,
            "same_spec": self.ageing.same_spec,
            "missing": list(self.ageing.missing),
            "gone": list(self.ageing.gone),
            "drift": drift,
        }


def _status(spec: Spec, folder: Path) -> RecordingStatus:
    from conformance.run.recording.recording import read_recording
    from conformance.run.recording.recording_age import ageing

    recording = read_recording(folder)
    return RecordingStatus(
        provider=spec.name,
        folder=folder,
        unfinished=tuple(sorted(path.name for path in folder.glob("*.part"))),
        recording=recording,
        ageing=ageing(recording, spec) if recording else None,
    )


def _tell(status: RecordingStatus, *, quiet: bool) -> None:
    name = status.provider
    if status.unfinished:
        click.echo(
            f"{name}: a recording was not brought to its end ({len(status.unfinished)} "
            "files); take it up with `conformance resume`, or look at it with "
            "`conformance audit`.",
            err=True,
        )
    recording, ageing, days = status.recording, status.ageing, status.days
    if recording is None or ageing is None or days is None:
        click.echo(f"{name}: not recorded; conformance run {name} --target simulator --record")
        return
    if not quiet:
        age = "today" if days < 1 else f"{days:.0f} days ago"
        spec = "spec unchanged" if ageing.same_spec else "spec changed since"
        click.echo(
            f"{name}: from {recording.facts.recorded_from}, {day(recording.started)} ({age}), "
            f"{len(recording.exchanges())} exchanges, {status.size / 1e6:.1f} MB, {spec}"
        )
    _tell_clauses(ageing.missing, "cannot be shown by it")
    _tell_clauses([drifted.clause for drifted in ageing.drift], "would be asked otherwise today")
    _tell_clauses(ageing.gone, "are clauses no more")
    if ageing.missing:
        click.echo(f"  next: conformance cassettes refresh {name}")


def _tell_clauses(clauses: Sequence[str], what: str) -> None:
    if not clauses:
        return
    more = f" and {len(clauses) - 3} more" if len(clauses) > 3 else ""
    click.echo(f"  {len(clauses)} {what}: {', '.join(clauses[:3])}{more}")


@cassettes.command(
    epilog=(
        "\b\nExamples:\n  conformance cassettes refresh PROVIDER\n  conformance cassettes "
        "refresh PROVIDER --only '*.duration.*' --base-url https://api.example.com --budget "
        "20\n"
    )
)
@click.argument("provider", metavar="PROVIDER|SPEC.yaml")
@CASSETTES
@click.option(
    "--only", multiple=True, metavar="GLOB", help="Only clauses that match. May be repeated."
)
@click.option(
    "--base-url", metavar="URL", help="Where it was recorded from, unless that was the simulator."
)
@KEY
@click.option(
    "--budget",
    type=click.FloatRange(min=0),
    metavar="N",
    help="Credits at most for what is missing; live servers need it.",
)
@out_folder("Where the files of the run go.")
@click.option(
    "--dry-run", is_flag=True, help="Say what is missing and what it would cost, and send nothing."
)
@ONLY_FINDINGS
def refresh(
    provider: str,
    *,
    cassettes: Path,
    only: tuple[str, ...],
    base_url: str | None,
    key: str | None,
    budget: float | None,
    out: Path,
    dry_run: bool,
    quiet: bool,
) -> None:
    """Record just what a recording lacks; what is recorded is not asked for again.

    A missing request that builds on a finished job, such as an extension, needs a provider that
    still knows the recorded one. Where it does not, record the whole anew with `conformance run
    --record`.
    """
    from conformance.cli.named_specs import specs_of
    from conformance.cli.run_providers import run_all
    from conformance.run.open_target import TargetChoice, recording_of
    from conformance.run.recording.recording_age import ageing
    from conformance.run.run_settings import RunOptions

    (spec,) = specs_of((provider,))
    recording = recording_of(spec, TargetChoice(kind="replay", cassettes=cassettes))
    aged, unit = ageing(recording, spec), spec.provider.unit
    before = recording.plan(spec, ())
    click.echo(
        f"{spec.name}: {len(aged.missing)} clauses lack requests; "
        f"{len(aged.plan.jobs) - len(before.jobs)} jobs more, "
        f"{(aged.plan.expected - before.expected).in_words(unit)}, "
        f"at worst {(aged.plan.worst - before.worst).in_words(unit)}"
    )
    if dry_run or not aged.missing:
        return
    # What the recording answers is counted as it was, but costs nothing again.
    spent = recording.facts.spend.credits if recording.facts.spend else before.expected.amount
    options = RunOptions(
        target="live" if base_url else "simulator",
        base_url=base_url,
        key=key,
        budget=None if budget is None else budget + spent,
        only=only,
        cassettes=cassettes,
        record=True,
        refresh=True,
        out=out,
    )
    sys.exit(run_all([spec], options, quiet=quiet))


@cassettes.command(
    help=(
        "Hold the reference client to its cassettes: "
        "whether it still sends and reads what was recorded.\n\n"
        "Exit code 1 where it does not. A change on purpose is accepted with --accept."
    ),
    epilog=(
        "\b\nExamples:\n  conformance cassettes client\n  conformance cassettes client "
        "PROVIDER --accept\n"
    ),
)
@click.argument("providers", nargs=-1, metavar="[PROVIDER|SPEC.yaml]...")
@CASSETTES
@click.option(
    "--accept",
    is_flag=True,
    help="Show what changed, and record the client anew against the built-in simulator.",
)
@FORMAT
@click.option("--quiet", is_flag=True, help="Only what differs.")
def client(
    providers: tuple[str, ...], *, cassettes: Path, accept: bool, form: str, quiet: bool
) -> None:
    """Hold the reference client to its cassettes."""
    from conformance.cli.named_specs import specs_of
    from conformance.client.recorded.cassette_check import compare, record
    from conformance.errors import NothingRecorded

    differences: dict[str, list[str]] = {}
    for spec in specs_of(providers):
        folder = cassettes / "client" / spec.name
        try:
            differences[spec.name] = [difference.sentence for difference in compare(spec, folder)]
        except NothingRecorded:
            if not accept:
                raise
            differences[spec.name] = ["nothing was recorded"]
        if accept and differences[spec.name]:
            record(spec, folder)
    if form == "json":
        print_json(
            {"format": "conformance-client/1", "accepted": accept, "differences": differences}
        )
    for name, lines in differences.items() if form == "text" else ():
        for line in lines:
            click.echo(f"{name}: {line}")
        if not lines and not quiet:
            click.echo(f"{name}: the client sends and reads what was recorded")
    if accept or not any(differences.values()):
        return
    click.echo("Meant so? conformance cassettes client --accept", err=True)
    sys.exit(1)
