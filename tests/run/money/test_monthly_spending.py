"""What is left of the month is shared by every run on a machine."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from conformance.cli.commands.run import run as command
from conformance.errors import BrokenLedger
from conformance.report.run_file.run_file import read_run
from conformance.run.money import monthly_spending as room
from conformance.run.money.monthly_spending import VARIABLE, Ledger, account_of, default
from conformance.simulator import SimulatorOptions, simulate
from conformance.simulator.server import Server
from tests.small import ROOT, provider

if TYPE_CHECKING:
    from collections.abc import Iterator

MAY, JUNE = 1_778_000_000.0, 1_780_600_000.0


@contextmanager
def opened(file: Path, **options: Any) -> Iterator[Ledger]:
    ledger = Ledger(file, **{"account": "small", "cap": 10, "now": lambda: MAY, **options})
    try:
        yield ledger
    finally:
        ledger.close()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "state" / "ledger.sqlite"


def test_what_one_run_takes_is_not_there_for_another(file: Path) -> None:
    with opened(file) as one, opened(file) as two:
        assert not one.reserve(6)
        assert "is reached: 6 spent or reserved in 2026-05" in two.reserve(6)
        one.settle(6, charged=3)
        assert not two.reserve(6)
        assert one.spent == two.spent == 9


def test_of_many_at_once_only_so_many_pass_as_there_is_room_for(file: Path) -> None:
    def shard(_: int) -> bool:
        with opened(file) as ledger:
            return not ledger.reserve(3)

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(shard, range(12))) == 3


def test_a_new_month_begins_with_nothing_spent(file: Path) -> None:
    with opened(file) as may, opened(file, now=lambda: JUNE) as june:
        may.reserve(10)

        assert may.spent == 10
        assert not june.reserve(10)


def test_accounts_are_counted_apart(file: Path) -> None:
    with opened(file) as one, opened(file, account="other") as other:
        one.reserve(10)

        assert not other.reserve(10)
    assert (
        account_of("small", "http://127.0.0.1:1")
        == account_of("small", "http://localhost:2")
        == "small at loopback"
    )
    assert account_of("small", "https://api.small.example/v1") == "small at api.small.example"


def test_what_a_killed_run_left_open_stays_spent(file: Path) -> None:
    with opened(file) as killed:
        killed.reserve(6)
    with opened(file) as later:
        assert later.reserve(6)


def test_a_ledger_that_is_none_keeps_a_run_from_starting(file: Path) -> None:
    file.parent.mkdir()
    file.write_text("no database" * 100)

    with pytest.raises(BrokenLedger, match=f"nothing is bought.*{VARIABLE}"):
        Ledger(file, account="a", cap=1, now=lambda: MAY)


def test_a_ledger_that_breaks_midway_lets_nothing_more_be_bought(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "PATIENCE", 0.05)
    with opened(file) as holder, opened(file) as other:
        holder._base.execute("BEGIN IMMEDIATE")

        assert "locked" in other.reserve(1)
        other.settle(1, charged=0)


def test_it_lies_where_the_machine_keeps_what_must_last(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", "/state")
    assert default() == Path("/state/conformance/ledger.sqlite")
    monkeypatch.setenv(VARIABLE, "kept.sqlite")
    assert default() == Path("kept.sqlite")


def test_when_the_month_is_spent_nothing_is_bought_and_the_rest_is_not_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv(VARIABLE, str(tmp_path / "ledger.sqlite"))
    (tmp_path / "conformance.toml").write_text(
        "[pixeldojo]\nmonthly_budget = 30\npoll_interval = 0.02\n"
    )

    def ran(name: str) -> Any:
        with Server(simulate(provider("pixeldojo"), SimulatorOptions(job_seconds=0.05))) as server:
            options = [
                "pixeldojo",
                "--base-url",
                server.url,
                "--config",
                tmp_path / "conformance.toml",
                "--only",
                "pixeldojo.extend.*",
                "--out",
                tmp_path / name,
                "--quiet",
            ]
            with pytest.raises(SystemExit):
                command.main([str(option) for option in options])
        return read_run(tmp_path / name / "pixeldojo" / "run.jsonl")

    first, second = ran("first"), ran("second")

    assert first.footer is not None
    assert second.footer is not None
    assert 0 < first.footer.spend.credits <= 30
    assert first.footer.spend.credits + second.footer.spend.credits <= 30
    told = {one.reason for one in second.verdicts.values() if one.outcome == "not_run"}
    assert any("the monthly budget of 30 is reached" in reason for reason in told)
