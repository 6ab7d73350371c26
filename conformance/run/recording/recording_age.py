"""How a recording stands beside today's spec and code: what it lacks, and what would be sent otherwise."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from conformance.errors import RecordedElsewhere
from conformance.jobs.request_rendering import encode
from conformance.promises.registry import derive, rule_of
from conformance.run.planning.plan import make_plan

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from conformance.model.clause import Clause
    from conformance.model.witness import Case, Witness
    from conformance.promises.wish import Wish
    from conformance.run.planning.plan import Plan, PlannedJob
    from conformance.run.recording.recording import Recording
    from conformance.run.target import Target
    from conformance.spec.document import Spec


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """A clause whose requests would be others today."""

    clause: str
    recorded: tuple[str, ...]
    today: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ageing:
    """What time did to a recording."""

    #: Whether the spec is, byte for byte, the one that it was recorded with.
    same_spec: bool
    #: Clauses that nothing in the recording can show, and what would.
    missing: tuple[str, ...]
    #: Clauses that were recorded and are none any more.
    gone: tuple[str, ...]
    drift: tuple[Drift, ...]
    #: The plan that would record just what is missing.
    plan: Plan


def refreshing(recording: Recording, target: Target) -> Target:
    """Return a target that answers from the recording first."""
    from conformance.http.cassettes.replay import FreshDoor, RecordedAnswers

    if target.base_url != recording.facts.base_url:
        raise RecordedElsewhere(recording.facts.base_url, target.base_url)
    return replace(
        target,
        door=FreshDoor(RecordedAnswers(recording.exchanges()), target.door),
        inputs=recording.inputs,
        recording=recording,
    )


def ageing(recording: Recording, spec: Spec, clauses: Sequence[Clause] | None = None) -> Ageing:
    """Lay a recording beside what would be planned today, for these clauses or all."""
    clauses = derive(spec) if clauses is None else clauses
    recorded = recording.plan(spec, clauses)
    today = make_plan(spec, clauses, recording.inputs)
    missing = tuple(clause.id for clause in clauses if _lacks(clause, recorded, today))
    ids = {clause.id for clause in clauses}
    return Ageing(
        same_spec=recording.facts.spec.digest == spec.digest,
        missing=missing,
        gone=tuple(name for name in recording.facts.plan.clauses if name not in ids),
        drift=tuple(_drifts(recorded, today, missing)),
        plan=_joined(recorded, today, frozenset(missing)),
    )


def _lacks(clause: Clause, recorded: Plan, today: Plan) -> bool:
    """Say whether today's plan has a request for a clause of a sort that the recorded one has not."""
    wanted, had = (
        {(one.case.operation, one.case.scenario) for one in _free(plan, clause)}
        for plan in (today, recorded)
    )
    return bool(wanted - had) or any(
        _meeting(wish, today.jobs) and not _meeting(wish, recorded.jobs)
        for wish in rule_of(clause).wishes(clause)
    )


def _free(plan: Plan, clause: Clause) -> list[Witness]:
    return [one for one in (*plan.refusals, *plan.probes) if one.clause == clause.id]


def _meeting(wish: Wish, jobs: Iterable[PlannedJob]) -> list[PlannedJob]:
    mine = (
        job
        for job in jobs
        if job.case.operation == wish.operation and wish.scenario in ("", job.case.scenario)
    )
    return [job for job in mine if wish.suits(job.case.body, job.input_seconds)]


def _drifts(recorded: Plan, today: Plan, missing: tuple[str, ...]) -> Iterable[Drift]:
    for clause in today.clauses:
        was, now = (
            tuple(sorted({_told(one) for one in _free(plan, clause)})) for plan in (recorded, today)
        )
        if was != now and clause.id not in missing:
            yield Drift(clause=clause.id, recorded=was, today=now)


def _told(witness: Witness) -> str:
    case = witness.case
    sent = case.raw if case.raw is not None else encode(case.body) if case.body is not None else b""
    text = f"{case.operation} {dict(case.parameters) or ''} {case.auth} {sent.decode('utf-8', 'replace')}"
    return text if len(text) <= 400 else f"{text[:400]}… ({len(text):,} characters)"


def _joined(recorded: Plan, today: Plan, missing: frozenset[str]) -> Plan:
    """Return the recorded plan and what it lacks."""
    sent = {_key(job.case) for job in recorded.jobs}
    new = [job for job in today.jobs if _key(job.case) not in sent]
    wishes = [
        wish
        for clause in today.clauses
        if clause.id in missing
        for wish in rule_of(clause).wishes(clause)
    ]
    jobs = [job for job in new if any(_meeting(wish, (job,)) for wish in wishes)]
    refusals = [one for one in today.refusals if one.clause in missing]
    probes = [one for one in today.probes if one.clause in missing]
    return replace(
        today,
        jobs=(*recorded.jobs, *jobs),
        refusals=(*recorded.refusals, *refusals),
        probes=(*recorded.probes, *probes),
        searches=recorded.searches,
    )


def _key(case: Case) -> tuple[str, str, bytes]:
    return case.operation, case.scenario, case.raw if case.raw is not None else encode(case.body)
