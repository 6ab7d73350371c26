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
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise NoSuchRun(str(path), "there is no such file or folder")
    if (path / FILE).is_file():
        return [path / FILE]
    files = sorted(path.glob(f"*/{FILE}"))
    if not files:
        raise NoSuchRun(str(path), "there is no run")
    return files


def run_at(path: Path, *, provider: str = "") -> RunRecord:
    """Return the one run that a path means.

    Of a folder of several providers, that of the one named.
    """
    files = files_at(path)
    if len(files) > 1:
        files = [file for file in files if file.parent.name == provider] or files
    if len(files) > 1:
        names = ", ".join(file.parent.name for file in files)
        raise NoSuchRun(str(path), f"there are several runs, {names}")
    return read_run(files[0])


def whole_run_at(path: Path, *, provider: str = "") -> RunRecord:
    """Return the one run that a path means, if it came to its end."""
    run = run_at(path, provider=provider)
    if not run.complete:
        folder = path.parent if path.name == FILE else path
        raise IncompleteRun(str(path), str(folder))
    return run
