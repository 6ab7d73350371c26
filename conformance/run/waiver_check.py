"""Hold waivers to what a run found."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from conformance.model.verdict import Outcome
from conformance.model.waiver import Standing, Waived

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date
    from pathlib import Path

    from conformance.model.waiver import Waiver
    from conformance.spec.document import Spec

_FINDINGS = (Outcome.FAIL, Outcome.WARN, Outcome.FLAKY)
_DECIDED = (*_FINDINGS, Outcome.PASS)


def granted(spec: Spec, file: Path | None = None) -> tuple[Waiver, ...]:
    """Return a provider's waivers: those of a file, or those beside its spec."""
    from conformance.promises.registry import derive
    from conformance.spec.catalog import names
    from conformance.spec.waivers_file import beside, bound, load

    path = file or beside(spec.file)
    if file is None and not path.is_file():
        return ()
    known = {*names(), *(one.stem for one in path.parent.glob("*.yaml"))}
    return bound(
        load(path, today=datetime.now(UTC).date()),
        spec.name,
        [clause.id for clause in derive(spec)],
        known=known,
    )


def standings(
    outcomes: Mapping[str, tuple[str, str]], waivers: Iterable[Waiver], *, today: date
) -> dict[str, Waived]:
    """Return how waivers stand beside the outcome and fingerprint of each clause.

    One of a clause that was not decided does not stand at all, unless it is past its date.
    """
    stand: dict[str, Waived] = {}
    for waiver in waivers:
        covered = {name: shown for name, shown in outcomes.items() if waiver.covers(name)}
        is_gone = _is_gone(waiver, covered)
        for name, (outcome, fingerprint) in covered.items():
            standing = _standing(waiver, outcome, fingerprint, is_gone=is_gone, today=today)
            if standing:
                stand[name] = _waived(waiver, standing)
    return stand


def valid_of(waived: Mapping[str, Waived]) -> frozenset[str]:
    """Return the clauses whose finding is accepted."""
    return frozenset(name for name, waiver in waived.items() if waiver.standing is Standing.VALID)


def any_bad(waived: Mapping[str, Waived]) -> bool:
    """Say whether any waiver is past its date, or of another finding."""
    return any(waiver.standing.bad for waiver in waived.values())


def _is_gone(waiver: Waiver, covered: Mapping[str, tuple[str, str]]) -> bool:
    """Say whether something that was waived is gone: all is decided, and nothing shows it."""
    fingerprints = {fingerprint for _, fingerprint in covered.values()}
    decided = all(outcome in _DECIDED for outcome, _ in covered.values())
    return decided and not fingerprints.issuperset(waiver.fingerprints)


def _standing(
    waiver: Waiver, outcome: str, fingerprint: str, *, is_gone: bool, today: date
) -> Standing | None:
    # A pattern may cover clauses that always passed: one that passes is fixed once what was waived
    # is gone.
    if outcome == Outcome.PASS and (is_gone or not waiver.wild):
        return Standing.FIXED
    if today > waiver.expires:
        return Standing.EXPIRED
    if outcome in _FINDINGS:
        return Standing.VALID if fingerprint in waiver.fingerprints else Standing.DIFFERENT
    return None


def _waived(waiver: Waiver, standing: Standing) -> Waived:
    return Waived(
        reason=waiver.reason,
        owner=waiver.owner,
        created=waiver.created.isoformat(),
        expires=waiver.expires.isoformat(),
        standing=standing,
        place=waiver.place,
    )
