"""A waiver: an accepted divergence, with a reason, an owner and an expiry date."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from conformance.model.clause import Place

#: What makes a pattern of a name.
WILD = frozenset("*?[")


class Standing(StrEnum):
    """Whether a waiver covers what was found."""

    VALID = "valid"
    EXPIRED = "expired"
    #: The clause passes; nothing is left to waive.
    FIXED = "fixed"
    #: The clause fails in another way than was waived.
    DIFFERENT = "different"

    @property
    def bad(self) -> bool:
        """Whether it turns a run red: somebody has to look again."""
        return self in (Standing.EXPIRED, Standing.DIFFERENT)

    @classmethod
    def _missing_(cls, value: object) -> Standing | None:
        # Files of before call it so.
        return cls.FIXED if value == "stale" else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """What somebody accepted, as the file says it."""

    #: A clause's id, or a pattern that covers a few.
    clause: str
    provider: str
    #: Of the findings that are accepted.
    fingerprints: tuple[str, ...]
    reason: str
    owner: str
    created: date
    #: The last day on which it holds.
    expires: date
    place: Place

    @property
    def wild(self) -> bool:
        """Whether it may cover more than one clause."""
        return bool(WILD & set(self.clause))

    def covers(self, clause: str) -> bool:
        """Say whether it speaks of a clause."""
        return fnmatchcase(clause, self.clause)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waived:
    """A waiver, as it stands for one clause of one run."""

    reason: str
    owner: str
    #: Dates, as YEAR-MONTH-DAY.
    created: str
    expires: str
    standing: Standing
    #: Where the waiver is written.
    place: Place
