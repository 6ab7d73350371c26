"""Judge every clause on the evidence of a run; a mistake of ours is an `error`, never a finding."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from conformance.model.clause import Level
from conformance.model.verdict import Cause, Outcome, Reason, ReasonCode, Verdict
from conformance.promises.fingerprint import fingerprint
from conformance.promises.registry import rule_of
from conformance.run.decision import Summary, cover, decide, left_out
from conformance.run.events import RunFinished, VerdictReached
from conformance.run.waiver_check import any_bad, standings, valid_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from conformance.model.clause import Clause
    from conformance.model.waiver import Waiver
    from conformance.promises.evidence import Evidence
    from conformance.run.decision import Spend
    from conformance.run.events import Listener

_UNPROVED = (Outcome.NOT_RUN, Outcome.UNTESTABLE)


def not_recorded(why: str) -> Reason:
    """Return the reason where a replay had no answer."""
    return Reason(code=ReasonCode.NOT_RECORDED, text=f"not recorded: {why}")


def judge_all(clauses: Iterable[Clause], evidence: Evidence) -> list[tuple[Clause, Verdict]]:
    """Return each clause with its verdict, in the order of the spec."""
    return [(clause, judge(clause, evidence)) for clause in clauses]


def silence(clauses: Iterable[Clause], why: str) -> list[tuple[Clause, Verdict]]:
    """Return the verdicts of a run in which nobody answered."""
    reason = Reason(code=ReasonCode.NETWORK, text=f"no answer at all ({why})")
    pairs = []
    for clause in clauses:
        verdict = Verdict(
            clause=clause.id,
            outcome=Outcome.ERROR,
            cause=Cause.NETWORK,
            expected=clause.promise,
            reason=reason,
        )
        pairs.append((clause, verdict))
    return pairs


def unrecorded(
    pairs: Iterable[tuple[Clause, Verdict]],
    new: Mapping[str, str],
    missed: Mapping[str, str],
    *,
    strict: bool,
) -> list[tuple[Clause, Verdict]]:
    """Return the verdicts of a replay: what could not be shown because nobody recorded it says so.

    `new` has the clauses that came after the recording, `missed` the operations without an answer.
    """
    replayed = []
    for clause, verdict in pairs:
        why = new.get(clause.id) or missed.get(clause.operation, "")
        replayed.append((clause, _unrecorded(clause, verdict, why, strict=strict)))
    return replayed


def conclude(
    pairs: Sequence[tuple[Clause, Verdict]],
    evidence: Evidence,
    emit: Listener,
    *,
    spend: Spend,
    started: float,
    finished: float,
    waivers: Iterable[Waiver] = (),
    selected: bool = False,
    bought_nothing: bool = False,
) -> Summary:
    """Tell every verdict and the end of the run; return it in numbers."""
    fingerprints, outcomes = {}, {}
    for clause, verdict in pairs:
        mark = fingerprint(clause, verdict, evidence.numbered(verdict.exchanges))
        fingerprints[clause.id] = mark
        outcomes[clause.id] = (verdict.outcome, mark)
    waived = standings(outcomes, waivers, today=datetime.fromtimestamp(started, UTC).date())
    for clause, verdict in pairs:
        emit(
            VerdictReached(
                clause=clause,
                verdict=verdict,
                fingerprint=fingerprints[clause.id],
                waived=waived.get(clause.id),
            )
        )
    decision = decide(
        pairs, waived=valid_of(waived), bad_waivers=any_bad(waived), selected=selected
    )
    summary = Summary(
        decision=decision,
        counts=dict(Counter(verdict.outcome for _, verdict in pairs)),
        coverage=cover(pairs),
        spend=spend,
        started=started,
        finished=finished,
        bought_nothing=bought_nothing,
        verdicts=tuple(pairs),
    )
    emit(RunFinished(summary=summary, evidence=evidence))
    return summary


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


def _may_be_our_mistake(clause: Clause, verdict: Verdict, evidence: Evidence) -> bool:
    """Say whether what breaks an unwritten promise may be no more than our own ignorance."""
    return (
        clause.level is Level.ESSENTIAL
        and clause.known_elsewhere != ""
        and verdict.outcome in (Outcome.FAIL, Outcome.FLAKY)
        and not evidence.shown_to_work(clause.known_elsewhere)
    )


def _out_of_reach(clause: Clause, verdict: Verdict) -> bool:
    """Say whether a verdict rests on nothing but a clause that cannot be shown."""
    if clause.masked:
        # What falls with another clause is not proved by passing either.
        return verdict.outcome in (*_UNPROVED, Outcome.PASS)
    return bool(clause.unobservable) and verdict.outcome in _UNPROVED


def judge(clause: Clause, evidence: Evidence) -> Verdict:
    """Return the verdict on one clause."""
    try:
        verdict = rule_of(clause).judge(clause, evidence)
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
    if _may_be_our_mistake(clause, verdict, evidence):
        reason = (
            f"looks broken ({verdict.received}), but {clause.known_elsewhere} is known from "
            "examples or from elsewhere alone, and was not seen to work: look yourself"
        )
        return replace(
            verdict,
            outcome=Outcome.UNTESTABLE,
            cause=None,
            reason=Reason(code=ReasonCode.DOUBTFUL, text=reason),
        )
    gap = evidence.gaps.get(clause.id)
    if verdict.outcome in _UNPROVED and left_out(gap):
        return replace(verdict, outcome=Outcome.NOT_RUN, cause=None, reason=gap)
    if not _out_of_reach(clause, verdict):
        return verdict
    return Verdict(
        clause=clause.id,
        outcome=Outcome.NOT_RUN,
        expected=clause.promise,
        reason=Reason(code=ReasonCode.OUT_OF_REACH, text=clause.masked or clause.unobservable),
        exchanges=verdict.exchanges,
    )
