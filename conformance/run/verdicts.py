"""Judge every clause on the evidence of a run; a mistake of ours is an `error`, never a finding."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.model.verdict import Cause, Outcome, Reason, ReasonCode, Verdict
from conformance.promises.registry import rule_of
from conformance.run.decision import left_out

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from conformance.model.clause import Clause
    from conformance.promises.evidence import Evidence

_UNPROVED = (Outcome.NOT_RUN, Outcome.UNTESTABLE)


def not_recorded(why: str) -> Reason:
    """Return the reason where a replay had no answer."""
    return Reason(code=ReasonCode.NOT_RECORDED, text=f"not recorded: {why}")


def judge_all(clauses: Iterable[Clause], evidence: Evidence) -> list[tuple[Clause, Verdict]]:
    """Return each clause with its verdict, in the order of the spec."""
    return [(clause, judge(clause, evidence)) for clause in clauses]


def silence(clauses: Iterable[Clause], why: str) -> list[tuple[Clause, Verdict]]:
    """Return the verdicts of a run in which nobody answered."""
    return [
        (
            clause,
            Verdict(
                clause=clause.id,
                outcome=Outcome.ERROR,
                cause=Cause.NETWORK,
                expected=clause.promise,
                reason=Reason(code=ReasonCode.NETWORK, text=f"no answer at all ({why})"),
            ),
        )
        for clause in clauses
    ]


def unrecorded(
    pairs: Iterable[tuple[Clause, Verdict]],
    new: Mapping[str, str],
    missed: Mapping[str, str],
    *,
    strict: bool,
) -> list[tuple[Clause, Verdict]]:
    """Return the verdicts of a replay: what could not be shown because nobody recorded it says so."""
    return [
        (
            clause,
            _unrecorded(
                clause,
                verdict,
                new.get(clause.id) or missed.get(clause.operation, ""),
                strict=strict,
            ),
        )
        for clause, verdict in pairs
    ]


def _unrecorded(clause: Clause, verdict: Verdict, why: str, *, strict: bool) -> Verdict:
    if verdict.outcome not in _UNPROVED or clause.masked or clause.unobservable:
        return verdict
    reason = verdict.reason
    if reason is None or reason.code is not ReasonCode.NOT_RECORDED:
        if not why:
            return verdict
        reason = not_recorded(why)
    if strict:
        return replace(verdict, outcome=Outcome.ERROR, cause=Cause.OURS, reason=reason)
    return replace(verdict, outcome=Outcome.NOT_RUN, cause=None, reason=reason)


def judge(clause: Clause, evidence: Evidence) -> Verdict:
    """Return the verdict on one clause."""
    try:
        found = rule_of(clause).judge(clause, evidence)
    except Exception as error:  # noqa: BLE001 - a fault of ours in one clause must not lose the others
        return Verdict(
            clause=clause.id,
            outcome=Outcome.ERROR,
            cause=Cause.OURS,
            reason=Reason(
                code=ReasonCode.OURS,
                text=f"our own mistake while judging: {type(error).__name__}: {error}",
            ),
        )
    gap = evidence.gaps.get(clause.id)
    if found.outcome in _UNPROVED and left_out(gap):
        return replace(found, outcome=Outcome.NOT_RUN, cause=None, reason=gap)
    known = clause.masked or clause.unobservable
    if (
        known
        and found.outcome in (*_UNPROVED, Outcome.PASS)
        and (clause.masked or found.outcome in _UNPROVED)
    ):
        return Verdict(
            clause=clause.id,
            outcome=Outcome.NOT_RUN,
            expected=clause.promise,
            reason=Reason(code=ReasonCode.OUT_OF_REACH, text=known),
            exchanges=found.exchanges,
        )
    return found
