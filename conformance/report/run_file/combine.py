"""Join the runs of several machines: shards of one provider become one run."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from msgspec.structs import replace

from conformance.errors import BadSpec, CannotCombine
from conformance.model.clause import Clause, Place
from conformance.model.run_records import (
    CoverageRecord,
    MeasuredJobs,
    Percentiles,
    PlanCost,
    RunFooter,
    RunHeader,
    ShardOrigin,
    SpendRecord,
    StillRecord,
    plain_json,
)
from conformance.model.verdict import Decision, Outcome, Reason, Verdict
from conformance.model.waiver import Standing
from conformance.report.formats.outputs import write_text
from conformance.report.run_file.exchange_lines import each
from conformance.run.decision import cover, decide, exit_code

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from conformance.model.run_records import ClauseRecord, Record, VerdictRecord
    from conformance.report.run_file.run_file import RunRecord

#: What shards of one provider must have in common, by what to call it where they have not.
_COMMON: dict[str, Callable[[RunHeader], str]] = {
    "specs of different digests": lambda header: header.spec.digest,
    "different targets": lambda header: header.target,
    "different versions of the harness": lambda header: header.version,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shard:
    """A run and where it lies."""

    file: Path
    run: RunRecord


def grouped(shards: Sequence[Shard]) -> dict[str, list[Shard]]:
    """Return shards by provider, the earliest first; raise where they do not fit together."""
    groups: defaultdict[str, list[Shard]] = defaultdict(list)
    for shard in sorted(shards, key=lambda shard: (shard.run.header.started, str(shard.file))):
        groups[shard.run.header.provider].append(shard)
    for provider, group in sorted(groups.items()):
        _check(provider, group)
    return dict(sorted(groups.items()))


def _check(provider: str, shards: Sequence[Shard]) -> None:
    for shard in shards:
        if not (shard.run.footer and shard.run.footer.complete):
            raise CannotCombine(provider, f"{shard.file} did not come to its end")
    by_id: dict[str, Shard] = {}
    for shard in shards:
        same = by_id.setdefault(shard.run.id, shard)
        if same is not shard:
            raise CannotCombine(provider, f"{same.file} and {shard.file} are the same run")
    for unlike, fact in _COMMON.items():
        values = {fact(shard.run.header): shard.file for shard in shards}
        if len(values) > 1:
            listed = "; ".join(f"{value} in {file}" for value, file in values.items())
            raise CannotCombine(provider, f"they have {unlike}: {listed}")
    owners: dict[str, Shard] = {}
    for shard in shards:
        for clause in shard.run.clauses:
            owner = owners.setdefault(clause, shard)
            if owner is not shard:
                raise CannotCombine(
                    provider, f"{owner.file} and {shard.file} both have the clause {clause}"
                )


def write_joint(shards: Sequence[Shard], folder: Path, *, command: Sequence[str]) -> None:
    """Write the run file of shards into a folder; a single one stays as it is, to the byte."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / "run.jsonl"
    if len(shards) == 1:
        if shards[0].file.resolve() != target.resolve():
            write_text(target, shards[0].file.read_text("utf-8", errors="replace"))
        return
    part = target.with_name("run.jsonl.part")
    with part.open("w", encoding="utf-8", errors="replace", newline="\n") as out:
        for record in joint_records([shard.run for shard in shards], command=command):
            line = json.dumps(plain_json(record), ensure_ascii=False, separators=(",", ":"))
            out.write(line + "\n")
    part.replace(target)


def joint_records(runs: Sequence[RunRecord], *, command: Sequence[str]) -> Iterator[Record]:
    """Yield the records of the joint run; exchanges and jobs get names that no two shards share."""
    yield _header(runs, command)
    for run in runs:
        yield from run.clauses.values()
    verdicts: list[VerdictRecord] = []
    offset = 0
    for index, run in enumerate(runs):
        suffix = f".{index + 1}" if index else ""
        for number, exchange in each(run.exchanges):
            label = exchange.job and exchange.job + suffix
            yield replace(exchange, number=number + offset, job=label)
        for job in run.jobs:
            ended_by = None if job.ended_by is None else job.ended_by + offset
            yield replace(
                job, exchange=job.exchange + offset, job=job.job + suffix, ended_by=ended_by
            )
        for number, jpeg in run.stills.items():
            yield StillRecord(exchange=number + offset, jpeg=jpeg)
        for verdict in run.verdicts.values():
            numbers = tuple(number + offset for number in verdict.exchanges)
            verdicts.append(replace(verdict, exchanges=numbers))
        offset += max(run.exchanges, default=0)
    yield from verdicts
    yield _footer(runs, verdicts)


def _header(runs: Sequence[RunRecord], command: Sequence[str]) -> RunHeader:
    headers = [run.header for run in runs]
    plans = [header.plan for header in headers]
    return replace(
        headers[0],
        command=tuple(command),
        plan=PlanCost(
            clauses=sum(plan.clauses for plan in plans),
            requests=sum(plan.requests for plan in plans),
            jobs=sum(plan.jobs for plan in plans),
            lower_bound=sum(plan.lower_bound for plan in plans),
            expected=sum(plan.expected for plan in plans),
            worst=sum(plan.worst for plan in plans),
            unpriced=sum(plan.unpriced for plan in plans),
            worst_unpriced=sum(plan.worst_unpriced for plan in plans),
        ),
        recorded_from=", ".join(dict.fromkeys(header.recorded_from for header in headers)),
        shards=tuple(
            ShardOrigin(
                run=run.id,
                started=run.header.started,
                seed=run.header.seed,
                command=run.header.command,
            )
            for run in runs
        ),
    )


