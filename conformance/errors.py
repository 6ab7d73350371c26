"""Everything the harness raises, in the order of a run.

    ConformanceError
    ├── Misuse            called wrongly, or a bad spec: exit code 2
    │   └── BadSpec       a spec that cannot be used, with file and line
    └── CouldNotCheck     our side or the network: exit code 3

A broken promise is never raised: it is a verdict.
"""

from __future__ import annotations

from dataclasses import dataclass


class ConformanceError(Exception):
    """Anything the harness itself reports; the message says what to do next."""

    #: Stable, kebab-case, unique; shown to users and listed by a test.
    code = "conformance-error"


class Misuse(ConformanceError):
    """The harness was called wrongly."""

    code = "misuse"


class CouldNotCheck(ConformanceError):
    """Something on our side or on the way kept a promise from being checked."""

    code = "could-not-check"


@dataclass(eq=False)
class BadSpec(Misuse):
    """A spec that cannot be used, and the line that shows why."""

    file: str
    line: int
    seen: str
    expected: str
    nearest: str = ""

    code = "bad-spec"

    def __str__(self) -> str:
        """Return one message: where, what was seen, what was expected, what comes close."""
        hint = f" Did you mean {self.nearest!r}?" if self.nearest else ""
        return f"{self.file}:{self.line}: {self.seen}. Expected {self.expected}.{hint}"


@dataclass(eq=False)
class NoSuchSample(Misuse):
    """A sample input was asked for by a name that none has."""

    name: str

    code = "no-such-sample"

    def __str__(self) -> str:
        """Return the name and the names that exist."""
        return f"There is no sample {self.name!r}. Expected image-1.png to image-20.png, or video-1s.mp4 to video-60s.mp4."


@dataclass(eq=False)
class PortInUse(Misuse):
    """A server was to listen where another already does."""

    host: str
    port: int

    code = "port-in-use"

    def __str__(self) -> str:
        """Return the port and the way out."""
        return f"Port {self.port} on {self.host} is in use by another program. Stop it, choose another port, or let a free one be chosen: --port 0."


@dataclass(eq=False)
class CannotListen(Misuse):
    """A server was to listen where this machine does not let it."""

    host: str
    port: int
    reason: str

    code = "cannot-listen"

    def __str__(self) -> str:
        """Return the address and what the machine said."""
        return f"Cannot listen on {self.host}, port {self.port}: {self.reason}. Expected an address of this machine and a port from 1024 to 65535, or --port 0."


@dataclass(eq=False)
class ServerDidNotStart(CouldNotCheck):
    """A server of our own did not come up in time."""

    address: str
    seconds: float

    code = "server-did-not-start"

    def __str__(self) -> str:
        """Return the address and how long it was waited for."""
        return f"Our own server at {self.address} did not start within {self.seconds:g} s. Is the machine very busy? Try again."


@dataclass(eq=False)
class TwoSpecsOfOneName(Misuse):
    """Two spec files describe one provider, and both are to be run."""

    name: str
    first: str
    second: str

    code = "two-specs-of-one-name"

    def __str__(self) -> str:
        """Return the name and both files."""
        return f"Two specs have one name, {self.name!r}: {self.first} and {self.second}. Rename one, or run one of them."


@dataclass(eq=False)
class StorageFailed(CouldNotCheck):
    """A file of ours that could not be written or read."""

    file: str
    reason: str

    code = "storage-failed"

    def __str__(self) -> str:
        """Say which file, and what to look at."""
        return f"{self.file}: {self.reason}. Is the disk full, the folder not there, or not yours to write to? Name another place."
