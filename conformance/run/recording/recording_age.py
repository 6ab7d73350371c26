"""How a recording stands beside today's spec: what it lacks, and what would be sent otherwise."""

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
class RecordingDrift:
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
    drift: tuple[RecordingDrift, ...]
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
    """Say whether today's plan has a sort of request for a clause that the recorded one lacks."""
    if _kinds_of_request(today, clause) - _kinds_of_request(recorded, clause):
        return True
    return any(
        _meeting(wish, today.jobs) and not _meeting(wish, recorded.jobs)
        for wish in rule_of(clause).wishes(clause)
    )


def _free(plan: Plan, clause: Clause) -> list[Witness]:
    """Return the free requests of a clause."""
    return [witness for witness in (*plan.refusals, *plan.probes) if witness.clause == clause.id]


def _kinds_of_request(plan: Plan, clause: Clause) -> set[tuple[str, str]]:
    return {(witness.case.operation, witness.case.scenario) for witness in _free(plan, clause)}


def _meeting(wish: Wish, jobs: Iterable[PlannedJob]) -> list[PlannedJob]:
    return [
        job
        for job in jobs
        if job.case.operation == wish.operation
        and wish.scenario in ("", job.case.scenario)
        and wish.suits(job.case.body, job.input_seconds)
    ]


def _drifts(recorded: Plan, today: Plan, missing: tuple[str, ...]) -> Iterable[RecordingDrift]:
    for clause in today.clauses:
        before, now = _requests(recorded, clause), _requests(today, clause)
        if before != now and clause.id not in missing:
            yield RecordingDrift(clause=clause.id, recorded=before, today=now)


def _requests(plan: Plan, clause: Clause) -> tuple[str, ...]:
    return tuple(sorted({_in_words(witness.case) for witness in _free(plan, clause)}))


def _in_words(case: Case) -> str:
    sent = case.raw
    if sent is None:
        sent = b"" if case.body is None else encode(case.body)
    body = sent.decode("utf-8", "replace")
    text = f"{case.operation} {dict(case.parameters) or ''} {case.auth} {body}"
    return text if len(text) <= 400 else f"{text[:400]}… ({len(text):,} characters)"


def _joined(recorded: Plan, today: Plan, missing: frozenset[str]) -> Plan:
    """Return the recorded plan and what it lacks."""
    wishes = [
        wish
        for clause in today.clauses
        if clause.id in missing
        for wish in rule_of(clause).wishes(clause)
    ]
    sent = {_identity(job.case) for job in recorded.jobs}
    jobs = [
        job
        for job in today.jobs
        if _identity(job.case) not in sent and any(_meeting(wish, (job,)) for wish in wishes)
    ]
    refusals = [witness for witness in today.refusals if witness.clause in missing]
    probes = [witness for witness in today.probes if witness.clause in missing]
    return replace(
        today,
        jobs=(*recorded.jobs, *jobs),
        refusals=(*recorded.refusals, *refusals),
        probes=(*recorded.probes, *probes),
        searches=recorded.searches,
    )


def _identity(case: Case) -> tuple[str, str, bytes]:
    return case.operation, case.scenario, encode(case.body) if case.raw is None else case.raw
