"""`junit.xml`, as a reader of such files finds it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from junitparser import Error, Failure, JUnitXml, Skipped, TestCase, TestSuite

from conformance.report.formats.junit import junit
from tests.report.written import changed, written

WAIVED = {
    "reason": "known",
    "owner": "video",
    "created": "2030-01-01",
    "expires": "2030-02-01",
    "standing": "valid",
    "place": "specs/waivers.yaml:7",
}


def suite(found: dict[str, str | dict[str, Any]]) -> TestSuite:
    return read(junit(written(found)))


def read(text: str) -> TestSuite:
    (found,) = JUnitXml.fromstring(text.encode())
    assert isinstance(found, TestSuite)
    return found


def case(found: str | dict[str, Any]) -> TestCase:
    (one,) = suite({"small.a": found})
    return one


@pytest.mark.parametrize(
    ("outcome", "result"),
    [
        ("pass", None),
        ("warn", None),
        ("fail", Failure),
        ("flaky", Failure),
        ("error", Error),
        ("untestable", Skipped),
        ("not_run", Skipped),
    ],
)
def test_whatever_is_no_pass_has_a_real_child(outcome: str, result: type | None) -> None:
    results = case(outcome).result

    assert [type(one) for one in results] == ([result] if result else [])


def test_the_suite_counts_them() -> None:
    found = suite(
        {"a": "fail", "b": "flaky", "c": "error", "d": "not_run", "e": "pass", "f": "warn"}
    )

    assert (found.tests, found.failures, found.errors, found.skipped) == (6, 2, 1, 1)
    assert found.time == 60.0
    assert {one.get("name"): one.get("value") for one in found._elem.iter("property")} == {
        "decision": "no-go",
        "target": "simulator",
        "complete": "true",
    }


def test_a_case_says_where_the_promise_stands_and_what_came_instead() -> None:
    one = case({"verdict": "fail", "curl": "curl http://small.invalid\ncurl again"})

    assert (one.classname, one._elem.get("file"), one._elem.get("line")) == (
        "small.make.plain",
        "small.yaml",
        "7",
    )
    assert one.result[0].message == "something else"
    assert one.result[0].text == (
        "promised: small.a holds\nreceived: something else\ncurl http://small.invalid\ncurl again"
    )


def test_what_is_waived_is_skipped_and_says_why() -> None:
    one = case({"verdict": "fail", "waived": WAIVED})

    assert [type(result) for result in one.result] == [Skipped]
    assert one.result[0].message == "specs/waivers.yaml:7: waived until 2030-02-01 by video: known"


@pytest.mark.parametrize(
    ("outcome", "standing"),
    [("fail", "different"), ("fail", "expired"), ("not_run", "expired")],
)
def test_a_waiver_that_does_not_stand_is_a_failure(outcome: str, standing: str) -> None:
    (result,) = case({"verdict": outcome, "waived": {**WAIVED, "standing": standing}}).result

    assert (type(result), result.type) == (Failure, "waiver")


@pytest.mark.parametrize("word", ["fixed", "stale"])
def test_a_waiver_with_nothing_left_to_waive_is_told_and_fails_nothing(word: str) -> None:
    one = case({"verdict": "pass", "waived": {**WAIVED, "standing": word}})

    assert one.result == []
    assert "Delete this waiver" in (one.system_out or "")


def test_whatever_a_provider_says_it_stays_a_small_file_of_valid_xml() -> None:
    hostile = "]]><script>&\x00\x1b[31m\u202e\ud800\ufffe" + "y" * 2_000_000
    text = junit(written({"small.a": {"verdict": "fail", "received": hostile, "curl": hostile}}))
    (one,) = read(text)

    assert len(text) < 20_000
    assert (one.result[0].message or "").isprintable()
    assert "<script" not in text


def test_a_name_that_no_file_may_hold_does_no_harm() -> None:
    run = written({"small.\x00a": "fail"})

    assert len(list(read(junit(replace(run, header=changed(run.header, provider="\x01")))))) == 1
