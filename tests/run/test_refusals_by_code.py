"""A provider that says no with HTTP 200 and a code is judged like any other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from starlette.responses import Response as StarletteResponse

from conformance.model.exchange import Purpose, Response
from conformance.model.inputs import Inputs
from conformance.model.verdict import Decision, Outcome
from conformance.promises.registry import derive
from conformance.run.events import Event, ExchangeMade, JobEnded, VerdictReached
from conformance.run.planning.plan import make_plan
from conformance.run.recording.audit import Audit
from conformance.simulator import SimulatorOptions, simulate
from conformance.spec.job_words import End
from tests import coded
from tests.runs import BASE, run_app
from tests.small import spec_of

if TYPE_CHECKING:
    from conformance.spec.document import Spec
    from tests.runs import Result


def simulated(spec: Spec) -> Result:
    """Run a spec against the provider that the simulator makes of it."""
    plan = make_plan(spec, derive(spec), Inputs.served_at(BASE))
    keys = ("test-key", "second-key")
    return run_app(plan, lambda now: simulate(spec, SimulatorOptions(now=now, keys=keys)))


def answers(result: Result, *purposes: Purpose) -> list[Response]:
    """Return what was answered to requests with these purposes, or to all."""
    made = [event.exchange for event in result.events if isinstance(event, ExchangeMade)]
    return [
        exchange.answer
        for exchange in made
        if isinstance(exchange.answer, Response) and (not purposes or exchange.purpose in purposes)
    ]


def code_of(answer: Response) -> object:
    """Return the code in an answer, or None where it is no object."""
    body = answer.json()
    return body.get("code") if isinstance(body, dict) else None


def test_a_faithful_one_is_a_go() -> None:
    result = coded.run()

    assert result.findings == set()
    assert result.summary.decision is Decision.GO


@pytest.mark.parametrize(
    ("wrong", "broken"),
    [
        ("takes what is too long", {"coded.create.seconds.maximum"}),
        ("knows any id", {"coded.get.lifecycle.unknown-id"}),
        (
            "open to anybody",
            {
                "coded.create.auth.no-key",
                "coded.create.auth.wrong-key",
                "coded.get.auth.no-key",
                "coded.get.auth.wrong-key",
            },
        ),
        ("shows the jobs of others", {"coded.get.auth.foreign-job"}),
    ],
)
def test_a_wrong_one_is_found_by_what_it_does(wrong: str, broken: set[str]) -> None:
    assert broken <= coded.run(wrong).findings


def test_its_unknown_ids_keys_and_bounds_are_proved() -> None:
    proved = coded.run().having(Outcome.PASS)

    assert {
        "coded.create.seconds.maximum",
        "coded.get.lifecycle.unknown-id",
        "coded.create.auth.no-key",
        "coded.get.auth.foreign-job",
    } <= proved


def test_a_spec_that_does_not_say_so_leads_to_one_finding_that_names_the_word() -> None:
    result = coded.run(of=coded.spec(refusal=None))

    assert result.findings == {"coded.create.response.error-inside-success"}
    _, verdict = result.verdicts["coded.create.response.error-inside-success"]
    assert "x-refusal" in (verdict.received or "")


def test_a_recording_of_it_is_judged_like_the_run() -> None:
    made = [event.exchange for event in coded.run().events if isinstance(event, ExchangeMade)]
    audit = Audit(coded.spec(), made)
    events: list[Event] = []
    audit.run(events.append, recorded_from="night", base_url=BASE)

    outcomes = {
        event.clause.id: event.verdict.outcome
        for event in events
        if isinstance(event, VerdictReached)
    }
    assert outcomes["coded.create.seconds.maximum"] is Outcome.PASS
    assert outcomes["coded.get.auth.no-key"] is Outcome.PASS
    assert not {
        clause for clause, outcome in outcomes.items() if outcome in (Outcome.FAIL, Outcome.WARN)
    }
    assert {attempt.track.end for attempt in audit.attempts if attempt.track} == {End.DONE}


def test_the_simulator_refuses_in_the_documented_way() -> None:
    result = simulated(coded.spec())

    assert result.findings == set()
    assert result.summary.decision is Decision.GO
    refused = {(answer.status, code_of(answer)) for answer in answers(result) if code_of(answer)}
    assert refused == {(200, 1001), (200, 1004), (200, 1200)}


class ToldByStatus(coded.Coded):
    """Tells a job that waits by 202, one that failed by 410, and neither in the body."""

    def state(self, job: str) -> StarletteResponse:
        """Return the answer about a job."""
        if self.now() - self.jobs[job][1] < 2:
            return StarletteResponse(status_code=202)
        if self.wrong == "fails":
            return StarletteResponse(status_code=410)
        return super().state(job)


def told_by_status() -> Spec:
    data = coded.document(**{"by-status": {"waiting": [202], "failed": [410]}})
    replies = data["paths"]["/videos/{id}"]["get"]["responses"]
    replies["202"] = {"description": "It waits."}
    return spec_of(data)


def test_a_job_that_waits_may_be_told_by_its_status_alone() -> None:
    result = coded.run(of=told_by_status(), provider=ToldByStatus)

    assert result.findings == set()
    assert result.summary.decision is Decision.GO


def test_a_job_that_failed_may_be_told_by_its_status_alone() -> None:
    result = coded.run("fails", of=told_by_status(), provider=ToldByStatus)

    assert "coded.create.lifecycle.completes" in result.findings
    ends = {event.end for event in result.events if isinstance(event, JobEnded)}
    assert ends == {End.FAILED}


def test_the_simulator_tells_a_phase_by_its_status() -> None:
    result = simulated(told_by_status())

    assert {answer.status for answer in answers(result, Purpose.POLL)} == {200, 202}
    assert result.findings == set()
