"""One stage of the walk: what was done, what it showed, what it cost, what to do next."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from conformance.run.decision import Spend


class StageName(StrEnum):
    """The stages, in the order of the walk; each costs at least as much as the one before."""

    CONFIGURATION = "configuration"
    REACHABILITY = "reachability"
    REFUSAL = "refusal"
    JOB = "job"
    RUN = "run"


class StageFailure(StrEnum):
    """Why a stage failed, which is also who has to act."""

    #: Called wrongly, or a spec of ours is bad.
    OURS = "ours"
    #: The network, or nobody there.
    NETWORK = "network"
    #: The provider did otherwise than its spec says.
    PROVIDER = "provider"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One stage that was walked."""

    name: StageName
    #: A sentence for each thing that was seen.
    sentences: tuple[str, ...]
    failure: StageFailure | None = None
    #: What to do, where it failed.
    next: str = ""
    spend: Spend = field(default_factory=Spend)

    @property
    def passed(self) -> bool:
        """Whether the walk goes on."""
        return self.failure is None


#: What each stage does, for people who wait for it.
STAGE_PURPOSES = {
    StageName.CONFIGURATION: "spec, address, key and budget",
    StageName.REACHABILITY: "is anybody there?",
    StageName.REFUSAL: "one request that must be refused, and so is free",
    StageName.JOB: "one paid job, to its end",
    StageName.RUN: "every clause",
}
