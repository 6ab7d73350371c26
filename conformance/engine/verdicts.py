"""Judge every clause on the evidence of a run; a mistake of ours is an `error`, never a finding."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.clauses.registry import kind_of
from conformance.values.verdict import Cause, Outcome, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable

    from conformance.clauses.evidence import Evidence
    from conformance.values.clause import Clause

_UNPROVED = (Outcome.NOT_RUN, Outcome.UNTESTABLE)


def judge_all(clauses: Iterable[Clause], evidence: Evidence) -> list[tuple[Clause, Verdict]]:
    """Return each clause with its verdict, in the order of the spec."""
    return [(clause, judge(clause, evidence)) for clause in clauses]


def silence(clauses: Iterable[Clause], why: str) -> list[tuple[Clause, Verdict]]:
    """Return the verdicts of a run in which nobody answered."""
    return [(clause, Verdict(clause=clause.id, outcome=Outcome.ERROR, cause=Cause.NETWORK, expected=clause.promise, reason=f"no answer at all ({why})")) for clause in clauses]


def judge(clause: Clause, evidence: Evidence) -> Verdict:
    """Return the verdict on one clause."""
    try:
        found = kind_of(clause).judge(clause, evidence)
    except Exception as error:  # noqa: BLE001 - a fault of ours in one clause must not lose the others
        return Verdict(clause=clause.id, outcome=Outcome.ERROR, cause=Cause.OURS, reason=f"our own mistake while judging: {type(error).__name__}: {error}")
    known = clause.masked or clause.unobservable
    if known and found.outcome in (*_UNPROVED, Outcome.PASS) and (clause.masked or found.outcome in _UNPROVED):
        return Verdict(clause=clause.id, outcome=Outcome.NOT_RUN, expected=clause.promise, reason=known, exchanges=found.exchanges)
    return found
