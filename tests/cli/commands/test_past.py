"""`conformance history` and `conformance diff`, for people and for programs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from conformance.cli.main import commands
from conformance.errors import NoHistory, NoSuchRun
from conformance.report.comparing.history import opened
from tests.report.written import put, written

if TYPE_CHECKING:
    from pathlib import Path

FIRST = written({"small.a": "pass", "small.b": "fail"}, at=1_800_000_000.0)
SECOND = written(
    {"small.a": {"verdict": "fail", "received": "\x1b[31mred\u202e"}, "small.b": "pass"},
    at=1_800_086_400.0,
)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    with opened(tmp_path / "history.sqlite", create=True) as history:
        for run in (FIRST, SECOND):
            history.append(run)
    return tmp_path


def call(*args: object) -> str:
    result = CliRunner().invoke(commands, [str(arg) for arg in args], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_history_shows_runs_and_what_changed(out: Path) -> None:
    told = call("history", "--out", out)

    assert "2027-01-16 08:00  small        simulator  no-go" in told
    assert "small.a  (simulator)  ✓✗\n  2027-01-16 08:01  pass → fail  regressed" in told


def test_history_of_one_clause_is_for_programs_too(out: Path) -> None:
    (one,) = json.loads(call("history", "*.b", "--out", out, "--format", "json"))["clauses"]

    assert [step["change"] for step in one["transitions"]] == ["new", "fixed"]


def test_without_a_history_it_says_how_one_comes_to_be(tmp_path: Path) -> None:
    with pytest.raises(NoHistory):
        call("history", "--out", tmp_path)


def test_diff_shows_what_changed_and_no_control_character(tmp_path: Path) -> None:
    told = call("diff", put(FIRST, tmp_path / "one"), put(SECOND, tmp_path / "two"))

    assert "small: no-go → no-go" in told
    assert "1 regressed, 0 new, 0 still failing, 1 fixed, 0 gone" in told
    assert "\x1b" not in told
    assert "\u202e" not in told


def test_diff_is_for_programs_too(tmp_path: Path) -> None:
    found = json.loads(
        call(
            "diff", put(FIRST, tmp_path / "one"), put(SECOND, tmp_path / "two"), "--format", "json"
        )
    )

    assert [one["clause"] for one in found["changes"]] == ["small.a", "small.b"]


def test_diff_of_nothing_is_told(tmp_path: Path) -> None:
    with pytest.raises(NoSuchRun):
        call("diff", tmp_path / "a", tmp_path / "b")


@pytest.mark.parametrize(
    ("before", "after", "decision", "code"),
    [
        ("pass", "fail", "no-go", 1),
        ("not_run", "fail", "no-go", 1),
        ("fail", "fail", "no-go", 0),
        ("fail", "pass", "go", 0),
        ("pass", "untestable", "unknown", 4),
    ],
)
def test_diff_tells_by_its_exit_code_where_something_became_worse_if_asked(
    tmp_path: Path, before: str, after: str, decision: str, code: int
) -> None:
    runs = [
        put(written({"a": before}), tmp_path / "before"),
        put(written({"a": after}, decision=decision), tmp_path / "after"),
    ]

    result = CliRunner().invoke(commands, ["diff", "--exit-code", *map(str, runs)])

    assert result.exit_code == code
    assert CliRunner().invoke(commands, ["diff", *map(str, runs)]).exit_code == 0


def test_quiet_shows_how_each_clause_stands_and_no_more(out: Path) -> None:
    assert (
        call("history", "--quiet", "--out", out)
        == "small.a  (simulator)  ✓✗\nsmall.b  (simulator)  ✗✓\n"
    )


def test_a_finding_that_was_there_from_the_first_run_on_says_so(out: Path) -> None:
    assert "first seen as fail  new\n" in call("history", "small.b", "--out", out)
