"""`conformance cassettes`: what is recorded, how it has aged, and what it lacks."""

from __future__ import annotations

import sys
import time
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from conformance.cli.options import CASSETTES, FORMAT, MAX_AGE, out_folder, print_json

if TYPE_CHECKING:
    from pathlib import Path

    from conformance.run.recording.recording import Recording
    from conformance.run.recording.recording_age import Ageing
    from conformance.spec.document import Spec

DAY = 86400.0


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
    from conformance.cli.commands.run import specs_of

    recordings = [_status(spec, cassettes / spec.name) for spec in specs_of(providers)]
    outdated = [
        recording
        for recording in recordings
        if max_age is not None and recording["days"] is not None and recording["days"] > max_age
    ]
    if form == "json":
        print_json(
            {
                "format": "conformance-cassettes/1",
                "recordings": recordings,
                "older": [recording["provider"] for recording in outdated],
            }
        )
    else:
        for recording in recordings:
            _tell(recording, quiet=quiet)
    for recording in outdated:
        click.echo(too_old(recording["provider"], recording["days"]), err=True)


def too_old(provider: str, days: float) -> str:
    """Return the warning about a recording that is older than allowed."""
    return (
        f"{provider}: recorded {days:.0f} days ago. Record it anew: "
        f"conformance run {provider} --record, with the target it came from."
    )


def _status(spec: Spec, folder: Path) -> dict[str, Any]:
    from conformance.run.recording.recording import read_recording
    from conformance.run.recording.recording_age import ageing

    unfinished = sorted(path.name for path in folder.glob("*.part"))
    recording = read_recording(folder)
    row: dict[str, Any] = {
        "provider": spec.name,
        "folder": str(folder),
        "unfinished": unfinished,
        "days": None,
        "recorded_from": None,
    }
    if recording is None:
        return row
    return row | _age(recording, ageing(recording, spec))


def _age(recording: Recording, ageing: Ageing) -> dict[str, Any]:
    facts = recording.facts
    files = [path for path in recording.folder.rglob("*") if path.is_file()]
    return {
        "recorded_from": facts.recorded_from,
        "recorded": time.strftime("%Y-%m-%d", time.gmtime(recording.started)),
        "days": round(max(0.0, time.time() - recording.started) / DAY, 2),
        "version": facts.version,
        "seed": facts.seed,
        "spend": asdict(facts.spend) if facts.spend else None,
        "refreshed": len(facts.refreshed or ()),
        "exchanges": len(recording.exchanges()),
        "bytes": sum(path.stat().st_size for path in files),
        "same_spec": ageing.same_spec,
        "missing": list(ageing.missing),
        "gone": list(ageing.gone),
        "drift": [
            {
                "clause": drifted.clause,
                "recorded": list(drifted.recorded),
                "today": list(drifted.today),
            }
            for drifted in ageing.drift
        ],
    }


def _tell(row: dict[str, Any], *, quiet: bool) -> None:
    name = row["provider"]
    if row["unfinished"]:
        click.echo(
            f"{name}: a recording was not brought to its end ({len(row['unfinished'])} "
            "files); take it up with `conformance resume`, or look at it with "
            "`conformance audit`.",
            err=True,
        )
    if row["recorded_from"] is None:
        click.echo(f"{name}: not recorded; conformance run {name} --target simulator --record")
        return
    if not quiet:
        age = "today" if row["days"] < 1 else f"{row['days']:.0f} days ago"
        spec = "spec unchanged" if row["same_spec"] else "spec changed since"
        click.echo(
            f"{name}: from {row['recorded_from']}, {row['recorded']} ({age}), "
            f"{row['exchanges']} exchanges, {row['bytes'] / 1e6:.1f} MB, {spec}"
        )
    for key, meaning in (
        ("missing", "cannot be shown by it"),
        ("drift", "would be asked otherwise today"),
        ("gone", "are clauses no more"),
    ):
        if names := [entry["clause"] if isinstance(entry, dict) else entry for entry in row[key]]:
            more = f" and {len(names) - 3} more" if len(names) > 3 else ""
            click.echo(f"  {len(names)} {meaning}: {', '.join(names[:3])}{more}")
    if row["missing"]:
        click.echo(f"  next: conformance cassettes refresh {name}")


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
@click.option("--key", metavar="ENVVAR", help="The environment variable that holds the key.")
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
@click.option("--quiet", is_flag=True, help="Only the decision and the findings.")
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
    from conformance.cli.commands.run import run_all, specs_of
    from conformance.run.open_target import TargetChoice, recording_of
    from conformance.run.recording.recording_age import ageing
    from conformance.run.run_settings import RunOptions

    (spec,) = specs_of((provider,))
    recording = recording_of(spec, TargetChoice(kind="replay", cassettes=cassettes))
    aged = ageing(recording, spec)
    before = recording.plan(spec, ())
    credits_more = aged.plan.expected - before.expected
    click.echo(
        f"{spec.name}: {len(aged.missing)} clauses lack requests; "
        f"{len(aged.plan.jobs) - len(before.jobs)} jobs more, "
        f"{credits_more:g} {spec.provider.unit}, at worst {aged.plan.worst - before.worst:g}"
    )
    if dry_run or not aged.missing:
        return
    # What the recording answers is counted as it was, but costs nothing again.
    spent = recording.facts.spend.credits if recording.facts.spend else before.expected
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
    from conformance.cli.commands.run import specs_of
    from conformance.client.recorded.cassette_check import compare, record
    from conformance.errors import NothingRecorded

    differences: dict[str, list[str]] = {}
    for spec in specs_of(providers):
        folder = cassettes / "client" / spec.name
        try:
            differences[spec.name] = [difference.told for difference in compare(spec, folder)]
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
