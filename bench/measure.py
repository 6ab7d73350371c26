"""Measure what the project promises of itself, side by side in one run: `nox -s bench`."""

from __future__ import annotations

import asyncio
import json
import os
import platform
import subprocess
import sys
import time
from pathlib import Path

import httpx
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

from conformance import __version__
from conformance.clauses.registry import derive, kind_of
from conformance.engine.opening import DEMO_KEY, Choice, open_target
from conformance.engine.plan import make_plan
from conformance.engine.run import Run
from conformance.engine.schedule import longest_chain
from conformance.engine.settings import Settings, usual_concurrency
from conformance.simulator import Options, simulate
from conformance.spec.catalog import names
from conformance.spec.document import load
from conformance.values.inputs import Inputs

KEY = {"authorization": f"Bearer {DEMO_KEY}"}


def start_up() -> dict:
    """Time `conformance --help`, the best of five new processes."""
    times = []
    for _ in range(5):
        begun = time.perf_counter()
        subprocess.run([sys.executable, "-m", "conformance", "--help"], check=True, capture_output=True)
        times.append(time.perf_counter() - begun)
    return {"seconds": min(times), "limit": 0.3}


def deriving() -> dict:
    """Time reading all specs, deriving all clauses, and making every witness, in a new process's state."""
    begun = time.perf_counter()
    count = 0
    for name in names():
        for clause in derive(load(f"specs/{name}.yaml")):
            count += len(list(kind_of(clause).wishes(clause))) + len(list(kind_of(clause).witnesses(clause, [], Inputs())))
    return {"seconds": time.perf_counter() - begun, "witnesses": count, "limit": 5.0}


async def polls(jobs: int, requests: int = 400) -> dict:
    """Poll a simulator that holds so many jobs, beside a bare application that answers as much."""
    app = simulate(load("specs/foxapi.yaml"), Options(job_seconds=1e6))
    body = {"model": "grok-imagine-video-extension", "prompt": "x", "video_url": "https://example.com/a.mp4"}
    async with _client(app) as http:
        name = ""
        for _ in range(jobs):
            answer = await http.post("/v1/videos/generations", json=body)
            name = answer.json()["id"]
        simulated = await _rate(http, f"/v1/tasks/{name}", requests)
        told = (await http.get(f"/v1/tasks/{name}")).json()

    async def endpoint(_: object) -> JSONResponse:
        return JSONResponse(told)

    bare = Starlette(routes=[Route("/x", endpoint)])
    async with _client(bare) as http:
        return {"jobs": jobs, "per_second": simulated, "bare_per_second": await _rate(http, "/x", requests)}


async def _rate(http: httpx.AsyncClient, path: str, count: int) -> float:
    begun = time.perf_counter()
    for _ in range(count):
        (await http.get(path)).raise_for_status()
    return count / (time.perf_counter() - begun)


def _client(app: object) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://sim.invalid", headers=KEY)


def critical_path(name: str) -> dict:
    """Time a run over real sockets, with jobs of 2 s and 20 ms latency, beside its longest chain."""
    spec = load(f"specs/{name}.yaml")
    command = [sys.executable, "-m", "conformance", "serve", name, "--job-seconds", "2", "--latency", "20"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        url = server.stdout.readline().rpartition(" at ")[2].strip()

        async def work() -> tuple[float, float]:
            async with open_target(spec, Choice(kind="live", base_url=url)) as (target, _):
                plan = make_plan(spec, derive(spec), target.inputs)
                begun = time.perf_counter()
                await Run(plan=plan, target=target, settings=Settings(job_timeout=30, concurrency=usual_concurrency(url))).go()
                return time.perf_counter() - begun, longest_chain(plan, job_seconds=2.0, latency=0.02)

        try:
            took, chain = asyncio.run(work())
        finally:
            server.terminate()
    return {"provider": name, "seconds": took, "longest_chain": chain, "ratio": took / chain, "limit": 1.5}


def main() -> None:
    """Measure everything and write it down, for machines and for people."""
    found = {
        "date": time.strftime("%Y-%m-%d"),
        "version": __version__,
        "machine": {"cores": os.cpu_count(), "python": platform.python_version(), "system": platform.system()},
        "start_up": start_up(),
        "deriving": deriving(),
        "simulator": [asyncio.run(polls(jobs)) for jobs in (10, 640, 10_000)],
        "critical_path": [critical_path(name) for name in names()],
    }
    Path("docs/benchmarks.json").write_text(json.dumps(found, indent=2) + "\n")
    text = table(found)
    Path("docs/benchmarks.md").write_text(text)
    print(text)


def table(found: dict) -> str:
    """Return the figures as a page."""
    machine = found["machine"]
    rows = [("`conformance --help`", f"{found['start_up']['seconds']:.2f} s", "at most 0.3 s")]
    rows += [(f"all clauses and witnesses of all specs ({found['deriving']['witnesses']})", f"{found['deriving']['seconds']:.1f} s", "at most 5 s")]
    rows += [(f"simulator: polls a second with {one['jobs']:,} jobs", f"{one['per_second']:.0f}", f"bare Starlette: {one['bare_per_second']:.0f}") for one in found["simulator"]]
    rows += [(f"{one['provider']}: run beside its longest chain (jobs of 2 s, 20 ms latency)", f"{one['seconds']:.1f} s", f"{one['longest_chain']:.1f} s, ratio {one['ratio']:.2f}, {'within' if one['ratio'] <= one['limit'] else '**beyond**'} the limit of {one['limit']}") for one in found["critical_path"]]
    lines = ["# Benchmarks", "", f"Written by `nox -s bench` on {found['date']}, version {found['version']}, {machine['cores']} cores, Python {machine['python']} on {machine['system']}.", "", "| what | measured | beside |", "|---|---|---|"]
    return "\n".join([*lines, *(f"| {what} | {value} | {beside} |" for what, value, beside in rows)]) + "\n"


if __name__ == "__main__":
    main()
