"""Runs against servers that are hostile, absent, or stop half-way."""

from __future__ import annotations

import asyncio
import json
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from conformance.http.virtual_clock import run_virtual
from conformance.model.exchange import Failure, Fault, Purpose, Request, Response
from conformance.model.inputs import Inputs
from conformance.model.verdict import Cause, Decision, Outcome
from conformance.promises.registry import derive
from conformance.run.events import ExchangeMade, RunInterrupted, VerdictReached
from conformance.run.journal import RunJournal
from conformance.run.planning.plan import make_plan
from conformance.run.provider_run import Run
from conformance.run.purchasing import unlike
from conformance.run.run_settings import Settings
from conformance.run.target import Target
from conformance.spec.document import load

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conformance.model.exchange import Answer
    from conformance.run.events import Event
    from conformance.run.planning.plan import Plan

BASE = "http://somewhere.invalid"


class Scripted:
    """A way to a server that answers as a function says."""

    def __init__(self, answer: Callable[[Request], Answer], *, latency: float = 0.02) -> None:
        self.answer, self.latency = answer, latency
        self.sent: list[Request] = []

    async def send(self, request: Request, *, into: Path | None = None) -> Answer:
        self.sent.append(request)
        await asyncio.sleep(self.latency)
        return self.answer(request)


def plan() -> Plan:
    spec = load("specs/foxapi.yaml")
    return make_plan(spec, derive(spec), Inputs.served_at(BASE))


def go(
    way: Scripted, *, journal: RunJournal | None = None, settings: Settings | None = None
) -> tuple[Any, list[Event]]:
    events: list[Event] = []
    target = Target(kind="live", base_url=BASE, door=way, inputs=Inputs.served_at(BASE), brisk=True)
    run = Run(
        plan=plan(),
        target=target,
        settings=settings or Settings(job_timeout=20),
        emit=events.append,
        journal=journal,
    )

    async def work() -> Any:
        return await run.go()

    return run_virtual(work()), events


def outcomes(events: list[Event]) -> set[Outcome]:
    return {event.verdict.outcome for event in events if isinstance(event, VerdictReached)}


def reply(status: int, body: Any = None, **headers: str) -> Response:
    return Response(
        status=status,
        headers=(("content-type", "application/json"), *headers.items()),
        body=json.dumps(body).encode(),
    )


@pytest.mark.parametrize("fault", [fault for fault in Fault if fault is not Fault.ANSWER_LOST])
def test_a_server_that_never_answers_is_an_error_of_the_network(fault: Fault) -> None:
    way = Scripted(lambda _: Failure(fault=fault, detail="nobody there"))

    summary, events = go(way)

    assert summary.decision is Decision.UNKNOWN
    assert outcomes(events) == {Outcome.ERROR}
    assert {event.verdict.cause for event in events if isinstance(event, VerdictReached)} == {
        Cause.NETWORK
    }
    assert len(way.sent) <= 3


@pytest.mark.parametrize(
    "answer",
    [
        reply(500, {"error": "oops"}),
        reply(402, {"error": {"message": "no balance"}}),
        Response(status=200, headers=(("content-type", "text/html"),), body=b"<html>hello</html>"),
        Response(status=200, body=b'{"id": NaN}'),
        Response(status=200, body=b"[" * 100_000),
        Response(status=302, headers=(("location", "https://elsewhere.example/"),)),
        Response(status=200, body="{}".encode("utf-16")),
    ],
    ids=["always 500", "no balance", "html", "nan", "deep", "redirect", "wrong charset"],
)
def test_an_answer_that_says_neither_yes_nor_no_proves_nothing_about_requests(
    answer: Response,
) -> None:
    summary, events = go(Scripted(lambda _: answer))

    constraints = [
        event
        for event in events
        if isinstance(event, VerdictReached) and event.clause.kind == "constraint"
    ]
    assert all(
        event.verdict.outcome in (Outcome.UNTESTABLE, Outcome.NOT_RUN) for event in constraints
    )
    assert summary.decision is not Decision.GO


def test_a_server_that_refuses_everything_is_one_clear_finding() -> None:
    _, events = go(Scripted(lambda _: reply(422, {"error": {"message": "no"}})))

    failed = [
        event.clause.id
        for event in events
        if isinstance(event, VerdictReached) and event.verdict.outcome is Outcome.FAIL
    ]
    assert failed == ["foxapi.extend.accepted"]


def test_a_server_that_accepts_everything_costs_no_more_than_the_printed_worst_case() -> None:
    count = iter(range(10_000))
    way = Scripted(
        lambda request: (
            reply(200, {"id": f"task-{next(count)}", "status": "failed"})
            if request.method == "POST"
            else reply(200, {"status": "failed"})
        )
    )

    summary, _ = go(way)

    assert summary.spend.jobs <= plan().worst.unpriced


def test_no_more_jobs_of_unknown_price_are_submitted_than_may_be() -> None:
    way = Scripted(
        lambda request: (
            reply(200, {"id": f"t-{len(way.sent)}", "status": "pending"})
            if request.method == "POST"
            else reply(200, {"status": "completed"})
        )
    )

    summary, events = go(way, settings=Settings(budget=2, max_jobs=2, job_timeout=5))

    assert (summary.spend.jobs, summary.spend.unpriced) == (2, 2)
    assert any(
        isinstance(event, VerdictReached) and "--max-jobs" in str(event.verdict.reason)
        for event in events
    )


