"""A verdict in words."""

from __future__ import annotations

import pytest

from conformance.report.finding_words import short, told, waiver
from tests.report.written import clause, verdict

GRANTED = {
    "reason": "known",
    "owner": "video",
    "created": "2030-01-01",
    "expires": "2030-02-01",
    "place": "specs/waivers.yaml:7",
}


def test_without_a_waiver_there_is_no_excuse() -> None:
    assert waiver({}) == waiver({"waived": None}) == ("", "")


def test_a_waiver_that_stands_is_an_excuse() -> None:
    assert waiver({"waived": {**GRANTED, "standing": "valid"}}) == (
        "specs/waivers.yaml:7: waived until 2030-02-01 by video: known",
        "",
    )


@pytest.mark.parametrize(
    ("standing", "told"),
    [
        ("expired", "renew it"),
        ("stale", "conformance waivers prune"),
        ("different", "by its own fingerprint"),
    ],
)
def test_a_waiver_that_does_not_stand_says_what_to_do(standing: str, told: str) -> None:
    excuse, trouble = waiver({"waived": {**GRANTED, "standing": standing}})

    assert not excuse
    assert told in trouble


def test_whatever_a_provider_says_it_is_told_in_lines_of_ours() -> None:
    hostile = "\x1b[31m\u202e\r\n\ud800" + "y" * 1_000_000
    found = {
        **clause("small.a"),
        **verdict("small.a", "fail", received=hostile, difference=[hostile], curl="curl a\ncurl b"),
        "promise": hostile,
    }
    text = told(found)

    assert len(text) < 10_000
    assert all(line.isprintable() for line in text.splitlines())
    assert text.endswith("curl      curl a\ncurl b")
    assert short(found).isprintable()
