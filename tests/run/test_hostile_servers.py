"""No server, however bad, makes a run send more than it printed before it began."""

from __future__ import annotations

import asyncio
import json
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest

from conformance.http.virtual_clock import run_virtual
from conformance.model.exchange import Request, Response
from conformance.model.inputs import Inputs
from conformance.model.verdict import Decision, ReasonCode
from conformance.run.events import RunStarted, VerdictReached
from conformance.run.planning.request_ceiling import FOLLOWING, most_requests
from conformance.run.provider_run import Run
from conformance.run.run_settings import Settings
from conformance.run.target import Target
from tests.runs import plan_of
from tests.small import PROVIDERS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conformance.run.decision import Summary
    from conformance.run.events import Event

BASE = "http://mini.invalid"
#: Where each spec looks for a job's id, and for its state.
_IDS = {"id": "x", "jobId": "x", "task_id": "x", "request_id": "x"}


def answer(status: int, body: Any, **headers: str) -> Response:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(
        status=status,
        headers=(("content-type", "application/json"), *names.items()),
        body=json.dumps(body).encode(),
    )


def taken(number: int, status: str) -> Response:
    ids: dict[str, Any] = dict.fromkeys(_IDS, f"job-{number}")
    facts = ids | {"status": status, "statusUrl": f"{BASE}/api/v1/jobs/job-{number}"}
    return answer(200, facts | {"code": 200, "data": facts})


#: What a server answers to every request, by what is wrong with it.
SERVERS: dict[str, Callable[[Request, int], Response]] = {
    "takes everything and never ends": lambda _, number: taken(number, "pending"),
    "takes everything and is done at once": lambda _, number: taken(number, "completed"),
    "takes everything and says nothing more": lambda request, number: (
        taken(number, "pending") if request.method == "POST" else Response(status=200)
    ),
    "answers nonsense": lambda _, number: answer(200, [number, {"id": [None]}]),
    "answers nothing, fast": lambda _, __: Response(status=200),
    "crashes": lambda _, __: answer(500, {"error": "oops"}),
    "puts everything off": lambda _, __: answer(429, {"error": "later"}, retry_after="1"),
    "puts every look off": lambda request, number: (
        taken(number, "pending")
        if request.method == "POST"
        else answer(429, {"error": "later"}, retry_after="1")
    ),
}


class Hostile:
    """A way to a server that is wrong in one way, whatever it is asked."""

    def __init__(self, wrong: str) -> None:
        self.sent, self._numbers, self._answer = 0, count(1), SERVERS[wrong]

    async def send(self, request: Request, *, into: Path | None = None) -> Response:
        self.sent += 1
        await asyncio.sleep(0.001)
        return self._answer(request, next(self._numbers))


def run_against(wrong: str, name: str, settings: Settings) -> tuple[Hostile, Summary, list[Event]]:
    way, events = Hostile(wrong), list[Any]()
    target = Target(kind="live", base_url=BASE, door=way, inputs=Inputs.served_at(BASE), brisk=True)
    run = Run(plan=plan_of(name), target=target, settings=settings, emit=events.append)
    return way, run_virtual(run.go()), events


@pytest.mark.parametrize("name", PROVIDERS)
@pytest.mark.parametrize("wrong", SERVERS)
def test_no_server_makes_a_run_send_more_than_was_printed(wrong: str, name: str) -> None:
    way, summary, events = run_against(wrong, name, Settings())

    (printed,) = [event.most_requests for event in events if isinstance(event, RunStarted)]
    assert printed == most_requests(plan_of(name), confirm=2, explore=0)
    assert way.sent <= printed
    assert summary.decision is not Decision.GO


@pytest.mark.parametrize("name", ["foxapi", "pixeldojo"])
def test_even_who_may_spend_everything_sends_no_more_than_was_printed(name: str) -> None:
    way, _, events = run_against("takes everything and never ends", name, Settings(budget=1e9))

    (printed,) = [event.most_requests for event in events if isinstance(event, RunStarted)]
    assert printed is not None
    assert way.sent <= printed


def test_stopping_at_the_ceiling_is_said_as_the_reason_and_leaves_it_unknown() -> None:
    most = 3 * FOLLOWING
    way, summary, events = run_against(
        "takes everything and never ends", "foxapi", Settings(max_requests=most)
    )

    reasons = [event.verdict.reason for event in events if isinstance(event, VerdictReached)]
    stopped = [reason for reason in reasons if reason and reason.code is ReasonCode.REQUESTS]
    assert way.sent <= most
    assert stopped
    assert str(stopped[0]) == f"the ceiling of {most} requests is reached (--max-requests)"
    assert summary.decision is not Decision.GO
