"""A plan as JSON and back, so that a replay sends what was recorded whatever would be planned today."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

from conformance.http.cassettes.body_files import LARGE
from conformance.jobs.request_rendering import encode
from conformance.model.exchange import Auth
from conformance.model.inputs import Inputs
from conformance.model.verdict import Reason, ReasonCode
from conformance.model.witness import Case, Side, Witness
from conformance.run.planning.plan import Bound, Plan, PlannedJob

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from conformance.http.cassettes.body_files import Bodies
    from conformance.model.clause import Clause
    from conformance.spec.document import Spec

Data = dict[str, Any]


def plan_to_json(plan: Plan, large: Bodies) -> Data:
    """Return what a plan sends; clauses are named by their ids, the bodies of jobs stand once, large ones lie beside."""
    bodies = [job.case.body for job in plan.jobs]
    return {
        "clauses": [clause.id for clause in plan.clauses],
        "jobs": [_job(job, large) for job in plan.jobs],
        "refusals": [_witness(one, bodies, large) for one in plan.refusals],
        "probes": [_witness(one, bodies, large) for one in plan.probes],
        "searches": [_witness(one, bodies, large) for one in plan.searches],
        "gaps": {
            clause: {"code": reason.code.value, "text": reason.text}
            for clause, reason in plan.gaps.items()
        },
        "bound": [
            {
                "operation": one.operation,
                "scenario": one.scenario,
                "jobs": one.jobs,
                "because": list(one.because),
            }
            for one in plan.bound
        ],
    }


def _reason(gap: Any) -> Reason:
    """Return why a clause was not planned; recordings of before hold the sentence alone."""
    if isinstance(gap, str):
        return Reason(code=ReasonCode.NO_INPUT, text=gap)
    return Reason(code=ReasonCode(gap["code"]), text=str(gap["text"]))


def plan_from_json(data: Data, spec: Spec, clauses: Sequence[Clause], large: Bodies) -> Plan:
    """Return a recorded plan for today's clauses; what names an operation or clause that is gone is left out."""
    jobs = [_job_from(one, large) for one in data["jobs"]]
    bodies = [job.case.body for job in jobs]
    known = set(data["clauses"])
    return Plan(
        spec=spec,
        clauses=tuple(clauses),
        jobs=tuple(job for job in jobs if _there(spec, job.case)),
        refusals=_witnesses(data["refusals"], bodies, spec, large),
        probes=_witnesses(data["probes"], bodies, spec, large),
        gaps={clause: _reason(gap) for clause, gap in data["gaps"].items()},
        bound=tuple(
            Bound(
                operation=one["operation"],
                scenario=one["scenario"],
                jobs=one["jobs"],
                because=tuple(one["because"]),
            )
            for one in data["bound"]
        ),
        searches=_witnesses(data.get("searches", ()), bodies, spec, large),
        unrecorded={
            clause.id: "it was not yet a clause when this was recorded"
            for clause in clauses
            if clause.id not in known
        },
    )


def _there(spec: Spec, case: Case) -> bool:
    found = next((one for one in spec.operations if one.id == case.operation), None)
    return found is not None and (
        not case.scenario or any(one.title == case.scenario for one in found.scenarios)
    )


def _job(job: PlannedJob, large: Bodies) -> Data:
    return {
        "case": _case(job.case, large),
        "proves": list(job.proves),
        "price": job.price,
        "input_seconds": job.input_seconds,
        "original": job.original,
    }


def _job_from(data: Data, large: Bodies) -> PlannedJob:
    return PlannedJob(
        case=_case_from(data["case"], large),
        proves=tuple(data["proves"]),
        price=float(data["price"]),
        input_seconds=data["input_seconds"],
        original=bool(data["original"]),
    )


def _witness(one: Witness, bodies: Sequence[Any], large: Bodies) -> Data:
    found: Data = {
        "clause": one.clause,
        "side": one.side.value,
        "case": _case(one.case, large),
        "note": one.note,
    }
    if one.control is not None:
        # Most are a body that is bought, which stands among the jobs.
        index = next((index for index, body in enumerate(bodies) if body == one.control), None)
        found |= {"control": one.control} if index is None else {"control_job": index}
    found |= {"implied_by": one.implied_by} if one.implied_by else {}
    return found | ({"explored": True} if one.explored else {})


def _witnesses(
    data: Iterable[Data], bodies: Sequence[Any], spec: Spec, large: Bodies
) -> tuple[Witness, ...]:
    found = (_witness_from(one, bodies, large) for one in data)
    return tuple(one for one in found if _there(spec, one.case))


def _witness_from(data: Data, bodies: Sequence[Any], large: Bodies) -> Witness:
    control = bodies[data["control_job"]] if "control_job" in data else data.get("control")
    return Witness(
        clause=data["clause"],
        side=Side(data["side"]),
        case=_case_from(data["case"], large),
        note=data["note"],
        control=control,
        implied_by=data.get("implied_by", ""),
        explored=bool(data.get("explored")),
    )


def _case(case: Case, large: Bodies) -> Data:
    found: Data = {"operation": case.operation, "scenario": case.scenario, "body": case.body}
    if len(encoded := encode(case.body)) > LARGE:
        found |= {"body": None, "body_file": large.keep(encoded)}
    if case.parameters:
        found["parameters"] = dict(case.parameters)
    if case.raw is not None:
        found |= (
            {"raw_file": large.keep(case.raw)}
            if len(case.raw) > LARGE
            else {"raw": base64.b64encode(case.raw).decode()}
        )
    if case.content_type != "application/json":
        found["content_type"] = case.content_type
    return found | ({"auth": case.auth.value} if case.auth is not Auth.OWN else {})


def _case_from(data: Data, large: Bodies) -> Case:
    raw = (
        base64.b64decode(data["raw"], validate=True)
        if "raw" in data
        else _large(data["raw_file"], large)
        if "raw_file" in data
        else None
    )
    body = json.loads(_large(data["body_file"], large)) if "body_file" in data else data["body"]
    return Case(
        operation=data["operation"],
        scenario=data["scenario"],
        parameters=dict(data.get("parameters", {})),
        body=body,
        raw=raw,
        content_type=data.get("content_type", "application/json"),
        auth=Auth(data.get("auth", "own")),
    )


def _large(name: str, large: Bodies) -> bytes:
    path = large.find(name)
    if path is None:
        raise ValueError(f"the body {name[:80]!r} is not there")
    return path.read_bytes()


def inputs_to_json(inputs: Inputs) -> Data:
    """Return inputs; those of a sample server by its address alone."""
    base = next(iter(inputs.images), "").partition("/samples/")[0]
    if base and Inputs.served_at(base).videos == inputs.videos:
        return {"prompt": inputs.prompt, "served_at": base}
    return {
        "prompt": inputs.prompt,
        "images": list(inputs.images),
        "references": list(inputs.references),
        "videos": {str(seconds): url for seconds, url in inputs.videos.items()},
    }


def inputs_from_json(data: Data) -> Inputs:
    """Return the inputs that `inputs_to_json` wrote."""
    if "served_at" in data:
        served = Inputs.served_at(str(data["served_at"]))
        return Inputs(
            prompt=data["prompt"],
            images=served.images,
            references=served.references,
            videos=served.videos,
        )
    videos = {int(seconds): str(url) for seconds, url in data["videos"].items()}
    return Inputs(
        prompt=data["prompt"],
        images=tuple(data["images"]),
        references=tuple(data["references"]),
        videos=videos,
    )
