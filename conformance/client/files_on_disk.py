"""The few things the client does to the disk; each returns what it found and raises only `NotSaved`."""

from __future__ import annotations

import errno
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from conformance.client.errors import DiskFull, NotSaved

if TYPE_CHECKING:
    from pathlib import Path

    from conformance.video.probe import NotMedia, Probe, Unprobed


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """A file that was saved and looked at; usable wherever a path is."""

    path: Path
    size: int
    #: What the file really is, measured.
    seconds: float
    width: int
    height: int

    def __fspath__(self) -> str:
        """Return the path."""
        return str(self.path)


def part_of(target: Path, job: str) -> Path:
    """Return where a file grows until it is whole: beside the target, and never mixed up with another job's."""
    return target.with_name(f"{target.name}.{sha256(job.encode()).hexdigest()[:8]}.part")


def prepare(target: Path) -> None:
    """Raise where the target can never be written, before anything is fetched."""
    if target.is_dir():
        raise NotSaved(target, "it is a folder; give a file name")
    if not target.parent.is_dir():
        raise NotSaved(target, f"the folder {target.parent} does not exist")


def size_of(part: Path) -> int:
    """Return how much of a file is there already."""
    try:
        return part.stat().st_size
    except FileNotFoundError:
        return 0
    except OSError as error:
        raise _unsaved(part, error) from error


def drop(part: Path) -> None:
    """Remove what is of no use."""
    try:
        part.unlink(missing_ok=True)
    except OSError as error:
        raise _unsaved(part, error) from error


def finish(part: Path, target: Path, found: Probe) -> Saved:
    """Give a whole file its final name, in one step."""
    try:
        size = part.stat().st_size
        part.replace(target)
    except OSError as error:
        raise _unsaved(target, error) from error
    return Saved(
        path=target, size=size, seconds=found.seconds, width=found.width, height=found.height
    )


def check(part: Path) -> Probe | NotMedia | Unprobed:
    """Return what a file is."""
    from conformance.video.probe import probe

    return probe(part)


def unsaved(target: Path, detail: str) -> NotSaved:
    """Return the error for a file that our disk did not take."""
    full = "no space" in detail.lower() or "quota" in detail.lower()
    return (DiskFull if full else NotSaved)(target, detail)


def _unsaved(path: Path, error: OSError) -> NotSaved:
    kind = DiskFull if error.errno in (errno.ENOSPC, errno.EDQUOT) else NotSaved
    return kind(path, error.strerror or type(error).__name__)
