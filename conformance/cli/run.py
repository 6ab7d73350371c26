"""`conformance run`: decide for every clause whether a server keeps it."""

from __future__ import annotations

import json
import os
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.report.run_file.run_file import RunRecord
    from conformance.run.decision import Summary
    from conformance.run.events import Listener
    from conformance.run.open_target import TargetChoice
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


@click.command(epilog=EXAMPLES)
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
    help="Only clauses that match, e.g. '*.duration.*', a kind, or `client`: what the reference client relies on. May be repeated.",
)
@click.option(
    "--level",
    type=click.Choice(["must", "should", "companion"]),
    help="Only clauses of this level.",
)
@click.option(
    "--cheap",
    is_flag=True,
    help="Free proofs and one job per scenario; with --night, what its share needs besides.",
)
@click.option(
    "--night",
    metavar="K/N",
    help="Only the K-th of N shares of the clauses, for a rotation over N nights; with a history, the oldest proofs first.",
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
    default=600.0,
    show_default=True,
    metavar="S",
    help="Seconds a job may take.",
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
@click.option(
    "--cassettes",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("cassettes"),
    show_default=True,
    metavar="DIR",
    help="Where recordings lie.",
)
@click.option(
    "--strict",
    is_flag=True,
    help="In a replay, what was never recorded is an error (exit 3), not left open.",
)
@click.option(
    "--max-age",
    type=click.FloatRange(min=0),
    metavar="DAYS",
    help="Warn where a recording is older.",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("reports"),
    show_default=True,
    metavar="DIR",
    help="Where the files go.",
)
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
    help="What counts as new beside: an earlier run's folder or file, or `last`: the history in --out.",
)
@click.option(
    "--waivers",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Accepted divergences. Default: waivers.yaml beside the spec.",
)
@click.option(
    "--min-coverage",
    type=click.FloatRange(0, 100),
    metavar="N",
    help="Exit 4 where less than N percent of what binds was decided.",
)
@click.option(
    "--config",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Another conformance.toml.",
)
@click.option("--quiet", is_flag=True, help="Only the decision and the findings.")
def run(**options: Any) -> None:
    """Decide for every clause of a provider whether a server keeps it, spending as little as can be."""
    from conformance.report.formats.outputs import write_provider
    from conformance.run.decision import heaviest

    out: Path = options["out"]
    codes = [0]
    runs = []
    specs = specs_of(options["providers"])
    # All is read before anything is sent: what is wrong is told first, and a run may replace what it is compared with.
    before = {spec.name: baseline_of(spec, options["baseline"]) for spec in specs}
    for execution in [execution_of(spec, options, out / spec.name) for spec in specs]:
        spec, folder = execution.spec, out / execution.spec.name
        summary, code = execute(execution, folder, {**options, "before": before[spec.name]})
        runs.append((spec, summary, write_provider(folder, baseline=before[spec.name])))
        codes.append(code)
    finish(runs, out, options, before)
    sys.exit(heaviest(codes))


def specs_of(providers: tuple[str, ...]) -> list[Spec]:
    """Return the specs that are named, or all."""
    from conformance.spec.catalog import find, names
    from conformance.spec.document import load

    found = [load(find(name)) for name in providers or names()]
    seen: dict[str, str] = {}
    for spec in found:
        if spec.name in seen and seen[spec.name] != spec.file:
            raise click.UsageError(
                f"Two specs have one name, {spec.name!r}: {seen[spec.name]} and {spec.file}."
            )
        seen[spec.name] = spec.file
    return found


def baseline_of(spec: Spec, name: str) -> RunRecord | None:
    """Return the run that another is compared with; None where that is the last one in the history."""
    from conformance.report.run_file.find_runs import whole_run_at

    return None if name == "last" else whole_run_at(Path(name), provider=spec.name)


def again(folder: Path, options: dict[str, Any], *, quiet: bool) -> int:
    """Take up the run whose journal lies in a folder; return its exit code."""
    from conformance.report.formats.outputs import write_provider

    # Whoever began it may have said less than the command line: pytest, or an earlier version.
    options = {**run.make_context("run", []).params, **options}
    options = {
        **options,
        "out": Path(options["out"]),
        "config": Path(options["config"]) if options["config"] else None,
        "quiet": quiet,
    }
    (spec,) = specs_of((options["spec"],))
    before = baseline_of(spec, options["baseline"])
    execution = replace(execution_of(spec, options, folder), resumed=True)
    summary, code = execute(execution, folder, {**options, "before": before})
    finish(
        [(spec, summary, write_provider(folder, baseline=before))],
        folder.parent,
        options,
        {spec.name: before},
    )
    return code


