"""One table draws verdicts and decisions for every reader."""

from __future__ import annotations

import pytest

from conformance.model.verdict import Decision, Outcome
from conformance.model.verdict_table import DECISIONS, VERDICTS, gravity, is_broken, is_finding
from conformance.report.html.page import asset


def test_every_verdict_and_every_decision_is_drawn() -> None:
    assert set(VERDICTS) == set(Outcome)
    assert set(DECISIONS) == set(Decision)


def test_no_two_verdicts_look_alike() -> None:
    assert len({sign.glyph for sign in VERDICTS.values()}) == len(VERDICTS)


def test_the_gravest_comes_first() -> None:
    assert sorted(("pass", "warn", "error", "fail"), key=gravity) == [
        "fail",
        "error",
        "warn",
        "pass",
    ]


def test_an_error_is_a_finding_that_breaks_no_promise() -> None:
    assert is_finding("error")
    assert not is_broken("error")
    assert is_broken("flaky")


@pytest.mark.parametrize(
    "name", [*(f".v.{name}" for name in Outcome), *(f".d.{d}" for d in Decision)]
)
def test_the_page_has_a_colour_for_each(name: str) -> None:
    assert name in asset("style.css")
