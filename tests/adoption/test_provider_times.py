from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from conformance.adoption.provider_times import times, times_of
from tests.report.written import changed, written

if TYPE_CHECKING:
    from pathlib import Path

    from conformance.report.run_file.run_file import RunRecord


def run(
    target: str = "live", base_url: str = "https://api.lantern.example", **measured: Any
) -> RunRecord:
    made = written({}, provider="lantern", target=target)
    assert made.footer is not None
    return replace(
        made,
        header=changed(made.header, base_url=base_url),
        footer=changed(made.footer, measured=measured),
    )


def group(jobs: int, seconds: float | None, queued: float | None) -> dict[str, Any]:
    def percentiles(value: float | None) -> dict[str, float] | None:
        return None if value is None else {"p50": value, "p90": value, "p99": value}

    return {
        "jobs": jobs,
        "error_rate": 0.0,
        "seconds": percentiles(seconds),
        "queued": percentiles(queued),
    }


def test_medians_are_weighed_by_their_jobs() -> None:
    found = times_of(run(a=group(1, 100.0, None), b=group(4, 30.04, 2.0)))

    assert (found.jobs, found.seconds, found.queued) == (5, 30.0, 2.0)
    assert found.real


def test_a_simulator_says_nothing_of_a_provider() -> None:
    found = times_of(run("simulator", a=group(1, 2.0, 1.0)))

    assert not found.real
    assert not times_of(run(base_url="http://127.0.0.1:9371")).real


def test_without_a_run_there_are_no_times(tmp_path: Path) -> None:
    assert times(tmp_path) is None
    (tmp_path / "run.jsonl").write_text("no run\n")
    assert times(tmp_path) is None


def test_a_run_in_which_no_job_ended_has_none() -> None:
    found = times_of(run())

    assert (found.jobs, found.seconds, found.queued) == (0, None, None)
