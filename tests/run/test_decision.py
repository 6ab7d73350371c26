"""The printed rule: what binds decides, and the heaviest exit code wins."""

from __future__ import annotations

from dataclasses import replace

import pytest

from conformance.model.clause import Clause, Harm, Level, Place, Source
from conformance.model.verdict import Cause, Decision, Outcome, Reason, ReasonCode, Verdict
from conformance.run.decision import Coverage, cover, decide, exit_code, heaviest


def pair(
    outcome: Outcome,
    *,
    level: Level = Level.MUST,
    harm: Harm = Harm.INTEGRATION,
    masked: str = "",
    unobservable: str = "",
    cause: Cause | None = None,
    name: str = "x",
) -> tuple[Clause, Verdict]:
    clause = Clause(
        id=name,
        kind="constraint",
        rule="type",
        level=level,
        harm=harm,
        provider="p",
        operation="o",
        promise="it is",
        source=Source(document="d"),
        place=Place(file="f", pointer="/", line=1),
        masked=masked,
        unobservable=unobservable,
    )
    return clause, Verdict(clause=name, outcome=outcome, cause=cause)


@pytest.mark.parametrize(
    ("outcomes", "decision"),
    [
        ([Outcome.PASS], Decision.GO),
        ([Outcome.PASS, Outcome.WARN], Decision.CONDITIONAL),
        ([Outcome.PASS, Outcome.FLAKY], Decision.CONDITIONAL),
        ([Outcome.PASS, Outcome.FAIL], Decision.NO_GO),
        ([Outcome.FAIL, Outcome.ERROR], Decision.NO_GO),
        ([Outcome.PASS, Outcome.ERROR], Decision.UNKNOWN),
        ([Outcome.PASS, Outcome.NOT_RUN], Decision.UNKNOWN),
        ([Outcome.PASS, Outcome.UNTESTABLE], Decision.UNKNOWN),
        ([Outcome.UNTESTABLE], Decision.UNKNOWN),
        ([], Decision.UNKNOWN),
    ],
)
def test_what_binds_decides(outcomes: list[Outcome], decision: Decision) -> None:
    assert decide([pair(outcome) for outcome in outcomes]) is decision


def test_what_does_not_bind_decides_nothing() -> None:
    pairs = [
        pair(Outcome.PASS),
        pair(Outcome.WARN, level=Level.SHOULD),
        pair(Outcome.FAIL, level=Level.COMPANION),
    ]

    assert decide(pairs) is Decision.GO


def test_what_nobody_can_observe_leaves_nothing_open() -> None:
    assert (
        decide([pair(Outcome.PASS), pair(Outcome.NOT_RUN, masked="always falls with another")])
        is Decision.GO
    )
    assert (
        decide([pair(Outcome.PASS), pair(Outcome.NOT_RUN, unobservable="shown nowhere")])
        is Decision.GO
    )


def test_a_waived_failure_is_conditional_and_a_bad_waiver_a_no_go() -> None:
    assert decide([pair(Outcome.FAIL)], waived=frozenset({"x"})) is Decision.CONDITIONAL
    assert decide([pair(Outcome.PASS)], bad_waivers=True) is Decision.NO_GO


def test_a_selection_is_never_a_go() -> None:
    assert decide([pair(Outcome.PASS)], selected=True) is Decision.CONDITIONAL


def test_a_run_that_did_not_end_decides_nothing() -> None:
    assert decide([pair(Outcome.PASS)], complete=False) is Decision.UNKNOWN


FULL = Coverage(proved=1, observable=1)


@pytest.mark.parametrize(
    ("outcomes", "decision", "code"),
    [
        ([Outcome.PASS], Decision.GO, 0),
        ([Outcome.FAIL], Decision.NO_GO, 1),
        ([Outcome.FAIL, Outcome.ERROR], Decision.NO_GO, 3),
        ([Outcome.NOT_RUN], Decision.UNKNOWN, 3),
        ([], Decision.UNKNOWN, 3),
        ([Outcome.PASS, Outcome.UNTESTABLE], Decision.UNKNOWN, 4),
    ],
)
def test_exit_codes_follow_the_table(
    outcomes: list[Outcome], decision: Decision, code: int
) -> None:
    assert exit_code(decision, [pair(outcome) for outcome in outcomes], coverage=FULL) == code


def test_too_little_covered_is_four() -> None:
    half = Coverage(proved=1, observable=2)

    assert exit_code(Decision.UNKNOWN, [pair(Outcome.PASS)], coverage=half, min_coverage=80) == 4
    assert exit_code(Decision.CONDITIONAL, [pair(Outcome.PASS)], coverage=half) == 0


def test_what_is_unknown_is_four_unless_it_is_allowed() -> None:
    open_pairs = [pair(Outcome.PASS), pair(Outcome.UNTESTABLE)]

    assert exit_code(Decision.UNKNOWN, open_pairs, coverage=FULL) == 4
    assert exit_code(Decision.UNKNOWN, open_pairs, coverage=FULL, allow_unknown=True) == 0


