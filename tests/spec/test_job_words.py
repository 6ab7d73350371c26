"""How a job is followed, whatever shape its answers have."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from conformance.model.json_place import at
from conformance.spec.job_words import Link, Phase, job_of
from conformance.spec.words.extension_word import read
from conformance.spec.words.operation_words import JobWord

if TYPE_CHECKING:
    from conformance.model.exchange import Json

WORDS: dict[str, Any] = {
    "id": ["/id", "/task_id"],
    "status": "/status",
    "states": {"waiting": ["queued"], "done": ["completed"], "failed": ["failed"]},
}


@pytest.mark.parametrize(
    ("value", "pointer", "found"),
    [
        ({"a": {"b": [5]}}, "/a/b/0", 5),
        ({"a": {"b": [5]}}, "/a/b/1", None),
        ({"a": 1}, "/a/b", None),
        ([1], "/x", None),
        (None, "/a", None),
        ({"a/b": 1}, "/a~1b", 1),
        ({"a": 1}, "", {"a": 1}),
    ],
)
def test_a_pointer_into_a_hostile_answer_never_fails(value: Any, pointer: str, found: Any) -> None:
    assert at(value, pointer) == found


def test_the_first_pointer_that_holds_a_value_wins() -> None:
    job = job_of(read(JobWord, WORDS), {})

    assert job.find("id", {"id": "a", "task_id": "b"}) == "a"
    assert job.find("id", {"id": None, "task_id": "b"}) == "b"
    assert job.find("id", {}) is None


@pytest.mark.parametrize(
    ("status", "phase", "known"),
    [
        ("completed", Phase.DONE, True),
        ("COMPLETED", Phase.DONE, True),
        ("failed", Phase.FAILED, True),
        ("queued", Phase.WAITING, True),
        ("thinking", Phase.WAITING, False),
    ],
)
def test_an_unknown_status_is_still_waiting(status: str, phase: Phase, known: bool) -> None:
    job = job_of(read(JobWord, WORDS), {})

    assert job.phase(status) is phase
    assert job.known(status) is known


def test_an_envelope_and_a_document_in_a_string_are_opened() -> None:
    job = job_of(
        read(JobWord, WORDS | {"envelope": "/data", "inside": "/result", "result": "/result/url"}),
        {},
    )
    answer: Json = {"data": {"id": "a", "result": json.dumps({"url": "u"})}}

    assert job.find("id", answer) == "a"
    assert job.find("result", answer) == "u"


@pytest.mark.parametrize("text", ["no json", "[" * 100_000])
def test_a_string_that_is_no_document_stays_one(text: str) -> None:
    job = job_of(read(JobWord, WORDS | {"inside": "/result", "result": "/result"}), {})

    assert job.find("result", {"result": text}) == text


def test_an_interval_is_one_number_or_a_range() -> None:
    assert job_of(read(JobWord, WORDS | {"every": 3}), {}).every == (3.0, 3.0)
    assert job_of(read(JobWord, WORDS | {"every": [2, 5]}), {}).every == (2.0, 5.0)


def test_without_a_poll_link_the_address_is_followed() -> None:
    assert job_of(read(JobWord, WORDS), {}).by_address
    assert not job_of(
        read(JobWord, WORDS), {"poll": Link(operation="get", parameter="id")}
    ).by_address
