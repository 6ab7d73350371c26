"""What is told of a run quotes no key."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance.http.redaction import Redactor
from conformance.model.verdict import Difference, Outcome, Reason, ReasonCode, Verdict
from conformance.promises.registry import derive
from conformance.run.events import (
    JobEnded,
    JobMoved,
    JobStarted,
    Noted,
    RunInterrupted,
    VerdictReached,
)
from conformance.run.redacted_events import without_secrets
from conformance.spec.job_words import End
from tests.small import fields, small

if TYPE_CHECKING:
    from conformance.run.events import Event

SECRET = "sk-canary-0123456789"
STARTED = JobStarted(
    job="job-1", id=f"job-{SECRET}", operation="make", scenario="", price=1.0, exchange=1
)


def heard(event: Event) -> Event:
    found: list[Event] = []
    without_secrets(found.append, Redactor(secrets=[SECRET]))(event)
    (one,) = found
    return one


@pytest.mark.parametrize(
    "event",
    [
        Noted(text=f"it said {SECRET}"),
        JobMoved(job="job-1", status=f"pondering {SECRET}", progress=None, unknown=True),
        STARTED,
        RunInterrupted(running=(STARTED,)),
    ],
)
def test_a_key_in_what_is_told_is_taken_out(event: Event) -> None:
    assert SECRET in repr(event)
    assert SECRET not in repr(heard(event))


def test_a_verdict_quotes_no_key_in_any_of_its_sentences() -> None:
    clause = derive(small(fields(["prompt"], prompt={"type": "string"})))[0]
    told = Verdict(
        clause=clause.id,
        outcome=Outcome.FAIL,
        expected=SECRET,
        received=f"\u201c{SECRET[:14]}\u201d",
        reason=Reason(code=ReasonCode.NOTHING_SEEN, text=SECRET),
        difference=(Difference(at="a", promised=SECRET, received=SECRET),),
    )

    found = heard(VerdictReached(clause=clause, verdict=told))

    assert isinstance(found, VerdictReached)
    assert SECRET[:14] not in repr(found.verdict)
    assert found.verdict.outcome is Outcome.FAIL


def test_what_holds_no_text_of_a_server_stays_as_it_is() -> None:
    event = JobEnded(job="job-1", end=End.DONE, seconds=2.0)

    assert heard(event) is event
