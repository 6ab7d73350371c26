"""A run that is recorded and replayed says the same, clause by clause.

It needs no network and no key.
"""

from __future__ import annotations

import json
import socket
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from conformance.errors import BadRecording, NoRecording, RecordedElsewhere
from conformance.http.cassettes.cassette import cassettes_in, read_cassette
from conformance.model.exchange import Failure
from conformance.model.verdict import Cause, Outcome
from conformance.run.events import Event, ExchangeMade, Noted, RunStarted, VerdictReached
from conformance.run.open_target import DEMO_KEY, TargetChoice
from conformance.run.planning.selection import Selection
from conformance.run.recording.recording import FILE, read_recording
from conformance.run.recording.recording_age import ageing
from conformance.run.run_settings import Settings
from conformance.run.session import Session
from conformance.simulator import SimulatorOptions, simulate
from conformance.simulator.server import Server
from tests.small import PROVIDERS, document, fields, provider, spec_of

if TYPE_CHECKING:
    from pathlib import Path

    from conformance.run.decision import Summary
    from conformance.spec.document import Spec

BODY = fields(
    ["prompt"],
    prompt={"type": "string", "minLength": 1},
    seconds={"type": "integer", "minimum": 1, "maximum": 10},
)


class Night:
    """A run, with everything that it told."""

    def __init__(
        self,
        spec: Spec,
        folder: Path,
        *,
        selection: Selection | None = None,
        settings: Settings | None = None,
        **choice: Any,
    ) -> None:
        self.events: list[Event] = []
        told = TargetChoice(**{"kind": "replay", **choice}, cassettes=folder)
        session = Session(
            spec=spec,
            choice=told,
            selection=selection or Selection(),
            settings=settings or Settings(job_timeout=20),
        )
        self.summary: Summary = session.start(self.events.append)

    @property
    def verdicts(self) -> dict[str, tuple[Any, ...]]:
        found = [event.verdict for event in self.events if isinstance(event, VerdictReached)]
        return {
            one.clause: (
                one.outcome,
                one.cause,
                one.expected,
                one.received,
                one.reason,
                one.difference,
            )
            for one in found
        }

    def outcome(self, clause: str) -> Outcome:
        found: Outcome = self.verdicts[clause][0]
        return found

    @property
    def notes(self) -> list[str]:
        return [event.text for event in self.events if isinstance(event, Noted)]


def record(spec: Spec, folder: Path, **more: Any) -> Night:
    return Night(spec, folder, kind="simulator", record=True, **more)


def small(**changes: Any) -> Spec:
    body = json.loads(json.dumps(BODY))
    body["properties"] |= changes
    return spec_of(document(body, **{"x-source": {"document": "page", "section": "Body"}}))


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing be connected to and no name be looked up."""

    def refuse(*_args: Any, **_more: Any) -> Any:
        raise AssertionError("a replay went to the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.mark.parametrize("name", PROVIDERS)
@pytest.mark.usefixtures("no_network")
def test_a_replay_gives_the_verdicts_of_the_night_it_was_recorded(
    tmp_path: Path, name: str
) -> None:
    spec = provider(name)
    night = record(spec, tmp_path)
    again = Night(spec, tmp_path)

    assert again.verdicts == night.verdicts
    assert again.summary.spend == night.summary.spend
    assert again.summary.decision == night.summary.decision


def test_a_divergence_is_replayed_as_one(tmp_path: Path) -> None:
    from conformance.promises.registry import derive, rule_of

    spec = small()
    clause = next(one for one in derive(spec) if one.id == "small.make.seconds.maximum")
    night = record(spec, tmp_path, sabotages=tuple(rule_of(clause).sabotage(clause))[:1])

    assert night.outcome(clause.id) is Outcome.FAIL
    assert Night(spec, tmp_path).verdicts == night.verdicts


def test_another_pace_of_polls_does_not_break_a_replay(tmp_path: Path) -> None:
    spec = provider("foxapi")
    night = record(spec, tmp_path)
    again = Night(spec, tmp_path, settings=Settings(poll_interval=0.05, job_timeout=20))

    assert {name: one[0] for name, one in again.verdicts.items()} == {
        name: one[0] for name, one in night.verdicts.items()
    }


def test_a_replay_says_from_where_and_when_its_answers_are(tmp_path: Path) -> None:
    record(small(), tmp_path)
    begun = next(
        event for event in Night(small(), tmp_path).events if isinstance(event, RunStarted)
    )

    assert (begun.target, begun.recorded_from) == ("replay", "simulator")
    assert begun.recorded is not None


def test_a_selection_is_judged_on_the_whole_recording(tmp_path: Path) -> None:
    record(small(), tmp_path)
    night = Night(small(), tmp_path, selection=Selection(only=("small.make.seconds.maximum",)))

    assert {name: one[0] for name, one in night.verdicts.items()} == {
        "small.make.seconds.maximum": Outcome.PASS
    }


def test_what_a_search_drew_is_replayed_and_not_drawn_again(tmp_path: Path) -> None:
    night = record(small(), tmp_path, settings=Settings(explore=5, seed=7))
    again = Night(small(), tmp_path)

    assert again.summary.spend == night.summary.spend
    assert again.verdicts == night.verdicts


class Moved:
    """A provider whose files have moved: their old addresses lead to the new ones."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if (
            scope["type"] != "http"
            or not scope["path"].startswith("/_files/")
            or scope["query_string"]
        ):
            await self.app(scope, receive, send)
            return
        await send(
            {
                "type": "http.response.start",
                "status": 302,
                "headers": [(b"location", scope["path"].encode() + b"?moved=1")],
            }
        )
        await send({"type": "http.response.body", "body": b""})


