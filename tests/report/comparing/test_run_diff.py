"""What differs between two runs."""

from __future__ import annotations

import pytest

from conformance.errors import NotComparable
from conformance.report.comparing.run_diff import diff
from tests.report.written import written


def test_the_gravest_changes_come_first_and_are_counted() -> None:
    before = written(
        {"fixed": "fail", "still": "fail", "worse": "pass", "gone": "fail", "same": "pass"}
    )
    found = diff(
        before,
        written(
            {"fixed": "pass", "still": "fail", "worse": "fail", "new": "fail", "same": "pass"},
            at=2.0,
        ),
    )

    assert [(one.clause, one.change) for one in found.changes] == [
        ("worse", "regressed"),
        ("new", "new"),
        ("still", "still failing"),
        ("fixed", "fixed"),
        ("gone", "gone"),
    ]
    assert set(found.counts.values()) == {1}
    assert (found.before.decision, found.after.decision) == ("no-go", "no-go")


def test_it_says_in_what_the_runs_themselves_differ() -> None:
    found = diff(written({"a": "pass"}), written({"a": "pass"}, target="live", digest="d2"))

    assert found.differences == ("spec", "target", "recorded_from")


def test_two_providers_are_not_compared() -> None:
    with pytest.raises(NotComparable, match="small and other"):
        diff(written({"a": "pass"}), written({"a": "pass"}, provider="other"))
