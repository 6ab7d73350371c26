"""Run the console examples of a page, and hold what is printed to what the page shows."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.drills.hostile import ended

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A line that is typed, and the lines that the page shows below it."""

    line: str
    shown: tuple[str, ...]


@dataclass(slots=True)
class Shell:
    """Understands as much of a shell as the pages use.

    Variables, `export`, `cd`-less commands of ours, and `echo $?`.
    """

    patch: pytest.MonkeyPatch
    code: int = 0
    environment: dict[str, str] = field(default_factory=dict)

    def run(self, line: str) -> str:
        """Return what a line prints."""
        words = shlex.split(line, comments=True)
        if words == ["echo", "$?"]:
            return str(self.code)
        if words[0] == "export":
            name, _, value = words[1].partition("=")
            self.patch.setenv(name, value)
            return ""
        assert words[0] == "conformance", f"no example knows {words[0]!r}: mark the block `not run`"
        found = ended(*words[1:])
        self.code = found.code
        assert "Traceback" not in found.said
        return found.said


def commands(text: str) -> Iterator[Command]:
    """Yield the commands of a console block."""
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        line, _, shown = part.partition("\n")
        yield Command(
            line=line,
            shown=tuple(one for one in shown.splitlines() if one.strip() not in ("", "…")),
        )


def missing(command: Command, printed: str) -> list[str]:
    """Return the shown lines that were not printed, in their order.

    `…` in a line stands for anything.
    """
    lines = iter(printed.splitlines())
    return [shown for shown in command.shown if not any(_fits(shown, line) for line in lines)]


def _fits(shown: str, line: str) -> bool:
    return (
        re.fullmatch(".*".join(map(re.escape, shown.strip().split("…"))), line.strip()) is not None
    )
