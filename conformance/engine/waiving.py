"""Hold waivers to what a run found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.values.verdict import Outcome
from conformance.values.waiver import Standing, Waived

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from conformance.values.clause import Clause
    from conformance.values.verdict import Verdict
    from conformance.values.waiver import Waiver

_FINDINGS = (Outcome.FAIL, Outcome.WARN, Outcome.FLAKY)
_DECIDED = (*_FINDINGS, Outcome.PASS)


def standings(pairs: Sequence[tuple[Clause, Verdict]], fingerprints: Mapping[str, str], waivers: Iterable[Waiver], *, today: date) -> dict[str, Waived]:
    """Return how waivers stand for the clauses of a run; a clause that was not decided has none, unless its waiver is past its date."""
    found: dict[str, Waived] = {}
    for waiver in waivers:
        covered = [verdict for clause, verdict in pairs if waiver.covers(clause.id)]
        unseen = _unseen(waiver, covered, fingerprints)
        for verdict in covered:
            standing = _standing(waiver, verdict, fingerprints.get(verdict.clause, ""), unseen=unseen, today=today)
            if standing:
                found[verdict.clause] = _waived(waiver, standing)
    return found


def valid_of(waived: Mapping[str, Waived]) -> frozenset[str]:
    """Return the clauses whose finding is accepted."""
    return frozenset(name for name, one in waived.items() if one.standing is Standing.VALID)


def any_bad(waived: Mapping[str, Waived]) -> bool:
    """Say whether any waiver is past its date, stale, or of another finding."""
    return any(one.standing is not Standing.VALID for one in waived.values())


def _unseen(waiver: Waiver, covered: Sequence[Verdict], fingerprints: Mapping[str, str]) -> bool:
    """Say whether something that was waived is surely there no more: everything is decided, and nothing shows it."""
    seen = {fingerprints.get(one.clause, "") for one in covered}
    return all(one.outcome in _DECIDED for one in covered) and not set(waiver.fingerprints) <= seen


def _standing(waiver: Waiver, verdict: Verdict, fingerprint: str, *, unseen: bool, today: date) -> Standing | None:
    if today > waiver.expires:
        return Standing.EXPIRED
    if verdict.outcome in _FINDINGS:
        return Standing.VALID if fingerprint in waiver.fingerprints else Standing.DIFFERENT
    # A pattern may cover clauses that always passed: it is stale once something that it waived is gone.
    if verdict.outcome is Outcome.PASS and (unseen or not waiver.wild):
        return Standing.STALE
    return None


def _waived(waiver: Waiver, standing: Standing) -> Waived:
    return Waived(
        reason=waiver.reason, owner=waiver.owner, created=waiver.created.isoformat(), expires=waiver.expires.isoformat(),
        standing=standing, place=f"{waiver.place.file}:{waiver.place.line}",
    )  # fmt: skip
