"""`conformance plan`: what a run would cost, and when each promise was last proved."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from conformance.cli.main import commands
from conformance.report.comparing.history import opened
from conformance.run.money.monthly_spending import VARIABLE, Ledger
from tests.report.written import changed, written
from tests.small import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from conformance.report.run_file.run_file import RunRecord

CLAUSE, OTHER = "foxapi.extend.duration.maximum", "foxapi.extend.duration.minimum"
DAY = 86_400.0


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    with opened(tmp_path / "history.sqlite", create=True) as history:
        history.append(live({CLAUSE: "pass", OTHER: "not_run"}, at=1_800_000_000.0))
        history.append(live({CLAUSE: "not_run"}, at=1_800_000_000.0 + DAY))
        history.append(
            written(
                {OTHER: "pass"}, provider="foxapi", target="simulator", at=1_800_000_000.0 + DAY
            )
        )
    return tmp_path


def live(found: dict[str, str | dict[str, Any]], *, at: float) -> RunRecord:
    run = written(found, provider="foxapi", target="live", at=at)
    return replace(run, header=changed(run.header, recorded_from="http://127.0.0.1:9002"))


def call(*args: object) -> str:
    result = CliRunner().invoke(
        commands,
        ["plan", "foxapi", "--base-url", "http://127.0.0.1:9003", *map(str, args)],
        catch_exceptions=False,
    )
    assert result.exit_code == 0, result.output
    return result.output


def proved(*args: object) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(call(*args, "--format", "json"))["proved"]
    return found


def test_it_says_when_each_paid_clause_was_last_proved_by_whom_it_is_bought_from(out: Path) -> None:
    assert proved("--out", out)[CLAUSE] == "2027-01-15"
    assert proved("--out", out)[OTHER] is None
    assert proved("--out", out, "--target", "simulator")[OTHER] == "2027-01-16"


def test_people_are_told_by_day_the_oldest_first(out: Path) -> None:
    lines = call("--out", out, "--only", "*.duration.m*").splitlines()
    begin = lines.index("  paid clauses by the day of their last proof:")

    assert lines[begin + 1].split()[:2] == ["never", "1"]
    assert lines[begin + 2].split()[:3] == ["2027-01-15", "1", CLAUSE]


def test_without_a_history_there_is_nothing_to_say(tmp_path: Path) -> None:
    assert "last proof" not in call("--out", tmp_path)
    assert set(proved("--out", tmp_path).values()) == {None}


def test_a_night_takes_those_whose_turn_was_longest_ago(out: Path) -> None:
    share = proved("--out", out, "--night", "1/2")

    assert CLAUSE not in share
    assert OTHER not in proved("--out", out, "--night", "1/3")


def test_it_says_what_is_spent_of_the_month(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "ledger.sqlite"))
    (tmp_path / "conformance.toml").write_text("[foxapi]\nmonthly_budget = 100\n")
    config = ("--config", tmp_path / "conformance.toml")
    assert json.loads(call(*config, "--format", "json"))["month"] == {"budget": 100, "spent": 0}

    ledger = Ledger(
        tmp_path / "ledger.sqlite", account="foxapi at loopback", cap=100, now=time.time
    )
    ledger.reserve(30)
    ledger.close()

    assert "  this month 30 of 100 " in call(*config)
    assert json.loads(call("--format", "json"))["month"] is None


@pytest.mark.parametrize(
    ("config", "lacks"),
    [("", True), ('[foxapi.media]\nvideos = {8 = "https://files.example/eight.mp4"}', False)],
)
def test_what_a_live_run_would_have_to_be_given_is_told(
    tmp_path: Path, config: str, *, lacks: bool
) -> None:
    (tmp_path / "conformance.toml").write_text(config)

    told = (
        CliRunner()
        .invoke(
            commands,
            ["plan", "foxapi", "--config", str(tmp_path / "conformance.toml")],
            catch_exceptions=False,
        )
        .output
    )

    assert ("in a live run no video input is at hand" in told) is lacks
