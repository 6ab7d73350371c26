from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from urllib.request import urlopen

import anyio
import anyio.to_thread
import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.routing import Route

from conformance.errors import CannotListen, PortInUse, ServerDidNotStart
from conformance.simulator import server as module
from conformance.simulator.sample_server import samples_app
from conformance.simulator.server import Server

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from starlette.requests import Request
    from starlette.types import Receive, Scope, Send


async def hello(_request: Request) -> PlainTextResponse:
    return PlainTextResponse("hello")


async def hang(_request: Request) -> PlainTextResponse:
    await anyio.sleep(60)
    return PlainTextResponse("late")


async def drip(_request: Request) -> StreamingResponse:
    async def drops() -> AsyncIterator[bytes]:
        while True:
            yield b"."
            await anyio.sleep(0.01)

    return StreamingResponse(drops())


def app() -> Starlette:
    return Starlette(routes=[Route("/", hello), Route("/hang", hang), Route("/drip", drip)])


def get(url: str) -> bytes:
    with urlopen(url, timeout=5) as answer:
        content: bytes = answer.read()
    return content


def connect(url: str) -> http.client.HTTPConnection:
    parts = urlsplit(url)
    assert parts.hostname
    return http.client.HTTPConnection(parts.hostname, parts.port, timeout=5)


def threads() -> set[str]:
    return {thread.name for thread in threading.enumerate()}


def sockets() -> int:
    """How many sockets this process holds."""
    folder = Path("/proc/self/fd")
    if not folder.exists():
        return 0
    return sum("socket:" in link for link in map(read_link, folder.iterdir()))


def read_link(path: Path) -> str:
    try:
        return str(path.readlink())
    except OSError:
        return ""


@pytest.fixture(autouse=True)
def _nothing_is_left_behind() -> Iterator[None]:
    before, open_before = threads(), sockets()
    yield
    deadline = time.monotonic() + 1
    while threads() - before and time.monotonic() < deadline:
        time.sleep(0.01)
    assert threads() - before == set()
    assert sockets() <= open_before


def test_an_application_answers_while_the_block_lasts_and_not_after() -> None:
    with Server(app()) as server:
        assert get(server.url) == b"hello"

    with pytest.raises(OSError, match="refused"):
        get(server.url)


def test_starting_and_stopping_take_moments() -> None:
    began = time.monotonic()

    with Server(app()):
        pass

    assert time.monotonic() - began < 2


def test_several_servers_stand_beside_each_other() -> None:
    with Server(app()) as first, Server(samples_app()) as second:
        assert first.url != second.url
        assert get(first.url) == b"hello"
        assert get(f"{second.url}/samples/image-1.png").startswith(b"\x89PNG")


def test_a_server_can_be_started_again_on_its_port() -> None:
    with Server(app()) as first:
        port = urlsplit(first.url).port or 0
        get(first.url)

    with Server(app(), port=port) as second:
        assert second.url == first.url
        assert get(second.url) == b"hello"


def test_a_port_in_use_is_named_with_a_way_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(PortInUse) as caught, Server(app(), port=port):
            pass

    assert caught.value.code == "port-in-use"
    assert f"Port {port}" in str(caught.value)
    assert "--port 0" in str(caught.value)


@pytest.mark.parametrize(
    ("host", "port"), [("203.0.113.1", 0), ("127.0.0.1", 70_000), ("127.0.0.1", -1)]
)
def test_an_address_that_cannot_be_listened_on_is_named_with_the_reason(
    host: str, port: int
) -> None:
    with (
        pytest.raises(CannotListen, match=f"Cannot listen on {host}, port {port}: ."),
        Server(app(), host, port),
    ):
        pass


def test_an_application_that_fails_to_start_is_told_at_once() -> None:
    async def failing(scope: Scope, receive: Receive, send: Send) -> None:
        assert scope["type"] == "lifespan"
        await receive()
        await send({"type": "lifespan.startup.failed", "message": "no"})

    with pytest.raises(ServerDidNotStart, match="did not start"), Server(failing):
        pass


def test_an_application_that_never_starts_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()
    monkeypatch.setattr(module, "SECONDS", 0.2)

    async def slow(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await anyio.to_thread.run_sync(over.wait, 5)
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})

    with (
        pytest.warns(ResourceWarning, match="did not stop"),
        pytest.raises(ServerDidNotStart),
        Server(slow),
    ):
        pass
    over.set()


def test_an_application_without_a_beginning_and_an_end_is_served_too() -> None:
    async def bare(scope: Scope, receive: Receive, send: Send) -> None:
        assert scope["type"] == "http"
        await PlainTextResponse("bare")(scope, receive, send)

    with Server(bare) as server:
        assert get(server.url) == b"bare"


def test_requests_under_way_do_not_keep_it_from_stopping() -> None:
    with Server(app()) as server:
        connections = [connect(server.url), connect(server.url)]
        for connection, path in zip(connections, ("/hang", "/drip"), strict=True):
            connection.request("GET", path)
        time.sleep(0.1)
        began = time.monotonic()

    assert time.monotonic() - began < 2
    for connection in connections:
        connection.close()


def test_idle_connections_do_not_keep_it_from_stopping() -> None:
    with Server(app()) as server:
        connection = connect(server.url)
        connection.request("GET", "/")
        connection.getresponse().read()
        began = time.monotonic()

    assert time.monotonic() - began < 1
    connection.close()


def test_an_error_in_the_block_stops_the_server_and_comes_through() -> None:
    with pytest.raises(ZeroDivisionError), Server(app()) as server:
        raise ZeroDivisionError

    with pytest.raises(OSError, match="refused"):
        get(server.url)


@pytest.mark.parametrize(
    ("host", "url"),
    [("::1", "http://[::1]:9"), ("::", "http://[::1]:9"), ("localhost", "http://localhost:9")],
)
def test_an_address_can_be_called_as_it_is_named(host: str, url: str) -> None:
    assert Server(app(), host, 9).url == url


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_serving_for_ever_ends_when_it_is_told_to(number: signal.Signals) -> None:
    code = (
        "from conformance.simulator.sample_server import samples_app\n"
        "from conformance.simulator.server import serve_forever\n"
        "serve_forever(samples_app(), announce=lambda url: print(url, flush=True))\n"
        "print('over')"
    )
    root = Path(__file__).parents[2]
    with subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=root,
        env=os.environ.copy(),
    ) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        assert get(f"{url}/samples/image-1.png").startswith(b"\x89PNG")

        process.send_signal(number)
        out, problems = process.communicate(timeout=5)

    assert (out, problems, process.returncode) == ("over\n", "", 0)
