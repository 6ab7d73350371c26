"""A replay gives what was recorded for what is asked, in order, and says so where it cannot."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest

from conformance.http.cassettes.replay import FreshDoor, RecordedAnswers, ReplayDoor
from conformance.model.exchange import (
    Answer,
    Auth,
    Exchange,
    Failure,
    Fault,
    Purpose,
    Request,
    Response,
)

if TYPE_CHECKING:
    from pathlib import Path

BASE = "http://provider.invalid"


def asked(
    method: str = "GET",
    path: str = "/jobs/1",
    body: Any = None,
    *,
    auth: Auth = Auth.OWN,
    **headers: str,
) -> Request:
    sent = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
    return Request(
        method=method,
        url=BASE + path,
        body=sent,
        auth=auth,
        headers=tuple((name.replace("_", "-"), value) for name, value in headers.items()),
    )


def answered(request: Request, text: str, number: int = 0, status: int = 200) -> Exchange:
    return Exchange(
        number=number,
        operation="",
        purpose=Purpose.POLL,
        request=request,
        answer=Response(status=status, body=text.encode()),
        started=0.0,
        elapsed=0.0,
    )


def ask(tape: RecordedAnswers, *requests: Request, **more: Any) -> list[Answer]:
    async def all_of_them() -> list[Answer]:
        door = ReplayDoor(tape)
        return [await door.send(request, **more) for request in requests]

    return asyncio.run(all_of_them())


def bodies(answers: list[Answer]) -> list[str]:
    return [one.body.decode() if isinstance(one, Response) else one.fault.value for one in answers]


def test_polls_are_answered_in_their_order_and_the_last_answer_stays() -> None:
    tape = RecordedAnswers([answered(asked(), "queued"), answered(asked(), "done")])

    assert bodies(ask(tape, asked(), asked(), asked(), asked())) == [
        "queued",
        "done",
        "done",
        "done",
    ]
    assert tape.remarks() == [
        "2 reads beyond the recording were given the last recorded answer again"
    ]


def test_concurrent_jobs_keep_apart() -> None:
    one, two = asked(path="/jobs/1"), asked(path="/jobs/2")
    tape = RecordedAnswers(
        [
            answered(one, "1 queued"),
            answered(two, "2 queued"),
            answered(two, "2 done"),
            answered(one, "1 done"),
        ]
    )

    assert bodies(ask(tape, one, one, two, two)) == ["1 queued", "1 done", "2 queued", "2 done"]


def test_identical_submits_get_a_job_each_and_no_more() -> None:
    submit = asked("POST", "/jobs", {"prompt": "a fox"})
    tape = RecordedAnswers([answered(submit, "j1"), answered(submit, "j2")])

    assert bodies(ask(tape, submit, submit, submit)) == ["j1", "j2", "not-recorded"]


@pytest.mark.parametrize(
    "other",
    [
        asked("POST", "/jobs", {"prompt": "an owl"}),
        asked("POST", "/jobs", {"prompt": "a fox"}, auth=Auth.NONE),
        asked("PUT", "/jobs", {"prompt": "a fox"}),
        asked("POST", "/jobs?v=2", {"prompt": "a fox"}),
        asked("POST", "/jobs", {"prompt": "a fox"}, content_type="text/plain"),
        asked("POST", "/jobs", b'{"prompt":"a fox","prompt":"a fox"}'),
    ],
    ids=["body", "key", "method", "query", "type", "a field twice"],
)
def test_another_request_is_not_taken_for_a_recorded_one(other: Request) -> None:
    tape = RecordedAnswers([answered(asked("POST", "/jobs", {"prompt": "a fox"}), "j1")])

    assert bodies(ask(tape, other)) == ["not-recorded"]


def test_the_order_of_fields_is_no_difference() -> None:
    tape = RecordedAnswers([answered(asked("POST", "/jobs", b'{"a": 1, "b": [2]}'), "j1")])

    assert bodies(ask(tape, asked("POST", "/jobs", b'{"b":[2],"a":1}'))) == ["j1"]


@pytest.mark.parametrize(
    ("was", "now"),
    [(1, 1.0), (1, True), ("1", 1)],
    ids=["1 and 1.0", "1 and true", "text and number"],
)
def test_values_of_another_type_are_a_difference(was: Any, now: Any) -> None:
    tape = RecordedAnswers([answered(asked("POST", "/jobs", {"seconds": was}), "j1")])

    assert bodies(ask(tape, asked("POST", "/jobs", {"seconds": now}))) == ["not-recorded"]


def test_what_was_never_recorded_names_the_nearest_and_what_differs() -> None:
    tape = RecordedAnswers(
        [
            answered(asked(path="/other"), "x"),
            answered(asked("POST", "/jobs", {"prompt": "a fox", "seconds": 6}), "j1"),
        ]
    )
    (answer,) = ask(tape, asked("POST", "/jobs", {"prompt": "a fox", "seconds": 7, "size": "720p"}))

    assert isinstance(answer, Failure)
    assert answer.fault is Fault.NOT_RECORDED
    assert "POST http://provider.invalid/jobs" in answer.detail
    assert "seconds was 6, not 7" in answer.detail
    assert "size was absent" in answer.detail


def test_parts_of_a_file_are_told_apart_by_their_range(tmp_path: Path) -> None:
    whole, rest = asked(path="/film"), asked(path="/film", range="bytes=3-")
    tape = RecordedAnswers([answered(whole, "abcdef"), answered(rest, "def", status=206)])
    target = tmp_path / "film"
    target.write_bytes(b"abc")
    ask(tape, rest, into=target, offset=3)

    assert target.read_bytes() == b"abcdef"


def test_a_body_beside_the_cassette_is_poured_where_it_is_wanted(tmp_path: Path) -> None:
    kept, target = tmp_path / "kept", tmp_path / "film"
    kept.write_bytes(b"film")
    request = asked(path="/film")
    exchange = Exchange(
        number=1,
        operation="",
        purpose=Purpose.DOWNLOAD,
        request=request,
        answer=Response(status=200, file=kept),
        started=0.0,
        elapsed=0.0,
    )
    (answer,) = ask(RecordedAnswers([exchange]), request, into=target)

    assert isinstance(answer, Response)
    assert answer.file == target
    assert target.read_bytes() == b"film"


class Somebody:
    """A door with somebody behind it."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def send(self, request: Request, *, into: Path | None = None) -> Answer:
        self.asked.append(request.url + str(into or ""))
        return Response(status=200, body=b"new")


def test_only_what_is_not_on_the_tape_goes_to_somebody() -> None:
    known, new, somebody = asked(path="/known"), asked(path="/new"), Somebody()
    door = FreshDoor(RecordedAnswers([answered(known, "old")]), somebody)

    async def both() -> list[Answer]:
        return [await door.send(known), await door.send(new)]

    assert bodies(asyncio.run(both())) == ["old", "new"]
    assert somebody.asked == [BASE + "/new"]
    assert (door.is_fresh(known), door.is_fresh(new)) == (False, True)
