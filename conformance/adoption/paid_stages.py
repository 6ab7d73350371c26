"""The stages that cost: one job to its end, then every clause. Both are ordinary runs with a run file of their own."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from conformance.adoption.stage import Name, Stage, Way
from conformance.errors import ConformanceError, CouldNotCheck
from conformance.report.run_file.run_file import RunFile, read_run
from conformance.run.decision import Spend
from conformance.run.open_target import open_target
from conformance.run.planning.selection import Selection

if TYPE_CHECKING:
    from pathlib import Path

    from conformance.adoption.setup import Ground
    from conformance.report.run_file.run_file import RunRecord
    from conformance.run.planning.plan import PlannedJob
    from conformance.run.session import Session

#: Where the run of the one job lies, below the provider's folder.
FIRST = "first"


def one_job(ground: Ground) -> Stage:
    """Buy the cheapest job there is and follow it to its end."""
    job = asyncio.run(_cheapest(ground))
    if job is None:
        return Stage(
            name=Name.JOB,
            told=("no job can be planned: the spec asks for media that are not given",),
            failed=Way.OURS,
            next=_MEDIA,
        )
    selection, most = Selection(only=_alone(ground, job), cheap=True), ground.settings.max_jobs
    session = ground.session(
        selection,
        settings=replace(ground.settings, max_jobs=1 if most is None else min(1, most), waivers=()),
        part=FIRST,
    )
    done = _run(ground, session, FIRST)
    if isinstance(done, ConformanceError):
        return _broken(Name.JOB, done)
    return _of_job(ground, done, job)


_MEDIA = (
    "Give --media-image URL or --media-video SECONDS=URL, addresses that the provider can fetch."
)


def full_run(ground: Ground) -> Stage:
    """Decide every clause."""
    done = _run(ground, ground.session(), "")
    if isinstance(done, ConformanceError):
        return _broken(Name.RUN, done)
    return stage_of(done, ground.folder)


def stage_of(done: RunRecord, folder: Path) -> Stage:
    """Return what a full run showed, whoever made it."""
    spend = _spend(done)
    if not done.footer or not done.footer["complete"]:
        step = f"Take it up again, nothing is paid twice: conformance resume {folder}"
        return Stage(
            name=Name.RUN,
            told=("the run did not come to its end",),
            failed=Way.NETWORK,
            next=step,
            spend=spend,
        )
    counts = ", ".join(
        f"{count} {outcome.replace('_', ' ')}"
        for outcome, count in done.footer["counts"].items()
        if count
    )
    return Stage(name=Name.RUN, told=(f"{done.footer['decision']}: {counts}",), spend=spend)


async def _cheapest(ground: Ground) -> PlannedJob | None:
    async with open_target(ground.spec, ground.choice) as (target, _):
        jobs = ground.session(Selection(cheap=True)).plan(target).jobs
    free = [job for job in jobs if ground.spec.operation(job.case.operation).needs is None]
    return min(free, key=lambda job: job.price, default=None)


def _alone(ground: Ground, job: PlannedJob) -> tuple[str, ...]:
    """Return the clauses that this job proves by its own life: nothing of them needs another request that could cost."""
    from conformance.promises.registry import derive

    mine = {clause.id: clause for clause in derive(ground.spec) if clause.id in job.proves}
    quiet = {
        name
        for name, clause in mine.items()
        if clause.kind in ("response", "lifecycle", "media", "billing", "echo")
    }
    return tuple(sorted(quiet or mine))


def _run(ground: Ground, session: Session, part: str) -> RunRecord | ConformanceError:
    file = ground.folder / part / "run.jsonl"
    run_file = partial(RunFile, file, ground.spec.provider, command=ground.command)
    try:
        session.start(ground.listen, run_file=run_file)
    except ConformanceError as error:
        return error
    return read_run(file)


def _broken(name: Name, error: ConformanceError) -> Stage:
    return Stage(
        name=name,
        told=(str(error),),
        failed=Way.NETWORK if isinstance(error, CouldNotCheck) else Way.OURS,
        next=str(error),
    )


def _of_job(ground: Ground, done: RunRecord, planned: PlannedJob) -> Stage:
    spend, where = _spend(done), f"{planned.case.operation} {planned.case.scenario}".strip()
    ended = next((job for job in done.jobs if job["operation"] == planned.case.operation), None)
    if ended and ended["end"] == "done":
        return Stage(
            name=Name.JOB,
            told=(
                f"{where}: done in {ended['seconds']:.1f} s, {_price(ground, planned)}",
                *_findings(done),
            ),
            spend=spend,
        )
    if ended:
        step = f"Look at {where} in the run file, then at the provider's own page of the job {ended['id']}."
        return Stage(
            name=Name.JOB,
            told=(
                f"{where}: the job ended as {ended['end']} after {ended['seconds']:.1f} s",
                *_findings(done),
            ),
            failed=Way.PROVIDER,
            next=step,
            spend=spend,
        )
    if not done.exchanges:
        step = f"Give a larger one: a job of {where} costs about {planned.price:g} {done.header['unit']}."
        return Stage(
            name=Name.JOB,
            told=(f"{where}: no job was bought, for --budget or --max-jobs does not allow one",),
            failed=Way.OURS,
            next=step,
            spend=spend,
        )
    return Stage(
        name=Name.JOB,
        told=(f"{where}: no job was taken on{_answered(done)}", *_findings(done)),
        failed=Way.PROVIDER,
        next=_REFUSED,
        spend=spend,
    )


def _price(ground: Ground, planned: PlannedJob) -> str:
    cost = ground.spec.operation(planned.case.operation).cost
    known = cost is not None and not (cost.amount is None and cost.per_second is None)
    return (
        f"{planned.price:g} {ground.spec.provider.unit} expected" if known else "no price is known"
    )


_REFUSED = "The smallest request that the spec allows was not taken: compare it with the document's own example, and see what the answer says."


def _answered(done: RunRecord) -> str:
    first = next(iter(done.exchanges.values()), None)
    answer = (first or {}).get("answer", {})
    text = " ".join(str(answer.get("text", "")).split())[:200]
    return f": answered {answer['status']} {text}".rstrip() if "status" in answer else ""


def _findings(done: RunRecord) -> tuple[str, ...]:
    broken = [one for one in done.verdicts.values() if one["verdict"] in ("fail", "error")]
    return tuple(f"{one['clause']}: {one['received'] or one['reason']}" for one in broken[:3])


def _spend(done: RunRecord) -> Spend:
    told = (done.footer or {}).get("spend") or {
        "requests": len(done.exchanges),
        "jobs": len(done.jobs),
        "credits": sum(job["price"] for job in done.jobs),
    }
    return Spend(**told)
