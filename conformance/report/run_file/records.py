"""The records of a run, made of what the run says as it goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance import __version__
from conformance.model.run_records import (
    FORMAT,
    ClauseRecord,
    CoverageRecord,
    DocumentEdition,
    JobRecord,
    MeasuredJobs,
    PlaceRecord,
    PlanCost,
    RunFooter,
    RunHeader,
    SpecVersion,
    SpendRecord,
    VerdictRecord,
    WaivedRecord,
)
from conformance.model.verdict import Outcome
from conformance.promises.registry import rule_of
from conformance.report.run_file.provider_offer import methods, operations, scenarios
from conformance.run.planning.body_composing import in_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from conformance.model.clause import Clause, Place
    from conformance.model.waiver import Waived
    from conformance.run.decision import Summary
    from conformance.run.events import JobEnded, JobStarted, RunStarted, VerdictReached
    from conformance.run.planning.plan import Plan


def header_record(event: RunStarted, *, command: Sequence[str], key_env: str) -> RunHeader:
    """Return the first line: what was run, against whom, from which spec and seed."""
    plan = event.plan
    provider = plan.spec.provider
    return RunHeader(
        format=FORMAT,
        version=__version__,
        provider=event.provider,
        title=provider.title,
        unit=provider.unit,
        spec=SpecVersion(file=plan.spec.file, digest=plan.spec.digest),
        target=event.target,
        base_url=event.base_url,
        recorded_from=event.recorded_from,
        recorded=event.recorded,
        key_env=key_env,
        seed=event.seed,
        started=event.started,
        command=tuple(command),
        plan=plan_cost(plan),
        documents=tuple(
            DocumentEdition(title=document.title, edition=document.edition)
            for document in provider.documents.values()
        ),
        methods=methods(plan.spec),
        operations=operations(plan.spec),
        scenarios=scenarios(plan.spec),
    )


def plan_cost(plan: Plan) -> PlanCost:
    """Return what a plan costs, in numbers."""
    return PlanCost(
        clauses=len(plan.clauses),
        requests=len(plan.refusals) + len(plan.probes) + len(plan.jobs),
        jobs=len(plan.jobs),
        lower_bound=plan.lower_bound,
        expected=plan.expected.amount,
        worst=plan.worst.amount,
        unpriced=plan.expected.unpriced,
        worst_unpriced=plan.worst.unpriced,
    )


def clause_record(
    clause: Clause, refusals: Sequence[str], *, excerpt: str = "", client: bool = False
) -> ClauseRecord:
    """Return a clause with both of its witnesses in words.

    Its line of the spec stands beside it, and whether our client relies on it.
    """
    return ClauseRecord(
        id=clause.id,
        kind=clause.kind,
        rule=clause.rule,
        level=clause.level,
        operation=clause.operation,
        scenario=clause.scenario,
        promise=clause.promise,
        source=clause.source,
        place=_place(clause.place),
        reading=clause.reading,
        masked=clause.masked,
        unobservable=clause.unobservable,
        known_elsewhere=clause.known_elsewhere,
        harm=clause.harm,
        harm_if_taken=clause.harm_if_taken,
        accept=tuple(in_words(wish) for wish in rule_of(clause).wishes(clause)),
        refuse=tuple(refusals),
        excerpt=excerpt,
        client=client,
        parts=clause.parts,
    )


def job_record(job: JobStarted, ended: JobEnded) -> JobRecord:
    """Return a job: what it was, what it cost, how it ended and when."""
    return JobRecord(
        job=job.job,
        id=job.id,
        operation=job.operation,
        scenario=job.scenario,
        price=job.price,
        exchange=job.exchange,
        end=ended.end.value,
        seconds=round(ended.seconds, 3),
        ended_by=ended.ended_by,
    )


def verdict_record(event: VerdictReached, *, curl: str) -> VerdictRecord:
    """Return a verdict with its reproducer, its fingerprint and its waiver."""
    verdict = event.verdict
    return VerdictRecord(
        clause=event.clause.id,
        outcome=verdict.outcome,
        cause=verdict.cause,
        expected=verdict.expected or event.clause.promise,
        received=verdict.received,
        reason=str(verdict.reason or ""),
        exchanges=verdict.exchanges,
        difference=tuple(str(difference) for difference in verdict.difference),
        rate=verdict.rate,
        curl=curl,
        fingerprint=event.fingerprint,
        waived=_waived(event.waived) if event.waived else None,
        differences=verdict.difference,
        harm=verdict.harm,
        reason_code=verdict.reason.code if verdict.reason else None,
    )


def _place(place: Place) -> PlaceRecord:
    return PlaceRecord(file=place.file, pointer=place.pointer, line=place.line)


def _waived(waived: Waived) -> WaivedRecord:
    place = waived.place
    return WaivedRecord(
        reason=waived.reason,
        owner=waived.owner,
        created=waived.created,
        expires=waived.expires,
        standing=waived.standing,
        place=f"{place.file}:{place.line}",
        written=_place(place),
    )


def footer_record(summary: Summary, measured: Mapping[str, MeasuredJobs]) -> RunFooter:
    """Return the last line; a file without one is of a run that did not end."""
    coverage, spend = summary.coverage, summary.spend
    return RunFooter(
        decision=summary.decision,
        counts={outcome.value: summary.counts.get(outcome, 0) for outcome in Outcome},
        coverage=CoverageRecord(
            proved=coverage.proved,
            observable=coverage.observable,
            percent=round(coverage.percent, 1),
        ),
        spend=SpendRecord(
            requests=spend.requests,
            jobs=spend.jobs,
            credits=spend.credits,
            unpriced=spend.unpriced,
        ),
        finished=summary.finished,
        complete=summary.complete,
        measured=dict(measured),
    )
