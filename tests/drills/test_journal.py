"""Killed at every single write of its journal and taken up again.

A run pays for nothing twice and loses nothing.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from conformance.http.virtual_clock import run_virtual
from conformance.model.exchange import Auth, Fault, Purpose, Response
from conformance.model.inputs import Inputs
from conformance.promises.registry import derive
from conformance.run.events import ExchangeMade, VerdictReached
from conformance.run.journal import RunJournal
from conformance.run.planning.plan import make_plan
from conformance.run.provider_run import Run
from conformance.run.run_settings import Settings
from conformance.run.target import Target
from conformance.spec.schema.violations import valid
from tests.small import fields, small

if TYPE_CHECKING:
    from pathlib import Path

    from conformance.model.exchange import Answer, Request
    from conformance.run.events import Event

BASE = "http://somewhere.invalid"
SPEC = small(
    fields(
        ["prompt"],
        prompt={"type": "string", "minLength": 1},
        seconds={"type": "integer", "minimum": 1, "maximum": 15},
    ),
    **{
        "x-job": {
            "id": "/id",
            "status": "/status",
            "address": "/at",
            "states": {"waiting": ["working"], "done": ["done"]},
        }
    },
)
PLAN = make_plan(SPEC, derive(SPEC), Inputs.served_at(BASE))


class Killed(BaseException):
    """The process is gone."""


@dataclass(slots=True)
class Provider:
    """Takes on what its schema allows; a job is finished at the second look.

    It outlives whoever asks it.
    """

    #: Takes on whatever is sent with the right key.
    lax: bool = False
    paid: dict[str, bytes] = field(default_factory=dict)
    looks: dict[str, int] = field(default_factory=dict)

    async def send(self, request: Request, *, into: Path | None = None) -> Answer:
        await asyncio.sleep(0.02)
        if request.method == "GET":
            name = request.url.rpartition("/")[2]
            self.looks[name] = self.looks.get(name, 0) + 1
            return said(200, {"id": name, "status": "done" if self.looks[name] > 1 else "working"})
        try:
            body = json.loads(request.body)
        except ValueError:
            body = None
        if request.auth is not Auth.OWN or not (
            self.lax or valid(SPEC.submits[0].scenarios[0].schema, body)
        ):
            return said(422, {"error": {"message": "no"}})
        name = f"job-{len(self.paid)}"
        self.paid[name] = request.body
        return said(200, {"id": name, "status": "working", "at": f"{BASE}/jobs/{name}"})


def said(status: int, body: Any) -> Response:
    return Response(
        status=status,
        headers=(("content-type", "application/json"),),
        body=json.dumps(body).encode(),
    )


class Mortal(RunJournal):
    """A journal whose process is killed at one of its writes: before it is on disk, or after."""

    def __init__(self, file: Path, *, last: int, landed: bool) -> None:
        super().__init__(file, now=lambda: 0.0)
        self.writes, self._last, self._landed = 0, last, landed

    def _write(self, statement: str, values: tuple[object, ...]) -> None:
        self.writes += 1
        # Who is dead writes nothing more, though tasks of this test may still be woken.
        dead = 0 < self._last < self.writes
        if dead or (self.writes == self._last and not self._landed):
            raise Killed
        super()._write(statement, values)
        if self.writes == self._last:
            raise Killed


def run(provider: Provider, journal: RunJournal, *, concurrency: int = 1) -> list[Event]:
    events: list[Event] = []
    target = Target(
        kind="live", base_url=BASE, door=provider, inputs=Inputs.served_at(BASE), brisk=True
    )

    async def work() -> None:
        # One at a time unless told: whoever is killed then had one request under way, and it is
        # known which.
        await Run(
            plan=PLAN,
            target=target,
            settings=Settings(job_timeout=20, concurrency=concurrency),
            emit=events.append,
            journal=journal,
        ).go()

    try:
        run_virtual(work())
    finally:
        journal.close()
    return events


def exchanges(events: list[Event], purpose: Purpose) -> list[Any]:
    return [
        event.exchange
        for event in events
        if isinstance(event, ExchangeMade) and event.exchange.purpose is purpose
    ]


def undisturbed(folder: Path) -> tuple[int, Provider, list[Event]]:
    provider, journal = Provider(), Mortal(folder / "whole.sqlite", last=-1, landed=True)
    events = run(provider, journal)
    return journal.writes, provider, events


def checked(provider: Provider, events: list[Event], *, kills: int) -> int:
    """Hold a run that was taken up again to what it owes.

    Return how many submits it reports as lost.
    """
    lost = [one for one in exchanges(events, Purpose.SUBMIT) if one.fault is Fault.ANSWER_LOST]
    followed = {one.request.url.rpartition("/")[2] for one in exchanges(events, Purpose.POLL)}
    bodies = list(provider.paid.values())

    assert len(set(bodies)) == len(bodies), "one body was bought twice"
    assert len(lost) <= kills, "more is reported lost than was under way"
    assert len(set(provider.paid) - followed) <= len(lost), (
        "a paid job is neither followed nor reported as lost"
    )
    assert any(isinstance(event, VerdictReached) for event in events)
    return len(lost)


def test_there_is_something_to_be_killed_at(tmp_path: Path) -> None:
    writes, provider, events = undisturbed(tmp_path)

    assert writes == 2 * len(exchanges(events, Purpose.SUBMIT)) > 20
    assert len(provider.paid) == len(PLAN.jobs) > 1


@pytest.mark.parametrize(
    "landed", [False, True], ids=["before it is on disk", "when it is on disk"]
)
def test_killed_at_any_write_nothing_is_paid_twice_and_nothing_lost(
    tmp_path: Path, *, landed: bool
) -> None:
    writes, whole, _ = undisturbed(tmp_path)

    for last in range(1, writes + 1):
        provider, file = Provider(), tmp_path / f"journal-{last}.sqlite"
        with pytest.raises(Killed):
            run(provider, Mortal(file, last=last, landed=landed))
        events = run(provider, RunJournal(file, now=lambda: 0.0))

        lost = checked(provider, events, kills=1)
        assert set(provider.paid.values()) <= set(whole.paid.values()), f"killed at write {last}"
        assert len(provider.paid) >= len(whole.paid) - lost, (
            f"killed at write {last}, something was not bought that nobody reports as lost"
        )


def test_a_provider_that_takes_everything_is_paid_once_for_each_thing_too(tmp_path: Path) -> None:
    """What is tried depends on how many forbidden requests were taken on.

    The second process may not come to the same.
    """
    for last in range(1, 40):
        provider, file = Provider(lax=True), tmp_path / f"journal-{last}.sqlite"
        try:
            run(provider, Mortal(file, last=last, landed=last % 2 == 0), concurrency=8)
        except Killed:
            events = run(provider, RunJournal(file, now=lambda: 0.0), concurrency=8)
            checked(provider, events, kills=8)


def test_killed_again_and_again_it_still_comes_to_its_end(tmp_path: Path) -> None:
    provider, file, kills = Provider(), tmp_path / "journal.sqlite", 0
    events: list[Event] = []
    while not events and kills < 200:
        try:
            events = run(provider, Mortal(file, last=3, landed=False))
        except Killed:
            kills += 1

    checked(provider, events, kills=kills)
    assert kills > 5


def test_taken_up_after_its_end_nothing_is_sent_that_could_cost(tmp_path: Path) -> None:
    _, provider, _ = undisturbed(tmp_path)
    before = dict(provider.paid)

    run(provider, RunJournal(tmp_path / "whole.sqlite", now=lambda: 0.0))

    assert provider.paid == before