def _footer(runs: Sequence[RunRecord], verdicts: Sequence[VerdictRecord]) -> RunFooter:
    footers = [run.footer for run in runs if run.footer]
    spends = [footer.spend for footer in footers]
    clauses = {name: clause for run in runs for name, clause in run.clauses.items()}
    pairs = pairs_of(clauses, {verdict.clause: verdict for verdict in verdicts})
    coverage = cover(pairs)
    waivers = {verdict.clause: verdict.waived for verdict in verdicts if verdict.waived}
    valid = frozenset(
        clause for clause, waiver in waivers.items() if waiver.standing is Standing.VALID
    )
    counts: Counter[str] = Counter()
    for footer in footers:
        counts.update(footer.counts)
    return RunFooter(
        decision=decide(
            pairs,
            waived=valid,
            bad_waivers=any(waiver.standing.bad for waiver in waivers.values()),
            selected=not _whole(runs),
        ),
        counts={name: counts[name] for name in footers[0].counts},
        coverage=CoverageRecord(
            proved=coverage.proved,
            observable=coverage.observable,
            percent=round(coverage.percent, 1),
        ),
        spend=SpendRecord(
            requests=sum(spend.requests for spend in spends),
            jobs=sum(spend.jobs for spend in spends),
            credits=sum(spend.credits for spend in spends),
            unpriced=sum(spend.unpriced for spend in spends),
        ),
        finished=max(footer.finished for footer in footers),
        complete=all(footer.complete for footer in footers),
        measured=_measured(footers),
    )


def pairs_of(
    clauses: Mapping[str, ClauseRecord], verdicts: Mapping[str, VerdictRecord]
) -> list[tuple[Clause, Verdict]]:
    """Return clauses and verdicts as the rule of the decision reads them."""
    return [
        (_clause(clause), _verdict(name, verdicts.get(name))) for name, clause in clauses.items()
    ]


def _clause(record: ClauseRecord) -> Clause:
    place = record.place
    return Clause(
        id=record.id,
        kind=record.kind,
        rule=record.rule,
        level=record.level,
        harm=record.harm,
        harm_if_taken=record.harm_if_taken,
        provider="",
        operation=record.operation,
        scenario=record.scenario,
        promise=record.promise,
        source=record.source,
        place=Place(file=place.file, pointer=place.pointer, line=place.line),
        masked=record.masked,
        unobservable=record.unobservable,
        known_elsewhere=record.known_elsewhere,
    )


def _verdict(clause: str, record: VerdictRecord | None) -> Verdict:
    if record is None:
        return Verdict(clause=clause, outcome=Outcome.NOT_RUN)
    reason = None
    if record.reason_code:
        reason = Reason(code=record.reason_code, text=record.reason)
    return Verdict(
        clause=clause,
        outcome=record.outcome,
        cause=record.cause,
        harm=record.harm,
        reason=reason,
    )


def code_of(
    run: RunRecord,
    *,
    excused: bool = False,
    allow_unknown: bool = False,
    min_coverage: float | None = None,
) -> int:
    """Return the exit code of a run as it was written; excused, a no-go is none."""
    pairs = pairs_of(run.clauses, run.verdicts)
    decision = run.decision
    if excused and decision is Decision.NO_GO:
        decision = Decision.CONDITIONAL
    return exit_code(
        decision,
        pairs,
        coverage=cover(pairs),
        min_coverage=min_coverage,
        allow_unknown=allow_unknown,
        complete=run.footer is not None and run.footer.complete,
    )


def _whole(runs: Sequence[RunRecord]) -> bool:
    """Say whether the shards have every clause of the spec; where it is gone, nobody knows."""
    from conformance.promises.registry import derive
    from conformance.spec.document import load

    header = runs[0].header
    try:
        spec = load(header.spec.file)
    except BadSpec:
        return False
    proved = {name for run in runs for name in run.clauses}
    return spec.digest == header.spec.digest and {clause.id for clause in derive(spec)} <= proved


def _measured(footers: Sequence[RunFooter]) -> dict[str, MeasuredJobs]:
    """Return what was measured.

    Several shards have no percentiles in common, so the largest count.
    """
    joined: dict[str, MeasuredJobs] = {}
    for footer in footers:
        for name, group in footer.measured.items():
            joined[name] = _both(joined[name], group) if name in joined else group
    return dict(sorted(joined.items()))


def _both(first: MeasuredJobs, second: MeasuredJobs) -> MeasuredJobs:
    jobs = first.jobs + second.jobs
    failed = first.jobs * first.error_rate + second.jobs * second.error_rate
    return MeasuredJobs(
        jobs=jobs,
        error_rate=round(failed / jobs, 3) if jobs else 0.0,
        seconds=_larger(first.seconds, second.seconds),
        queued=_larger(first.queued, second.queued),
    )


def _larger(first: Percentiles | None, second: Percentiles | None) -> Percentiles | None:
    if first is None or second is None:
        return first or second
    return Percentiles(
        p50=max(first.p50, second.p50),
        p90=max(first.p90, second.p90),
        p99=max(first.p99, second.p99),
    )
