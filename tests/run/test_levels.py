"""What nobody could sell without decides, whether a document says it or not."""

from __future__ import annotations

import pytest

from conformance.model.clause import Level
from conformance.model.verdict import Decision, Outcome, ReasonCode
from conformance.promises.registry import derive
from tests.runs import against
from tests.small import document, provider, small, spec_of


@pytest.mark.parametrize(
    ("system", "wrong", "broken"),
    [
        ("pixeldojo-extend", "extend-never-ends", "pixeldojo.extend.lifecycle.ends"),
        ("pixeldojo-extend", "extend-revives", "pixeldojo.extend.lifecycle.terminal"),
        (
            "pixeldojo-extend",
            "extend-charges-refusals",
            "pixeldojo.extend.billing.refusals-free",
        ),
        ("uniall", "never-ends", "uniall.create.lifecycle.ends"),
    ],
)
def test_who_breaks_what_is_essential_is_a_no_go(system: str, wrong: str, broken: str) -> None:
    result = against(system, wrong)

    assert result.verdicts[broken][1].outcome is Outcome.FAIL
    assert result.summary.decision is Decision.NO_GO


def test_a_query_known_from_elsewhere_that_never_worked_accuses_nobody() -> None:
    result = against("foxapi", "never-ends")
    _, verdict = result.verdicts["foxapi.extend.lifecycle.ends"]

    assert verdict.outcome is Outcome.UNTESTABLE
    assert verdict.reason is not None
    assert verdict.reason.code is ReasonCode.DOUBTFUL
    assert result.summary.decision is Decision.UNKNOWN


def test_a_query_known_from_elsewhere_that_works_tells_what_is_broken() -> None:
    result = against("foxapi", "revives")

    assert result.verdicts["foxapi.extend.lifecycle.terminal"][1].outcome is Outcome.FAIL
    assert result.summary.decision is Decision.NO_GO


def test_an_essential_promise_says_that_nobody_wrote_it_down() -> None:
    essential = [clause for clause in derive(provider("uniall")) if clause.level is Level.ESSENTIAL]

    assert essential
    assert {str(clause.source) for clause in essential} == {
        "not written: kept by every API that takes money"
    }


def test_a_stated_must_binds_what_is_usual() -> None:
    levels = {clause.rule: clause.level for clause in derive(small(**{"x-level": "must"}))}

    assert levels["begins"] is Level.MUST
    assert levels["ends"] is Level.MUST


def test_what_is_said_of_a_job_binds_what_is_promised_of_its_life() -> None:
    data = document()
    data["paths"]["/make"]["post"]["x-job"]["x-level"] = "must"
    levels = {clause.rule: clause.level for clause in derive(spec_of(data))}

    assert levels["begins"] is Level.MUST
    assert levels["content-type"] is Level.SHOULD


def test_a_level_for_the_whole_document_binds_nothing_that_it_does_not_say() -> None:
    levels = {clause.rule: clause.level for clause in derive(small())}

    assert levels["begins"] is Level.SHOULD
    assert levels["ends"] is Level.ESSENTIAL


def test_a_spec_may_say_what_a_buyer_loses() -> None:
    harms = {clause.rule: clause.harm for clause in derive(small(**{"x-harm": "privacy"}))}

    assert set(harms.values()) == {"privacy"}
