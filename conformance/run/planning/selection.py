"""Choose clauses: by name, by level, or a share of them per night."""

from __future__ import annotations

from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from conformance.errors import NoneOfLevel, NothingSelected, NothingTonight
from conformance.promises.registry import derive
from conformance.spec.did_you_mean import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from conformance.model.clause import Clause, Level
    from conformance.spec.document import Spec


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """When a clause last took part in a run, and when it was last proved; in seconds since 1970."""

    seen: float
    #: None where no run has decided it.
    proved: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which clauses take part."""

    only: tuple[str, ...] = ()
    level: Level | None = None
    #: One job per scenario.
    cheap: bool = False
    #: This night's share of the clauses: which night, of how many.
    #: A cheap night has all clauses, and its share proved in full.
    night: tuple[int, int] | None = None
    #: When each clause last had its turn, where a history knows.
    turns: Mapping[str, Turn] = field(default_factory=dict)
    named: frozenset[str] | None = None

    @classmethod
    def narrowed(
        cls,
        spec: Spec,
        only: tuple[str, ...],
        *,
        level: Level | None = None,
        cheap: bool = False,
        night: tuple[int, int] | None = None,
    ) -> Selection:
        """Return what patterns select; `client` stands for what the reference client relies on."""
        relied: frozenset[str] | None = None
        if "client" in only:
            from conformance.client.relied_on import relied_on

            relied = relied_on(spec)
        return cls(
            only=tuple(pattern for pattern in only if pattern != "client"),
            level=level,
            cheap=cheap,
            night=night,
            named=relied,
        )

    def of(self, spec: Spec) -> tuple[Clause, ...]:
        """Return the clauses of a spec that take part."""
        clauses = select(derive(spec), only=self.only, level=self.level, named=self.named)
        return clauses if self.cheap else self._tonight(clauses)

    def whole(self, spec: Spec) -> frozenset[str]:
        """Return the clauses that a cheap night proves with all the jobs they need."""
        if not self.cheap or self.night is None:
            return frozenset()
        return frozenset(clause.id for clause in self._tonight(self.of(spec)))

    @property
    def partial(self) -> bool:
        """Whether anything is left out on purpose."""
        return bool(self.only or self.level or self.cheap or self.night or self.named is not None)

    def _tonight(self, clauses: tuple[Clause, ...]) -> tuple[Clause, ...]:
        if self.night is None:
            return clauses
        night, nights = self.night
        share = of_night(clauses, night=night, nights=nights, turns=self.turns)
        if not share:
            raise NothingTonight(night, nights, len(clauses))
        return share


def night_of(text: str | None) -> tuple[int, int] | None:
    """Return which night of how many: `3/7`; raises `ValueError` where that is no share."""
    if text is None:
        return None
    night, _, nights = text.partition("/")
    if not night.isdecimal() or not nights.isdecimal() or not 0 < int(night) <= int(nights):
        raise ValueError(f"{text!r} is no share such as 3/7")
    return int(night), int(nights)


def select(
    clauses: Sequence[Clause],
    *,
    only: Iterable[str] = (),
    level: Level | None = None,
    named: frozenset[str] | None = None,
) -> tuple[Clause, ...]:
    """Return the clauses that match a pattern, are of the level, and are among the named."""
    patterns = tuple(only)
    names = frozenset(patterns)
    wild = [pattern for pattern in patterns if any(sign in pattern for sign in "*?[")]
    matching = [
        clause
        for clause in clauses
        if (not patterns or _matches(clause, names, wild)) and (named is None or clause.id in named)
    ]
    if not matching:
        pattern = ", ".join(patterns) or "client"
        raise NothingSelected(pattern, nearest(pattern, [clause.id for clause in clauses]))
    selected = tuple(clause for clause in matching if level in (None, clause.level))
    if not selected:
        raise NoneOfLevel(str(level), tuple(sorted({clause.level for clause in matching})))
    return selected


def _matches(clause: Clause, names: frozenset[str], wild: Sequence[str]) -> bool:
    short = clause.local_id
    if not names.isdisjoint((clause.id, short, clause.kind)):
        return True
    return any(fnmatchcase(clause.id, glob) or fnmatchcase(short, glob) for glob in wild)


def of_night(
    clauses: Sequence[Clause], *, night: int, nights: int, turns: Mapping[str, Turn] | None = None
) -> tuple[Clause, ...]:
    """Return one night's share of the clauses.

    Without a history each clause's turn is fixed by its id, whatever else changes. With one, those
    come first that no run has seen, and then the oldest proofs: a night that was missed is made up
    for. What was never proved, though it took part, keeps its fixed turn: it may never be, and must
    not take the place of others every night.
    """
    turns = turns or {}
    if turns.keys().isdisjoint(clause.id for clause in clauses):
        return tuple(clause for clause in clauses if _slot(clause, night, nights) == 0)

    def urgency(clause: Clause) -> tuple[int, float, str]:
        return (*_due(turns.get(clause.id), _slot(clause, night, nights)), clause.id)

    order = sorted(clauses, key=urgency)
    share = {clause.id for clause in order[: -(-len(clauses) // nights)]}
    return tuple(clause for clause in clauses if clause.id in share)


def _due(turn: Turn | None, slot: int) -> tuple[int, float]:
    """Return how urgent a clause's turn is; the least comes first."""
    if turn is None or (turn.proved is None and slot == 0):
        return (0, slot)
    return (2, slot) if turn.proved is None else (1, turn.proved)


def _slot(clause: Clause, night: int, nights: int) -> int:
    """Return how many nights from this one a clause's turn is."""
    import hashlib

    return (int(hashlib.sha256(clause.id.encode()).hexdigest(), 16) - night) % nights
