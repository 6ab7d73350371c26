"""From proofs to a verdict: the same few steps for every kind."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from conformance.model.verdict import Cause, Outcome, Reason, ReasonCode, Verdict
from conformance.promises.circumstances import distinction

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from conformance.model.clause import Clause
    from conformance.model.verdict import Difference
    from conformance.promises.evidence import Evidence


#: Exchanges and differences that a verdict names at most.
_SHOWN = 20


class Proof(StrEnum):
    """What one observation shows of one side."""

    PROVED = "proved"
    REFUTED = "refuted"
    #: Sometimes kept, sometimes broken, on equal requests.
    MIXED = "mixed"
    OPEN = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One side of a clause, or one observation of it, as judged."""

    proof: Proof
    expected: str = ""
    received: str = ""
    reason: Reason | None = None
    exchanges: tuple[int, ...] = ()
    difference: tuple[Difference, ...] = ()
    rate: tuple[int, int] | None = None
    cause: Cause | None = None
    #: Whether what must be refused was taken.
    taken: bool = False
    #: Not tried at all, as against tried in vain.
    skipped: bool = False


def verdict(clause: Clause, findings: Iterable[Finding]) -> Verdict:
    """Join the findings of all sides: one refutation breaks, one open side leaves it unproved."""
    joined = list(findings)
    for proof in (Proof.REFUTED, Proof.MIXED, Proof.OPEN):
        telling = [finding for finding in joined if finding.proof is proof]
        if telling:
            return _joined(clause, proof, telling)
    if not joined:
        return Verdict(
            clause=clause.id,
            outcome=Outcome.NOT_RUN,
            reason=Reason(code=ReasonCode.NOTHING_SEEN, text="nothing in this run observes it"),
        )
    return Verdict(
        clause=clause.id,
        outcome=Outcome.PASS,
        expected=clause.promise,
        received=joined[0].received,
        exchanges=_exchanges(joined),
    )


def _joined(clause: Clause, proof: Proof, telling: list[Finding]) -> Verdict:
    first = telling[0]
    numbers = _exchanges(telling)
    if proof is Proof.OPEN:
        skipped = all(finding.skipped for finding in telling)
        outcome = Outcome.NOT_RUN if skipped else Outcome.UNTESTABLE
        return Verdict(
            clause=clause.id,
            outcome=outcome,
            expected=clause.promise,
            reason=first.reason,
            exchanges=numbers,
            cause=first.cause,
        )
    outcome, cause = _weight(clause, proof)
    others = f" (and {len(telling) - 1} more like it)" if len(telling) > 1 else ""
    return Verdict(
        clause=clause.id,
        outcome=outcome,
        cause=cause,
        harm=(first.taken and clause.harm_if_taken) or clause.harm,
        expected=first.expected or clause.promise,
        received=first.received + others,
        exchanges=numbers,
        difference=tuple(line for finding in telling for line in finding.difference)[:_SHOWN],
        rate=first.rate,
    )


def _exchanges(findings: list[Finding]) -> tuple[int, ...]:
    """Return the exchanges that findings rest on, each once."""
    numbers = [number for finding in findings for number in finding.exchanges]
    return tuple(dict.fromkeys(numbers))[:_SHOWN]


def _weight(clause: Clause, proof: Proof) -> tuple[Outcome, Cause]:
    if clause.reading:
        return Outcome.WARN, Cause.DOCUMENTATION
    if not clause.level.binds:
        return Outcome.WARN, Cause.PROVIDER
    return (Outcome.FLAKY if proof is Proof.MIXED else Outcome.FAIL), Cause.PROVIDER


def proved(received: str = "", *numbers: int) -> Finding:
    """Return a finding that the promise was kept."""
    return Finding(proof=Proof.PROVED, received=received, exchanges=numbers)


def refuted(
    expected: str,
    received: str,
    *numbers: int,
    difference: tuple[Difference, ...] = (),
    taken: bool = False,
) -> Finding:
    """Return a finding that the promise was broken."""
    return Finding(
        proof=Proof.REFUTED,
        expected=expected,
        received=received,
        exchanges=numbers,
        difference=difference,
        taken=taken,
    )


def unproved(
    text: str, *numbers: int, code: ReasonCode = ReasonCode.NOTHING_SEEN, cause: Cause | None = None
) -> Finding:
    """Return a finding that what was tried showed nothing, and why."""
    reason = Reason(code=code, text=text)
    return Finding(proof=Proof.OPEN, reason=reason, exchanges=numbers, cause=cause)


def untried(
    clause: Clause,
    evidence: Evidence,
    otherwise: str,
    *,
    code: ReasonCode = ReasonCode.NOTHING_SEEN,
) -> Finding:
    """Return a finding that nothing was sent: for the reason the run gives, or as is said here."""
    usual = Reason(code=code, text=otherwise)
    reason = evidence.gaps.get(clause.id, usual)
    return Finding(proof=Proof.OPEN, reason=reason, skipped=True)


def observed(
    clause: Clause,
    evidence: Evidence,
    kept: list[int],
    broken: list[Finding],
    *,
    none: str,
    apart: Mapping[int, str] | None = None,
) -> Verdict:
    """Judge a promise that every observation must keep; `none` is the reason where there was none.

    One that is broken in a fixed part of the answers is broken, and the finding names the part. It
    is flaky where equal requests were answered now so, now so, or where nothing tells the answers
    apart. `apart` names what the rule itself tells apart, by the number of the exchange.
    """
    unclear = [finding for finding in broken if finding.proof is Proof.OPEN]
    broken = [finding for finding in broken if finding.proof is not Proof.OPEN]
    if not broken:
        if unclear:
            return verdict(clause, unclear)
        return verdict(clause, [proved("", *kept) if kept else unproved(none)])
    if not kept:
        return verdict(clause, broken)
    numbers = [finding.exchanges[0] for finding in broken if finding.exchanges]
    found = distinction(evidence, kept, numbers, apart)
    first = broken[0]
    rate = (len(broken), len(broken) + len(kept))
    part = f"in {rate[0]} of {rate[1]} answers"
    if found.condition:
        which = "the one answer" if rate[0] == 1 else f"all {rate[0]} answers"
        part = f"in {which} {found.condition}, and in no other of {rate[1]}"
    finding = Finding(
        proof=Proof.REFUTED if found.always else Proof.MIXED,
        expected=first.expected,
        received=f"{first.received} — {part}",
        exchanges=tuple(number for finding in broken for number in finding.exchanges),
        difference=first.difference,
        rate=rate,
    )
    return verdict(clause, [finding])
