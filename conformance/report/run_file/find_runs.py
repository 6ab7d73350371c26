"""Find the runs that a path means: a run file, its folder, or a folder of several providers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from conformance.errors import CouldNotCheck, Misuse
from conformance.report.run_file.run_file import RunRecord, read_run

FILE = "run.jsonl"


@dataclass(eq=False)
class NoSuchRun(Misuse):
    """A path that leads to no run, or to several where one is meant."""

    path: str
    seen: str

    code = "no-such-run"

    def __str__(self) -> str:
        """Say what a run looks like."""
        return f"{self.path}: {self.seen}. Expected a run.jsonl, or the folder that holds one, such as reports/PROVIDER."


@dataclass(eq=False)
class IncompleteRun(CouldNotCheck):
    """A run that did not come to its end, where a whole one is needed."""

    path: str

    code = "incomplete-run"

    def __str__(self) -> str:
        """Say what to do."""
        folder = Path(self.path).parent if self.path.endswith(FILE) else self.path
        return f"{self.path}: the run did not come to its end, so it decides nothing. Finish it with `conformance resume {folder}`, or run again."


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
    """Return the one run that a path means; of a folder of several providers, that of the one named."""
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
        raise IncompleteRun(str(path))
    return run
