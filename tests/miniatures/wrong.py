"""An entry of the catalogue: a provider that breaks one promise."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Literal

from .twist import NONE, Twist

System = Literal["pixeldojo-extend", "pixeldojo-video", "foxapi", "uniall", "octopusx"]
Group = Literal[
    "constraint",
    "response",
    "lifecycle",
    "echo",
    "default",
    "alias",
    "billing",
    "media",
    "auth",
    "robustness",
]
Level = Literal["must", "should", "companion"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """One departure, named, explained and made."""

    system: System
    name: str
    #: Which promise it breaks, and how.
    says: str
    group: Group
    level: Level = "must"
    scenario: str = ""
    twist: Twist = field(default=NONE, repr=False, compare=False)


@dataclass(eq=False)
class NoSuchWrong(LookupError):
    """A name that stands in no catalogue of this provider."""

    name: str
    known: tuple[str, ...]

    def __str__(self) -> str:
        """Name the nearest ones."""
        near = get_close_matches(self.name, self.known, n=3) or self.known[:3]
        return f"no wrong provider is called {self.name!r}; nearest: {', '.join(near)}"


def twist_of(wrongs: Iterable[Wrong], name: str | None) -> Twist:
    """Give the departure of that name; None is the faithful provider."""
    if name is None:
        return NONE
    known = {wrong.name: wrong.twist for wrong in wrongs}
    if name not in known:
        raise NoSuchWrong(name, tuple(known))
    return known[name]
