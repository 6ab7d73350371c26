"""A small provider for the client's tests: its spec, and a hand-written server on a real socket."""

from __future__ import annotations

import asyncio
import inspect
import json
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from conformance.client import AsyncJob, AsyncVideo, AsyncVideoClient, Job, Video, VideoClient
from conformance.client.async_client import AsyncSubmit
from conformance.video.make_clip import Clip, make
from tests.small import document, fields, spec_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conformance.spec.document import Spec

KEY = "sk-nobody-0123456789"
KINDS = ("waits", "awaits")


@cache
def clip(seconds: int = 1) -> bytes:
    return make(Clip(seconds=seconds, width=64, height=64))


def body() -> dict[str, Any]:
    shape = fields(
        ["model", "prompt"],
        model={"const": "tiny"},
        prompt={"type": "string"},
        duration={"type": "integer", "minimum": 1, "maximum": 15, "default": 5},
        size={"enum": ["480p", "720p"]},
        tags={"type": "array", "items": {"type": "string"}},
    )
    words = {"prompt": "/prompt", "duration": "/duration", "resolution": "/size"}
    return shape | {
        "title": "text",
        "x-client": {"method": "generate", "fields": words},
        "x-media": {"length": "/duration"},
    }


@cache
def shop(
    *,
    content: bool = False,
    cancel: bool = False,
    by_address: bool = False,
    idempotent: bool = False,
    coded: bool = False,
    **job: Any,
) -> Spec:
    """Return the spec of a provider with one paid operation and what belongs to it."""
    words: dict[str, Any] = {
        "id": "/id",
        "status": "/status",
        "progress": "/progress",
        "result": "/url",
        "error": "/error",
        "expires": "/expires",
        "states": {
            "waiting": ["queued", "working"],
            "done": ["done"],
            "failed": ["failed", "cancelled"],
        },
        "every": [0.01, 0.02],
    }
    links: dict[str, Any] = {} if by_address else {"poll": _link("look")}
    links |= ({"content": _link("content")} if content else {}) | (
        {"cancel": _link("cancel")} if cancel else {}
    )
    headers = (
        [{"name": "Idempotency-Key", "in": "header", "schema": {"type": "string"}}]
        if idempotent
        else []
    )
    extra: dict[str, Any] = {"address": "/at"} if by_address else {}
    data = document(
        body(),
        parameters=headers,
        responses={"200": {"description": "Taken.", "links": links}},
        **{"x-job": words | extra | job, "x-cost": {"amount": 5, "observed": "/cost"}},
    )
    named = [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}]
    data["paths"] |= {
        "/jobs/{id}": {
            "parameters": named,
            "get": {"operationId": "look", "responses": {"200": {"description": "State."}}},
        },
        "/jobs/{id}/file": {
            "parameters": named,
            "get": {"operationId": "content", "responses": {"200": {"description": "File."}}},
        },
        "/jobs/{id}/cancel": {
            "parameters": named,
            "post": {"operationId": "cancel", "responses": {"200": {"description": "Stopped."}}},
        },
    }
    if coded:
        means = {"unauthorized": [1001], "not-found": [1004], "no-balance": [1005]}
        data["x-refusal"] = {"code": "/code", "good": [0], "message": "/msg", "means": means}
    return spec_of(data)


def _link(operation: str) -> dict[str, Any]:
    return {"operationId": operation, "parameters": {"id": "$response.body#/id"}}


@dataclass(kw_only=True)
class Reply:
    """What the server answers.

    `drop` closes the connection instead, `cut` in the middle of the body.
    """

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    drop: bool = False
    cut: int | None = None
    ranges: bool = True
    pause: float = 0.0


TAKEN = Reply(body={"id": "job-1", "status": "queued", "cost": 5})


@dataclass(kw_only=True)
class Heard:
    """One request as it arrived."""

    method: str
    path: str
    headers: dict[str, str]
    body: Any


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: Any) -> None:
        """Say nothing: a client that goes away in the middle is part of the tests."""


