"""What the client costs beside bare httpx: submit, poll and download on loopback, median of repeated calls."""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

from conformance.client import VideoClient
from conformance.client.waiting import looking
from conformance.media.clip import Clip, make
from conformance.simulator.server import Server
from conformance.spec.document import take_apart
from conformance.spec.reader import parse

if TYPE_CHECKING:
    from collections.abc import Callable

KEY = "bench-key"
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
              properties: {prompt: {type: string}, duration: {type: integer, minimum: 1, maximum: 15}}
      responses: {"200": {description: Taken., links: {poll: {operationId: look, parameters: {id: "$response.body#/id"}}}}}
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
    body, kind = (CLIP, b"video/mp4") if path == "/file.mp4" else (STATES[path.split("/")[1]], b"application/json")
    headers = [(b"content-type", kind), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


STATES = {"make": b'{"id": "job-1", "status": "queued"}', "jobs": b'{"id": "job-1", "status": "done", "url": "/file.mp4"}'}


def median(work: Callable[[], object], times: int) -> float:
    """Return the median milliseconds of a call, after a few to warm up."""
    for _ in range(5):
        work()
    found = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        found.append((time.perf_counter() - began) * 1000)
    return statistics.median(found)


def _client(url: str) -> VideoClient:
    return VideoClient(take_apart(parse(SPEC, file="bench.yaml")), base_url=url, api_key=KEY, poll_interval=0.001)


def main(times: int) -> None:
    """Measure and print one line for each kind of call."""
    with tempfile.TemporaryDirectory() as folder, Server(app) as server, httpx.Client(base_url=server.url) as bare, _client(server.url) as client:
        target, job = Path(folder) / "fox.mp4", client.job("job-1")
        video = job.wait()
        reference = job.reference()
        key = {"authorization": f"Bearer {KEY}"}
        lines = [
            ("submit", lambda: client.submit.generate("a fox", duration=5), lambda: bare.post("/make", json={"prompt": "a fox", "duration": 5}, headers=key).json()),
            ("check and draft alone", lambda: client.draft.generate("a fox", duration=5), lambda: None),
            ("poll", lambda: client.driver.run(looking(client.core, reference)), lambda: bare.get("/jobs/job-1", headers=key).json()),
            ("download, checked", lambda: video.save(target), lambda: target.write_bytes(bare.get("/file.mp4").content)),
        ]
        print(f"client beside bare httpx, median of {times} calls, ms ({len(CLIP):,} bytes to download)")
        for name, ours, theirs in lines:
            one, other = median(ours, times), median(theirs, times)
            print(f"{name:<24} client {one:8.3f}   httpx {other:8.3f}   more {one - other:8.3f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
