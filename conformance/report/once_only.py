"""Do a piece of work once, however many processes ask for its result."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.errors import ConformanceError, CouldNotCheck
from conformance.report.formats.outputs import write_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@dataclass(eq=False)
class LeftUnfinished(CouldNotCheck):
    """Another process began the work and is gone."""

    work: str

    code = "left-unfinished"

    def __str__(self) -> str:
        """Say why it is not begun anew."""
        return f"The run of {self.work} was begun by a process that did not end it. It is not begun again, because its jobs may be paid. Start anew."


@dataclass(eq=False)
class Stopped(CouldNotCheck):
    """The work could not be done, as the process found that tried."""

    why: str
    #: That of what stopped it.
    code: str = "stopped"

    def __str__(self) -> str:
        """Say what that process said."""
        return self.why


def once(folder: Path, work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Return the result of the work, done by whoever comes first; all others wait and read it."""
    result = folder / "result.json"
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder / "lock"):
        if not result.exists():
            _claim(folder)
            write_text(result, json.dumps(_done(work)))
    found: dict[str, Any] = json.loads(result.read_text("utf-8"))
    if "stopped" in found:
        raise Stopped(**found["stopped"])
    return found


def _claim(folder: Path) -> None:
    try:
        (folder / "claim").touch(exist_ok=False)
    except FileExistsError as error:
        raise LeftUnfinished(folder.name) from error


def _done(work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    try:
        return work()
    except ConformanceError as error:
        return {"stopped": {"why": str(error), "code": error.code}}


@contextmanager
def _alone(file: Path) -> Iterator[None]:
    try:
        import fcntl
    except (
        ImportError
    ):  # no file locks on this platform: the claim alone keeps work from being done twice
        yield
        return
    with file.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
