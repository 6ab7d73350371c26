"""How the verdicts of one run stand beside those of another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.model.verdict import Outcome
from conformance.model.verdict_table import gravity, is_broken, is_decided
from conformance.report.comparing.background import Change

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.report.run_file.run_file import RunRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a run said of a clause, as far as it can be compared."""

    verdict: str
    #: Of the finding; empty where there is none.
    fingerprint: str = ""

    @property
    def decided(self) -> bool:
        """Whether it says anything about the promise at all."""
        return is_decided(self.verdict)

    @property
    def finding(self) -> bool:
        """Whether the promise was found broken, in whatever way."""
        return is_broken(self.verdict)


#: What is said of a clause that a run does not know.
ABSENT = Found(verdict="absent")


def found_in(run: RunRecord) -> dict[str, Found]:
    """Return what a run said of each clause; one without a verdict was not run."""
    findings = {name: Found(verdict=Outcome.NOT_RUN) for name in run.clauses}
    for name, verdict in run.verdicts.items():
        findings[name] = Found(verdict=verdict.outcome, fingerprint=verdict.fingerprint)
    return findings


def changes(before: Mapping[str, Found], after: Mapping[str, Found]) -> dict[str, Change]:
    """Return each clause's change, in the later run's order; what is gone comes last."""
    changed: dict[str, Change] = {}
    for name in dict.fromkeys((*after, *before)):
        kind = change(before.get(name, ABSENT), after.get(name, ABSENT))
        if kind is not None:
            changed[name] = kind
    return changed


def change(before: Found, after: Found) -> Change | None:
    """Return how a clause changed; None where there is nothing to tell."""
    if not after.decided:
        return Change.GONE if before.finding else None
    if not after.finding:
        return Change.FIXED if before.finding else None
    if not before.decided:
        return Change.NEW
    if gravity(after.verdict) < gravity(before.verdict):
        return Change.REGRESSED
    return Change.STILL if before.fingerprint == after.fingerprint else Change.NEW


def counted(changed: Mapping[str, Change]) -> str:
    """Return changes in numbers: `1 regressed, 2 fixed`; empty where there are none."""
    counts = {kind: list(changed.values()).count(kind) for kind in Change}
    return ", ".join(f"{count} {kind.value}" for kind, count in counts.items() if count)
