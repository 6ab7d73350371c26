"""`conformance run`: decide for every clause whether a server keeps it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from conformance.cli.options import (
    ALLOW_UNKNOWN,
    CASSETTES,
    CONFIGURATION,
    JOB_TIMEOUT,
    KEY,
    LEVEL,
    MAX_AGE,
    MEDIA_IMAGE,
    MIN_COVERAGE,
    ONLY_FINDINGS,
    POLL_INTERVAL,
    RATE,
    SECOND_KEY,
    out_folder,
)

EXAMPLES = """
\b
Examples:
  conformance run                                   replay what is recorded; no network, no key
  conformance run PROVIDER --target simulator       the whole run against the built-in provider
  conformance run PROVIDER --target simulator --record
  conformance run --cassettes cassettes/demo        a recording with divergences: exit code 1
  conformance run PROVIDER --base-url http://127.0.0.1:9002
  conformance run PROVIDER --target live --budget 250
  conformance run PROVIDER --target live --budget 250 --allow-unknown
                                                    exit 0 though something that binds is open
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
@KEY
@SECOND_KEY
@click.option(
    "--budget",
    type=click.FloatRange(min=0),
    metavar="N",
    help="Credits at most; live runs need it.",
)
@click.option("--max-jobs", type=click.IntRange(min=0), metavar="N", help="Jobs at most.")
@click.option(
    "--max-requests",
    type=click.IntRange(min=1),
    metavar="N",
    help="Requests at most, polls included; without it, what `conformance plan` prints.",
)
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
@RATE
@JOB_TIMEOUT
@POLL_INTERVAL
@MEDIA_IMAGE
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
@ALLOW_UNKNOWN
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
@ONLY_FINDINGS
def run(providers: tuple[str, ...], *, quiet: bool, **options: Any) -> None:
    """Decide for every clause of a provider whether a server keeps it."""
    from conformance.cli.named_specs import specs_of
    from conformance.cli.run_providers import run_all
    from conformance.run.run_settings import RunOptions

    asked = RunOptions(**options)
    if asked.target == "replay" and asked.record:
        raise click.UsageError(
            "A replay cannot be recorded: it would only copy what is there. "
            "Add --target simulator, or --base-url URL."
        )
    sys.exit(run_all(specs_of(providers), asked, quiet=quiet))
