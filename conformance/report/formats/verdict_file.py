"""`verdict.json`: the decision and every clause, for machines. A pure function of the run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from msgspec import Meta, Struct

from conformance.model.clause import Harm, Level, Reading, Source
from conformance.model.run_records import (
    Count,
    CoverageRecord,
    MeasuredJobs,
    PlaceRecord,
    SpecVersion,
    SpendRecord,
    Texts,
    Time,
    WaivedRecord,
    schema_of,
)
from conformance.model.verdict import Cause, Decision, Outcome

if TYPE_CHECKING:
    from conformance.model.run_records import ClauseRecord, VerdictRecord
    from conformance.report.run_file.run_file import RunRecord

FORMAT: Final = "conformance-verdict/1"
#: What is null where a run says nothing of a clause.
_OF_THE_VERDICT = (
    "cause",
    "expected",
    "received",
    "reason",
    "difference",
    "rate",
    "curl",
    "fingerprint",
    "exchanges",
    "waived",
)


class JudgedClause(Struct, frozen=True, kw_only=True):
    """One promise and what the run says of it; null where it says nothing."""

    id: str
    kind: str
    rule: str
    level: Level
    harm: Harm
    operation: str
    scenario: str
    promise: str
    source: Source
    place: PlaceRecord
    reading: Reading | None
    masked: str
    unobservable: str
    verdict: Outcome
    cause: Cause | None
    expected: str | None
    received: str | None
    reason: str | None
    difference: Texts | None
    #: How often it was broken, of how often it was looked at.
    rate: tuple[Count, Count] | None
    curl: str | None
    #: Of the finding, the same in every run that finds it; empty where there is none.
    fingerprint: Annotated[str, Meta(pattern="^(f[0-9a-f]{11})?$")] | None
    exchanges: tuple[Count, ...] | None
    waived: WaivedRecord | None


class VerdictFile(Struct, frozen=True, kw_only=True):
    """The decision on a provider and every clause."""

    format: Literal["conformance-verdict/1"]
    provider: str
    target: Annotated[str, Meta(extra_json_schema={"enum": ["replay", "simulator", "live"]})]
    recorded_from: str
    version: str
    spec: SpecVersion
    seed: int
    started: Time
    finished: Time | None
    complete: bool
    verdict: Decision
    #: Clauses by verdict; empty where the run did not end.
    counts: Annotated[
        dict[str, Count],
        Meta(extra_json_schema={"propertyNames": {"enum": [outcome.value for outcome in Outcome]}}),
    ]
    coverage: CoverageRecord
    spend: SpendRecord
    #: By operation and scenario.
    measured: dict[str, MeasuredJobs]
    clauses: tuple[JudgedClause, ...]


def verdict_file(run: RunRecord) -> VerdictFile:
    """Return the content of `verdict.json`."""
    header, footer = run.header, run.footer
    return VerdictFile(
        format=FORMAT,
        provider=header.provider,
        target=header.target,
        recorded_from=header.recorded_from,
        version=header.version,
        spec=header.spec,
        seed=header.seed,
        started=header.started,
        finished=footer.finished if footer else None,
        complete=run.complete,
        verdict=run.decision,
        counts=run.counts,
        coverage=run.coverage,
        spend=run.spend,
        measured=run.measured,
        clauses=tuple(
            _judged(clause, run.verdicts.get(clause.id)) for clause in run.clauses.values()
        ),
    )


def _judged(clause: ClauseRecord, verdict: VerdictRecord | None) -> JudgedClause:
    return JudgedClause(
        id=clause.id,
        kind=clause.kind,
        rule=clause.rule,
        level=clause.level,
        harm=(verdict and verdict.harm) or clause.harm,
        operation=clause.operation,
        scenario=clause.scenario,
        promise=clause.promise,
        source=clause.source,
        place=clause.place,
        reading=clause.reading,
        masked=clause.masked,
        unobservable=clause.unobservable,
        verdict=verdict.outcome if verdict else Outcome.NOT_RUN,
        **{name: getattr(verdict, name, None) for name in _OF_THE_VERDICT},
    )


def verdict_schema() -> dict[str, Any]:
    """Return the JSON Schema of `verdict.json`, as it is published."""
    schema = schema_of(
        VerdictFile,
        title=(
            "verdict.json: the decision on a provider and every clause, as `conformance "
            "run` writes it"
        ),
    )
    for part in schema["$defs"].values():
        if "properties" in part:
            part["additionalProperties"] = False
    return schema
