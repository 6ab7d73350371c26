"""What earlier runs said: kept, read back, and never a reason for a traceback."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from conformance.errors import BrokenHistory, NoHistory
from conformance.report.comparing import history as room
from conformance.report.comparing.history import opened
from conformance.run.planning.selection import Turn
from tests.report.written import KEY, changed, written

if TYPE_CHECKING:
    from pathlib import Path

    from conformance.report.run_file.run_file import RunRecord

DAY = 86_400.0


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "history.sqlite"


def test_a_run_is_known_by_what_it_was_and_what_it_found(file: Path) -> None:
    run = written({"a": "pass", "b": "fail"})
    with opened(file, create=True) as history:
        name = history.append(run)

    with opened(file) as history:
        (entry,) = history.runs()

    assert (entry.run, entry.provider, entry.target, entry.digest, entry.decision) == (
        name,
        "small",
        "simulator",
        "d1",
        "no-go",
    )
    assert (
        entry.complete,
        entry.spend.requests,
        entry.spend.jobs,
        entry.spend.credits,
        entry.finished,
    ) == (
        True,
        12,
        2,
        20.0,
        run.header.started + 60,
    )


def test_a_run_that_is_added_twice_is_there_once(file: Path) -> None:
    with opened(file, create=True) as history:
        history.append(written({"a": "fail"}))
        history.append(written({"a": "pass"}))

        assert len(history.runs()) == 1
        assert [verdict.said.verdict for verdict in history.verdicts()] == ["pass"]


def test_a_run_looks_back_on_complete_runs_of_the_same_provider_and_target_alone(
    file: Path,
) -> None:
    now = written({"a": "pass"}, at=9 * DAY)
    with opened(file, create=True) as history:
        history.append(written({"a": "fail"}, at=1 * DAY))
        history.append(written({"a": "pass"}, at=2 * DAY, target="live"))
        history.append(written({"a": "pass"}, at=3 * DAY, provider="other"))
        history.append(written({"a": "pass"}, at=4 * DAY, complete=False))
        history.append(written({"a": "pass"}, at=10 * DAY))
        history.append(now)
        before = history.before(now)

        assert history.last_decided(now)["a"].fingerprint == KEY
        assert [one.verdict for one in history.past(now)["a"]] == ["fail"]
        assert before is not None
        assert before.header.started == DAY


def test_live_runs_are_compared_by_host_and_those_against_servers_of_ones_own_together(
    file: Path,
) -> None:
    def at(address: str, day: int, verdict: str) -> RunRecord:
        run = written({"a": verdict}, at=day * DAY, target="live")
        return replace(run, header=changed(run.header, recorded_from=address))

    with opened(file, create=True) as history:
        history.append(at("https://api.small.example/v1", 1, "pass"))
        history.append(at("http://127.0.0.1:9001", 2, "fail"))

        assert (
            history.last_decided(at("https://api.small.example", 3, "pass"))["a"].verdict == "pass"
        )
        assert history.last_decided(at("http://localhost:9002", 3, "pass"))["a"].verdict == "fail"
        assert history.last_decided(at("https://staging.small.example", 3, "pass")) == {}


def test_a_clause_is_seen_beside_the_run_that_last_decided_it(file: Path) -> None:
    with opened(file, create=True) as history:
        history.append(written({"a": "fail", "b": "pass"}, at=1 * DAY))
        history.append(written({"b": "fail", "a": "not_run"}, at=2 * DAY))
        last = history.last_decided(written({"a": "pass", "b": "pass"}, at=3 * DAY))

    assert {name: one.verdict for name, one in last.items()} == {"a": "fail", "b": "fail"}


def test_the_last_thirty_are_told_the_oldest_first(file: Path) -> None:
    with opened(file, create=True) as history:
        for day in range(35):
            history.append(written({"a": "pass"}, at=day * DAY))
        past = history.past(written({"a": "pass"}, at=40 * DAY))["a"]

    assert [one.finished for one in past] == [day * DAY + 60 for day in range(5, 35)]


def test_it_knows_when_each_clause_last_took_part_and_was_last_proved(file: Path) -> None:
    with opened(file, create=True) as history:
        history.append(written({"a": "pass", "b": "untestable"}, at=1 * DAY))
        history.append(written({"a": "not_run", "b": "fail"}, at=2 * DAY))

        assert history.turns("small", place="simulator") == {
            "a": Turn(seen=2 * DAY + 60, proved=DAY + 60),
            "b": Turn(seen=2 * DAY + 60, proved=2 * DAY + 60),
        }
        assert history.turns("small", place="simulator", before=2 * DAY) == {
            "a": Turn(seen=DAY + 60, proved=DAY + 60),
            "b": Turn(seen=DAY + 60, proved=None),
        }
        assert history.turns("small", place="live at loopback") == {}


def test_shards_write_at_the_same_time(file: Path) -> None:
    def shard(number: int) -> None:
        with opened(file, create=True) as history:
            history.append(written({f"c{index}": "pass" for index in range(50)}, at=number * DAY))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(shard, range(16)))

    with opened(file) as history:
        assert len(history.runs()) == 16


def test_a_missing_history_is_told_with_how_it_comes_to_be(file: Path) -> None:
    with pytest.raises(NoHistory, match="Every `conformance run` adds"), opened(file):
        pass
    assert not file.exists()


@pytest.mark.parametrize(
    "content",
    [
        b"no database at all, but a text that is long enough" * 40,
        b"SQLite format 3\x00" + b"\xff" * 4000,
    ],
)
def test_a_damaged_history_is_told_in_a_sentence_and_left_alone(file: Path, content: bytes) -> None:
    file.write_bytes(content)

    with pytest.raises(BrokenHistory, match="Move it away"), opened(file, create=True):
        pass
    assert file.read_bytes() == content


def test_an_empty_file_is_a_history_that_begins(file: Path) -> None:
    file.touch()

    with opened(file) as history:
        assert history.runs() == []


def test_another_programs_database_is_not_touched(file: Path) -> None:
    base = sqlite3.connect(file)
    base.execute("CREATE TABLE theirs (a)")
    base.close()

    with pytest.raises(BrokenHistory, match="another program"), opened(file, create=True):
        pass


def test_a_later_versions_file_is_not_touched(file: Path) -> None:
    with opened(file, create=True) as history:
        history.base.execute("PRAGMA user_version=2")

    with pytest.raises(BrokenHistory, match="later version"), opened(file):
        pass


def test_a_locked_history_is_waited_for_and_then_told(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "PATIENCE", 0.05)
    with opened(file, create=True) as holder:
        holder.base.execute("BEGIN IMMEDIATE")

        with pytest.raises(BrokenHistory, match="locked"), opened(file) as history:
            history.append(written({"a": "pass"}))


def test_a_folder_in_its_place_is_told(tmp_path: Path) -> None:
    (tmp_path / "history.sqlite").mkdir()

    with pytest.raises(BrokenHistory), opened(tmp_path / "history.sqlite", create=True):
        pass


def test_lone_surrogates_do_no_harm(file: Path) -> None:
    with opened(file, create=True) as history:
        history.append(written({"a\ud800": "pass"}))

        assert [verdict.clause for verdict in history.verdicts()] == ["a?"]


def test_a_runs_name_is_made_of_its_header() -> None:
    assert written({"a": "pass"}).id == written({"a": "fail"}).id
    assert written({"a": "pass"}).id != written({"a": "pass"}, at=5.0).id


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE runs SET started = 1e300",
        "UPDATE runs SET started = 'soon'",
        "UPDATE runs SET finished = x'00ff'",
        "UPDATE runs SET requests = 'many'",
        "UPDATE verdicts SET verdict = 'odd'",
        "UPDATE verdicts SET fingerprint = x'00ff'",
    ],
)
def test_a_value_that_nobody_wrote_there_ends_in_one_sentence(tmp_path: Path, damage: str) -> None:
    file = tmp_path / "history.sqlite"
    with opened(file, create=True) as history:
        history.append(written({"a": "pass"}, at=1 * DAY))
        history.base.execute(damage)

    with pytest.raises(BrokenHistory, match="Move it away"), opened(file) as history:
        list(history.verdicts())


def test_a_torn_header_of_the_run_before_ends_in_one_sentence(tmp_path: Path) -> None:
    file = tmp_path / "history.sqlite"
    with opened(file, create=True) as history:
        history.append(written({"a": "pass"}, at=1 * DAY))
        history.base.execute("UPDATE runs SET header = '{'")

    with pytest.raises(BrokenHistory, match="Move it away"), opened(file) as history:
        history.before(written({"a": "pass"}, at=2 * DAY))


def test_a_torn_name_that_sqlite_itself_cannot_tell_ends_in_one_sentence(tmp_path: Path) -> None:
    file = tmp_path / "history.sqlite"
    with opened(file, create=True) as history:
        history.base.execute("PRAGMA writable_schema = ON")
        history.base.execute("UPDATE sqlite_master SET sql = 'torn', name = CAST(x'ff98' AS TEXT)")

    with pytest.raises(BrokenHistory, match="Move it away"), opened(file):
        pass
