"""Choose clauses: by name, by level, or a share of them per night."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from conformance.exceptions import Misuse
from conformance.spec.nearest import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from conformance.values.clause import Clause, Level


@dataclass(eq=False)
class NothingSelected(Misuse):
    """A selection that leaves no clause."""

    pattern: str
    nearest: str

    code = "nothing-selected"

    def __str__(self) -> str:
        """Say what comes close and where to look."""
        hint = f" Did you mean {self.nearest!r}?" if self.nearest else ""
        return f"No clause matches {self.pattern!r}.{hint} `conformance clauses PROVIDER` lists them; * stands for anything."


def select(clauses: Sequence[Clause], *, only: Iterable[str] = (), level: Level | None = None, named: frozenset[str] | None = None) -> tuple[Clause, ...]:
    """Return the clauses that match any of the patterns, are of the level, and are among the named ones."""
    patterns = tuple(only)
    found = tuple(one for one in clauses if (not patterns or _matches(one, patterns)) and level in (None, one.level) and (named is None or one.id in named))
    if not found:
        pattern = ", ".join(patterns) or str(level or "the selection")
        raise NothingSelected(pattern, nearest(patterns[0], [one.id for one in clauses]) if patterns else "")
    return found


def of_night(clauses: Sequence[Clause], *, night: int, nights: int) -> tuple[Clause, ...]:
    """Return one night's share of the clauses: each clause's turn is fixed by its id, whatever else changes."""
    import hashlib

    return tuple(one for one in clauses if int(hashlib.sha256(one.id.encode()).hexdigest(), 16) % nights == night % nights)


def _matches(clause: Clause, patterns: tuple[str, ...]) -> bool:
    short = clause.id.partition(".")[2]
    return any(fnmatchcase(clause.id, pattern) or fnmatchcase(short, pattern) or pattern == clause.kind for pattern in patterns)
