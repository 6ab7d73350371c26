"""What differs between two runs of a provider: clause by clause, and in how they were made."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final, Literal

from msgspec import Struct

from conformance.errors import NotComparable
from conformance.model.clause import Level
from conformance.model.run_records import Texts
from conformance.model.verdict import Decision
from conformance.report.comparing.background import Change
from conformance.report.comparing.change import (
    ComparedVerdict,
    changes,
    compared_verdict,
    compared_verdicts,
)

if TYPE_CHECKING:
    from conformance.report.run_file.run_file import RunRecord

FORMAT: Final = "conformance-diff/1"
#: The gravest first.
ORDER = (Change.REGRESSED, Change.NEW, Change.STILL, Change.FIXED, Change.GONE)
#: What may differ between two runs beside their verdicts, as the header names it.
_FACTS = ("version", "spec", "seed", "target", "recorded_from")


class ComparedRun(Struct, frozen=True, kw_only=True):
    """What a comparison needs to know of a run as a whole."""

    run: str
    target: str
    recorded_from: str
    version: str
    digest: str
    seed: int
    started: float
    finished: float | None
    decision: Decision


class ClauseChange(Struct, frozen=True, kw_only=True):
    """What became of one clause."""

    clause: str
    change: Change
    before: ComparedVerdict
    after: ComparedVerdict
    level: Level
    promise: str
    received: str


class RunDiff(Struct, frozen=True, kw_only=True):
    """The difference of two runs, as `conformance/schemas/diff.json` describes it."""

    format: Literal["conformance-diff/1"]
    provider: str
    before: ComparedRun
    after: ComparedRun
    #: The facts of the runs themselves that are not the same.
    differences: Texts
    counts: dict[Change, int]
    #: The gravest first.
    changes: tuple[ClauseChange, ...]


def diff(before: RunRecord, after: RunRecord) -> RunDiff:
    """Return what differs between two runs of a provider."""
    provider = after.header.provider
    if before.header.provider != provider:
        raise NotComparable(before.header.provider, provider)
    changed = changes(compared_verdicts(before), compared_verdicts(after))
    in_order = sorted(changed.items(), key=lambda item: ORDER.index(item[1]))
    counts = Counter(changed.values())
    return RunDiff(
        format=FORMAT,
        provider=provider,
        before=_run(before),
        after=_run(after),
        differences=tuple(
            fact for fact in _FACTS if getattr(before.header, fact) != getattr(after.header, fact)
        ),
        counts={kind: counts[kind] for kind in ORDER},
        changes=tuple(_clause_change(clause, kind, before, after) for clause, kind in in_order),
    )


def exit_code(difference: RunDiff) -> int:
    """Return 1 where something became worse, 4 where the later run cannot say so, else 0."""
    if difference.counts[Change.REGRESSED] or difference.counts[Change.NEW]:
        return 1
    decisions = (difference.before.decision, difference.after.decision)
    became_unknown = decisions[1] is Decision.UNKNOWN and decisions[0] is not Decision.UNKNOWN
    return 4 if became_unknown else 0


def _run(run: RunRecord) -> ComparedRun:
    header = run.header
    return ComparedRun(
        run=run.id,
        target=header.target,
        recorded_from=header.recorded_from,
        version=header.version,
        digest=header.spec.digest,
        seed=header.seed,
        started=header.started,
        finished=run.footer.finished if run.footer else None,
        decision=run.decision,
    )


def _clause_change(name: str, kind: Change, before: RunRecord, after: RunRecord) -> ClauseChange:
    clause = after.clauses.get(name) or before.clauses[name]
    verdict = after.verdicts.get(name)
    received = ""
    if verdict:
        received = verdict.received or verdict.reason
    return ClauseChange(
        clause=name,
        change=kind,
        before=compared_verdict(before, name),
        after=compared_verdict(after, name),
        level=clause.level,
        promise=clause.promise,
        received=received,
    )
