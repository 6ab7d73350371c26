"""What is known of a run's clauses from elsewhere.

Earlier runs, and the waivers that were granted.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.model.run_records import RunFooter, RunHeader, WaivedRecord


class Change(StrEnum):
    """How a clause stands beside the last run of the same provider and target."""

    REGRESSED = "regressed"
    FIXED = "fixed"
    NEW = "new"
    GONE = "gone"
    STILL = "still failing"


@dataclass(frozen=True, slots=True, kw_only=True)
class PastVerdict:
    """A clause's verdict in an earlier run."""

    run: str
    finished: float | None
    verdict: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierRun:
    """The first and the last line of the run before this one."""

    header: RunHeader
    footer: RunFooter | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Background:
    """Everything that a report says beside what its run file says."""

    changes: Mapping[str, Change] = field(default_factory=dict)
    #: Earlier verdicts by clause, the oldest first, the last thirty at most, this run not among
    #: them.
    past: Mapping[str, tuple[PastVerdict, ...]] = field(default_factory=dict)
    waivers: Mapping[str, WaivedRecord] = field(default_factory=dict)
    #: The last run, where there was one.
    before: EarlierRun | None = None


#: A run that nothing else is known of.
NOTHING = Background()
