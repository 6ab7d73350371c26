"""Everything that the decision about a provider rests on: the page and the text are made of it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import msgspec

from conformance import __version__
from conformance.adoption.comparison import CapabilityRow, compare
from conformance.adoption.provider_times import ObservedTimes, times, times_of
from conformance.adoption.stage import StageName
from conformance.model.clause import Source
from conformance.model.money import JobCosts, bought
from conformance.model.verdict import Decision, Outcome
from conformance.model.verdict_table import gravity, is_decided, is_finding
from conformance.run.decision import Spend

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from conformance.adoption.stage import Stage
    from conformance.model.run_records import VerdictRecord
    from conformance.report.run_file.run_file import RunRecord
    from conformance.spec.document import Spec

FORMAT = "conformance-adopt/1"
_WHY = {
    "go": "everything that binds was proved, on both sides",
    "conditional": "nothing that binds is broken; "
    "some of it is doubtful, or was accepted by a waiver",
    "no-go": "something that the document promises is not so",
}


class SpecIdentity(msgspec.Struct, frozen=True, kw_only=True):
    """Which spec was walked with."""

    file: str
    digest: str


class StageRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One stage that was walked."""

    name: str
    passed: bool
    cause: str | None
    sentences: tuple[str, ...] = msgspec.field(name="told")
    next: str
    spend: Spend


class SpendInUnits(msgspec.Struct, frozen=True, kw_only=True):
    """What the whole walk cost."""

    requests: int
    jobs: int
    credits: float
    unit: str
    #: Jobs whose price nobody states.
    unpriced: int = 0

    @property
    def bought(self) -> str:
        """The jobs and what they cost, in words."""
        costs = JobCosts(amount=self.credits, unpriced=self.unpriced)
        return bought(self.jobs, costs, self.unit)


class DossierFinding(msgspec.Struct, frozen=True, kw_only=True):
    """One promise that was broken, or could not be decided."""

    clause: str
    verdict: str
    level: str
    cause: str | None
    promise: str
    source: Source
    received: str
    curl: str


class Dossier(msgspec.Struct, frozen=True, kw_only=True):
    """What `adopt.json` holds."""

    format: str = FORMAT
    version: str = __version__
    provider: str
    title: str
    base_url: str
    spec: SpecIdentity
    decision: str
    why: str
    stages: tuple[StageRecord, ...]
    spend: SpendInUnits
    against: tuple[str, ...]
    gains: tuple[str, ...]
    loses: tuple[str, ...]
    capabilities: tuple[CapabilityRow, ...]
    times: tuple[ObservedTimes, ...]
    findings: tuple[DossierFinding, ...]
    #: The page with every clause, where a full run wrote one.
    report: str | None = None


def dossier(
    spec: Spec,
    ours: Sequence[Spec],
    stages: Sequence[Stage],
    run: RunRecord | None,
    *,
    against: Path,
    base_url: str,
    report: str | None = None,
) -> Dossier:
    """Put together the walk, the comparison, the findings, the times and what it cost."""
    rows = compare(spec, ours)
    decision, why = _decision(stages, run)
    observed = [times_of(run) if run else None]
    observed += [times(against / provider.name) for provider in ours]
    return Dossier(
        provider=spec.name,
        title=spec.provider.title,
        base_url=base_url,
        spec=SpecIdentity(file=spec.file, digest=spec.digest),
        decision=decision,
        why=why,
        stages=tuple(map(_stage_record, stages)),
        spend=SpendInUnits(
            requests=sum(stage.spend.requests for stage in stages),
            jobs=sum(stage.spend.jobs for stage in stages),
            credits=sum(stage.spend.credits for stage in stages),
            unpriced=sum(stage.spend.unpriced for stage in stages),
            unit=spec.provider.unit,
        ),
        against=tuple(provider.name for provider in ours),
        gains=tuple(_change(row, row.gains) for row in rows if row.gains),
        loses=tuple(_change(row, row.loses) for row in rows if row.loses),
        capabilities=rows,
        times=tuple(filter(None, observed)),
        findings=_findings(run) if run else (),
        report=report,
    )


def _decision(stages: Sequence[Stage], run: RunRecord | None) -> tuple[str, str]:
    """Return the decision and why it is so."""
    last = stages[-1]
    if not last.passed:
        reason = last.sentences[-1]
        if reason != last.next:
            reason = f"{reason.rstrip('.')}. {last.next}"
        return Decision.UNKNOWN.value, f"the walk stopped at {last.name.value}: {reason}"
    if run is None or last.name is not StageName.RUN:
        why = f"the walk went up to {last.name.value} and no further, as was asked"
        return Decision.UNKNOWN.value, why
    if run.decision is Decision.UNKNOWN:
        return run.decision.value, _left_open(run)
    if run.decision is Decision.GO and _undecided(run):
        but = f"{len(_undecided(run))} that take a second key (--second-key ENVVAR)"
        return run.decision.value, f"{_WHY[run.decision]}, but for {but}"
    if run.decision is Decision.CONDITIONAL and _undecided(run):
        return run.decision.value, f"nothing that binds is broken; {_left_open(run)}"
    return run.decision.value, _WHY[run.decision]


def _undecided(run: RunRecord) -> list[VerdictRecord]:
    """Return the verdicts on what binds that decide nothing, though a run could."""
    return [
        verdict
        for name, verdict in run.verdicts.items()
        if (clause := run.clauses[name]).level.binds
        and not (clause.masked or clause.unobservable)
        and not is_decided(verdict.outcome)
    ]


def _left_open(run: RunRecord) -> str:
    """Return why a run decides nothing: the most frequent reason that a promise was left open."""
    binding = [clause.id for clause in run.clauses.values() if clause.level.binds]
    if not binding:
        return "nothing in the spec binds yet: no promise is of level must"
    undecided = _undecided(run)
    # What was not even tried says more than what followed from it.
    untried = [verdict for verdict in undecided if verdict.outcome is Outcome.NOT_RUN]
    reasons = Counter(
        verdict.reason for verdict in untried or undecided if verdict.reason
    ).most_common(1)
    sentence = f"{len(undecided)} of {len(binding)} promises that bind could not be decided"
    return f"{sentence}, most often because {reasons[0][0]}" if reasons else sentence


def _stage_record(stage: Stage) -> StageRecord:
    return StageRecord(
        name=stage.name.value,
        passed=stage.passed,
        cause=stage.failure.value if stage.failure else None,
        sentences=stage.sentences,
        next=stage.next,
        spend=stage.spend,
    )


def _change(row: CapabilityRow, change: str) -> str:
    if not row.word:
        return change
    if change == row.word:
        return f"{row.method}: {change}"
    return f"{row.method}: {row.word.replace('_', ' ')} {change}"


def _findings(run: RunRecord) -> tuple[DossierFinding, ...]:
    """Return what was broken or could not be decided, the gravest first."""
    pairs = [
        (run.clauses[verdict.clause], verdict)
        for verdict in run.verdicts.values()
        if is_finding(verdict.outcome) or verdict.outcome is Outcome.UNTESTABLE
    ]
    pairs.sort(key=lambda pair: (gravity(pair[1].outcome), not pair[0].level.binds))
    return tuple(
        DossierFinding(
            clause=clause.id,
            verdict=verdict.outcome.value,
            level=clause.level.value,
            cause=verdict.cause.value if verdict.cause else None,
            promise=clause.promise,
            source=clause.source,
            received=verdict.received or verdict.reason,
            curl=verdict.curl,
        )
        for clause, verdict in pairs
    )
