"""A verdict in words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from conformance.model.run_records import WaivedRecord
from conformance.model.waiver import Standing
from conformance.report.finding_words import fixed, short, told, waiver
from conformance.report.formats.verdict_file import verdict_file
from tests.report.written import clause, verdict, written


def granted(standing: Standing) -> WaivedRecord:
    return WaivedRecord(
        reason="known",
        owner="video",
        created="2030-01-01",
        expires="2030-02-01",
        standing=standing,
        place="specs/waivers.yaml:7",
    )


def test_without_a_waiver_there_is_no_excuse() -> None:
    assert waiver(None) == ("", "")


def test_a_waiver_that_stands_is_an_excuse() -> None:
    assert waiver(granted(Standing.VALID)) == (
        "specs/waivers.yaml:7: waived until 2030-02-01 by video: known",
        "",
    )


@pytest.mark.parametrize(
    ("standing", "told"),
    [
        (Standing.EXPIRED, "renew it"),
        (Standing.DIFFERENT, "by its own fingerprint"),
    ],
)
def test_a_waiver_that_does_not_stand_says_what_to_do(standing: Standing, told: str) -> None:
    excuse, trouble = waiver(granted(standing))

    assert not excuse
    assert told in trouble


def test_a_waiver_with_nothing_left_to_waive_is_no_trouble() -> None:
    assert waiver(granted(Standing.FIXED)) == ("", "")
    assert "conformance waivers prune" in fixed(granted(Standing.FIXED))
    assert fixed(granted(Standing.VALID)) == ""


def test_whatever_a_provider_says_it_is_told_in_lines_of_ours() -> None:
    hostile = "\x1b[31m\u202e\r\n\ud800" + "y" * 1_000_000
    command = "curl a\ncurl b"
    run = replace(
        written({"small.a": "fail"}),
        clauses={"small.a": clause("small.a", promise=hostile)},
        verdicts={
            "small.a": verdict(
                "small.a", "fail", received=hostile, difference=[hostile], curl=command
            )
        },
    )
    (found,) = verdict_file(run).clauses
    text = told(found)

    assert len(text) < 10_000
    assert all(line.isprintable() for line in text.splitlines())
    assert text.endswith("curl      curl a\ncurl b")
    assert short(found).isprintable()
