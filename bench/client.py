"""Client: what a call costs beside bare httpx: submit, poll and download."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

from bench.growth import TIMES
from bench.rounds import in_turn
from bench.table import Figures
from conformance.client import VideoClient
from conformance.client.waiting import looking
from conformance.simulator.server import Server
from conformance.spec.document import take_apart
from conformance.spec.yaml_reader import parse
from conformance.video.make_clip import Clip, make

if TYPE_CHECKING:
    from collections.abc import Callable

KEY, CALLS = "bench-key", 10
SPEC = """
openapi: 3.1.0
info: {title: Bench, version: "1"}
x-provider: {name: bench}
security: [{bearer: []}]
components: {securitySchemes: {bearer: {type: http, scheme: bearer}}}
paths:
  /make:
    post:
      operationId: make
      x-job: {id: /id, status: /status, result: /url, states: {waiting: [queued], done: [done]}}
      requestBody:
        content:
          application/json:
            schema:
              title: text
              x-client: {method: generate, fields: {prompt: /prompt, duration: /duration}}
              type: object
              required: [prompt]
              properties:
                prompt: {type: string}
                duration: {type: integer, minimum: 1, maximum: 15}
      responses:
        "200":
          description: Taken.
          links: {poll: {operationId: look, parameters: {id: "$response.body#/id"}}}
  /jobs/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get: {operationId: look, responses: {"200": {description: State.}}}
"""
CLIP = make(Clip(seconds=8, width=1280, height=720))


async def app(scope: Any, receive: Any, send: Any) -> None:
    """Answer every request at once."""
    while (await receive()).get("more_body", False):
        pass
    path = scope["path"]
    body, kind = (
        (CLIP, b"video/mp4")
        if path == "/file.mp4"
        else (STATES[path.split("/")[1]], b"application/json")
    )
    headers = [(b"content-type", kind), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


STATES = {
    "make": b'{"id": "job-1", "status": "queued"}',
    "jobs": b'{"id": "job-1", "status": "done", "url": "/file.mp4"}',
}


def measure() -> Figures:
    """Time each kind of call, beside the same by httpx alone."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Server(app) as server,
        httpx.Client(base_url=server.url) as bare,
        _client(server.url) as client,
    ):
        target, job = Path(folder) / "fox.mp4", client.job("job-1")
        video = job.wait()
        key, asked = {"authorization": f"Bearer {KEY}"}, {"prompt": "a fox", "duration": 5}
        pairs: dict[str, tuple[Callable[[], object], Callable[[], object]]] = {
            "submit": (
                lambda: client.submit.generate("a fox", duration=5),
                lambda: bare.post("/make", json=asked, headers=key).json(),
            ),
            "poll": (
                lambda: client.driver.run(looking(client.core, job.reference())),
                lambda: bare.get("/jobs/job-1", headers=key).json(),
            ),
            "download": (
                lambda: video.save(target),
                lambda: target.write_bytes(bare.get("/file.mp4").content),
            ),
        }
        measurements = [
            _timed(what, times, *pair) for what, pair in pairs.items() for times in TIMES
        ]
    how = (
        f"On loopback, a server that answers at once and gives a file of {len(CLIP):,} bytes; "
        f"{CALLS} calls a round and 4 and 16 times as many, median of 5 interleaved rounds, warm, "
        f"on one connection. The client checks each request against the spec, each answer, and "
        f"the file it saves."
    )
    rows = [
        [
            f"{measured['what']}, {measured['times']}×",
            f"{measured['client']:.3f} ms",
            f"{measured['httpx']:.3f} ms",
            f"{measured['client'] - measured['httpx']:.3f} ms",
            f"{measured['client'] / measured['httpx']:.1f}",
        ]
        for measured in measurements
    ]
    return Figures(
        title="Client: a call beside bare httpx",
        how=how,
        columns=["", "client, per call", "httpx, per call", "more", "ratio"],
        rows=rows,
        raw=measurements,
    )


def _timed(
    what: str, times: int, ours: Callable[[], object], theirs: Callable[[], object]
) -> dict[str, Any]:
    def often(work: Callable[[], object]) -> Callable[[], object]:
        return lambda: [work() for _ in range(CALLS * times)]

    measurements = in_turn({"client": often(ours), "httpx": often(theirs)}, rounds=5)
    return {
        "what": what,
        "times": times,
        **{which: one.wall * 1000 / (CALLS * times) for which, one in measurements.items()},
    }


def _client(url: str) -> VideoClient:
    return VideoClient(
        take_apart(parse(SPEC, file="bench.yaml")), base_url=url, api_key=KEY, poll_interval=0.001
    )
