"""Choose clauses: by name, by level, or a share of them per night."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from conformance.errors import Misuse
from conformance.spec.did_you_mean import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from conformance.model.clause import Clause, Level


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


def select(
    clauses: Sequence[Clause],
    *,
    only: Iterable[str] = (),
    level: Level | None = None,
    named: frozenset[str] | None = None,
) -> tuple[Clause, ...]:
    """Return the clauses that match any of the patterns, are of the level, and are among the named ones."""
    patterns = tuple(only)
    found = tuple(
        one
        for one in clauses
        if (not patterns or _matches(one, patterns))
        and level in (None, one.level)
        and (named is None or one.id in named)
    )
    if not found:
        pattern = ", ".join(patterns) or str(level or "the selection")
        raise NothingSelected(
            pattern, nearest(patterns[0], [one.id for one in clauses]) if patterns else ""
        )
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """When a clause last took part in a run, and when it was last proved; in seconds since 1970."""

    seen: float
    #: None where no run has decided it.
    proved: float | None


def of_night(
    clauses: Sequence[Clause], *, night: int, nights: int, turns: Mapping[str, Turn] | None = None
) -> tuple[Clause, ...]:
    """Return one night's share of the clauses.

    Without a history each clause's turn is fixed by its id, whatever else changes. With one, those come first that no
    run has seen, and then the oldest proofs: a night that was missed is made up for. What was never proved, though it
    took part, keeps its fixed turn: it may never be, and must not take the place of others every night.
    """
    known = turns or {}
    if not any(one.id in known for one in clauses):
        return tuple(one for one in clauses if _slot(one, night, nights) == 0)
    order = sorted(
        clauses, key=lambda one: (*_due(known.get(one.id), _slot(one, night, nights)), one.id)
    )
    share = {one.id for one in order[: -(-len(clauses) // nights)]}
    return tuple(one for one in clauses if one.id in share)


def _due(turn: Turn | None, slot: int) -> tuple[int, float]:
    """Return how urgent a clause's turn is; the least comes first."""
    if turn is None or (turn.proved is None and slot == 0):
        return (0, slot)
    return (2, slot) if turn.proved is None else (1, turn.proved)


def _slot(clause: Clause, night: int, nights: int) -> int:
    """Return how many nights from this one a clause's turn is."""
    import hashlib

    return (int(hashlib.sha256(clause.id.encode()).hexdigest(), 16) - night) % nights


def _matches(clause: Clause, patterns: tuple[str, ...]) -> bool:
    short = clause.id.partition(".")[2]
    return any(
        fnmatchcase(clause.id, pattern) or fnmatchcase(short, pattern) or pattern == clause.kind
        for pattern in patterns
    )
