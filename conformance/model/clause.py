"""A clause: one checkable promise of a provider, with its source."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Level(StrEnum):
    """How binding a promise is, the strongest first."""

    MUST = "must"
    #: Not written down, because nobody could sell without it; it binds like a must.
    ESSENTIAL = "essential"
    SHOULD = "should"
    COMPANION = "companion"

    @property
    def binds(self) -> bool:
        """Whether breaking it decides against a provider."""
        return self in (Level.MUST, Level.ESSENTIAL)


class Harm(StrEnum):
    """What a buyer loses when a promise is broken, the gravest first."""

    MONEY = "money"
    DELIVERY = "delivery"
    PRIVACY = "privacy"
    FIDELITY = "fidelity"
    INTEGRATION = "integration"
    HYGIENE = "hygiene"

    @property
    def grave(self) -> bool:
        """Whether a buyer cannot live with it even now and then."""
        return self in (Harm.MONEY, Harm.DELIVERY, Harm.PRIVACY)

    @property
    def stake(self) -> str:
        """What is at stake, for people."""
        return _STAKES[self]


_STAKES = {
    Harm.MONEY: "your money",
    Harm.DELIVERY: "the video you paid for",
    Harm.PRIVACY: "what nobody else should see",
    Harm.FIDELITY: "a video as you asked for it",
    Harm.INTEGRATION: "code that was written by the documentation",
    Harm.HYGIENE: "order, no more",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a document makes the promise: its title and the section."""

    document: str
    section: str = ""

    def __str__(self) -> str:
        """Return the source as a reader would cite it."""
        return f"{self.document}, {self.section}" if self.section else self.document


#: The source of an essential promise.
NOT_WRITTEN = Source(document="not written: kept by every API that takes money")


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
    #: What a buyer loses when it is broken.
    harm: Harm
    #: The same where what must be refused is taken, if that is another loss.
    harm_if_taken: Harm | None = None
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
    #: The operation that shows it, where that is known from examples or from elsewhere alone: then
    #: our own knowledge may be what is wrong.
    known_elsewhere: str = ""
    facts: object = field(default=None, hash=False, compare=False)

    @property
    def local_id(self) -> str:
        """Its id without the provider."""
        return self.id.removeprefix(f"{self.provider}.")
