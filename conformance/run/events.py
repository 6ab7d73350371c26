"""What a run tells while it goes on, to listeners that it does not know."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from conformance.model.clause import Clause
    from conformance.model.exchange import Exchange
    from conformance.model.verdict import Verdict
    from conformance.model.waiver import Waived
    from conformance.promises.evidence import Evidence
    from conformance.run.decision import Summary
    from conformance.run.planning.plan import Plan
    from conformance.spec.job_words import End


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStarted:
    """A run begins: what it will do, and to whom."""

    plan: Plan = field(repr=False)
    provider: str
    target: str
    base_url: str
    started: float
    seed: int
    #: What a replay's cassettes, or the address itself, say of where the answers come from.
    recorded_from: str = ""
    #: When a replay's answers were recorded.
    recorded: float | None = None
    #: How many requests are sent at most; None where nothing limits them.
    most_requests: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeMade:
    """A request was answered, or was not."""

    exchange: Exchange
    #: The clause that the request was sent for, where there is one.
    clause: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobStarted:
    """A job was taken on; from here on it costs."""

    job: str
    id: str
    operation: str
    scenario: str
    #: What it is expected to cost; None where nobody states it.
    price: float | None
    exchange: int


@dataclass(frozen=True, slots=True, kw_only=True)
class JobMoved:
    """A poll told a job's state."""

    job: str
    status: str
    progress: float | None
    unknown: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class JobEnded:
    """A job is followed no further."""

    job: str
    end: End
    seconds: float
    #: The exchange that showed its end, where one did.
    ended_by: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseBegan:
    """The run moves on to its next part."""

    name: str
    requests: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """Something worth telling a person."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictReached:
    """A clause is decided."""

    clause: Clause
    verdict: Verdict
    #: Of the finding, the same in every run; empty where there is none.
    fingerprint: str = ""
    #: The waiver that speaks of this clause, as it stands.
    waived: Waived | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFinished:
    """Everything is decided."""

    summary: Summary
    evidence: Evidence = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunInterrupted:
    """The run was stopped; these jobs are paid and still running."""

    running: tuple[JobStarted, ...]


Event: TypeAlias = (
    RunStarted
    | ExchangeMade
    | JobStarted
    | JobMoved
    | JobEnded
    | PhaseBegan
    | Noted
    | VerdictReached
    | RunFinished
    | RunInterrupted
)
Listener: TypeAlias = Callable[[Event], None]
