"""A simulator keeps any legal spec: none of these small and varied ones finds it guilty."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import pytest

from conformance.model.verdict import Outcome
from conformance.run.open_target import TargetChoice
from conformance.run.session import Session
from conformance.simulator.job_facts import fact_forms
from conformance.spec.document import load
from tests.small import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from conformance.run.decision import Summary

FOLDER = ROOT / "tests" / "data" / "specs" / "varied"
SPECS = sorted(FOLDER.glob("*.yaml"))
ACCUSING = (Outcome.FAIL, Outcome.WARN, Outcome.FLAKY, Outcome.ERROR)


@lru_cache
def run(path: Path) -> Summary:
    choice = TargetChoice(kind="simulator", direct=True)
    return Session(spec=load(path), choice=choice).start()


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_a_faithful_simulator_is_not_accused(path: Path) -> None:
    accused = {clause.id for clause, verdict in run(path).verdicts if verdict.outcome in ACCUSING}

    assert accused == set()


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_jobs_are_bought_at_any_price(path: Path) -> None:
    summary = run(path)

    assert summary.spend.jobs > 0
    assert not summary.bought_nothing


def test_a_price_that_is_a_text_is_held_to_the_document() -> None:
    summary = run(FOLDER / "strings.yaml")
    billing = {
        clause.rule: verdict for clause, verdict in summary.verdicts if clause.kind == "billing"
    }

    assert {verdict.outcome for verdict in billing.values()} == {Outcome.PASS}


def test_a_price_is_written_to_the_cent_before_it_is_rounded() -> None:
    assert list(fact_forms(1.25))[:3] == [1.25, "1.25", "1.25"]
    assert "3.00" in fact_forms(3)
