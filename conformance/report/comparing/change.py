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
class ComparedVerdict:
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
ABSENT = ComparedVerdict(verdict="absent")


def compared_verdict(run: RunRecord, clause: str) -> ComparedVerdict:
    """Return what a run said of a clause; one without a verdict was not run."""
    verdict = run.verdicts.get(clause)
    if verdict:
        return ComparedVerdict(verdict=verdict.outcome, fingerprint=verdict.fingerprint)
    return ComparedVerdict(verdict=Outcome.NOT_RUN) if clause in run.clauses else ABSENT


def compared_verdicts(run: RunRecord) -> dict[str, ComparedVerdict]:
    """Return what a run said of each clause."""
    return {clause: compared_verdict(run, clause) for clause in run.clauses}


def changes(
    before: Mapping[str, ComparedVerdict], after: Mapping[str, ComparedVerdict]
) -> dict[str, Change]:
    """Return each clause's change, in the later run's order; what is gone comes last."""
    changed: dict[str, Change] = {}
    for name in dict.fromkeys((*after, *before)):
        kind = change(before.get(name, ABSENT), after.get(name, ABSENT))
        if kind is not None:
            changed[name] = kind
    return changed


def change(before: ComparedVerdict, after: ComparedVerdict) -> Change | None:
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
