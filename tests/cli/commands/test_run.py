"""`conformance run`: a run that decides nothing never exits 0, and says why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from conformance.cli.main import commands

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result


def run(out: Path, *arguments: str) -> Result:
    everything = ["run", "foxapi", "--target", "simulator", "--out", str(out), *arguments]
    return CliRunner().invoke(commands, everything, catch_exceptions=False)


@pytest.mark.parametrize(
    "arguments",
    [
        ("--only", "billing"),
        ("--only", "extend.robustness.search"),
        ("--level", "should", "--max-jobs", "0"),
        ("--cheap", "--budget", "0"),
        ("--night", "1/3", "--max-jobs", "0"),
        ("--fail-on", "never", "--max-jobs", "0"),
    ],
)
def test_a_run_that_decides_nothing_is_never_allowed(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    assert run(tmp_path, *arguments, "--allow-unknown").exit_code == 3


def test_a_selection_of_what_only_should_be_is_zero_where_all_of_it_was_decided(
    tmp_path: Path,
) -> None:
    assert run(tmp_path, "--only", "robustness").exit_code == 0
