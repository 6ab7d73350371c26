"""What is known of a run's clauses from elsewhere: earlier runs, and the waivers that were granted."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from conformance.model.waiver import Standing, Waived

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["NOTHING", "Background", "Change", "Past", "Standing", "Waived"]


class Change(StrEnum):
    """How a clause stands beside the last run of the same provider and target."""

    REGRESSED = "regressed"
    FIXED = "fixed"
    NEW = "new"
    GONE = "gone"
    STILL = "still failing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """A clause's verdict in an earlier run."""

    run: str
    finished: float
    verdict: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Background:
    """Everything that a report says beside what its run file says."""

    changes: Mapping[str, Change] = field(default_factory=dict)
    #: Earlier verdicts by clause, the oldest first, the last thirty at most, this run not among them.
    past: Mapping[str, tuple[Past, ...]] = field(default_factory=dict)
    waivers: Mapping[str, Waived] = field(default_factory=dict)
    #: Header and footer of the last run, where there was one.
    before: Mapping[str, Any] | None = None


#: A run that nothing else is known of.
NOTHING = Background()