def execute(execution: Session, folder: Path, options: dict[str, Any]) -> tuple[Summary, int]:
    """Run it with the listeners of the command line; return the summary and the exit code."""
    from conformance.cli.live_view import Console
    from conformance.model.verdict import Decision
    from conformance.report.run_file.run_file import RunFile
    from conformance.run.decision import exit_code
    from conformance.run.session import cleaner

    spec = execution.spec
    verdicts: list[Any] = []
    console = Console(quiet=options["quiet"], folder=folder)

    def listeners(keys: Any) -> Listener:
        clean = cleaner(keys, execution.spec)
        file = RunFile(
            folder / "run.jsonl", spec.provider, clean=clean, command=["conformance", *sys.argv[1:]]
        )

        def listen(event: Any) -> None:
            file(event)
            console(event)
            if hasattr(event, "verdict"):
                verdicts.append((event.clause, event.verdict))

        return listen

    with console:
        summary = execution.start(listeners)
    decision = (
        Decision.CONDITIONAL
        if summary.decision is Decision.NO_GO and _excused(folder, options)
        else summary.decision
    )
    return summary, exit_code(
        decision,
        verdicts,
        coverage=summary.coverage,
        min_coverage=options["min_coverage"],
        complete=summary.complete,
    )


def _excused(folder: Path, options: dict[str, Any]) -> bool:
    """Say whether what is broken is none of what `--fail-on` asks for; it stays a no-go."""
    from conformance.report.comparing.gather_background import looked_up, worse
    from conformance.report.comparing.history import FILE
    from conformance.report.run_file.run_file import read_run

    if options["fail_on"] != "new":
        return bool(options["fail_on"] == "never")
    run = read_run(folder / "run.jsonl")
    known, _ = looked_up(folder.parent / FILE, run, baseline=options.get("before"))
    return not worse(run, known)


def execution_of(spec: Spec, options: dict[str, Any], folder: Path) -> Session:
    """Return the run that the options ask for."""
    from conformance.model.clause import Level
    from conformance.report.comparing.gather_background import turns_of
    from conformance.report.comparing.history import FILE, place_of
    from conformance.run.configuration import configuration
    from conformance.run.open_target import TargetChoice
    from conformance.run.run_settings import Settings, usual_concurrency
    from conformance.run.session import Selection, Session
    from conformance.run.waiver_check import granted

    config = configuration(spec.name, options["config"]).with_media(
        images=options["media_image"], videos=videos_of(options["media_video"])
    )
    kind = _kind(spec, options)
    choice = TargetChoice(
        kind=kind,
        base_url=options["base_url"] or "",
        key_env=options["key"] or "",
        second_env=options["second_key"] or "",
        configuration=config,
        sabotages=sabotages_of(spec, options["sabotage"]),
        seed=options["seed"],
        cassettes=Path(options["cassettes"]),
        record=options["record"],
        refresh=options.get("refresh", False),
    )
    _warn_of_age(spec, choice, options["max_age"])
    settings = Settings(
        budget=options["budget"] if options["budget"] is not None else config.budget,
        max_jobs=options["max_jobs"],
        concurrency=int(
            config.concurrency
            or options["concurrency"]
            or usual_concurrency(options["base_url"] or config.base_url)
        ),
        rate=options["rate"] or config.rate,
        job_timeout=options["job_timeout"],
        poll_interval=options["poll_interval"] or config.poll_interval,
        seed=options["seed"],
        explore=options["explore"],
        strict=options["strict"],
        waivers=granted(spec, options["waivers"] and Path(options["waivers"])),
    )
    only, named = _narrowed(spec, options["only"])
    selection = Selection(
        only=only,
        level=Level(options["level"]) if options["level"] else None,
        cheap=options["cheap"],
        night=night_of(options["night"]),
        named=named,
    )
    # A run that is resumed looks at the history as it was when it began, so that its share of the night is the same.
    begun = options.get("begun") or time.time()
    if selection.night:
        address = options["base_url"] or config.base_url or spec.provider.base_url or ""
        selection = replace(
            selection,
            turns=turns_of(
                folder.parent / FILE, spec.name, place=place_of(kind, address), before=begun
            ),
        )
    remembered = json.dumps({**options, "spec": spec.file, "begun": begun}, default=str)
    return Session(
        spec=spec,
        choice=choice,
        selection=selection,
        settings=settings,
        journal=folder / "journal.sqlite",
        options=remembered,
    )