def test_a_night_on_real_sockets_with_redirects_is_replayed_as_it_was(tmp_path: Path) -> None:
    spec = provider("foxapi")
    app: Any = Moved(
        simulate(spec, SimulatorOptions(job_seconds=0.2, keys=(DEMO_KEY, "second-key")))
    )
    with Server(app) as server:
        night = Night(spec, tmp_path, kind="live", record=True, base_url=server.url)
    again = Night(spec, tmp_path)

    assert again.verdicts == night.verdicts
    assert again.outcome("foxapi.extend.media.plays") is Outcome.PASS
    assert (
        next(event for event in again.events if isinstance(event, RunStarted)).recorded_from
        == server.url
    )


def test_what_was_never_recorded_is_not_run_with_the_nearest_request(tmp_path: Path) -> None:
    record(small(), tmp_path)
    _forget(tmp_path / "small", "seconds = 11")
    outcome, cause, *_, reason, _ = Night(small(), tmp_path).verdicts["small.make.seconds.maximum"]

    assert (outcome, cause) == (Outcome.NOT_RUN, None)
    assert str(reason).startswith(
        "not recorded: POST http://simulator.invalid/make was not recorded; nearest recorded:"
    )
    assert "seconds was" in str(reason)


def test_a_strict_replay_takes_what_was_never_recorded_for_an_error_of_ours(tmp_path: Path) -> None:
    record(small(), tmp_path)
    _forget(tmp_path / "small", "seconds = 11")
    outcome, cause, *_ = Night(small(), tmp_path, settings=Settings(strict=True)).verdicts[
        "small.make.seconds.maximum"
    ]

    assert (outcome, cause) == (Outcome.ERROR, Cause.OURS)


def test_a_new_clause_is_judged_on_what_was_recorded_or_left_open(tmp_path: Path) -> None:
    record(small(), tmp_path)
    newer = small(
        size={"type": "string", "enum": ["720p"]},
        prompt={"type": "string", "minLength": 1, "maxLength": 50},
    )
    verdicts = Night(newer, tmp_path).verdicts

    assert verdicts["small.make.seconds.maximum"][0] is Outcome.PASS
    assert verdicts["small.make.size.enum"][0] is Outcome.NOT_RUN
    assert str(verdicts["small.make.size.enum"][4]).startswith(
        "not recorded: it was not yet a clause"
    )


def test_a_clause_that_is_none_any_more_is_not_judged(tmp_path: Path) -> None:
    record(small(), tmp_path)
    older = small(seconds={"type": "integer"})

    assert "small.make.seconds.maximum" not in Night(older, tmp_path).verdicts


def test_age_names_what_is_missing_gone_and_asked_otherwise(tmp_path: Path) -> None:
    record(small(), tmp_path)
    recording = read_recording(tmp_path / "small")
    assert recording is not None
    found = ageing(
        recording,
        small(
            seconds={"type": "integer", "minimum": 1, "maximum": 12},
            size={"type": "string", "enum": ["720p"]},
        ),
    )

    assert not found.same_spec
    assert "small.make.size.enum" in found.missing
    assert "small.make.seconds.maximum" in {*found.missing, *(one.clause for one in found.drift)}


