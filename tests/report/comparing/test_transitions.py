"""How clauses went from one state to another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from conformance.errors import NothingSelected
from conformance.report.comparing.history import opened
from conformance.report.comparing.transitions import chronicle
from tests.report.written import written

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def told(tmp_path: Path) -> Any:
    days: tuple[dict[str, str | dict[str, Any]], ...] = (
        {"small.a": "pass", "small.b": "pass"},
        {"small.a": "fail", "small.b": "pass"},
        {"small.a": "not_run", "small.b": "pass"},
        {"small.a": {"verdict": "fail", "fingerprint": "other"}, "small.b": "pass"},
        {"small.a": "pass", "small.b": "pass"},
    )
    with opened(tmp_path / "history.sqlite", create=True) as history:
        for at, found in enumerate(days):
            history.append(written(found, at=float(at)))
        history.append(written({"small.a": "fail"}, at=9.0, target="live"))
        yield lambda **options: chronicle(history, **options)


def test_a_clause_tells_each_change_of_what_was_decided(told: Any) -> None:
    live, clause = told(pattern="small.a").clauses

    assert [(step.before, step.after, step.change) for step in clause.transitions] == [
        ("pass", "fail", "regressed"),
        ("fail", "fail", "new"),
        ("fail", "pass", "fixed"),
    ]
    assert [past.verdict for past in clause.past] == ["pass", "fail", "not_run", "fail", "pass"]
    assert (live.against, [step.change for step in live.transitions]) == ("live at live", ["new"])


def test_without_a_clause_only_what_changed_is_told(told: Any) -> None:
    found = told()

    assert {clause.id for clause in found.clauses} == {"small.a"}
    assert len(found.runs) == 6


def test_a_clause_that_never_changed_is_told_when_asked_for(told: Any) -> None:
    (clause,) = told(pattern="b").clauses

    assert (clause.transitions, clause.verdict) == ((), "pass")


def test_a_clause_that_no_run_knows_is_told_with_the_nearest(told: Any) -> None:
    with pytest.raises(NothingSelected, match=r"small\.a"):
        told(pattern="smal.a")


def test_another_provider_has_nothing(told: Any) -> None:
    found = told(provider="other")

    assert (found.runs, found.clauses) == ((), ())
