"""Everything the harness raises, in the order of a run.

    ConformanceError
    ├── Misuse            called wrongly, or a bad spec: exit code 2
    │   └── BadSpec       a spec that cannot be used, with file and line
    └── CouldNotCheck     our side or the network: exit code 3

A broken promise is never raised: it is a verdict.
"""

from __future__ import annotations

from dataclasses import dataclass


class ConformanceError(Exception):
    """Anything the harness itself reports; the message says what to do next."""

    #: Stable, kebab-case, unique; shown to users and listed by a test.
    code = "conformance-error"


class Misuse(ConformanceError):
    """The harness was called wrongly."""

    code = "misuse"


class CouldNotCheck(ConformanceError):
    """Something on our side or on the way kept a promise from being checked."""

    code = "could-not-check"


@dataclass(eq=False)
class BadSpec(Misuse):
    """A spec that cannot be used, and the line that shows why."""

    file: str
    line: int
    seen: str
    expected: str
    nearest: str = ""

    code = "bad-spec"

    def __str__(self) -> str:
        """Return one message: where, what was seen, what was expected, what comes close."""
        hint = f" Did you mean {self.nearest!r}?" if self.nearest else ""
        return f"{self.file}:{self.line}: {self.seen}. Expected {self.expected}.{hint}"
