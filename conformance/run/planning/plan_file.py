"""A plan as it is written beside a recording: a replay sends that, whatever today's would be."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import UNSET, UnsetType

from conformance.http.cassettes.body_files import LARGE
from conformance.jobs.request_rendering import encode
from conformance.model.exchange import Auth
from conformance.model.inputs import Inputs
from conformance.model.verdict import Reason, ReasonCode
from conformance.model.witness import Case, Side, Witness
from conformance.promises.job_price import price
from conformance.run.planning.plan import Bound, Plan, PlannedJob

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from conformance.http.cassettes.body_files import BodyFiles
    from conformance.model.clause import Clause
    from conformance.spec.document import Spec

_JSON = "application/json"


class RecordedCase(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A case; large bodies lie in files beside it."""

    operation: str
    scenario: str
    body: Any
    body_file: str | None = None
    parameters: dict[str, str] = {}
    raw: bytes | None = None
    raw_file: str | None = None
    #: None for JSON.
    content_type: str | None = None
    auth: Auth = Auth.OWN


class RecordedJob(msgspec.Struct, frozen=True, kw_only=True):
    """A job that was to be bought."""

    case: RecordedCase
    proves: tuple[str, ...]
    input_seconds: int | None
    original: bool


class RecordedWitness(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A request that was to be refused, or a read."""

    clause: str
    side: Side
    case: RecordedCase
    note: str
    #: The accepted body that it differs from; most are those of jobs, and named by their place.
    control: Any = None
    control_job: int | None = None
    implied_by: str | None = None
    repeats: str | None = None
    explored: bool = False


class RecordedPlan(msgspec.Struct, frozen=True, kw_only=True):
    """A plan; clauses are named by their ids, the bodies of jobs stand once."""

    clauses: tuple[str, ...]
    jobs: tuple[RecordedJob, ...]
    refusals: tuple[RecordedWitness, ...]
    probes: tuple[RecordedWitness, ...]
    searches: tuple[RecordedWitness, ...] = ()
    #: Why a clause was not planned; recordings of before hold the sentence alone.
    gaps: dict[str, Reason | str]
    bound: tuple[Bound, ...]


class RecordedInputs(msgspec.Struct, frozen=True, kw_only=True):
    """Inputs; those of a sample server by its address alone."""

    prompt: str
    served_at: str | UnsetType = UNSET
    images: tuple[str, ...] | UnsetType = UNSET
    references: tuple[str, ...] | UnsetType = UNSET
    videos: dict[int, str] | UnsetType = UNSET


def recorded_plan(plan: Plan, large: BodyFiles) -> RecordedPlan:
    """Return a plan as it is written; large bodies are put beside it."""
    bodies = [job.case.body for job in plan.jobs]
    jobs = [
        RecordedJob(
            case=_recorded_case(job.case, large),
            proves=job.proves,
            input_seconds=job.input_seconds,
            original=job.original,
        )
        for job in plan.jobs
    ]

    def recorded(witnesses: Iterable[Witness]) -> tuple[RecordedWitness, ...]:
        return tuple(_recorded_witness(witness, bodies, large) for witness in witnesses)

    return RecordedPlan(
        clauses=tuple(clause.id for clause in plan.clauses),
        jobs=tuple(jobs),
        refusals=recorded(plan.refusals),
        probes=recorded(plan.probes),
        searches=recorded(plan.searches),
        gaps=dict(plan.gaps),
        bound=plan.bound,
    )


def plan_of(record: RecordedPlan, spec: Spec, clauses: Sequence[Clause], large: BodyFiles) -> Plan:
    """Return a recorded plan for today's clauses; an operation that is gone is left out."""
    jobs = [
        PlannedJob(
            case=_case(job.case, large),
            proves=job.proves,
            price=_price(spec, job.case),
            input_seconds=job.input_seconds,
            original=job.original,
        )
        for job in record.jobs
    ]
    bodies = [job.case.body for job in jobs]
    added = {clause.id for clause in clauses} - set(record.clauses)

    def witnesses(records: Iterable[RecordedWitness]) -> tuple[Witness, ...]:
        made = [_witness(one, bodies, large) for one in records]
        return tuple(witness for witness in made if _is_there(spec, witness.case))

    return Plan(
        spec=spec,
        clauses=tuple(clauses),
        jobs=tuple(job for job in jobs if _is_there(spec, job.case)),
        refusals=witnesses(record.refusals),
        probes=witnesses(record.probes),
        gaps={clause: _reason(gap) for clause, gap in record.gaps.items()},
        bound=record.bound,
        searches=witnesses(record.searches),
        unrecorded=dict.fromkeys(sorted(added), "it was not yet a clause when this was recorded"),
    )


def _price(spec: Spec, case: RecordedCase) -> float | None:
    """Return what a job costs by today's spec; one that is gone is left out anyway."""
    for operation in spec.operations:
        for scenario in operation.scenarios:
            if (operation.id, scenario.title) == (case.operation, case.scenario):
                return price(operation, scenario, case.body)
    return None


def _is_there(spec: Spec, case: Case) -> bool:
    for operation in spec.operations:
        if operation.id == case.operation:
            titles = [scenario.title for scenario in operation.scenarios]
            return not case.scenario or case.scenario in titles
    return False


def _reason(gap: Reason | str) -> Reason:
    return gap if isinstance(gap, Reason) else Reason(code=ReasonCode.NO_INPUT, text=gap)


def _recorded_witness(witness: Witness, bodies: Sequence[Any], large: BodyFiles) -> RecordedWitness:
    control_job = None
    if witness.control is not None and witness.control in bodies:
        control_job = bodies.index(witness.control)
    return RecordedWitness(
        clause=witness.clause,
        side=witness.side,
        case=_recorded_case(witness.case, large),
        note=witness.note,
        control=witness.control if control_job is None else None,
        control_job=control_job,
        implied_by=witness.implied_by or None,
        repeats=witness.repeats or None,
        explored=witness.explored,
    )


def _witness(record: RecordedWitness, bodies: Sequence[Any], large: BodyFiles) -> Witness:
    control = record.control
    if record.control_job is not None:
        control = bodies[record.control_job]
    return Witness(
        clause=record.clause,
        side=record.side,
        case=_case(record.case, large),
        note=record.note,
        control=control,
        implied_by=record.implied_by or "",
        repeats=_repeated(record),
        explored=record.explored,
    )


def _repeated(record: RecordedWitness) -> str:
    """Return the clause whose witness is repeated; older recordings say it in the note alone."""
    if record.repeats is not None:
        return record.repeats
    _, named, clause = record.note.rpartition(", as ")
    return clause if named else ""


def _recorded_case(case: Case, large: BodyFiles) -> RecordedCase:
    encoded, raw = encode(case.body), case.raw
    body_in_file = len(encoded) > LARGE
    raw_in_file = raw is not None and len(raw) > LARGE
    return RecordedCase(
        operation=case.operation,
        scenario=case.scenario,
        body=None if body_in_file else case.body,
        body_file=large.keep(encoded) if body_in_file else None,
        parameters=dict(case.parameters),
        raw=None if raw_in_file else raw,
        raw_file=large.keep(raw) if raw is not None and raw_in_file else None,
        content_type=None if case.content_type == _JSON else case.content_type,
        auth=case.auth,
    )


def _case(record: RecordedCase, large: BodyFiles) -> Case:
    body, raw = record.body, record.raw
    if record.body_file is not None:
        body = json.loads(_large(record.body_file, large))
    if record.raw_file is not None:
        raw = _large(record.raw_file, large)
    return Case(
        operation=record.operation,
        scenario=record.scenario,
        parameters=record.parameters,
        body=body,
        raw=raw,
        content_type=record.content_type or _JSON,
        auth=record.auth,
    )


def _large(name: str, large: BodyFiles) -> bytes:
    path = large.find(name)
    if path is None:
        raise ValueError(f"the body {name[:80]!r} is not there")
    return path.read_bytes()


def recorded_inputs(inputs: Inputs) -> RecordedInputs:
    """Return inputs as they are written."""
    base = next(iter(inputs.images), "").partition("/samples/")[0]
    if base and Inputs.served_at(base).videos == inputs.videos:
        return RecordedInputs(prompt=inputs.prompt, served_at=base)
    return RecordedInputs(
        prompt=inputs.prompt,
        images=inputs.images,
        references=inputs.references,
        videos=dict(inputs.videos),
    )


def inputs_of(record: RecordedInputs) -> Inputs:
    """Return the inputs that were written."""
    if isinstance(record.served_at, str):
        served = Inputs.served_at(record.served_at)
        return Inputs(
            prompt=record.prompt,
            images=served.images,
            references=served.references,
            videos=served.videos,
        )
    if record.images is UNSET or record.references is UNSET or record.videos is UNSET:
        raise ValueError("its inputs name neither a sample server nor every medium")
    return Inputs(
        prompt=record.prompt,
        images=record.images,
        references=record.references,
        videos=record.videos,
    )
