"""Serve an application on loopback, on a thread of its own, and stop it for good."""

from __future__ import annotations

import socket
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import uvicorn

from conformance.exceptions import CouldNotCheck, Misuse

if TYPE_CHECKING:
    from types import TracebackType

#: A server that has not started by then will not.
_PATIENCE = 5.0


@dataclass(eq=False)
class PortInUse(Misuse):
    """A port that another program listens on."""

    host: str
    port: int

    code = "port-in-use"

    def __str__(self) -> str:
        """Say what to do."""
        return f"Port {self.port} on {self.host} is in use. Choose another, or --port 0 for any free one."


@dataclass(eq=False)
class ServerDidNotStart(CouldNotCheck):
    """A server of ours that did not come up."""

    url: str

    code = "server-did-not-start"

    def __str__(self) -> str:
        """Say which."""
        return f"The server at {self.url} did not start within {_PATIENCE:g} s. Try again, or another port."


class Server:
    """An application behind a real socket, as a context manager."""

    def __init__(self, app: Any, *, host: str = "127.0.0.1", port: int = 0) -> None:
        self._socket = bound(host, port)
        self.url = f"http://{host}:{self._socket.getsockname()[1]}"
        self._server = uvicorn.Server(configured(app))
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._socket]}, daemon=True)

    def __enter__(self) -> Server:
        """Start, and return when it answers."""
        self._thread.start()
        waited = threading.Event()
        for _ in range(int(_PATIENCE / 0.01)):
            if self._server.started:
                return self
            waited.wait(0.01)
        self._server.should_exit = True
        raise ServerDidNotStart(self.url)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Stop, leaving neither thread nor socket."""
        self._server.should_exit = True
        self._server.force_exit = True
        self._thread.join(timeout=_PATIENCE)
        self._socket.close()


def configured(app: Any) -> uvicorn.Config:
    """Return how applications are served here: quietly, with HTTP alone."""
    return uvicorn.Config(app, log_level="critical", access_log=False, lifespan="off", ws="none", timeout_graceful_shutdown=1)


def bound(host: str, port: int) -> socket.socket:
    """Return a socket on that address, or say that it is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    found = socket.socket(family, socket.SOCK_STREAM)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind((host, port))
    except OSError as error:
        found.close()
        raise PortInUse(host, port) from error
    return found
