"""Find the runs that a path means: a run file, its folder, or a folder of several providers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.errors import IncompleteRun, NoSuchRun
from conformance.report.run_file.run_file import RunRecord, read_run

if TYPE_CHECKING:
    from pathlib import Path

FILE = "run.jsonl"


def files_at(path: Path) -> list[Path]:
    """Return the run files that a path means."""
    if path.is_dir():
        found = [path / FILE] if (path / FILE).is_file() else sorted(path.glob(f"*/{FILE}"))
    else:
        found = [path] if path.is_file() else []
    if not found:
        raise NoSuchRun(
            str(path), "there is no run" if path.exists() else "there is no such file or folder"
        )
    return found


def run_at(path: Path, *, provider: str = "") -> RunRecord:
    """Return the one run that a path means.

    Of a folder of several providers, that of the one named.
    """
    found = files_at(path)
    if len(found) > 1 and provider:
        found = [one for one in found if one.parent.name == provider] or found
    if len(found) > 1:
        raise NoSuchRun(
            str(path), "there are several runs, " + ", ".join(one.parent.name for one in found)
        )
    return read_run(found[0])


def whole_run_at(path: Path, *, provider: str = "") -> RunRecord:
    """Return the one run that a path means, if it came to its end."""
    run = run_at(path, provider=provider)
    if not run.complete:
        folder = path.parent if path.name == FILE else path
        raise IncompleteRun(str(path), str(folder))
    return run
