"""The stages that cost: one job to its end, then every clause.

Both are ordinary runs with a run file of their own.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from conformance.adoption.stage import Stage, StageFailure, StageName
from conformance.errors import ConformanceError, CouldNotCheck
from conformance.model.money import money
from conformance.promises.job_price import for_comparing
from conformance.report.run_file.run_file import RunFile, read_run
from conformance.run.decision import Spend
from conformance.run.open_target import open_target
from conformance.run.planning.selection import Selection

if TYPE_CHECKING:
    from pathlib import Path

    from conformance.adoption.setup import AdoptionSetup
    from conformance.report.run_file.run_file import RunRecord
    from conformance.run.planning.plan import PlannedJob
    from conformance.run.session import Session

#: Where the run of the one job lies, below the provider's folder.
FIRST = "first"
_KINDS_OF_ONE_JOB = ("response", "lifecycle", "media", "billing", "echo")
_MEDIA_ADVICE = (
    "Give --media-image URL or --media-video SECONDS=URL, addresses that the provider can fetch."
)
_REFUSED_ADVICE = (
    "The smallest request that the spec allows was not taken: compare it with the document's own "
    "example, and see what the answer says."
)


def one_job(setup: AdoptionSetup) -> Stage:
    """Buy the cheapest job there is and follow it to its end."""
    job = asyncio.run(_cheapest(setup))
    if job is None:
        return Stage(
            name=StageName.JOB,
            sentences=("no job can be planned: the spec asks for media that are not given",),
            failure=StageFailure.OURS,
            next=_MEDIA_ADVICE,
        )
    settings = setup.settings
    max_jobs = 1 if settings.max_jobs is None else min(1, settings.max_jobs)
    session = setup.session(
        Selection(only=_proved_alone(setup, job), cheap=True),
        settings=replace(settings, max_jobs=max_jobs, waivers=()),
        part=FIRST,
    )
    done = _run(setup, session, FIRST)
    if isinstance(done, ConformanceError):
        return _broken(StageName.JOB, done)
    return _of_job(setup, done, job)


def full_run(setup: AdoptionSetup) -> Stage:
    """Decide every clause."""
    done = _run(setup, setup.session(), "")
    if isinstance(done, ConformanceError):
        return _broken(StageName.RUN, done)
    return stage_of(done, setup.folder)


def stage_of(done: RunRecord, folder: Path) -> Stage:
    """Return what a full run showed, whoever made it."""
    spend = _spend(done)
    if not done.footer or not done.footer.complete:
        step = f"Take it up again, nothing is paid twice: conformance resume {folder}"
        return Stage(
            name=StageName.RUN,
            sentences=("the run did not come to its end",),
            failure=StageFailure.NETWORK,
            next=step,
            spend=spend,
        )
    counts = ", ".join(
        f"{count} {outcome.replace('_', ' ')}"
        for outcome, count in done.footer.counts.items()
        if count
    )
    return Stage(name=StageName.RUN, sentences=(f"{done.footer.decision}: {counts}",), spend=spend)


async def _cheapest(setup: AdoptionSetup) -> PlannedJob | None:
    async with open_target(setup.spec, setup.choice) as (target, _):
        jobs = setup.session(Selection(cheap=True)).plan(target).jobs
    free = [job for job in jobs if setup.spec.operation(job.case.operation).needs is None]
    return min(free, key=lambda job: for_comparing(job.price), default=None)


def _proved_alone(setup: AdoptionSetup, job: PlannedJob) -> tuple[str, ...]:
    """Return the clauses that this job proves by its own life.

    Nothing of them needs another request that could cost.
    """
    from conformance.promises.registry import derive

    clauses = [clause for clause in derive(setup.spec) if clause.id in job.proves]
    alone = [clause for clause in clauses if clause.kind in _KINDS_OF_ONE_JOB]
    return tuple(sorted(clause.id for clause in alone or clauses))


def _run(setup: AdoptionSetup, session: Session, part: str) -> RunRecord | ConformanceError:
    file = setup.folder / part / "run.jsonl"
    run_file = partial(RunFile, file, setup.spec.provider, command=setup.command)
    try:
        session.start(setup.listen, run_file=run_file)
    except ConformanceError as error:
        return error
    return read_run(file)


def _broken(name: StageName, error: ConformanceError) -> Stage:
    return Stage(
        name=name,
        sentences=(str(error),),
        failure=StageFailure.NETWORK if isinstance(error, CouldNotCheck) else StageFailure.OURS,
        next=str(error),
    )


def _of_job(setup: AdoptionSetup, done: RunRecord, planned: PlannedJob) -> Stage:
    operation = planned.case.operation
    name = f"{operation} {planned.case.scenario}".strip()
    ended = next((job for job in done.jobs if job.operation == operation), None)
    findings = _findings(done)
    failure: StageFailure | None = StageFailure.PROVIDER
    if ended and ended.end == "done":
        sentence = f"{name}: done in {ended.seconds:.1f} s, {_price(setup, planned)}"
        failure, step = None, ""
    elif ended:
        sentence = f"{name}: the job ended as {ended.end} after {ended.seconds:.1f} s"
        step = (
            f"Look at {name} in the run file, "
            f"then at the provider's own page of the job {ended.id}."
        )
    elif not done.exchanges:
        sentence = f"{name}: no job was bought, for --budget or --max-jobs does not allow one"
        failure, step = StageFailure.OURS, _larger_limit(setup, planned, name)
        findings = ()
    else:
        sentence = f"{name}: no job was taken on{_first_answer(done)}"
        step = _REFUSED_ADVICE
    return Stage(
        name=StageName.JOB,
        sentences=(sentence, *findings),
        failure=failure,
        next=step,
        spend=_spend(done),
    )


def _larger_limit(setup: AdoptionSetup, planned: PlannedJob, name: str) -> str:
    if planned.price is None:
        return f"Give a larger one: what a job of {name} costs is not documented."
    price = money(planned.price, setup.spec.provider.unit)
    return f"Give a larger one: a job of {name} costs about {price}."


def _price(setup: AdoptionSetup, planned: PlannedJob) -> str:
    if planned.price is None:
        return "no price is known"
    return f"{money(planned.price, setup.spec.provider.unit)} expected"


def _first_answer(done: RunRecord) -> str:
    first = next(iter(done.exchanges.values()), None)
    if first is None or first.answer.fault is not None:
        return ""
    text = " ".join((first.answer.text or "").split())[:200]
    return f": answered {first.answer.status} {text}".rstrip()


def _findings(done: RunRecord) -> tuple[str, ...]:
    broken = [verdict for verdict in done.verdicts.values() if verdict.outcome in ("fail", "error")]
    return tuple(
        f"{verdict.clause}: {verdict.received or verdict.reason}" for verdict in broken[:3]
    )


def _spend(done: RunRecord) -> Spend:
    spend = done.spend
    return Spend(
        requests=spend.requests,
        jobs=spend.jobs,
        credits=spend.credits,
        unpriced=spend.unpriced,
    )
