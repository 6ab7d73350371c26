"""What a report knows of a run beside its own file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.report.comparing.background import NOTHING, Change
from conformance.report.comparing.gather_background import background, looked_up
from conformance.report.comparing.history import opened
from tests.report.written import written

if TYPE_CHECKING:
    from pathlib import Path

FIRST = written({"a": "fail", "b": "pass", "c": "fail"}, at=1.0)


def test_the_first_run_has_no_background(tmp_path: Path) -> None:
    with opened(tmp_path / "history.sqlite", create=True) as history:
        history.append(FIRST)

        assert background(FIRST, history) == NOTHING


def test_a_run_is_seen_beside_what_came_before(tmp_path: Path) -> None:
    now = written({"a": "pass", "b": "fail", "c": "fail", "d": "fail"}, at=2.0)
    with opened(tmp_path / "history.sqlite", create=True) as history:
        history.append(FIRST)
        history.append(now)
        found = background(now, history)

    assert found.changes == {
        "a": Change.FIXED,
        "b": Change.REGRESSED,
        "c": Change.STILL,
        "d": Change.NEW,
    }
    assert [one.verdict for one in found.past["a"]] == ["fail"]
    assert found.before is not None
    assert found.before.footer is not None
    assert found.before.footer.finished == 61.0


def test_a_run_of_some_clauses_takes_nothing_back_of_the_others(tmp_path: Path) -> None:
    with opened(tmp_path / "history.sqlite", create=True) as history:
        history.append(FIRST)

        assert background(written({"b": "pass"}, at=2.0), history).changes == {}
        assert background(written({"b": "pass"}, at=2.0, digest="d2"), history).changes == {
            "a": Change.GONE,
            "c": Change.GONE,
        }


def test_a_baseline_goes_before_the_history(tmp_path: Path) -> None:
    now = written({"a": "fail"}, at=3.0)
    with opened(tmp_path / "history.sqlite", create=True) as history:
        history.append(FIRST)

        assert background(now, history, baseline=written({"a": "pass"}, at=2.0)).changes == {
            "a": Change.REGRESSED
        }


def test_an_incomplete_run_is_beside_nothing(tmp_path: Path) -> None:
    with opened(tmp_path / "history.sqlite", create=True) as history:
        history.append(FIRST)

        assert background(written({"a": "pass"}, at=2.0, complete=False), history).changes == {}


def test_a_history_is_begun_where_there_is_none(tmp_path: Path) -> None:
    file = tmp_path / "history.sqlite"

    assert looked_up(file, FIRST) == (NOTHING, "")
    assert not file.exists()
    assert looked_up(file, FIRST, add=True) == (NOTHING, "")
    assert looked_up(file, written({"a": "pass"}, at=2.0))[0].changes == {"a": Change.FIXED}


def test_a_history_that_cannot_be_used_costs_a_run_its_past_alone(tmp_path: Path) -> None:
    file = tmp_path / "history.sqlite"
    file.write_text("no database" * 100)

    known, trouble = looked_up(file, FIRST, baseline=written({"a": "pass"}), add=True)

    assert known.changes["a"] is Change.REGRESSED
    assert "Move it away" in trouble
