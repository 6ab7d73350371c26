"""Do a piece of work once, however many processes ask for its result."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from conformance.errors import ConformanceError, LeftUnfinished, Stopped
from conformance.report.formats.outputs import write_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def once(folder: Path, work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Return the result of the work, done by whoever comes first; all others wait and read it."""
    from filelock import FileLock

    result = folder / "result.json"
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / "lock"):
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
