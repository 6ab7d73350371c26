"""The options: those of the command line, with a prefix, checked before anything is collected."""

from __future__ import annotations

import os
from argparse import ArgumentTypeError
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conformance.spec.document import Spec


def add_options(parser: pytest.Parser) -> None:
    """Add the options, named as those of the command line with a prefix."""
    group = parser.getgroup("conformance", "conformance: clauses of provider specs as tests")
    option = group.addoption
    option(
        "--conformance-target",
        choices=("replay", "simulator", "live"),
        help="Where the answers come from. Default: live with a base URL, else what is recorded, "
        "else the simulator.",
    )
    option("--conformance-base-url", metavar="URL", type=_url, help="The server to run against.")
    option(
        "--conformance-key",
        metavar="ENVVAR",
        type=_variable,
        help="The environment variable that holds the key.",
    )
    option(
        "--conformance-second-key",
        metavar="ENVVAR",
        type=_variable,
        help="The variable with a second account's key: adds the isolation clauses.",
    )
    option(
        "--conformance-budget",
        metavar="N",
        type=_credits,
        help="Credits at most; live runs need it.",
    )
    option(
        "--conformance-cassettes",
        metavar="DIR",
        type=Path,
        default=Path("cassettes"),
        help="Where recordings lie. Default: cassettes.",
    )
    option(
        "--conformance-record",
        action="store_true",
        help="Record the runs: their cassettes replace those of earlier ones.",
    )
    option(
        "--conformance-strict",
        action="store_true",
        help="In a replay, what was never recorded is an error, not a skip.",
    )
    option(
        "--conformance-sabotage",
        metavar="CLAUSE",
        action="append",
        default=[],
        help="Have the simulator break this clause. May be repeated.",
    )
    option(
        "--conformance-waivers",
        metavar="FILE",
        type=Path,
        help="Accepted divergences, shown as strict xfail. Default: waivers.yaml beside the spec.",
    )
    option(
        "--conformance-out",
        metavar="DIR",
        type=Path,
        help="Keep each run's files in DIR/NAME. Default: reports for a live target, else nowhere.",
    )


def _url(text: str) -> str:
    if not text.startswith(("http://", "https://")):
        raise ArgumentTypeError(f"{text!r} is no address such as https://api.example.com")
    return text


def _variable(text: str) -> str:
    if not os.environ.get(text, "").strip():
        raise ArgumentTypeError(
            f"the environment variable {text} is not set. "
            "Give the name of the variable that holds the key, never the key"
        )
    return text


def _credits(text: str) -> float:
    try:
        amount = float(text)
    except ValueError:
        amount = -1.0
    if not 0 <= amount < float("inf"):
        raise ArgumentTypeError(f"{text!r} is no number of credits, such as 50")
    return amount


def check(config: pytest.Config) -> None:
    """Refuse options that contradict each other."""
    option = config.option
    target = option.conformance_target
    if target == "simulator" and option.conformance_base_url:
        raise pytest.UsageError(
            "--conformance-base-url names a server, so --conformance-target cannot be simulator. "
            "Leave one of them out."
        )
    if option.conformance_sabotage and (
        target in ("live", "replay") or option.conformance_base_url
    ):
        raise pytest.UsageError(
            "--conformance-sabotage breaks the built-in simulator; a live target cannot be broken, "
            "nor can a recording. Leave one of them out."
        )
    if option.conformance_record and target == "replay":
        raise pytest.UsageError(
            "--conformance-record would only copy what is there, as the target is a replay. "
            "Leave one of them out."
        )


def kind_of_target(config: pytest.Config, spec: Spec) -> str:
    """Return where the answers for a spec come from."""
    from conformance.run.open_target import usual_kind

    option = config.option
    simulated = bool(option.conformance_sabotage or option.conformance_record)
    return usual_kind(
        spec,
        option.conformance_cassettes,
        target=option.conformance_target,
        base_url=option.conformance_base_url,
        simulated=simulated,
    )
