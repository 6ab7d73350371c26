"""`conformance adopt`: walk from a new spec to a decision."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from conformance.cli.options import (
    CONFIGURATION,
    FORMAT,
    JOB_TIMEOUT,
    KEY,
    MEDIA_IMAGE,
    POLL_INTERVAL,
    RATE,
    SECOND_KEY,
    out_folder,
    print_json,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.adoption.adoption_walk import AdoptionWalk
    from conformance.adoption.dossier import Dossier
    from conformance.adoption.setup import AdoptionSetup
    from conformance.adoption.stage import Stage
    from conformance.cli.output.live_view import Console
    from conformance.spec.document import Spec

EXAMPLES = """
\b
Examples:
  conformance adopt specs/lantern.yaml --base-url http://127.0.0.1:9001
  export LANTERN_API_KEY=…
  conformance adopt specs/lantern.yaml --base-url https://api.lantern.example --budget 50
  conformance adopt specs/lantern.yaml --base-url https://api.lantern.example --until refusal    \
costs nothing
  conformance adopt specs/lantern.yaml --from-run reports/lantern             \
                    decides from a run that is there

The walk: configuration, reachability, one refusal, one job, the full run. It stops at the first
stage that fails and says what to do; the money of a later stage is never spent before the earlier
ones passed.

\b
Exit code 0: go, or conditional. 1: no-go. 2: our spec, key or command. 3: nobody there, or \
the provider did not let
the walk go on. 4: too little of what binds could be decided.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class AdoptOptions:
    """What somebody asked of a walk."""

    base_url: str | None
    key: str | None
    second_key: str | None
    budget: float | None
    max_jobs: int | None
    rate: float | None
    job_timeout: float | None
    poll_interval: float | None
    media_image: tuple[str, ...]
    media_video: tuple[str, ...]
    #: The last stage to walk.
    until: str
    #: The folder of a run to decide from.
    from_run: Path | None
    config: Path | None
    out: Path
    form: str
    quiet: bool


@click.command(
    epilog=EXAMPLES,
    help=(
        "Walk from a new spec to a decision: what a provider would give our client, take "
        "from it, and cost."
    ),
)
@click.argument("spec", metavar="PROVIDER|SPEC.yaml")
@click.option(
    "--base-url", metavar="URL", help="The provider's address, where the spec does not give it."
)
@KEY
@SECOND_KEY
@click.option(
    "--budget",
    type=click.FloatRange(min=0),
    metavar="N",
    help="Credits at most, of the whole walk; against real providers it is needed.",
)
@click.option(
    "--max-jobs", type=click.IntRange(min=0), metavar="N", help="Jobs at most, of the whole walk."
)
@RATE
@JOB_TIMEOUT
@POLL_INTERVAL
@MEDIA_IMAGE
@click.option(
    "--media-video",
    multiple=True,
    metavar="SECONDS=URL",
    help="An input video and its length. May be repeated.",
)
@click.option(
    "--until",
    type=click.Choice(["configuration", "reachability", "refusal", "job", "run"]),
    default="run",
    show_default=True,
    help="The last stage to walk.",
)
@click.option(
    "--from-run",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="DIR",
    help="Walk nothing and spend nothing: decide from the run in this folder.",
)
@CONFIGURATION
@out_folder("Where the files go; runs of our providers that lie there are compared.")
@FORMAT
@click.option("--quiet", is_flag=True, help="Only the decision and the path of its page.")
def adopt(spec: str, **given: Any) -> None:
    """Walk from a new spec to a decision."""
    from conformance.adoption.adoption_walk import AdoptionWalk
    from conformance.adoption.stage import StageName
    from conformance.cli.output.live_view import Console
    from conformance.spec.catalog import find
    from conformance.spec.document import load

    new, options = load(find(spec)), AdoptOptions(**given)
    quiet = options.quiet or options.form == "json"
    console = Console(quiet=quiet, folder=options.out / new.name)
    walk = AdoptionWalk(setup=_setup(new, options, console), until=StageName(options.until))
    if options.from_run:
        walk.stages.append(_kept(new, options.from_run))
    else:
        _go(walk, console, quiet=quiet)
    data = _written(new, walk, options)
    _tell(data, walk.setup.folder, options)
    sys.exit(_code(data, walk.stages[-1]))


def _kept(spec: Spec, folder: Path) -> Stage:
    """Return what a run that is there showed; it must be of this provider."""
    from conformance.adoption.paid_stages import stage_of
    from conformance.report.run_file.run_file import read_run

    run = read_run(folder / "run.jsonl")
    if run.header.provider != spec.name:
        raise click.BadParameter(
            f"the run in {folder} is of {run.header.provider}, not of {spec.name}",
            param_hint="--from-run",
        )
    return stage_of(run, folder)


