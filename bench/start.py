"""Start-up.

`conformance --help` beside a Python that does nothing, with ever more specs around it.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from bench.growth import TIMES, larger
from bench.rounds import in_turn
from bench.table import Figures

if TYPE_CHECKING:
    from collections.abc import Callable

HOW = (
    "A new process each time, in a folder with 5, 20 and 80 specs; median of 7 interleaved rounds "
    "beside `python -c pass`. "
    "Warm: the byte code lies in its cache, the files in that of the system. Cold: an empty byte "
    "code cache each time (median of 3), as after an installation."
)
LIMIT = 0.3


def measure() -> Figures:
    """Time new processes."""
    rows, raw = [], []
    for times in TIMES:
        with tempfile.TemporaryDirectory() as name:
            folder = _project(Path(name), 5 * times)
            found = in_turn(
                {
                    "help": _run(folder, "-m", "conformance", "--help"),
                    "python": _run(folder, "-c", "pass"),
                },
                rounds=7,
            )
        ours, bare = found["help"].wall, found["python"].wall
        raw.append({"specs": 5 * times, "seconds": ours, "python": bare})
        rows.append(
            [
                f"{times}×: {5 * times} specs",
                f"{ours * 1000:.0f} ms",
                f"{bare * 1000:.0f} ms",
                f"{ours / bare:.1f}",
                f"at most {LIMIT * 1000:.0f} ms",
            ]
        )
    with tempfile.TemporaryDirectory() as name:
        folder = _project(Path(name), 5)
        found = in_turn(
            {
                "help": _cold(folder, "-m", "conformance", "--help"),
                "python": _cold(folder, "-c", "pass"),
            },
            rounds=3,
        )
    ours, bare = found["help"].wall, found["python"].wall
    rows.append(
        [
            "cold, 5 specs",
            f"{ours * 1000:.0f} ms",
            f"{bare * 1000:.0f} ms",
            f"{ours / bare:.1f}",
            "",
        ]
    )
    raw.append({"specs": 5, "cold": True, "seconds": ours, "python": bare})
    return Figures(
        title="Start-up: `conformance --help`",
        how=HOW,
        columns=["", "--help", "bare Python", "ratio", "promised"],
        rows=rows,
        raw=raw,
    )


def _project(folder: Path, count: int) -> Path:
    (folder / "specs").mkdir()
    for number in range(count):
        (folder / "specs" / f"provider{number}.yaml").write_text(larger("foxapi", 1))
    return folder


def _run(folder: Path, *arguments: str) -> Callable[[], object]:
    return lambda: subprocess.run(
        [sys.executable, *arguments], cwd=folder, check=True, capture_output=True
    )


def _cold(folder: Path, *arguments: str) -> Callable[[], object]:
    def run() -> None:
        with tempfile.TemporaryDirectory() as cache:
            subprocess.run(
                [sys.executable, "-X", f"pycache_prefix={cache}", *arguments],
                cwd=folder,
                check=True,
                capture_output=True,
            )

    return run
