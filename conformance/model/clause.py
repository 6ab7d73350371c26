"""A clause: one checkable promise of a provider, with its source."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Level(StrEnum):
    """How binding a promise is."""

    MUST = "must"
    SHOULD = "should"
    COMPANION = "companion"


class Harm(StrEnum):
    """What a buyer loses when a promise is broken, the gravest first."""

    MONEY = "money"
    DELIVERY = "delivery"
    PRIVACY = "privacy"
    FIDELITY = "fidelity"
    INTEGRATION = "integration"
    HYGIENE = "hygiene"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a document makes the promise: its title and the section."""

    document: str
    section: str = ""

    def __str__(self) -> str:
        """Return the source as a reader would cite it."""
        return f"{self.document}, {self.section}" if self.section else self.document


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One way to read an unclear document: what was taken, what else it could mean, and why."""

    taken: str
    other: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where in a spec file something stands."""

    file: str
    pointer: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One promise. `facts` hold what its kind needs to prove it; everything else is for readers."""

    id: str
    kind: str
    rule: str
    level: Level
    provider: str
    operation: str
    scenario: str = ""
    #: What tells it apart within its operation and scenario: the last words of its id.
    parts: tuple[str, ...] = ()
    promise: str
    source: Source
    place: Place
    reading: Reading | None = None
    #: Why no request or answer can show this clause alone; such a clause is listed, not run.
    masked: str = ""
    #: Why nothing outside the provider can observe it in an ordinary run.
    unobservable: str = ""
    facts: object = field(default=None, hash=False, compare=False)

    @property
    def local_id(self) -> str:
        """Its id without the provider."""
        return self.id.removeprefix(f"{self.provider}.")