def _kind(spec: Spec, options: dict[str, Any]) -> str:
    """Return the target; a replay is not to be recorded."""
    from conformance.run.open_target import usual_kind

    if options["target"] == "replay" and options["record"]:
        raise click.UsageError(
            "A replay cannot be recorded: it would only copy what is there. Add --target simulator, or --base-url URL."
        )
    return usual_kind(
        spec,
        Path(options["cassettes"]),
        target=options["target"],
        base_url=options["base_url"],
        simulated=bool(options["sabotage"] or options["record"]),
    )


def _warn_of_age(spec: Spec, choice: TargetChoice, most: float | None) -> None:
    """Say that a recording is older than it should be."""
    from conformance.cli.cassettes import DAY, too_old
    from conformance.run.open_target import recording_of

    if (
        choice.kind == "replay"
        and most is not None
        and (days := (time.time() - recording_of(spec, choice).started) / DAY) > most
    ):
        click.echo(too_old(spec.name, days), err=True)


def _narrowed(spec: Spec, only: tuple[str, ...]) -> tuple[tuple[str, ...], frozenset[str] | None]:
    """Return the patterns, and the clauses that the client relies on where `client` is one of them."""
    from conformance.client.relied_on import relied_on

    if "client" not in only:
        return tuple(only), None
    return tuple(pattern for pattern in only if pattern != "client"), relied_on(spec)


def videos_of(texts: tuple[str, ...]) -> dict[int, str]:
    """Return input videos by length: `8=https://…`; without a length, the usual one is taken."""
    from conformance.model.inputs import USUAL_SECONDS

    found: dict[int, str] = {}
    for text in texts:
        seconds, equals, url = text.partition("=")
        if equals and seconds.isdecimal():
            found[int(seconds)] = url
        else:
            found[USUAL_SECONDS] = text
    return found


def night_of(text: str | None) -> tuple[int, int] | None:
    """Return which night of how many: `3/7`."""
    if text is None:
        return None
    night, _, nights = text.partition("/")
    if not night.isdecimal() or not nights.isdecimal() or not 0 < int(night) <= int(nights):
        raise click.BadParameter(f"{text!r} is no share such as 3/7", param_hint="--night")
    return int(night), int(nights)


def sabotages_of(spec: Spec, ids: tuple[str, ...]) -> tuple[Any, ...]:
    """Return the sabotages of the clauses named; `ID#2` takes the second way to break it."""
    from conformance.promises.registry import derive, kind_of
    from conformance.run.planning.selection import NothingSelected
    from conformance.spec.did_you_mean import nearest

    found: list[Any] = []
    clauses = {clause.id: clause for clause in derive(spec)} if ids else {}
    for text in ids:
        name, _, which = text.partition("#")
        if name not in clauses:
            raise NothingSelected(name, nearest(name, clauses))
        ways = list(kind_of(clauses[name]).sabotage(clauses[name]))
        if not ways:
            raise click.UsageError(f"{name} cannot be broken on request.")
        found.append(ways[min(int(which or 1), len(ways)) - 1])
    return tuple(found)


def finish(
    runs: list[Any],
    out: Path,
    options: dict[str, Any],
    before: Mapping[str, RunRecord | None] | None = None,
) -> None:
    """Say what came of it and where to read on."""
    from conformance.cli.closing_words import closing
    from conformance.report.comparing.gather_background import looked_up
    from conformance.report.comparing.history import FILE
    from conformance.report.formats.outputs import write_all

    known = {
        spec.name: looked_up(out / FILE, run, baseline=(before or {}).get(spec.name))
        for spec, _, run in runs
    }
    records, backgrounds = (
        [run for _, _, run in runs],
        {name: one for name, (one, _) in known.items()},
    )
    write_all(out, records, backgrounds)
    for trouble in {trouble for _, trouble in known.values() if trouble}:
        click.echo(trouble, err=True)
    closing(
        records, out, backgrounds, quiet=options["quiet"], color=os.environ.get("NO_COLOR") is None
    )
