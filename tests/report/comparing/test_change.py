"""What changed from one run to another."""

from __future__ import annotations

import pytest

from conformance.report.comparing.background import Change
from conformance.report.comparing.change import ABSENT, ComparedVerdict, change, changes

PASS, FAIL, OTHER = (
    ComparedVerdict(verdict="pass"),
    ComparedVerdict(verdict="fail", fingerprint="a"),
    ComparedVerdict(verdict="fail", fingerprint="b"),
)
WARN, OPEN = ComparedVerdict(verdict="warn", fingerprint="a"), ComparedVerdict(verdict="not_run")


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        (PASS, FAIL, Change.REGRESSED),
        (PASS, WARN, Change.REGRESSED),
        (WARN, FAIL, Change.REGRESSED),
        (FAIL, PASS, Change.FIXED),
        (FAIL, FAIL, Change.STILL),
        (FAIL, OTHER, Change.NEW),
        (OPEN, FAIL, Change.NEW),
        (ABSENT, FAIL, Change.NEW),
        (FAIL, OPEN, Change.GONE),
        (FAIL, ABSENT, Change.GONE),
        (PASS, PASS, None),
        (ABSENT, PASS, None),
        (PASS, OPEN, None),
        (OPEN, PASS, None),
    ],
)
def test_a_change_is_told_by_what_was_decided_before_and_after(
    before: ComparedVerdict, after: ComparedVerdict, found: Change | None
) -> None:
    assert change(before, after) is found


def test_changes_come_in_the_order_of_the_later_run_and_what_is_gone_last() -> None:
    found = changes({"z": FAIL, "b": PASS}, {"b": FAIL, "a": FAIL})

    assert list(found.items()) == [("b", Change.REGRESSED), ("a", Change.NEW), ("z", Change.GONE)]