def test_an_unchanged_recording_has_not_aged(tmp_path: Path) -> None:
    record(small(), tmp_path)
    recording = read_recording(tmp_path / "small")
    assert recording is not None
    found = ageing(recording, small())

    assert (found.same_spec, found.missing, found.gone, found.drift) == (True, (), (), ())


def test_refreshing_asks_only_for_what_is_missing(tmp_path: Path) -> None:
    record(small(), tmp_path)
    newer = small(size={"type": "string", "enum": ["720p"]})
    before = {
        path.name: len(read_cassette(path).exchanges) for path in cassettes_in(tmp_path / "small")
    }
    Night(newer, tmp_path, kind="simulator", record=True, refresh=True)
    after = {path.name: read_cassette(path).exchanges for path in cassettes_in(tmp_path / "small")}
    new = [one for name, found in after.items() for one in found[before.get(name, 0) :]]

    assert new
    assert all(b"size" in one.request.body for one in new if one.request.method == "POST")
    assert Night(newer, tmp_path).outcome("small.make.size.enum") is Outcome.PASS


def test_a_refreshed_recording_shows_what_a_whole_one_shows(tmp_path: Path) -> None:
    spec = provider("foxapi")
    record(
        spec, tmp_path, selection=Selection(only=("*.extend.duration.minimum", "*.extend.accepted"))
    )
    Night(spec, tmp_path, kind="simulator", record=True, refresh=True)
    again, whole = Night(spec, tmp_path), record(spec, tmp_path / "whole")

    assert {name: one[0] for name, one in again.verdicts.items()} == {
        name: one[0] for name, one in whole.verdicts.items()
    }


def test_a_recording_is_refreshed_only_from_where_it_came(tmp_path: Path) -> None:
    record(small(), tmp_path)
    _restate(tmp_path / "small", base_url="https://api.example.com")
    with pytest.raises(RecordedElsewhere):
        Night(small(), tmp_path, kind="simulator", record=True, refresh=True)


def test_without_a_recording_the_way_to_one_is_told(tmp_path: Path) -> None:
    with pytest.raises(NoRecording, match="--record"):
        Night(small(), tmp_path)


@pytest.mark.parametrize(
    "change",
    [{"format": "other"}, {"plan": 7}, {"inputs": {}}, {"spec": None}, {"started": "now"}],
    ids=lambda change: next(iter(change)),
)
def test_a_damaged_plan_is_told_by_file(tmp_path: Path, change: dict[str, Any]) -> None:
    record(small(), tmp_path)
    _restate(tmp_path / "small", **change)
    with pytest.raises(BadRecording, match=FILE):
        Night(small(), tmp_path)


def test_a_plan_cut_off_in_the_middle_is_told_by_file(tmp_path: Path) -> None:
    record(small(), tmp_path)
    path = tmp_path / "small" / FILE
    path.write_text(path.read_text()[:500])
    with pytest.raises(BadRecording, match=FILE):
        Night(small(), tmp_path)


def test_a_recording_that_is_stopped_keeps_what_it_paid_for(tmp_path: Path) -> None:
    seen = 0

    def stop(event: Event) -> None:
        nonlocal seen
        seen += isinstance(event, ExchangeMade)
        if seen == 3:
            raise KeyboardInterrupt

    session = Session(
        spec=small(), choice=TargetChoice(kind="simulator", record=True, cassettes=tmp_path)
    )
    with pytest.raises(KeyboardInterrupt):
        session.start(stop)
    parts = list((tmp_path / "small").glob("*.yaml.part"))

    assert sum(len(read_cassette(part).exchanges) for part in parts) == 3
    assert read_recording(tmp_path / "small") is None


def test_no_recorded_exchange_is_without_an_answer(tmp_path: Path) -> None:
    night = record(small(), tmp_path)

    assert not [
        event
        for event in night.events
        if isinstance(event, ExchangeMade) and isinstance(event.exchange.answer, Failure)
    ]


def _forget(folder: Path, note: str) -> None:
    """Take one request off its cassette, as if it had never been made."""
    from conformance.http.cassettes.recorder import Recorder

    for path in cassettes_in(folder):
        cassette = read_cassette(path)
        assert cassette.origin
        kept = [one for one in cassette.exchanges if one.note != note]
        recorder = Recorder(
            folder,
            origin=cassette.origin,
            carrier=small().provider.carrier,
            clean=replace,
        )
        for one in kept:
            recorder.add(path.stem, one)
        recorder.finish()


def _restate(folder: Path, **facts: Any) -> None:
    path = folder / FILE
    path.write_text(json.dumps({**json.loads(path.read_text()), **facts}))
