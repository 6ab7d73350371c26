"""The decision by the printed rule: go, conditional, no-go or unknown; and its exit code."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from conformance.model.money import JobCosts
from conformance.model.verdict import MAY_STAY_OPEN, Cause, Decision, Outcome, ReasonCode
from conformance.model.verdict_table import decides_against

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from conformance.model.clause import Clause
    from conformance.model.verdict import Reason, Verdict


#: Exit codes, the weightiest first: called wrongly, could not check, no-go, too little covered.
WEIGHT = (2, 3, 1, 4, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spend:
    """What a run cost."""

    requests: int = 0
    jobs: int = 0
    credits: float = 0.0
    #: Jobs whose price nobody states.
    unpriced: int = 0

    @property
    def costs(self) -> JobCosts:
        """What the jobs cost."""
        return JobCosts(amount=self.credits, unpriced=self.unpriced)


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How much of what binds and can be observed was decided."""

    proved: int
    observable: int

    @property
    def percent(self) -> float:
        """The share decided, in percent."""
        return 100.0 * self.proved / self.observable if self.observable else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """A run in numbers."""

    decision: Decision
    counts: Mapping[Outcome, int]
    coverage: Coverage
    spend: Spend
    started: float
    finished: float
    complete: bool = True
    #: Whether jobs were planned against the simulator, which takes what its spec allows, and none
    #: came about.
    bought_nothing: bool = False
    #: Each clause with what was decided of it, in the order of the spec.
    verdicts: tuple[tuple[Clause, Verdict], ...] = field(default=(), repr=False)


_UNPROVED = (Outcome.NOT_RUN, Outcome.UNTESTABLE)
_DECIDED = (Outcome.PASS, Outcome.WARN, Outcome.FAIL, Outcome.FLAKY)


def decide(
    pairs: Iterable[tuple[Clause, Verdict]],
    *,
    waived: frozenset[str] = frozenset(),
    bad_waivers: bool = False,
    selected: bool = False,
    complete: bool = True,
) -> Decision:
    """Decide by what binds: a broken promise is a no-go, an unproved one leaves it unknown.

    Where nothing that binds was selected, it is at best conditional: if any of what was selected
    was decided, and nothing was left open.
    """
    pairs = list(pairs)
    deciding = _deciding(pairs, selected=selected)
    broken = [
        clause.id
        for clause, verdict in deciding
        if decides_against(clause.level, verdict.harm or clause.harm, verdict.outcome)
    ]
    if bad_waivers or not waived.issuperset(broken):
        return Decision.NO_GO
    if not complete or any(verdict.outcome is Outcome.ERROR for _, verdict in deciding):
        return Decision.UNKNOWN
    if not any(verdict.outcome in _DECIDED for _, verdict in deciding):
        return Decision.UNKNOWN
    unproved = [
        verdict
        for clause, verdict in deciding
        if verdict.outcome in _UNPROVED and observable(clause) and not _may_stay_open(verdict)
    ]
    if not all(left_out(verdict.reason) for verdict in unproved):
        return Decision.UNKNOWN
    doubtful = any(
        verdict.outcome in (Outcome.WARN, Outcome.FLAKY, Outcome.FAIL) for _, verdict in deciding
    )
    return Decision.CONDITIONAL if doubtful or waived or selected or unproved else Decision.GO


def _deciding(
    pairs: list[tuple[Clause, Verdict]], *, selected: bool
) -> list[tuple[Clause, Verdict]]:
    """Return what a decision rests on: what binds; of a selection without such, all of it."""
    binding = [(clause, verdict) for clause, verdict in pairs if clause.level.binds]
    if selected and not any(observable(clause) for clause, _ in binding):
        return pairs
    return binding


def _may_stay_open(verdict: Verdict) -> bool:
    """Say whether it takes what nobody gave, or what no answer had to have; the run tells that."""
    return verdict.reason is not None and verdict.reason.code in MAY_STAY_OPEN


def left_out(reason: Reason | None) -> bool:
    """Say whether a clause was not shown because nobody wanted to pay for it this time."""
    return reason is not None and reason.code is ReasonCode.LEFT_OUT


def exit_code(
    decision: Decision,
    pairs: Iterable[tuple[Clause, Verdict]],
    *,
    coverage: Coverage,
    min_coverage: float | None = None,
    complete: bool = True,
    allow_unknown: bool = False,
    bought_nothing: bool = False,
) -> int:
    """Return the exit code of one provider's run."""
    pairs = list(pairs)
    codes = [0]
    if decision is Decision.NO_GO:
        codes.append(1)
    decided = any(verdict.outcome in _DECIDED for _, verdict in pairs)
    # A run that decides nothing that binds has checked nothing: a wrong key, a server that is down.
    nothing = coverage.observable > 0 and coverage.proved == 0
    if (
        not complete
        or not decided
        or nothing
        or bought_nothing
        or any(
            verdict.outcome is Outcome.ERROR and verdict.cause is not Cause.DOCUMENTATION
            for _, verdict in pairs
        )
    ):
        codes.append(3)
    if decision is Decision.UNKNOWN and not allow_unknown:
        codes.append(4)
    if min_coverage is not None and coverage.percent < min_coverage:
        codes.append(4)
    return heaviest(codes)


def heaviest(codes: Iterable[int]) -> int:
    """Return the code that wins where several hold."""
    return min(codes, key=WEIGHT.index)


def cover(pairs: Iterable[tuple[Clause, Verdict]]) -> Coverage:
    """Count what binds, can be observed, and was decided."""
    binding = [verdict for clause, verdict in pairs if clause.level.binds and observable(clause)]
    return Coverage(
        proved=sum(verdict.outcome in _DECIDED for verdict in binding), observable=len(binding)
    )


def observable(clause: Clause) -> bool:
    """Say whether an ordinary run can decide a clause at all."""
    return not clause.masked and not clause.unobservable
