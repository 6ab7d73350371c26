"""A large answer lies on disk while the run lasts, and reads the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance.model.exchange import Exchange, Failure, Fault, Purpose, Request, Response
from conformance.run.large_bodies import LARGE, Spill

if TYPE_CHECKING:
    from pathlib import Path

    from conformance.model.exchange import Answer

LONG = b'{"a": "' + b"x" * LARGE + b'"}'


def exchange(answer: Answer) -> Exchange:
    return Exchange(
        number=7,
        operation="make",
        purpose=Purpose.SUBMIT,
        request=Request(method="POST", url="https://a.example/"),
        answer=answer,
        started=0.0,
        elapsed=0.0,
    )


def test_a_large_answer_reads_the_same_and_is_not_in_memory() -> None:
    whole = Response(status=200, body=LONG)

    with Spill() as place:
        light = place.light(exchange(whole)).answer
        assert isinstance(light, Response)
        assert light.body == b""
        assert light.json() == whole.json()

    assert light.json() is None


@pytest.mark.parametrize(
    "answer",
    [Response(status=200, body=b"{}"), Failure(fault=Fault.DNS, detail="nobody")],
    ids=["small", "none"],
)
def test_what_is_not_large_stays_as_it_is(answer: Answer) -> None:
    with Spill() as place:
        assert place.light(exchange(answer)).answer is answer


def test_a_full_disk_loses_nothing_that_was_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Gone:
        name = str(tmp_path / "not-there")

        def cleanup(self) -> None:
            """Nothing was made."""

    monkeypatch.setattr("tempfile.TemporaryDirectory", lambda **_: Gone())

    with Spill() as place:
        light = place.light(exchange(Response(status=200, body=LONG))).answer

    assert isinstance(light, Response)
    assert light.body == LONG