def test_a_run_that_decided_nothing_is_never_allowed() -> None:
    nothing = [pair(Outcome.UNTESTABLE)]

    code = exit_code(Decision.UNKNOWN, nothing, coverage=cover(nothing), allow_unknown=True)

    assert code == 3


def test_a_run_that_decided_nothing_of_what_only_should_be_is_never_allowed() -> None:
    nothing = [pair(Outcome.UNTESTABLE, level=Level.SHOULD)]

    code = exit_code(Decision.UNKNOWN, nothing, coverage=cover(nothing), allow_unknown=True)

    assert code == 3


def test_what_is_essential_binds_like_a_must() -> None:
    assert decide([pair(Outcome.FAIL, level=Level.ESSENTIAL)]) is Decision.NO_GO
    assert decide([pair(Outcome.UNTESTABLE, level=Level.ESSENTIAL)]) is Decision.UNKNOWN


@pytest.mark.parametrize(
    ("harm", "decision"),
    [
        (Harm.MONEY, Decision.NO_GO),
        (Harm.DELIVERY, Decision.NO_GO),
        (Harm.PRIVACY, Decision.NO_GO),
        (Harm.FIDELITY, Decision.CONDITIONAL),
        (Harm.INTEGRATION, Decision.CONDITIONAL),
        (Harm.HYGIENE, Decision.CONDITIONAL),
    ],
)
def test_now_and_then_is_too_often_where_a_buyer_cannot_live_with_it(
    harm: Harm, decision: Decision
) -> None:
    assert decide([pair(Outcome.PASS), pair(Outcome.FLAKY, harm=harm)]) is decision


def test_a_waived_flaky_promise_is_conditional() -> None:
    flaky = pair(Outcome.FLAKY, harm=Harm.MONEY)

    assert decide([flaky], waived=frozenset({"x"})) is Decision.CONDITIONAL


@pytest.mark.parametrize(
    ("outcomes", "decision"),
    [
        ([Outcome.PASS], Decision.CONDITIONAL),
        ([Outcome.PASS, Outcome.WARN], Decision.CONDITIONAL),
        ([Outcome.PASS, Outcome.UNTESTABLE], Decision.UNKNOWN),
        ([Outcome.PASS, Outcome.ERROR], Decision.UNKNOWN),
        ([Outcome.UNTESTABLE], Decision.UNKNOWN),
        ([], Decision.UNKNOWN),
    ],
)
def test_where_nothing_that_binds_was_selected_what_was_decides(
    outcomes: list[Outcome], decision: Decision
) -> None:
    pairs = [pair(outcome, level=Level.SHOULD) for outcome in outcomes]
    hidden = pair(Outcome.NOT_RUN, unobservable="no answer shows a balance")

    assert decide(pairs, selected=True) is decision
    assert decide([*pairs, hidden], selected=True) is decision
    assert decide(pairs) is Decision.UNKNOWN


@pytest.mark.parametrize(
    ("code", "decision"),
    [
        (ReasonCode.LEFT_OUT, Decision.CONDITIONAL),
        (ReasonCode.NO_SECOND_KEY, Decision.GO),
        (ReasonCode.NOT_SEARCHED, Decision.GO),
        (ReasonCode.NOTHING_SEEN, Decision.UNKNOWN),
    ],
)
def test_why_something_was_not_shown_makes_the_difference(
    code: ReasonCode, decision: Decision
) -> None:
    clause, verdict = pair(Outcome.NOT_RUN)
    not_shown = replace(verdict, reason=Reason(code=code, text="not this time"))

    assert decide([pair(Outcome.PASS), (clause, not_shown)]) is decision


def test_a_run_that_decided_nothing_that_binds_has_checked_nothing() -> None:
    pairs = [pair(Outcome.UNTESTABLE), pair(Outcome.PASS, level=Level.SHOULD)]

    assert exit_code(Decision.UNKNOWN, pairs, coverage=cover(pairs)) == 3
    assert exit_code(Decision.CONDITIONAL, pairs[1:], coverage=cover(pairs[1:])) == 0


def test_the_heaviest_code_wins() -> None:
    assert heaviest([0, 4, 1]) == 1
    assert heaviest([1, 3]) == 3
    assert heaviest([3, 2]) == 2
    assert heaviest([4, 0]) == 4


def test_coverage_counts_what_binds_and_can_be_observed() -> None:
    pairs = [
        pair(Outcome.PASS),
        pair(Outcome.NOT_RUN),
        pair(Outcome.NOT_RUN, masked="m"),
        pair(Outcome.PASS, level=Level.SHOULD),
    ]

    assert cover(pairs) == Coverage(proved=1, observable=2)


def test_a_run_against_the_simulator_that_bought_nothing_is_never_0() -> None:
    free = [pair(Outcome.PASS)]

    assert exit_code(Decision.CONDITIONAL, free, coverage=FULL, bought_nothing=True) == 3
