"""Serve.

Polls a second of the simulator, beside a bare Starlette application that answers the same bytes.
"""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

from bench.rounds import in_turn
from bench.table import Figures
from conformance.run.open_target import DEMO_KEY
from conformance.simulator import SimulatorOptions, simulate
from conformance.spec.document import load

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request

HOW = (
    "The applications are called directly, without sockets or a client in between, 400 polls a "
    "round; median of 7 interleaved rounds after one to warm up. "
    "The bare application has the same route and gives the same JSON, but holds no job, checks no "
    "key and knows no time."
)
JOBS, POLLS = (625, 2500, 10_000), 400
BODY = {
    "model": "grok-imagine-video-extension",
    "prompt": "x",
    "video_url": "https://example.com/a.mp4",
}


def measure() -> Figures:
    """Count polls a second."""
    measurements = [_with(jobs) for jobs in JOBS]
    rows = [
        [
            f"{measured['jobs'] // JOBS[0]}×: {measured['jobs']:,} jobs",
            f"{measured['simulator']:.0f}",
            f"{measured['bare']:.0f}",
            f"{measured['bare'] / measured['simulator']:.1f}",
        ]
        for measured in measurements
    ]
    return Figures(
        title="Serve: the simulator's polls a second",
        how=HOW,
        columns=["", "simulator", "bare Starlette", "ratio"],
        rows=rows,
        raw=measurements,
    )


def _with(jobs: int) -> dict[str, Any]:
    app = simulate(load("specs/foxapi.yaml"), SimulatorOptions(job_seconds=1e6))
    name = ""
    for _ in range(jobs):
        name = json.loads(
            asyncio.run(call(app, "POST", "/v1/videos/generations", json.dumps(BODY).encode()))
        )["id"]
    told = json.loads(asyncio.run(call(app, "GET", f"/v1/tasks/{name}")))

    async def endpoint(request: Request) -> JSONResponse:
        return JSONResponse({**told, "id": request.path_params["id"]})

    bare = Starlette(routes=[Route("/v1/tasks/{id}", endpoint)])
    timed = in_turn({"simulator": _polls(app, name), "bare": _polls(bare, name)}, rounds=7)
    return {"jobs": jobs, **{which: POLLS / one.wall for which, one in timed.items()}}


def _polls(app: Any, name: str) -> Callable[[], object]:
    async def work() -> None:
        for _ in range(POLLS):
            await call(app, "GET", f"/v1/tasks/{name}")

    return lambda: asyncio.run(work())


async def call(app: Any, method: str, path: str, body: bytes = b"") -> bytes:
    """Call an application as a server would, and return the body of its answer."""
    headers = [
        (b"host", b"sim.invalid"),
        (b"authorization", f"Bearer {DEMO_KEY}".encode()),
        (b"content-type", b"application/json"),
    ]
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "scheme": "http",
        "headers": headers,
        "server": ("sim.invalid", 80),
        "client": ("127.0.0.1", 1),
    }
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await app(scope, receive, send)
    if sent[0]["status"] >= 300:
        raise RuntimeError(sent)
    return b"".join(message.get("body", b"") for message in sent[1:])