def _setup(spec: Spec, options: AdoptOptions, console: Console) -> AdoptionSetup:
    from conformance.adoption.setup import AdoptionSetup
    from conformance.adoption.stage import StageName
    from conformance.run.run_settings import RunOptions
    from conformance.run.session import Session

    # A walk that ends before the first job needs no budget.
    free = StageName(options.until) in (
        StageName.CONFIGURATION,
        StageName.REACHABILITY,
        StageName.REFUSAL,
    )
    asked = RunOptions(
        spec=spec.file,
        target="live",
        base_url=options.base_url,
        key=options.key,
        second_key=options.second_key,
        budget=options.budget,
        max_jobs=0 if free else options.max_jobs,
        rate=options.rate,
        job_timeout=options.job_timeout,
        poll_interval=options.poll_interval,
        media_image=options.media_image,
        media_video=options.media_video,
        config=options.config,
        out=options.out,
    )
    folder = options.out / spec.name
    session = Session.from_options(spec, asked, folder=folder)
    return AdoptionSetup(
        spec=spec,
        choice=session.choice,
        settings=session.settings,
        folder=folder,
        listen=console,
        command=("conformance", *sys.argv[1:]),
        options=asked,
    )


def _go(walk: AdoptionWalk, console: Console, *, quiet: bool) -> None:
    from conformance.adoption.stage import STAGE_PURPOSES

    with console:
        for name, stage in walk.walk():
            if quiet:
                continue
            if stage is None:
                click.echo(f"{name.value}: {STAGE_PURPOSES[name]} …", err=True)
            else:
                _stage(stage)


def _stage(stage: Stage) -> None:
    from conformance.drafting.draft_yaml import printable

    for line in stage.sentences:
        click.echo(f"  {'✓' if stage.passed else '✗'} {printable(line)}", err=True)


def _others(spec: Spec) -> list[Spec]:
    """Return the providers we already have, but for those whose spec does not load."""
    from conformance.errors import BadSpec
    from conformance.spec.catalog import find, names
    from conformance.spec.document import load

    others = []
    for name in names():
        try:
            other = load(find(name))
        except BadSpec as error:
            click.echo(f"Left out: {error}", err=True)
            continue
        if other.name != spec.name:
            others.append(other)
    return others


def _written(spec: Spec, walk: AdoptionWalk, options: AdoptOptions) -> Dossier:
    import msgspec

    from conformance.adoption.adoption_page import page
    from conformance.adoption.dossier import dossier
    from conformance.adoption.stage import StageName
    from conformance.report.formats.outputs import pretty, write_all, write_provider, write_text
    from conformance.report.run_file.run_file import read_run

    folder, run = walk.setup.folder, None
    folder.mkdir(parents=True, exist_ok=True)
    if options.from_run:
        run = read_run(options.from_run / "run.jsonl")
    elif walk.stages[-1].name is StageName.RUN and walk.stages[-1].passed:
        run = write_provider(folder)
        write_all(folder, [run])
    report = "index.html" if run and (folder / "index.html").exists() else None
    data = dossier(
        spec,
        _others(spec),
        walk.stages,
        run,
        against=options.out,
        report=report,
        base_url=run.header.base_url if run else walk.setup.choice.address(spec),
    )
    write_text(folder / "adopt.json", pretty(msgspec.to_builtins(data)))
    write_text(folder / "adopt.html", page(data))
    return data


def _tell(data: Dossier, folder: Path, options: AdoptOptions) -> None:
    if options.form == "json":
        import msgspec

        print_json(msgspec.to_builtins(data))
        return
    click.echo(_plain(f"{data.provider}: {data.decision}, {data.why}"))
    if not options.quiet:
        for line in _lines(data):
            click.echo(_plain(line))
    click.echo(f"Decision page: {folder / 'adopt.html'}")


def _lines(data: Dossier) -> Iterator[str]:
    from conformance.report.safe_text import brief

    yield f"Beside {', '.join(data.against) or 'no other provider'}:"
    for text in data.gains:
        yield f"  + {text}"
    for text in data.loses:
        yield f"  - {text}"
    broken = [finding for finding in data.findings if finding.verdict != "untestable"]
    if data.stages[-1].name == "run":
        yield f"Diverges: {len(broken)}"
    for finding in broken[:5]:
        yield f"  {finding.verdict}: {brief(finding.promise)} ({brief(finding.received)})"
    spend = data.spend
    yield (f"It cost {_many(spend.requests, 'request')}, {spend.bought} to find out.")


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _plain(text: str) -> str:
    """Take out what a hostile provider could do to a terminal."""
    return "".join(letter if letter.isprintable() else "�" for letter in text)[:600]


def _code(data: Dossier, last: Stage) -> int:
    from conformance.adoption.stage import StageFailure, StageName

    if not last.passed:
        return 2 if last.failure is StageFailure.OURS else 3
    if data.decision == "no-go":
        return 1
    decided = data.decision in ("go", "conditional")
    return 4 if last.name is StageName.RUN and not decided else 0
