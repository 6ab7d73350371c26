"""A check that cannot fail is a defect.

Breaking a clause has to be found, and nothing else with it.
"""

from __future__ import annotations

from functools import lru_cache

import pytest

from conformance.run.proving.proof import Prover, breakable, pairs
from conformance.run.proving.trial import Fate, Trial, weather
from conformance.spec.document import load
from tests.small import provider


@lru_cache
def proof() -> Prover:
    return Prover(load("tests/data/specs/odd.yaml"))


def trials(name: str) -> list[Trial]:
    """Return what became of every way to break a clause of the small provider."""
    clause = next(one for one in proof().clauses if one.id == name)
    return list(proof().trials_of(clause))


def trials_of(name: str, clause_id: str) -> list[Trial]:
    """Return what became of every way to break a clause of a provider."""
    prover = Prover(provider(name))
    clause = next(clause for clause in prover.clauses if clause.id == clause_id)
    return list(prover.trials_of(clause))


#: One clause of each way to be broken.
BROKEN = [
    "odd.make.draft.text.min-length",
    "odd.make.draft.length.multipleOf",
    "odd.make.response.status",
    "odd.make.lifecycle.completes",
    "odd.make.lifecycle.ends",
    "odd.make.billing.balance",
    "odd.make.auth.no-key",
    "odd.make.final.media.length",
    "odd.make.robustness.huge-string",
    "odd.make.robustness.odd-text",
    "odd.make.robustness.content-type",
    "odd.make.robustness.malformed-json",
]


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_broken_is_found_and_nothing_else(name: str) -> None:
    assert {trial.fate for trial in trials(name)} == {Fate.KILLED}


def test_a_trial_tells_what_it_cost() -> None:
    trial = trials("odd.make.auth.no-key")[0]

    assert trial.requests > trial.jobs > 0
    assert trial.credits > 0
    assert trial.seconds > 0


def test_what_cannot_be_observed_is_not_tried_and_says_why() -> None:
    hidden = next(one for one in proof().clauses if one.unobservable)

    assert [(trial.fate, trial.reason, trial.requests) for trial in trials(hidden.id)] == [
        (Fate.OUT_OF_SIGHT, hidden.unobservable, 0)
    ]


def test_a_faithful_provider_is_not_accused() -> None:
    found = proof().faithful()

    assert (found.fate, found.others) == (Fate.QUIET, ())


def test_of_two_that_are_broken_both_are_found() -> None:
    known = {clause.id: clause for clause in proof().clauses}
    found = proof().pair(known["odd.make.draft.text.min-length"], known["odd.make.auth.no-key"])

    assert found.fate is Fate.KILLED


def test_a_finding_that_takes_away_what_shows_another_says_so() -> None:
    known = {clause.id: clause for clause in proof().clauses}
    found = proof().pair(
        known["odd.make.lifecycle.completes"], known["odd.make.final.media.length"]
    )

    assert found.fate is Fate.OBSCURED
    assert found.reason.startswith("odd.make.final.media.length: untestable")


def test_pairs_are_the_same_for_the_same_seed_and_others_for_another() -> None:
    drawn = [
        [(one.id, other.id) for one, other in pairs(proof().clauses, 12, seed)]
        for seed in (1, 1, 2)
    ]

    assert drawn[0] == drawn[1] != drawn[2]
    assert all(one != other for one, other in drawn[0])


def test_only_what_can_be_seen_is_broken() -> None:
    assert not [one.id for one in breakable(proof().clauses) if one.masked or one.unobservable]


def test_seeds_change_the_conditions_and_nothing_that_was_promised() -> None:
    assert weather(0).job_seconds == 2.0
    assert weather(7) == weather(7) != weather(8)
    assert {weather(seed).extension for seed in range(1, 20)} == {"clip", "whole"}


def test_what_breaks_an_essential_promise_ends_in_a_no_go() -> None:
    (trial,) = trials_of("pixeldojo", "pixeldojo.extend.lifecycle.ends")

    assert (trial.fate, trial.harm, trial.decision) == (Fate.KILLED, "delivery", "no-go")


def test_what_only_others_document_is_doubted_and_accuses_nobody() -> None:
    (trial,) = trials_of("foxapi", "foxapi.extend.lifecycle.ends")

    assert (trial.fate, trial.decision) == (Fate.DOUBTED, "unknown")
    assert "from elsewhere alone" in trial.reason