class Fake:
    """A server of scripted answers: for each `METHOD /path` a list, the last of which repeats."""

    def __init__(self, script: dict[str, Any] | None = None) -> None:
        self.script: dict[str, list[Reply]] = {
            key: value if isinstance(value, list) else [value]
            for key, value in (script or {}).items()
        }
        self.heard: list[Heard] = []
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), self._handler(), bind_and_activate=False)
        self._server.server_bind()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Fake:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._thread:
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()

    def start(self) -> None:
        """Begin to listen; until then the port refuses."""
        if self._thread is None:
            self._server.server_activate()
            self._thread = threading.Thread(
                target=self._server.serve_forever, kwargs={"poll_interval": 0.005}
            )
            self._thread.start()

    def posts(self) -> list[Heard]:
        return [one for one in self.heard if one.method == "POST"]

    def asked(self, path: str) -> list[Heard]:
        return [one for one in self.heard if one.path == path]

    def answer(self, key: str) -> Reply:
        with self._lock:
            known = self.script.get(key, [Reply(status=404, body={"error": "nothing here"})])
            return known.pop(0) if len(known) > 1 else known[0]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        fake = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1  # one write per answer, or delayed acknowledgements cost 40 ms each

            def do_GET(self) -> None:
                self._serve()

            def do_POST(self) -> None:
                self._serve()

            def log_message(self, *_: Any) -> None:
                return

            def _serve(self) -> None:
                raw = self.rfile.read(int(self.headers.get("content-length") or 0))
                path = self.path.partition("?")[0]
                headers = {name.lower(): value for name, value in self.headers.items()}
                fake.heard.append(
                    Heard(
                        method=self.command,
                        path=path,
                        headers=headers,
                        body=json.loads(raw) if raw else None,
                    )
                )
                reply = fake.answer(f"{self.command} {path}")
                threading.Event().wait(reply.pause)
                if reply.drop:
                    self.close_connection = True
                    return
                _write(self, reply)

        return Handler


def _write(handler: BaseHTTPRequestHandler, reply: Reply) -> None:
    data = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
    status, headers = (
        reply.status,
        {"content-type": "video/mp4" if isinstance(reply.body, bytes) else "application/json"}
        | reply.headers,
    )
    wanted = handler.headers.get("range", "")
    if wanted and reply.ranges and status == 200:
        start = int(wanted.removeprefix("bytes=").removesuffix("-"))
        if start >= len(data):
            status, headers, data = 416, headers | {"content-range": f"bytes */{len(data)}"}, b""
        else:
            status, headers = (
                206,
                headers | {"content-range": f"bytes {start}-{len(data) - 1}/{len(data)}"},
            )
            data = data[start:]
    handler.send_response(status)
    for name, value in (headers | {"content-length": str(len(data))}).items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(data if reply.cut is None else data[: reply.cut])
    if reply.cut is not None:
        handler.close_connection = True


class Awaited:
    """An asynchronous object seen by a test that does not want to know."""

    def __init__(self, thing: Any, runner: asyncio.Runner) -> None:
        self.thing, self._runner = thing, runner

    def __getattr__(self, name: str) -> Any:
        return self._seen(getattr(self.thing, name))

    def __call__(self, *args: Any, **words: Any) -> Any:
        words = {
            name: value.thing if isinstance(value, Awaited) else value
            for name, value in words.items()
        }
        found = self.thing(*args, **words)
        if inspect.iscoroutine(found):
            return self._seen(self._runner.run(found))
        return self._seen(list(self._listed(found)) if inspect.isasyncgen(found) else found)

    def __repr__(self) -> str:
        return repr(self.thing)

    def _listed(self, found: Any) -> Iterator[Any]:
        while True:
            try:
                yield self._runner.run(anext(found))
            except StopAsyncIteration:
                return

    def _seen(self, found: Any) -> Any:
        wraps = isinstance(found, AsyncJob | AsyncVideo | AsyncSubmit) or inspect.ismethod(found)
        return Awaited(found, self._runner) if wraps else found


@contextmanager
def opened(
    kind: str,
    spec: Any,
    base_url: str,
    *,
    sleep: Callable[[float], None] | None = None,
    **options: Any,
) -> Iterator[Any]:
    """Yield a client of either kind, with the same methods for the test."""
    usual: dict[str, Any] = {
        "api_key": KEY,
        "base_url": base_url,
        "timeout": 5.0,
        "poll_interval": 0.01,
    }
    options = usual | options
    if kind == "waits":
        with VideoClient(
            spec,
            sleep=sleep or (lambda seconds: threading.Event().wait(min(seconds, 0.01))),
            **options,
        ) as waiting:
            yield waiting
        return

    async def doze(seconds: float) -> None:
        if sleep:
            sleep(seconds)
        await asyncio.sleep(0 if sleep else min(seconds, 0.01))

    with asyncio.Runner() as runner:
        client = runner.run(_made(spec, doze, options))
        try:
            yield Awaited(client, runner)
        finally:
            runner.run(client.close())


async def _made(spec: Any, doze: Any, options: dict[str, Any]) -> AsyncVideoClient:
    return AsyncVideoClient(spec, sleep=doze, **options)


__all__ = [
    "KEY",
    "KINDS",
    "TAKEN",
    "Awaited",
    "Fake",
    "Heard",
    "Job",
    "Reply",
    "Video",
    "clip",
    "opened",
    "shop",
]
