"""What a run left open, by reason: what binds first, causes before effects."""

from __future__ import annotations

import pytest

from conformance.report.open_promises import hangs_on, open_promises
from tests.report.written import written

BUDGET = {"verdict": "not_run", "reason": "the budget is spent", "reason_code": "budget"}
UNSEEN = {"verdict": "untestable", "reason": "no job was finished", "reason_code": "nothing-seen"}
LEFT_OUT = {"verdict": "not_run", "reason": "left out", "reason_code": "left-out"}


def test_promises_of_one_reason_are_one_line_and_causes_come_first() -> None:
    run = written(
        {"a": UNSEEN, "b": UNSEEN, "c": BUDGET, "d": UNSEEN, "e": UNSEEN},
        clauses={"d": {"level": "should"}, "e": {"unobservable": "no job can be made to fail"}},
    )

    assert [str(group) for group in open_promises(run)] == [
        "1 promise that binds: the budget is spent",
        "2 promises that bind: no job was finished",
        "1 promise: no job was finished",
        "1 promise that no ordinary run can decide: no job was finished",
    ]


def test_what_takes_a_second_key_is_told_and_keeps_nobody_from_a_decision() -> None:
    second = {"verdict": "not_run", "reason": "no second key", "reason_code": "no-second-key"}
    run = written({"a": second, "b": UNSEEN}, decision="unknown", coverage=(0, 2))

    assert [group.matters for group in open_promises(run)] == [True, False]
    assert hangs_on(run) == "1 promise that binds was not decided: no job was finished"


def test_reasons_that_differ_only_in_what_was_sent_are_one() -> None:
    refused = {"verdict": "untestable", "reason_code": "no-control"}
    run = written({name: {**refused, "reason": f"{name} was refused"} for name in ("a", "b")})

    (group,) = open_promises(run)

    assert group.clauses == ("a", "b")
    assert "why those requests were not accepted" in group.advice


def test_what_an_older_file_left_open_has_its_reason_and_no_advice() -> None:
    (group,) = open_promises(written({"a": {"verdict": "not_run", "reason": "no key"}}))

    assert (group.reason, group.code, group.advice) == ("no key", None, "")


@pytest.mark.parametrize(
    ("verdicts", "decision", "coverage", "why"),
    [
        ({"a": "pass", "b": "warn"}, "conditional", (2, 2), "1 warning"),
        ({"a": "pass"}, "conditional", (1, 1), "only a part of the promises was selected"),
        ({"a": "pass", "b": LEFT_OUT}, "conditional", (1, 2), "1 promise left out on purpose"),
        ({"a": "pass"}, "go", (1, 1), ""),
        ({"a": UNSEEN}, "unknown", (0, 0), "nothing was decided: no job was finished"),
        (
            {"a": UNSEEN, "b": BUDGET},
            "unknown",
            (0, 2),
            "2 promises that bind were not decided, first of all: the budget is spent",
        ),
    ],
)
def test_a_decision_that_is_no_go_and_no_no_go_hangs_on_something(
    verdicts: dict[str, str | dict[str, str]], decision: str, coverage: tuple[int, int], why: str
) -> None:
    assert hangs_on(written(verdicts, decision=decision, coverage=coverage)) == why
