"""Shards become one run, as if one machine had made it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from conformance.model.run_records import JobRecord, plain_json
from conformance.report.run_file.combine import code_of, joint_records
from tests.report.staged import exchange
from tests.report.written import changed, written

if TYPE_CHECKING:
    from conformance.report.run_file.run_file import RunRecord

JOB = {
    "record": "job",
    "job": "job-1",
    "id": "task-1",
    "operation": "make",
    "scenario": "plain",
    "price": 10.0,
    "exchange": 1,
    "end": "done",
    "seconds": 2.0,
    "ended_by": 2,
}
WAIVED = {
    "reason": "known",
    "owner": "video",
    "created": "2030-01-01",
    "expires": "2030-02-01",
}
FAST, SLOW = {"p50": 1.0, "p90": 2.0, "p99": 3.0}, {"p50": 4.0, "p90": 5.0, "p99": 6.0}


def shard(name: str, at: float, measured: dict[str, Any] | None = None) -> RunRecord:
    run = written({name: {"verdict": "pass", "exchanges": [1, 2]}}, at=at)
    exchanges = {1: exchange(1), 2: exchange(2, job="job-1")}
    return replace(
        run,
        exchanges=exchanges,
        jobs=(msgspec.convert(JOB, JobRecord),),
        stills={2: b"jpeg"},
        footer=changed(run.footer, measured=measured or {}) if run.footer else None,
    )


def lines(*runs: RunRecord) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for record in joint_records(runs, command=["conformance", "combine"]):
        line = json.loads(json.dumps(plain_json(record)))
        found.setdefault(line["record"], []).append(line)
    return found


def test_no_two_shards_share_a_number_or_a_label() -> None:
    found = lines(shard("a", 1.0), shard("b", 2.0))

    assert [one["number"] for one in found["exchange"]] == [1, 2, 3, 4]
    assert [one["job"] for one in found["exchange"]] == ["", "job-1", "", "job-1.2"]
    assert [(one["job"], one["exchange"]) for one in found["job"]] == [("job-1", 1), ("job-1.2", 3)]
    assert [one["ended_by"] for one in found["job"]] == [2, 4]
    assert [one["exchange"] for one in found["still"]] == [2, 4]
    assert [one["exchanges"] for one in found["verdict"]] == [[1, 2], [3, 4]]


def test_the_header_says_who_made_it() -> None:
    (header,) = lines(shard("a", 1.0), shard("b", 2.0))["header"]

    assert header["command"] == ["conformance", "combine"]
    assert [one["started"] for one in header["shards"]] == [1.0, 2.0]
    assert header["plan"]["clauses"] == 2


def test_of_what_several_measured_the_worst_is_told() -> None:
    one = {
        "make.plain": {"jobs": 1, "error_rate": 0.0, "seconds": FAST, "queued": None},
        "make.other": {"jobs": 2, "error_rate": 0.5, "seconds": None, "queued": None},
    }
    other = {"make.plain": {"jobs": 3, "error_rate": 1.0, "seconds": SLOW, "queued": FAST}}
    (footer,) = lines(shard("a", 1.0, one), shard("b", 2.0, other))["footer"]

    assert footer["measured"] == {
        "make.other": one["make.other"],
        "make.plain": {"jobs": 4, "error_rate": 0.75, "seconds": SLOW, "queued": FAST},
    }


def test_shards_that_are_not_the_whole_spec_are_conditional_at_best() -> None:
    (footer,) = lines(shard("a", 1.0), shard("b", 2.0))["footer"]

    assert footer["decision"] == "conditional"


def test_what_was_left_out_or_fixed_in_a_shard_is_so_in_the_whole() -> None:
    left_out = written(
        {
            "b": {
                "verdict": "not_run",
                "reason": "left out to save jobs",
                "reason_code": "left-out",
            },
            "c": {"verdict": "pass", "waived": {**WAIVED, "standing": "fixed"}},
        },
        at=2.0,
    )

    (footer,) = lines(shard("a", 1.0), left_out)["footer"]

    assert footer["decision"] == "conditional"


@pytest.mark.parametrize(
    ("found", "excused", "code"),
    [
        ("fail", False, 1),
        ("fail", True, 0),
        ("pass", False, 0),
        ("error", False, 3),
        ("not_run", False, 3),
    ],
)
def test_the_exit_code_of_a_written_run_is_that_of_the_run_itself(
    found: str, excused: bool, code: int
) -> None:
    assert code_of(written({"a": found}), excused=excused) == code
