"""`conformance run`: decide for every clause whether a server keeps it."""

from __future__ import annotations

import os
import sys
import time
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from conformance.cli.options import (
    CASSETTES,
    CONFIGURATION,
    LEVEL,
    MAX_AGE,
    MIN_COVERAGE,
    out_folder,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from conformance.report.run_file.run_file import RunRecord
    from conformance.run.run_settings import RunOptions
    from conformance.run.session import Session
    from conformance.spec.document import Spec

EXAMPLES = """
\b
Examples:
  conformance run                                   replay what is recorded; no network, no key
  conformance run PROVIDER --target simulator       the whole run against the built-in provider
  conformance run PROVIDER --target simulator --record
  conformance run --cassettes cassettes/demo        a recording with divergences: exit code 1
  conformance run PROVIDER --base-url http://127.0.0.1:9002
  conformance run PROVIDER --target live --budget 250
  conformance run specs/new.yaml --base-url https://api.example.com --key NEW_KEY --budget 50
"""


def _check_night(_context: click.Context, _option: click.Parameter, text: str | None) -> str | None:
    """Refuse what is no share."""
    from conformance.run.planning.selection import night_of

    try:
        night_of(text)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--night") from error
    return text


@click.command(
    epilog=EXAMPLES,
    help=(
        "Decide for every clause of a provider whether a server keeps it, spending as "
        "little as can be."
    ),
)
@click.argument("providers", nargs=-1, metavar="[PROVIDER|SPEC.yaml]...")
@click.option(
    "--target",
    type=click.Choice(["replay", "simulator", "live"]),
    help="Where the answers come from. Default: live with --base-url, else replay.",
)
@click.option(
    "--base-url", metavar="URL", help="The server to run against; alone it means --target live."
)
@click.option("--key", metavar="ENVVAR", help="The environment variable that holds the key.")
@click.option(
    "--second-key",
    metavar="ENVVAR",
    help="The variable with a second account's key: adds the isolation clauses.",
)
@click.option(
    "--budget",
    type=click.FloatRange(min=0),
    metavar="N",
    help="Credits at most; live runs need it.",
)
@click.option("--max-jobs", type=click.IntRange(min=0), metavar="N", help="Jobs at most.")
@click.option(
    "--only",
    multiple=True,
    metavar="GLOB",
    help=(
        "Only clauses that match, e.g. '*.duration.*', a kind, or `client`: "
        "what the reference client relies on. May be repeated."
    ),
)
@LEVEL
@click.option(
    "--cheap",
    is_flag=True,
    help="Free proofs and one job per scenario; with --night, what its share needs besides.",
)
@click.option(
    "--night",
    callback=_check_night,
    metavar="K/N",
    help=(
        "Only the K-th of N shares of the clauses, for a rotation over N nights; "
        "with a history, the oldest proofs first."
    ),
)
@click.option(
    "--explore",
    type=click.IntRange(min=0),
    default=0,
    metavar="N",
    help="Search for N forbidden requests per operation that are let in.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="Of everything that is drawn.")
@click.option(
    "--concurrency",
    type=click.IntRange(min=1, max=64),
    help="Requests at a time. Default: 8, on loopback 32.",
)
@click.option(
    "--rate", type=click.FloatRange(min=0.01), metavar="N", help="Requests per second at most."
)
@click.option(
    "--job-timeout",
    type=click.FloatRange(min=0.1),
    metavar="S",
    help="Seconds a job may take. Default: 600.",
)
@click.option(
    "--poll-interval",
    type=click.FloatRange(min=0.01),
    metavar="S",
    help="Seconds between polls; the provider's own hint without it.",
)
@click.option(
    "--media-image",
    multiple=True,
    metavar="URL",
    help="An input image that the provider can fetch. May be repeated.",
)
@click.option(
    "--media-video",
    multiple=True,
    metavar="SECONDS=URL",
    help="An input video and its length, e.g. 8=https://… May be repeated.",
)
@click.option(
    "--sabotage",
    multiple=True,
    metavar="CLAUSE",
    help="Have the simulator break this clause. May be repeated.",
)
@click.option(
    "--record",
    is_flag=True,
    help="Record the run: its cassettes replace those of an earlier one when it has ended.",
)
@CASSETTES
@click.option(
    "--strict",
    is_flag=True,
    help="In a replay, what was never recorded is an error (exit 3), not left open.",
)
@MAX_AGE
@out_folder("Where the files go.")
@click.option(
    "--fail-on",
    type=click.Choice(["fail", "new", "never"]),
    default="fail",
    show_default=True,
    help="Which findings make the exit code 1.",
)
@click.option(
    "--baseline",
    default="last",
    show_default=True,
    metavar="RUN",
    help=(
        "What counts as new beside: an earlier run's folder or file, or `last`: "
        "the history in --out."
    ),
)
@click.option(
    "--waivers",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Accepted divergences. Default: waivers.yaml beside the spec.",
)
@MIN_COVERAGE
@CONFIGURATION
@click.option("--quiet", is_flag=True, help="Only the decision and the findings.")
def run(providers: tuple[str, ...], *, quiet: bool, **options: Any) -> None:
    """Decide for every clause of a provider whether a server keeps it."""
    from conformance.run.run_settings import RunOptions

    if options["target"] == "replay" and options["record"]:
        raise click.UsageError(
            "A replay cannot be recorded: it would only copy what is there. "
            "Add --target simulator, or --base-url URL."
        )
    sys.exit(run_all(specs_of(providers), RunOptions(**options), quiet=quiet))


def run_all(specs: Sequence[Spec], options: RunOptions, *, quiet: bool) -> int:
    """Run each provider and tell what came of it; return the exit code."""
    from conformance.report.formats.outputs import write_provider
    from conformance.run.decision import heaviest
    from conformance.run.session import Session

    # All is read before anything is sent: what is wrong is told first,
    # and a run may replace what it is compared with.
    baselines = {spec.name: baseline_of(spec, options.baseline) for spec in specs}
    sessions = []
    for spec in specs:
        check_breakable(spec, options.sabotage)
        session = Session.from_options(
            spec, replaced(options, spec=spec.file), folder=options.out / spec.name
        )
        warn_of_age(session)
        sessions.append(with_turns(session))
    codes, records = [0], []
    for session in sessions:
        name, folder = session.spec.name, options.out / session.spec.name
        codes.append(execute(session, folder, baseline=baselines[name], quiet=quiet))
        records.append(write_provider(folder, baseline=baselines[name]))
    finish(records, options.out, baselines, quiet=quiet)
    return heaviest(codes)


def again(folder: Path, options: RunOptions, *, quiet: bool) -> int:
    """Take up the run whose journal lies in a folder; return its exit code."""
    from conformance.report.formats.outputs import write_provider
    from conformance.run.session import Session

    (spec,) = specs_of((options.spec,))
    baseline = baseline_of(spec, options.baseline)
    session = with_turns(Session.from_options(spec, options, folder=folder))
    code = execute(replace(session, resumed=True), folder, baseline=baseline, quiet=quiet)
    record = write_provider(folder, baseline=baseline)
    finish([record], folder.parent, {spec.name: baseline}, quiet=quiet)
    return code


def specs_of(providers: tuple[str, ...]) -> list[Spec]:
    """Return the specs that are named, or all."""
    from conformance.spec.catalog import find, names
    from conformance.spec.document import load

    specs = [load(find(name)) for name in providers or names()]
    files: dict[str, str] = {}
    for spec in specs:
        if files.setdefault(spec.name, spec.file) != spec.file:
            raise click.UsageError(
                f"Two specs have one name, {spec.name!r}: {files[spec.name]} and {spec.file}."
            )
    return specs


def baseline_of(spec: Spec, name: str) -> RunRecord | None:
    """Return the run that others are compared with; None where that is the last in the history."""
    from conformance.report.run_file.find_runs import whole_run_at

    return None if name == "last" else whole_run_at(Path(name), provider=spec.name)


def check_breakable(spec: Spec, ids: tuple[str, ...]) -> None:
    """Refuse to break what is no clause, or what cannot be broken."""
    from conformance.run.proving.broken_clauses import check_known, sabotages_of

    check_known([spec], ids)
    for text in ids:
        if not sabotages_of(spec, [text]):
            raise click.UsageError(f"{text.partition('#')[0]} cannot be broken on request.")


def with_turns(session: Session) -> Session:
    """Return a session that takes its share of the clauses by the history.

    A resumed run looks at the history as it was when it began, so that its share is the same.
    """
    from conformance.report.comparing.gather_background import turns_of
    from conformance.report.comparing.history import FILE, place_of

    if not session.selection.night or session.journal is None:
        return session
    begun = session.options.begun or time.time()
    turns = turns_of(
        session.journal.parent.parent / FILE,
        session.spec.name,
        place=place_of(session.choice.kind, session.choice.address(session.spec)),
        before=begun,
    )
    return replace(
        session,
        selection=replace(session.selection, turns=turns),
        options=replaced(session.options, begun=begun),
    )


def warn_of_age(session: Session) -> None:
    """Say that a recording is older than it should be."""
    from conformance.cli.commands.cassettes import DAY, too_old
    from conformance.run.open_target import recording_of

    most = session.options.max_age
    if session.choice.kind != "replay" or most is None:
        return
    days = (time.time() - recording_of(session.spec, session.choice).started) / DAY
    if days > most:
        click.echo(too_old(session.spec.name, days), err=True)


def replaced(options: RunOptions, **changes: Any) -> RunOptions:
    """Return options with some of them changed."""
    import msgspec

    return msgspec.structs.replace(options, **changes)


def execute(session: Session, folder: Path, *, baseline: RunRecord | None, quiet: bool) -> int:
    """Run it with the listeners of the command line; return the exit code."""
    from conformance.cli.output.live_view import Console
    from conformance.model.verdict import Decision
    from conformance.report.run_file.run_file import RunFile
    from conformance.run.decision import exit_code

    run_file = partial(
        RunFile,
        folder / "run.jsonl",
        session.spec.provider,
        command=["conformance", *sys.argv[1:]],
    )
    with Console(quiet=quiet, folder=folder) as console:
        summary = session.start(console, run_file=run_file)
    decision = summary.decision
    if decision is Decision.NO_GO and _excused(folder, session.options, baseline):
        decision = Decision.CONDITIONAL
    return exit_code(
        decision,
        summary.verdicts,
        coverage=summary.coverage,
        min_coverage=session.options.min_coverage,
        complete=summary.complete,
    )


def _excused(folder: Path, options: RunOptions, baseline: RunRecord | None) -> bool:
    """Say whether what is broken is none of what `--fail-on` asks for; it stays a no-go."""
    from conformance.report.comparing.gather_background import looked_up, worse
    from conformance.report.comparing.history import FILE
    from conformance.report.run_file.run_file import read_run

    if options.fail_on != "new":
        return options.fail_on == "never"
    record = read_run(folder / "run.jsonl")
    background, _ = looked_up(folder.parent / FILE, record, baseline=baseline)
    return not worse(record, background)


def finish(
    records: Sequence[RunRecord],
    out: Path,
    baselines: Mapping[str, RunRecord | None] | None = None,
    *,
    quiet: bool,
) -> None:
    """Say what came of it and where to read on."""
    from conformance.cli.output.closing_words import closing
    from conformance.report.comparing.gather_background import looked_up
    from conformance.report.comparing.history import FILE
    from conformance.report.formats.outputs import write_all

    backgrounds, troubles = {}, set()
    for record in records:
        name = record.header.provider
        baseline = baselines.get(name) if baselines else None
        backgrounds[name], trouble = looked_up(out / FILE, record, baseline=baseline)
        troubles.add(trouble)
    write_all(out, records, backgrounds)
    for trouble in troubles - {""}:
        click.echo(trouble, err=True)
    closing(records, out, backgrounds, quiet=quiet, color=os.environ.get("NO_COLOR") is None)
