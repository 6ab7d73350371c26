"""Run an application on a socket: beside the caller on a thread, or until someone stops it."""

from __future__ import annotations

import asyncio
import errno
import signal
import socket
import threading
import warnings
from contextlib import contextmanager, suppress
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, Self

import uvicorn

from conformance.errors import CannotListen, PortInUse, ServerDidNotStart

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import TracebackType

    from starlette.types import ASGIApp

#: How long starting and stopping may take.
SECONDS = 2.0
#: How long requests under way may go on when the server stops.
GRACE = 1
#: Hosts that mean "every address of this machine"; one of them is named so that it can be called.
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - translated, never bound


class Server:
    """An application that listens while the `with` block lasts; port 0 means any free one."""

    def __init__(self, app: ASGIApp, host: str = "127.0.0.1", port: int = 0) -> None:
        """Prepare; nothing listens yet."""
        self._app, self._host, self._port = app, host, port
        self._running: _Running | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """The address to call, without a slash at its end."""
        host = _EVERYWHERE.get(self._host, self._host)
        return f"http://[{host}]:{self._port}" if ":" in host else f"http://{host}:{self._port}"

    def __enter__(self) -> Self:
        """Listen, and return once requests are answered."""
        listener = _listener(self._host, self._port)
        self._port = listener.getsockname()[1]
        self._running = _Running(self._app)
        self._thread = threading.Thread(
            target=self._running.serve_on,
            args=(listener,),
            name=f"server on port {self._port}",
            daemon=True,
        )
        self._thread.start()
        if not self._running.settled.wait(SECONDS) or not self._running.started:
            self._stop()
            raise ServerDidNotStart(self.url, SECONDS)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop listening, let requests under way end for a moment, and close all connections."""
        self._stop()

    def _stop(self) -> None:
        if self._running is None or self._thread is None:
            return
        self._running.should_exit = True
        self._thread.join(SECONDS)
        if self._thread.is_alive():
            self._running.force_exit = True
            warnings.warn(
                f"the server at {self.url} is busy and did not stop within {SECONDS:g} s",
                ResourceWarning,
                stacklevel=3,
            )
        self._running = self._thread = None


def serve_forever(
    app: ASGIApp, host: str = "127.0.0.1", port: int = 0, *, announce: Callable[[str], None] = print
) -> None:
    """Serve until the process is interrupted or told to end; announce the address once it answers.

    To be called from the main thread, which alone hears signals.
    """
    with _stop_signal() as stop, Server(app, host, port) as server:
        announce(server.url)
        stop.get()


class _Running(uvicorn.Server):
    """The server itself, which says when it is up and leaves no connection behind."""

    def __init__(self, app: ASGIApp) -> None:
        # Only a loop of its own and HTTP/1.1: the same behaviour whatever else is installed.
        super().__init__(
            uvicorn.Config(
                app,
                loop="asyncio",
                http="h11",
                ws="none",
                log_config=None,
                log_level="critical",
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=GRACE,
            )
        )
        #: Set when the server is up, and also when it never will be.
        self.settled = threading.Event()

    def serve_on(self, listener: socket.socket) -> None:
        """Serve on this thread until told to stop."""
        try:
            # An application that fails to start would end the process.
            with listener, suppress(SystemExit):
                self.run(sockets=[listener])
        finally:
            self.settled.set()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and say so."""
        await super().startup(sockets=sockets)
        self.settled.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop, and cut the connections that outlast the grace."""
        await super().shutdown(sockets=sockets)
        for connection in list(self.server_state.connections):
            transport: Any = connection.transport
            transport.abort()
        await asyncio.sleep(0)  # one turn of the loop closes what was cut


def _listener(host: str, port: int) -> socket.socket:
    if not 0 <= port <= 65535:
        raise CannotListen(host, port, "there is no such port")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=2048)
        # Connections inherit it; without it each answer waits 40 ms for a delayed acknowledgement.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except (OSError, ValueError) as error:
        if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
            raise PortInUse(host, port) from error
        reason = str(getattr(error, "strerror", None) or error).partition(" (while")[0]
        raise CannotListen(host, port, reason) from error
    return listener


@contextmanager
def _stop_signal() -> Iterator[SimpleQueue[None]]:
    # Unlike an event, it may be told by a signal while the same thread is at it.
    stop: SimpleQueue[None] = SimpleQueue()
    before = {
        number: signal.signal(number, lambda *_: stop.put(None))
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
