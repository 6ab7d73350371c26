"""Do a piece of work once, however many processes ask for its result."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TypeVar

import msgspec

from conformance.errors import ConformanceError, LeftUnfinished, Stopped
from conformance.report.formats.outputs import write_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Result = TypeVar("Result")


class StoppedWork(msgspec.Struct, frozen=True, kw_only=True):
    """Why the work came to no result."""

    why: str
    code: str


def once(folder: Path, work: Callable[[], Result], kind: type[Result]) -> Result:
    """Return the result of the work, done by whoever comes first; all others wait and read it."""
    from filelock import FileLock

    result, stopped = folder / "result.json", folder / "stopped.json"
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / "lock"):
        if not result.exists() and not stopped.exists():
            _claim(folder)
            try:
                _write(result, work())
            except ConformanceError as error:
                _write(stopped, StoppedWork(why=str(error), code=error.code))
    if stopped.exists():
        reason = _read(stopped, StoppedWork)
        raise Stopped(why=reason.why, code=reason.code)
    return _read(result, kind)


def _claim(folder: Path) -> None:
    try:
        (folder / "claim").touch(exist_ok=False)
    except FileExistsError as error:
        raise LeftUnfinished(folder.name) from error


def _write(file: Path, record: object) -> None:
    # Half of a letter, which a provider may send, is no JSON for msgspec itself.
    write_text(file, json.dumps(msgspec.to_builtins(record)))


def _read(file: Path, kind: type[Result]) -> Result:
    return msgspec.convert(json.loads(file.read_text("utf-8")), kind)
