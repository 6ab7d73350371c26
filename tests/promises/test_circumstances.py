"""What is broken in a fixed part of the answers fails and names the part; chance is flaky."""

from __future__ import annotations

import json
from typing import Any

from conformance.model.exchange import Exchange, Purpose, Request, Response
from conformance.model.verdict import Outcome, Verdict
from conformance.model.witness import Case
from conformance.promises.evidence import Attempt, Evidence, Track
from conformance.promises.judging import observed, refuted
from conformance.promises.registry import derive
from tests.small import fields, small

SPEC = small(
    fields(size={"type": "string"}, image={"type": "string"}),
    **{
        "x-job": {
            "id": "/id",
            "status": "/state/now",
            "result": "/url",
            "states": {"waiting": ["queued", "working"], "done": ["ready"]},
        }
    },
)
(CLAUSE,) = [clause for clause in derive(SPEC) if clause.id == "small.make.lifecycle.result"]


def exchange(number: int, purpose: Purpose, answer: Any) -> Exchange:
    return Exchange(
        number=number,
        operation="make",
        purpose=purpose,
        request=Request(method="GET", url="https://api.example.com/make"),
        answer=Response(status=200, body=json.dumps(answer).encode()),
        started=float(number),
        elapsed=0.1,
    )


def submit(number: int, body: Any, *states: str) -> Attempt:
    """Return a job, whose polls are numbered from ten times its own number on."""
    polls = [
        exchange(10 * number + index, Purpose.POLL, {"state": {"now": state}})
        for index, state in enumerate(states)
    ]
    return Attempt(
        exchange=exchange(number, Purpose.SUBMIT, {"id": str(number)}),
        case=Case(operation="make", scenario="request", body=body),
        operation=SPEC.submits[0],
        track=Track(id=str(number), polls=tuple(polls)),
    )


def judged(attempts: list[Attempt], *, kept: list[int], broken: list[int]) -> Verdict:
    findings = [refuted("it is there", "not there", number) for number in broken]
    evidence = Evidence(spec=SPEC, attempts=tuple(attempts))
    return observed(CLAUSE, evidence, kept, findings, none="nothing")


def test_broken_in_one_state_alone_is_a_failure_of_that_state() -> None:
    jobs = [submit(1, {}, "queued", "working", "ready"), submit(2, {}, "queued", "ready")]

    verdict = judged(jobs, kept=[10, 11, 20], broken=[12, 21])

    assert verdict.outcome is Outcome.FAIL
    assert "in all 2 answers when the job is done, and in no other of 5" in verdict.received


def test_broken_with_one_field_is_a_failure_of_that_field() -> None:
    jobs = [submit(1, {"image": "a"}), submit(2, {}), submit(3, {"image": "b"}), submit(4, {})]

    verdict = judged(jobs, kept=[2, 4], broken=[1, 3])

    assert verdict.outcome is Outcome.FAIL
    assert "with image," in verdict.received


def test_broken_with_one_value_names_the_value() -> None:
    jobs = [submit(1, {"size": "720p"}), submit(2, {"size": "480p"}), submit(3, {"size": "1080p"})]

    verdict = judged(jobs, kept=[2, 3], broken=[1])

    assert 'with size = "720p"' in verdict.received


def test_broken_where_two_things_meet_names_both() -> None:
    jobs = [
        submit(1, {"image": "a"}, "queued", "ready"),
        submit(2, {}, "queued", "ready"),
    ]

    verdict = judged(jobs, kept=[10, 20, 21], broken=[11])

    assert verdict.outcome is Outcome.FAIL
    assert "when the job is done and with image" in verdict.received


def test_equal_requests_that_are_answered_now_so_now_so_are_flaky() -> None:
    jobs = [submit(1, {"size": "720p"}), submit(2, {"size": "720p"}), submit(3, {})]

    verdict = judged(jobs, kept=[1, 3], broken=[2])

    assert (verdict.outcome, verdict.rate) == (Outcome.FLAKY, (1, 3))


def test_polls_in_one_state_are_equal_requests() -> None:
    jobs = [submit(1, {}, "working", "working", "ready")]

    assert judged(jobs, kept=[10, 12], broken=[11]).outcome is Outcome.FLAKY
