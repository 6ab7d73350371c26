"""Waivers are held to what a run found."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from conformance.model.clause import Place
from conformance.model.verdict import Outcome
from conformance.model.waiver import Standing, Waiver
from conformance.run.events import VerdictReached
from conformance.run.run_settings import Settings
from conformance.run.waiver_check import any_bad, standings, valid_of
from tests.runs import against

A = "small.make.a"
KEY = "f123456789ab"
TODAY = date(2030, 1, 31)
WAIVER = Waiver(
    clause=A,
    provider="small",
    fingerprints=(KEY,),
    reason="known",
    owner="video",
    created=date(2030, 1, 1),
    expires=date(2030, 1, 31),
    place=Place(file="waivers.yaml", pointer="/waivers/0", line=2),
)
WILD = replace(WAIVER, clause="small.make.*")


def standing(
    found: dict[str, Outcome], *waivers: Waiver, key: str = KEY, today: date = TODAY
) -> dict[str, Standing]:
    broken = (Outcome.FAIL, Outcome.WARN, Outcome.FLAKY)
    said = {
        f"small.make.{name}": (outcome, key if outcome in broken else "")
        for name, outcome in found.items()
    }
    return {name[-1]: one.standing for name, one in standings(said, waivers, today=today).items()}


@pytest.mark.parametrize(
    ("outcome", "stands"),
    [
        (Outcome.FAIL, Standing.VALID),
        (Outcome.WARN, Standing.VALID),
        (Outcome.FLAKY, Standing.VALID),
        (Outcome.PASS, Standing.FIXED),
        (Outcome.NOT_RUN, None),
        (Outcome.UNTESTABLE, None),
        (Outcome.ERROR, None),
    ],
)
def test_a_waiver_stands_by_what_was_found(outcome: Outcome, stands: Standing | None) -> None:
    assert standing({"a": outcome}, WAIVER).get("a") is stands


def test_a_finding_of_another_kind_is_not_waived() -> None:
    assert standing({"a": Outcome.FAIL}, WAIVER, key="f000000000000") == {"a": Standing.DIFFERENT}


def test_it_holds_on_its_last_day_and_no_longer() -> None:
    assert standing({"a": Outcome.FAIL}, WAIVER, today=date(2030, 2, 1)) == {"a": Standing.EXPIRED}
    assert standing({"a": Outcome.NOT_RUN}, WAIVER, today=date(2030, 2, 1)) == {
        "a": Standing.EXPIRED
    }


def test_a_pattern_bears_clauses_that_pass_while_what_it_waives_is_there() -> None:
    assert standing({"a": Outcome.FAIL, "b": Outcome.PASS}, WILD) == {"a": Standing.VALID}


def test_a_pattern_is_fixed_once_what_it_waives_is_gone() -> None:
    assert standing({"a": Outcome.PASS, "b": Outcome.PASS}, WILD) == {
        "a": Standing.FIXED,
        "b": Standing.FIXED,
    }
    assert standing({"a": Outcome.PASS, "b": Outcome.NOT_RUN}, WILD) == {}


def test_what_is_wrong_with_one_fails_the_run() -> None:
    good = standings({A: (Outcome.FAIL, KEY)}, [WAIVER], today=TODAY)
    bad = standings({A: (Outcome.FAIL, "f0")}, [WAIVER], today=TODAY)

    assert (valid_of(good), any_bad(good)) == (frozenset([A]), False)
    assert (valid_of(bad), any_bad(bad)) == (frozenset(), True)
    assert good[A].place == WAIVER.place


@pytest.mark.parametrize(
    "wrong",
    ["duration-refuses-10", "submitted-mistypes-model", "done-below-100", "input-accepts-1"],
)
def test_a_finding_has_the_same_key_whatever_the_pace_of_the_run(wrong: str) -> None:
    def keys(settings: Settings) -> dict[str, str]:
        return {
            event.clause.id: event.fingerprint
            for event in against("foxapi", wrong, settings=settings).events
            if isinstance(event, VerdictReached)
        }

    brisk = keys(Settings(job_timeout=20, concurrency=32, poll_interval=0.5))

    assert brisk == keys(Settings(job_timeout=20, concurrency=1, poll_interval=0.3))
    assert any(brisk.values())
