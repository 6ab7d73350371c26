"""Path.

How long a whole run takes beside its longest chain of requests that must wait for each other.
"""

from __future__ import annotations

import asyncio
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.growth import TIMES, larger
from bench.table import Figures
from conformance.promises.registry import derive
from conformance.run.open_target import TargetChoice, open_target
from conformance.run.planning.duration_estimate import longest_chain
from conformance.run.planning.plan import Plan, make_plan
from conformance.run.provider_run import Run
from conformance.run.run_settings import Settings, usual_concurrency
from conformance.spec.catalog import names
from conformance.spec.document import Spec, load

HOW = (
    "Against the simulator in another process over real sockets, with jobs of 2 s and 20 ms "
    "before each answer; no rate limit. Median of 3 runs, in turn; the plan is made before the "
    "clock starts (see Derive). "
    "The longest chain is what no run can be faster than: a job that waits for nothing, or an "
    "original and what extends it, each with its submit, polls around its end, and file."
)
JOB_SECONDS, LATENCY, LIMIT, ROUNDS = 2.0, 0.02, 1.5, 3


def measure() -> Figures:
    """Time runs of every provider, and of one that grows."""
    with tempfile.TemporaryDirectory() as name:
        files = {provider: Path(f"specs/{provider}.yaml") for provider in names()}
        for times in TIMES[1:]:
            files[f"{times}× FoxAPI"] = Path(name) / f"foxapi-{times}.yaml"
            files[f"{times}× FoxAPI"].write_text(larger("foxapi", times))
        runs = [{what: _once(file) for what, file in files.items()} for _ in range(ROUNDS)]
    measurements = [
        {
            "what": what,
            **{key: statistics.median([run[what][key] for run in runs]) for key in runs[0][what]},
        }
        for what in files
    ]
    return Figures(
        title="Path: a run beside its longest chain",
        how=HOW,
        columns=[
            "",
            "run",
            "of it, our own CPU",
            "longest chain",
            "ratio",
            f"promised: at most {LIMIT}",
        ],
        rows=[_row(measured) for measured in measurements],
        raw=measurements,
    )


def _row(measured: dict[str, Any]) -> list[str]:
    ratio = measured["seconds"] / measured["chain"]
    return [
        f"{measured['what']}: {measured['requests']:.0f} requests, {measured['jobs']:.0f} jobs",
        f"{measured['seconds']:.2f} s",
        f"{measured['cpu']:.2f} s",
        f"{measured['chain']:.2f} s",
        f"{ratio:.2f}",
        "kept" if ratio <= LIMIT else "**not kept**",
    ]


def _once(file: Path) -> dict[str, float]:
    spec = load(file)
    command = [
        sys.executable,
        "-m",
        "conformance",
        "serve",
        str(file),
        "--job-seconds",
        str(JOB_SECONDS),
        "--latency",
        str(LATENCY * 1000),
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        try:
            return asyncio.run(_run(spec, server.stdout.readline().rpartition(" at ")[2].strip()))
        finally:
            server.terminate()


async def _run(spec: Spec, url: str) -> dict[str, float]:
    async with open_target(spec, TargetChoice(kind="live", base_url=url)) as (target, _):
        plan: Plan = make_plan(spec, derive(spec), target.inputs)
        begun, cpu = time.perf_counter(), time.process_time()
        summary = await Run(
            plan=plan,
            target=target,
            settings=Settings(job_timeout=30, concurrency=usual_concurrency(url)),
        ).go()
        took, used = time.perf_counter() - begun, time.process_time() - cpu
    return {
        "seconds": took,
        "cpu": used,
        "chain": longest_chain(plan, job_seconds=JOB_SECONDS, latency=LATENCY),
        "requests": summary.spend.requests,
        "jobs": summary.spend.jobs,
    }
