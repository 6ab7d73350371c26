"""`conformance.sarif`: valid, located, and told apart from what was known."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic_sarif.model import StaticAnalysisResultsFormatSarifVersion210JsonSchema as Sarif

from conformance.model.run_records import PlaceRecord, WaivedRecord
from conformance.model.waiver import Standing
from conformance.report.comparing.background import Background, Change
from conformance.report.formats.sarif import sarif
from tests.report.written import KEY, changed, written

RUN = written(
    {"small.a": "fail", "small.b": {"verdict": "warn"}, "small.c": "pass", "small.d": "not_run"}
)


def read(run: Any = RUN, **known: Any) -> dict[str, Any]:
    """Return the one run of the file, once it has kept the published schema."""
    found = sarif(run, Background(**known))
    Sarif.model_validate_json(json.dumps(found))
    (one,) = found["runs"]
    return dict(one)


def waived(standing: Standing) -> WaivedRecord:
    return WaivedRecord(
        reason="known",
        owner="video",
        created="2030-01-01",
        expires="2030-02-01",
        standing=standing,
        place="specs/waivers.yaml:7",
        written=PlaceRecord(file="specs/waivers.yaml", pointer="/waivers/0", line=7),
    )


def test_a_finding_stands_at_the_line_that_makes_the_promise() -> None:
    first, second = read()["results"]

    assert first["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "small.yaml"},
        "region": {"startLine": 7},
    }
    assert (first["ruleId"], first["level"], first["partialFingerprints"]) == (
        "small.a",
        "error",
        {"conformanceFinding/v1": KEY},
    )
    assert first["message"]["text"] == "fail: promised: small.a holds; received: something else"
    assert (second["ruleId"], second["level"]) == ("small.b", "warning")


def test_each_result_has_its_rule() -> None:
    run = read()

    assert [run["tool"]["driver"]["rules"][one["ruleIndex"]]["id"] for one in run["results"]] == [
        "small.a",
        "small.b",
    ]


@pytest.mark.parametrize(
    ("change", "state"),
    [(Change.NEW, "new"), (Change.REGRESSED, "new"), (Change.STILL, "unchanged")],
)
def test_it_says_what_is_new_where_there_was_a_run_before(change: Change, state: str) -> None:
    assert read(before={}, changes={"small.a": change})["results"][0]["baselineState"] == state
    assert "baselineState" not in read()["results"][0]


def test_a_waiver_that_stands_is_a_suppression() -> None:
    (one,) = read(waivers={"small.a": waived(Standing.VALID)})["results"][0]["suppressions"]

    assert one == {"kind": "external", "justification": "known (video, until 2030-02-01)"}


@pytest.mark.parametrize("standing", [Standing.EXPIRED, Standing.DIFFERENT])
def test_a_waiver_that_does_not_stand_suppresses_nothing(standing: Standing) -> None:
    assert "suppressions" not in read(waivers={"small.a": waived(standing)})["results"][0]


def test_a_waiver_for_what_passes_is_a_finding_where_it_is_written() -> None:
    *_, last = read(waivers={"small.c": waived(Standing.FIXED)})["results"]

    assert last["ruleId"] == "small.c"
    assert last["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "specs/waivers.yaml"},
        "region": {"startLine": 7},
    }


def test_a_run_that_could_not_check_says_so() -> None:
    run = read(
        written({"small.a": {"verdict": "error", "reason": "no answer at all"}, "small.b": "pass"})
    )

    assert run["results"] == []
    assert run["invocations"][0]["executionSuccessful"] is False
    assert (
        run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]
        == "1 clauses could not be checked: no answer at all"
    )


def test_an_incomplete_run_says_so() -> None:
    run = read(written({"small.a": "fail"}, complete=False))

    assert run["properties"]["decision"] == "unknown"
    assert (
        "did not come to its end"
        in run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]
    )


def test_nothing_that_a_provider_says_becomes_a_link_or_a_place_to_fill() -> None:
    text = read(
        written(
            {
                "small.a": {
                    "verdict": "fail",
                    "received": "[x](http://evil.invalid) {0} \u202e\x1b[31m<script>"
                    + "y" * 1_000_000,
                }
            }
        )
    )["results"][0]["message"]["text"]

    assert "\\[x\\](http://evil.invalid) {{0}}" in text
    assert text.isprintable()
    assert len(text) < 1_200


def test_a_spec_that_lies_elsewhere_is_named_from_the_root() -> None:
    run = written({"small.a": "fail"})
    place = {"file": "/elsewhere/sp ec.yaml", "pointer": "/paths", "line": 7}
    run.clauses["small.a"] = changed(run.clauses["small.a"], place=place)

    assert (
        read(run)["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        == "file:///elsewhere/sp%20ec.yaml"
    )
