"""Options that several commands have, and how each of them prints for programs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable

FORMAT = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="For people, or for programs.",
)
LEVEL = click.option(
    "--level",
    type=click.Choice(["must", "essential", "should", "companion"]),
    help="Only clauses of this level.",
)
ALLOW_UNKNOWN = click.option(
    "--allow-unknown",
    is_flag=True,
    help="Exit 0, not 4, where what binds could not all be decided.",
)
CASSETTES = click.option(
    "--cassettes",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("cassettes"),
    show_default=True,
    metavar="DIR",
    help="Where recordings lie.",
)
KEY = click.option("--key", metavar="ENVVAR", help="The environment variable that holds the key.")
SECOND_KEY = click.option(
    "--second-key",
    metavar="ENVVAR",
    help="The variable with a second account's key: adds the isolation clauses.",
)
RATE = click.option(
    "--rate", type=click.FloatRange(min=0.01), metavar="N", help="Requests per second at most."
)
JOB_TIMEOUT = click.option(
    "--job-timeout",
    type=click.FloatRange(min=0.1),
    metavar="S",
    help="Seconds a job may take. Default: 600.",
)
POLL_INTERVAL = click.option(
    "--poll-interval",
    type=click.FloatRange(min=0.01),
    metavar="S",
    help="Seconds between polls; the provider's own hint without it.",
)
MEDIA_IMAGE = click.option(
    "--media-image",
    multiple=True,
    metavar="URL",
    help="An input image that the provider can fetch. May be repeated.",
)
CONFIGURATION = click.option(
    "--config",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Another conformance.toml.",
)
MAX_AGE = click.option(
    "--max-age",
    type=click.FloatRange(min=0),
    metavar="DAYS",
    help="Warn where a recording is older.",
)
ONLY_FINDINGS = click.option("--quiet", is_flag=True, help="Only the decision and the findings.")
MIN_COVERAGE = click.option(
    "--min-coverage",
    type=click.FloatRange(0, 100),
    metavar="N",
    help="Exit 4 where less than N percent of what binds was decided.",
)


def out_folder(meaning: str) -> Callable[[Any], Any]:
    """Return the option that names the folder of reports."""
    return click.option(
        "--out",
        type=click.Path(file_okay=False, path_type=Path),
        default=Path("reports"),
        show_default=True,
        metavar="DIR",
        help=meaning,
    )


def print_json(data: object) -> None:
    """Print data for programs."""
    click.echo(json.dumps(data, indent=2, ensure_ascii=False))
