from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from conformance.adoption.times import times

if TYPE_CHECKING:
    from pathlib import Path


def run_file(folder: Path, target: str = "live", **measured: Any) -> Path:
    header = {"record": "header", "format": "conformance-run/1", "provider": "lantern", "target": target, "recorded_from": target}
    lines = [header, {"record": "footer", "measured": measured}]
    (folder / "run.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    return folder


def group(jobs: int, seconds: float | None, queued: float | None) -> dict[str, Any]:
    def percentiles(value: float | None) -> dict[str, float] | None:
        return None if value is None else {"p50": value, "p90": value, "p99": value}

    return {"jobs": jobs, "error_rate": 0.0, "seconds": percentiles(seconds), "queued": percentiles(queued)}


def test_medians_are_weighed_by_their_jobs(tmp_path: Path) -> None:
    found = times(run_file(tmp_path, a=group(1, 100.0, None), b=group(4, 30.04, 2.0)))

    assert found
    assert (found.jobs, found.seconds, found.queued) == (5, 30.0, 2.0)
    assert found.real


def test_a_simulator_says_nothing_of_a_provider(tmp_path: Path) -> None:
    found = times(run_file(tmp_path, "simulator", a=group(1, 2.0, 1.0)))

    assert found
    assert not found.real


def test_without_a_run_there_are_no_times(tmp_path: Path) -> None:
    assert times(tmp_path) is None
    (tmp_path / "run.jsonl").write_text("no run\n")
    assert times(tmp_path) is None


def test_a_run_in_which_no_job_ended_has_none(tmp_path: Path) -> None:
    found = times(run_file(tmp_path))

    assert found
    assert (found.jobs, found.seconds, found.queued) == (0, None, None)
