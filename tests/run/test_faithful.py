"""A provider that keeps its promises has no findings, and costs no more than it must."""

from __future__ import annotations

import pytest

from conformance.model.verdict import Cause, Decision, Outcome
from tests.runs import SPECS, against, plan_of

#: Findings of the documents themselves, which every faithful server shows.
DOUBTS = {"pixeldojo": {"pixeldojo.generate.image.image_url.required"}}
ONE_EACH = ("pixeldojo-video", "foxapi", "uniall", "octopusx")


@pytest.mark.parametrize("system", ONE_EACH)
def test_a_faithful_provider_has_no_findings_but_its_documents_own(system: str) -> None:
    result = against(system)

    assert result.findings == DOUBTS.get(SPECS[system], set())


@pytest.mark.parametrize("system", ONE_EACH)
def test_every_binding_promise_that_can_be_observed_is_decided(system: str) -> None:
    result = against(system)

    assert result.summary.coverage.percent == 100.0


@pytest.mark.parametrize("system", ONE_EACH)
def test_jobs_are_at_most_the_lower_bound_and_one(system: str) -> None:
    result = against(system)

    bound = plan_of(SPECS[system]).lower_bound
    doubts = len(DOUBTS.get(SPECS[system], set()))
    assert result.summary.spend.jobs <= max(bound + 1, bound * 1.1) + doubts


def test_a_finding_about_a_document_is_caused_by_the_document() -> None:
    result = against("pixeldojo-video")

    _, verdict = result.verdicts["pixeldojo.generate.image.image_url.required"]
    assert (verdict.outcome, verdict.cause) == (Outcome.WARN, Cause.DOCUMENTATION)


def test_an_extension_may_return_the_clip_alone_or_input_and_clip() -> None:
    assert not against("foxapi", extension_returns="clip").findings
    assert not against("foxapi", extension_returns="whole").findings


def test_both_documented_shapes_of_a_result_are_understood() -> None:
    assert not against("foxapi", edition="results").findings
    assert not against("foxapi", edition="output").findings


def test_a_faithful_provider_is_a_go() -> None:
    assert against("uniall").summary.decision is Decision.GO
