"""The tutorial is true.

Its files are written, its commands run as a shell would, its outputs compared.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "tutorial.md"
#: The port that the page names; the test takes a free one.
PORT = "9371"
_FENCE = re.compile(
    r"^```(?P<kind>\w+)(?: (?P<file>\S+))?\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)
_END = "--end-of-command--"
#: Seconds that one command may take on a busy machine.
PATIENCE = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A line after a `$`, and the output that the page shows of it."""

    line: str
    shown: list[str] = field(default_factory=list)


class Shell:
    """One shell for the whole page, so that `&` and `%1` mean what they say."""

    def __init__(self, folder: Path) -> None:
        where = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        kept = {
            name: os.environ[name] for name in ("HOME", "LANG", "SYSTEMROOT") if name in os.environ
        }
        environment = {**kept, "PATH": where, "NO_COLOR": "1", "COLUMNS": "80", "PYTHONUTF8": "1"}
        self._bash = subprocess.Popen(
            ["bash", "--norc"],
            cwd=folder,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def __call__(self, line: str) -> list[str]:
        """Run a line; return what it printed."""
        assert self._bash.stdin
        assert self._bash.stdout
        # A command in the background takes no part in the pipe that is read here.
        told = line.replace(" &", " 2>&1 < /dev/null &") if line.endswith("&") else line
        self._bash.stdin.write(f"{told}\n{{ __code=$?; echo; echo {_END}; (exit $__code); }}\n")
        self._bash.stdin.flush()
        lines: list[str] = []
        # A server that does not come up is waited for by the page without end, and by us for a
        # while.
        watch = threading.Timer(PATIENCE, self._end)
        watch.start()
        while (got := self._bash.stdout.readline()) and got.rstrip("\n") != _END:
            lines.append(got.rstrip("\n"))
        watch.cancel()
        return lines[:-1] if lines and not lines[-1] else lines

    def close(self) -> None:
        """Stop what still runs in the background, then the shell."""
        with suppress(subprocess.TimeoutExpired, BrokenPipeError):
            self._bash.communicate(
                "kill $(jobs -p) 2>/dev/null; wait 2>/dev/null; exit\n", timeout=20
            )
        self._end()
        self._bash.wait(timeout=20)

    def _end(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self._bash.pid, signal.SIGKILL)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A clone as a reader has it, as far as the page needs it."""
    shutil.copytree(ROOT / "specs", tmp_path / "specs")
    return tmp_path


@pytest.fixture
def shell(folder: Path) -> Iterator[Shell]:
    opened = Shell(folder)
    yield opened
    opened.close()


def test_every_block_of_the_tutorial_is_true(folder: Path, shell: Shell) -> None:
    begun = time.monotonic()
    written: set[str] = set()

    for kind, file, text in blocks(_port()):
        if kind == "console":
            for command in commands(text):
                printed = shell(command.line)
                assert fits(command.shown, printed), "\n".join(
                    [f"$ {command.line}", "shown:", *command.shown, "printed:", *printed]
                )
        else:
            target = folder / file
            target.parent.mkdir(parents=True, exist_ok=True)
            before = target.read_text("utf-8") + "\n" if file in written else ""
            target.write_text(before + text, "utf-8")
            written.add(file)

    assert (folder / "reports" / "lantern" / "adopt.html").exists()
    # Twenty seconds on a quiet machine; others may be at work on this one.
    assert time.monotonic() - begun < 120


def test_the_tutorials_provider_is_none_of_ours() -> None:
    assert not (ROOT / "specs" / "lantern.yaml").exists()


def test_a_shown_line_with_dots_takes_anything_and_another_takes_itself() -> None:
    assert fits(["a … c", "…", "z"], ["a b c", "x", "y", "z"])
    assert not fits(["a"], ["b"])
    assert not fits(["a", "…"], ["b", "a"])


def blocks(port: int) -> Iterator[tuple[str, str, str]]:
    for found in _FENCE.finditer(PAGE.read_text("utf-8").replace(PORT, str(port))):
        yield found["kind"], found["file"] or "", found["text"]


def commands(text: str) -> list[Command]:
    found: list[Command] = []
    for line in text.splitlines():
        if line.startswith("$ "):
            found.append(Command(line=line[2:]))
        else:
            found[-1].shown.append(line)
    return found


def fits(shown: list[str], printed: list[str]) -> bool:
    """Say whether an output is what the page shows.

    `…` is anything, on a line of its own any lines; nothing shown is anything.
    """
    if not shown:
        return True
    lines = [
        r"(?:.*\n)*?"
        if line == "…"
        else ".*?".join(map(re.escape, line.rstrip().split("…"))) + r"[ ]*\n"
        for line in shown
    ]
    return re.fullmatch("".join(lines), "".join(f"{line}\n" for line in printed)) is not None


def _port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