def test_a_request_that_is_put_off_is_sent_again_after_the_pause() -> None:
    answers = iter([reply(429, {}, **{"retry-after": "7"})])
    way = Scripted(lambda _: next(answers, reply(422, {"error": {"message": "no"}})))

    _, events = go(way)

    first = next(event.exchange for event in events if isinstance(event, ExchangeMade))
    assert isinstance(first.answer, Response)
    assert first.answer.status == 422


def test_a_stopped_run_says_what_is_paid_and_still_running() -> None:
    way = Scripted(
        lambda request: (
            reply(200, {"id": "task-1", "status": "pending"})
            if request.method == "POST"
            else reply(200, {"status": "pending"})
        )
    )
    events: list[Event] = []

    async def work() -> None:
        target = Target(
            kind="live", base_url=BASE, door=way, inputs=Inputs.served_at(BASE), brisk=True
        )
        run = asyncio.create_task(
            Run(
                plan=plan(), target=target, settings=Settings(job_timeout=60), emit=events.append
            ).go()
        )
        await asyncio.sleep(5)
        run.cancel()
        with pytest.raises(asyncio.CancelledError):
            await run

    run_virtual(work())

    stopped = next(event for event in events if isinstance(event, RunInterrupted))
    assert stopped.running
    assert stopped.running[0].id == "task-1"


def test_an_id_of_no_job_looks_like_the_providers_own_and_is_another() -> None:
    assert len(unlike("task_0123456789")) == len("task_0123456789")
    assert unlike("task_0123456789") != "task_0123456789"
    assert unlike("----") != "----"


class TestResuming:
    """A run that was killed is taken up without paying twice."""

    def test_what_was_answered_is_not_sent_again(self, tmp_path: Path) -> None:
        first = Scripted(
            lambda _: reply(200, {"id": f"t-{len(first.sent)}", "status": "completed"})
        )
        journal = RunJournal(tmp_path / "journal.sqlite", now=lambda: 0.0)
        go(first, journal=journal)
        journal.close()

        again = Scripted(lambda _: reply(200, {"status": "completed"}))
        journal = RunJournal(tmp_path / "journal.sqlite", now=lambda: 0.0)
        go(again, journal=journal)
        journal.close()

        assert not [request for request in again.sent if request.method == "POST"]

    def test_a_submit_whose_answer_was_lost_is_reported_and_never_repeated(
        self, tmp_path: Path
    ) -> None:
        journal = RunJournal(tmp_path / "journal.sqlite", now=lambda: 0.0)
        request = Request(method="POST", url=f"{BASE}/v1/videos/generations", body=b"{}")
        journal.intend(journal.look(request, "extend"))
        journal.close()

        journal = RunJournal(tmp_path / "journal.sqlite", now=lambda: 0.0)
        ticket = journal.look(request, "extend")
        journal.close()

        assert ticket.known is not None
        assert isinstance(ticket.known.answer, Failure)
        assert ticket.known.answer.fault is Fault.ANSWER_LOST

    @pytest.mark.parametrize("killed_at", range(1, 24, 2))
    def test_killed_at_any_write_no_job_is_paid_twice_and_none_is_lost(
        self, tmp_path: Path, killed_at: int
    ) -> None:
        server = _Server()
        dying = _Dying(tmp_path / "journal.sqlite", after=killed_at)
        with closing(dying), pytest.raises(_Killed):
            go(Scripted(server), journal=dying)

        journal = RunJournal(tmp_path / "journal.sqlite", now=lambda: 0.0)
        _, events = go(Scripted(server), journal=journal)
        journal.close()

        bodies = list(server.paid.values())
        assert len(bodies) == len(set(bodies)), "one body was bought twice"
        followed = {
            event.exchange.request.url.rpartition("/")[2]
            for event in events
            if isinstance(event, ExchangeMade) and event.exchange.purpose is Purpose.POLL
        }
        lost = [
            event
            for event in events
            if isinstance(event, ExchangeMade)
            and isinstance(event.exchange.answer, Failure)
            and event.exchange.answer.fault is Fault.ANSWER_LOST
        ]
        unfollowed = set(server.paid) - followed
        assert len(unfollowed) <= len(lost), "a paid job is neither followed nor reported as lost"


class _Server:
    """Takes every valid request on as a job that is finished at once.

    It remembers which body bought it.
    """

    def __init__(self) -> None:
        self.paid: dict[str, bytes] = {}

    def __call__(self, request: Request) -> Answer:
        if request.method != "POST":
            return reply(200, {"status": "completed", "id": request.url.rpartition("/")[2]})
        body = json.loads(request.body) if request.body.startswith(b'{"model') else None
        if (
            not isinstance(body, dict)
            or set(body) - {"model", "prompt", "video_url"}
            or request.auth != "own"
        ):
            return reply(422, {"error": {"message": "no"}})
        name = f"task-{len(self.paid)}"
        self.paid[name] = request.body
        return reply(200, {"id": name, "status": "pending"})


class _Killed(Exception):
    """The process ended here."""


class _Dying(RunJournal):
    """A journal whose process is killed after some writes."""

    def __init__(self, file: Path, *, after: int) -> None:
        super().__init__(file, now=lambda: 0.0)
        self._left = after

    def _write(self, statement: str, values: tuple[object, ...]) -> None:
        self._left -= 1
        if self._left >= 0:
            super()._write(statement, values)
        if self._left <= 0:
            raise _Killed
