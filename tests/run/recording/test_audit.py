"""Recorded exchanges are judged as they are, whoever recorded them.

Nothing is generated and nothing is sent.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from conformance.model.exchange import Auth, Exchange, Purpose, Request, Response
from conformance.model.verdict import Outcome
from conformance.run.events import Event, VerdictReached
from conformance.run.open_target import TargetChoice
from conformance.run.recording.audit import Audit, best_spec
from conformance.run.recording.recording import read_recording
from conformance.run.session import Session
from tests.small import PROVIDERS, document, fields, provider, spec_of

if TYPE_CHECKING:
    from pathlib import Path

    from conformance.spec.document import Spec

BODY = fields(
    ["prompt"],
    prompt={"type": "string", "minLength": 1},
    seconds={"type": "integer", "minimum": 1, "maximum": 10},
)
MAXIMUM = "small.make.seconds.maximum"


def small() -> Spec:
    return spec_of(document(BODY, **{"x-source": {"document": "page", "section": "Body"}}))


def sent(
    body: Any,
    status: int = 200,
    answer: Any = None,
    *,
    auth: Auth = Auth.OWN,
    host: str = "https://api.example.com/base",
) -> Exchange:
    told = (
        answer
        if answer is not None
        else {"id": f"j{json.dumps(body)}", "url": "/f"}
        if status < 300
        else {"error": "no"}
    )
    request = Request(
        method="POST",
        url=f"{host}/make",
        headers=(("content-type", "application/json"),),
        body=json.dumps(body).encode(),
        auth=auth,
    )
    got = Response(
        status=status,
        headers=(("content-type", "application/json"),),
        body=json.dumps(told).encode(),
    )
    return Exchange(
        number=0,
        operation="",
        purpose=Purpose.SUBMIT,
        request=request,
        answer=got,
        started=0.0,
        elapsed=0.1,
    )


def judged(spec: Spec, exchanges: list[Exchange]) -> dict[str, Outcome]:
    events: list[Event] = []
    Audit(spec, exchanges).run(events.append, recorded_from="somebody", base_url="")
    return {
        event.clause.id: event.verdict.outcome
        for event in events
        if isinstance(event, VerdictReached)
    }


@pytest.mark.parametrize("name", PROVIDERS)
def test_a_faithful_recording_shows_no_divergence(tmp_path: Path, name: str) -> None:
    spec = provider(name)
    Session(
        spec=spec, choice=TargetChoice(kind="simulator", record=True, cassettes=tmp_path)
    ).start()
    recording = read_recording(tmp_path / name)
    assert recording is not None
    found = judged(spec, recording.exchanges())

    assert set(found.values()) <= {Outcome.PASS, Outcome.NOT_RUN}
    assert sum(outcome is Outcome.PASS for outcome in found.values()) > len(found) / 2


def test_a_forbidden_value_that_was_taken_breaks_its_clause() -> None:
    found = judged(
        small(),
        [sent({"prompt": "a fox", "seconds": 10}), sent({"prompt": "a fox", "seconds": 11})],
    )

    assert found[MAXIMUM] is Outcome.FAIL
    assert [name for name, outcome in found.items() if outcome is Outcome.FAIL] == [MAXIMUM]


def test_a_finding_has_a_key_that_is_the_same_in_every_recording_of_it() -> None:
    def keys(key: str) -> set[str]:
        events: list[Event] = []
        answers = [{"id": f"{key}{number}", "url": "/f"} for number in range(2)]
        exchanges = [
            sent({"prompt": "a fox", "seconds": 10}, answer=answers[0]),
            sent({"prompt": "a fox", "seconds": 11}, answer=answers[1]),
        ]
        Audit(small(), exchanges).run(events.append, recorded_from="somebody", base_url="")
        return {
            event.fingerprint
            for event in events
            if isinstance(event, VerdictReached) and event.clause.id == MAXIMUM
        }

    assert keys("one") == keys("other") != {""}


def test_a_forbidden_value_that_was_refused_keeps_its_clause() -> None:
    found = judged(
        small(),
        [sent({"prompt": "a fox", "seconds": 10}), sent({"prompt": "a fox", "seconds": 11}, 422)],
    )

    assert found[MAXIMUM] is Outcome.PASS


def test_a_refusal_without_an_accepted_request_like_it_shows_nothing() -> None:
    assert (
        judged(small(), [sent({"prompt": "a fox", "seconds": 11}, 422)])[MAXIMUM] is Outcome.NOT_RUN
    )


def test_a_request_that_breaks_two_rules_shows_neither() -> None:
    found = judged(
        small(), [sent({"prompt": "a fox", "seconds": 10}), sent({"prompt": "", "seconds": 11})]
    )

    assert Outcome.FAIL not in found.values()


def test_what_no_recording_shows_is_not_run() -> None:
    assert judged(small(), [sent({"prompt": "a fox"})])["small.make.auth.no-key"] is Outcome.NOT_RUN


def test_where_keys_were_taken_out_of_every_request_none_counts_as_sent_without() -> None:
    found = judged(
        small(),
        [
            replace(one, request=replace(one.request, auth=Auth.NONE))
            for one in [sent({"prompt": "a fox"})]
        ],
    )

    assert found["small.make.auth.no-key"] is Outcome.NOT_RUN


def test_a_request_without_a_key_that_was_taken_is_a_divergence() -> None:
    found = judged(small(), [sent({"prompt": "a fox"}), sent({"prompt": "a fox"}, auth=Auth.NONE)])

    assert found["small.make.auth.no-key"] in (Outcome.FAIL, Outcome.WARN)


def test_the_spec_is_found_by_the_operations_that_were_asked_for() -> None:
    specs = [provider(name) for name in PROVIDERS]
    request = Request(
        method="POST", url="http://somewhere.invalid/proxy" + specs[0].submits[0].path, body=b"{}"
    )
    exchange = Exchange(
        number=1,
        operation="",
        purpose=Purpose.SUBMIT,
        request=request,
        answer=Response(status=400),
        started=0.0,
        elapsed=0.0,
    )

    assert best_spec(specs, [exchange]) is specs[0]
    assert (
        best_spec(
            specs,
            [replace(exchange, request=replace(request, url="http://somewhere.invalid/else"))],
        )
        is None
    )
