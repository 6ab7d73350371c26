"""The plan: the few jobs that prove every accept side, and the free requests around them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from conformance.model.json_place import MISSING, fields, get, path_of, put
from conformance.model.money import JobCosts
from conformance.model.verdict import Reason, ReasonCode
from conformance.model.witness import Case, Witness
from conformance.promises.job_price import for_comparing, price
from conformance.promises.registry import rule_of
from conformance.run.planning.body_composing import BodyComposer, Composed
from conformance.run.planning.clause_needs import NeededJobs
from conformance.run.planning.refusals import CHEAP, plan_refusals, unmet
from conformance.spec.failing_request import failing_body
from conformance.spec.schema.smallest_value import MissingInput
from conformance.spec.schema.violations import valid

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from conformance.model.clause import Clause
    from conformance.model.inputs import Inputs
    from conformance.promises.wish import Wish
    from conformance.spec.document import Spec
    from conformance.spec.operation import Operation, Scenario
    from conformance.spec.words.request_words import SameAsWord


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedJob:
    """One job to buy, and the clauses whose accept side it proves."""

    case: Case
    #: Clause ids, sorted.
    proves: tuple[str, ...]
    #: None where nobody states it.
    price: float | None
    #: The length of the input video, where one is sent.
    input_seconds: int | None = None
    #: A job that only serves as the original of others.
    original: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a run will send. Making it sends nothing."""

    spec: Spec = field(repr=False)
    clauses: tuple[Clause, ...] = field(repr=False)
    jobs: tuple[PlannedJob, ...]
    refusals: tuple[Witness, ...]
    probes: tuple[Witness, ...]
    #: Why a clause's requests are not in the plan, by clause id.
    gaps: Mapping[str, Reason]
    #: The fewest jobs that could do, by operation and scenario, and what excludes each other.
    bound: tuple[Bound, ...]
    #: What a search drew when this plan was recorded; a run that records nothing draws its own.
    searches: tuple[Witness, ...] = ()
    #: Clauses that were not there when this plan was recorded, and why they cannot be shown.
    unrecorded: Mapping[str, str] = field(default_factory=dict)

    @property
    def lower_bound(self) -> int:
        """The fewest jobs that any plan needs."""
        return sum(bound.jobs for bound in self.bound)

    @property
    def expected(self) -> JobCosts:
        """What it costs if the provider keeps its promises."""
        return JobCosts.of(job.price for job in self.jobs)

    @property
    def worst(self) -> JobCosts:
        """What it costs if every request that must be refused is taken as a job."""
        prices = {submit.id: self.dearest(submit.id) for submit in self.spec.submits}
        taken = JobCosts.of(prices[witness.case.operation] for witness in self.refusals)
        return self.expected + taken

    @property
    def costs_in_words(self) -> str:
        """What it costs as planned and at worst, as every command says it."""
        unit = self.spec.provider.unit
        return f"{self.expected.in_words(unit)} expected, {self.worst.in_words(unit)} at worst"

    def dearest(self, operation: str) -> float | None:
        """Return what a job of an operation costs at most: what is set aside for a refusal."""
        prices = [job.price for job in self.jobs if job.case.operation == operation]
        stated = [price for price in prices if price is not None]
        if not prices:
            return price(self.spec.operation(operation), None, None)
        return max(stated) if len(stated) == len(prices) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """Why a scenario needs that many jobs."""

    operation: str
    scenario: str
    jobs: int
    #: Wishes of which no two fit into one request, in words.
    because: tuple[str, ...]


def make_plan(
    spec: Spec,
    clauses: Sequence[Clause],
    inputs: Inputs,
    *,
    cheap: bool = False,
    whole: frozenset[str] = frozenset(),
) -> Plan:
    """Choose the jobs and free requests that prove the clauses.

    `cheap` buys one job per scenario, and what the `whole` clauses need.
    """
    gaps: dict[str, Reason] = {}
    jobs: list[PlannedJob] = []
    bounds: list[Bound] = []
    needed = NeededJobs(spec, inputs)
    wished = [(clause.id, wish) for clause in clauses for wish in needed.wishes(clause)]
    for operation in spec.submits:
        is_original = _is_original(spec, operation, wished)
        for scenario in operation.scenarios:
            wishes = [
                (clause, wish)
                for clause, wish in wished
                if wish.operation == operation.id and wish.scenario in ("", scenario.title)
            ]
            if not wishes and not is_original:
                continue
            bought, bound = _scenario_jobs(
                operation, scenario, wishes, inputs, gaps, cheap=cheap, whole=whole
            )
            jobs += [_as_asked(job, operation.same_as, jobs) for job in bought]
            bounds.append(bound)
        if not cheap:
            more, because = _more_jobs(operation, clauses, jobs)
            jobs += more
            bounds += because
    jobs_that_fail = _jobs_that_fail(spec, clauses, inputs, gaps, cheap=cheap)
    refused = plan_refusals(spec, clauses, [job.case for job in jobs], inputs, cheap=cheap)
    for clause, case in refused.controls.items():
        operation = spec.operation(case.operation)
        cost = price(operation, operation.scenario(case.scenario), case.body)
        jobs.append(PlannedJob(case=case, proves=(clause,), price=cost))
    # They come last: no other job, and no refusal, is proved by one that fails.
    jobs += jobs_that_fail
    bounds += map(_bound_of_a_failure, jobs_that_fail)
    return Plan(
        spec=spec,
        clauses=tuple(clauses),
        jobs=tuple(jobs),
        refusals=tuple(refused.submits),
        probes=tuple(refused.reads),
        gaps={**refused.gaps, **gaps},
        bound=tuple(bounds),
    )


def _as_asked(job: PlannedJob, same: SameAsWord | None, jobs: Sequence[PlannedJob]) -> PlannedJob:
    """Return a job of another way to ask with the values of one that is asked for plainly.

    Where one has the same fields: what is refused in the other way and taken in the plain one is
    then the other way's fault.
    """
    if same is None:
        return job
    way = (same.operation, job.case.scenario, job.input_seconds)
    for plain in jobs:
        alike = (plain.case.operation, plain.case.scenario, plain.input_seconds) == way
        if alike and fields(plain.case.body) == fields(job.case.body):
            return replace(job, case=replace(job.case, body=plain.case.body), price=plain.price)
    return job


def _is_original(spec: Spec, operation: Operation, wished: Sequence[tuple[str, Wish]]) -> bool:
    """Say whether any job that is wished for builds on a job of an operation."""
    users = {
        user.id for user in spec.submits if user.needs and user.needs.operation == operation.id
    }
    return any(wish.operation in users for _, wish in wished)


def _more_jobs(
    operation: Operation, clauses: Sequence[Clause], jobs: Sequence[PlannedJob]
) -> tuple[list[PlannedJob], list[Bound]]:
    """Return the cheapest planned job again where a promise shows only in several jobs, and why."""
    several = [
        clause
        for clause in clauses
        if clause.operation == operation.id
        and not clause.unobservable
        and rule_of(clause).least_jobs > 1
    ]
    planned = [job for job in jobs if job.case.operation == operation.id]
    if not several or not planned:
        return [], []
    lacking = max(rule_of(clause).least_jobs for clause in several) - len(planned)
    if lacking <= 0:
        return [], []
    cheapest = min(planned, key=lambda job: for_comparing(job.price))
    again = replace(cheapest, proves=tuple(sorted(clause.id for clause in several)))
    names = ", ".join(dict.fromkeys(clause.rule for clause in several))
    bound = Bound(
        operation=operation.id,
        scenario=cheapest.case.scenario,
        jobs=lacking,
        because=(f"{names}: shown by several jobs in a row",),
    )
    # Each is a job of its own, though they are alike.
    return [replace(again) for _ in range(lacking)], [bound]


def _jobs_that_fail(
    spec: Spec,
    clauses: Sequence[Clause],
    inputs: Inputs,
    gaps: dict[str, Reason],
    *,
    cheap: bool,
) -> list[PlannedJob]:
    """Return the job of each operation that is documented to fail, where anything is proved by it.

    What cannot be asked for so says why in `gaps`.
    """
    jobs = []
    for operation in spec.submits:
        shown = {operation.id, *operation.reads}
        proved = tuple(
            sorted(
                clause.id
                for clause in clauses
                if clause.operation in shown
                and not clause.unobservable
                and rule_of(clause).needs_failed_job(clause)
            )
        )
        if operation.job is None or operation.job.fails_on is None or not proved:
            continue
        if cheap:
            gaps.update(dict.fromkeys(proved, CHEAP))
            continue
        try:
            made = failing_body(operation, inputs)
        except MissingInput as missing:
            gaps.update(dict.fromkeys(proved, unmet(str(missing))))
            continue
        if made is None:
            text = "no valid request is the one that x-job.fails-on describes"
            reason = Reason(code=ReasonCode.NO_REQUEST, text=text)
            gaps.update(dict.fromkeys(proved, reason))
            continue
        scenario, body = made
        case = Case(operation=operation.id, scenario=scenario.title, body=body)
        cost = price(operation, scenario, body)
        jobs.append(PlannedJob(case=case, proves=proved, price=cost))
    return jobs


def _bound_of_a_failure(job: PlannedJob) -> Bound:
    return Bound(
        operation=job.case.operation,
        scenario=job.case.scenario,
        jobs=1,
        because=("a job that is documented to fail",),
    )


def _shortened(
    operation: Operation, scenario: Scenario, bodies: list[Composed], wishes: list[Wish]
) -> list[Composed]:
    """Return the bodies with the shortest video that each may ask for: seconds are paid for.

    Every wish stays met, and the smallest body stays as it is: refusals are made from it.
    """
    path = path_of(next(iter(scenario.media.length), ""))
    if len(path) != 1:
        return bodies
    lengths = [get(body, path) for body, _ in bodies]
    shortened = list(bodies)
    for index, (body, seconds) in list(enumerate(bodies))[1:]:
        cheapest = body
        others = shortened[:index] + shortened[index + 1 :]
        only_here = [
            wish
            for wish in wishes
            if wish.suits(body, seconds) and not any(wish.suits(*other) for other in others)
        ]
        for length in lengths:
            if length is MISSING:
                continue
            shorter = put(body, path, length)
            costs = for_comparing(price(operation, scenario, shorter))
            saves = costs < for_comparing(price(operation, scenario, cheapest))
            keeps = all(wish.suits(shorter, seconds) for wish in only_here)
            if saves and keeps and valid(scenario.whole, shorter):
                cheapest = shorter
        shortened[index] = (cheapest, seconds)
    return shortened


def _scenario_jobs(
    operation: Operation,
    scenario: Scenario,
    wishes: list[tuple[str, Wish]],
    inputs: Inputs,
    gaps: dict[str, Reason],
    *,
    cheap: bool,
    whole: frozenset[str],
) -> tuple[list[PlannedJob], Bound]:
    composer = BodyComposer(scenario, inputs)
    try:
        if operation.same_as:
            bodies = composer.rich()
        else:
            bodies = composer.bodies(
                [wish for clause, wish in wishes if not cheap or clause in whole]
            )
    except MissingInput as missing:
        for clause, _ in wishes:
            gaps[clause] = unmet(str(missing))
        return [], Bound(operation=operation.id, scenario=scenario.title, jobs=0, because=())
    if operation.cost and operation.cost.per_second is not None and not operation.same_as:
        bodies = _shortened(operation, scenario, bodies, [wish for _, wish in wishes])
    jobs = []
    proven: set[str] = set()
    for body, seconds in bodies:
        met = {clause for clause, wish in wishes if wish.suits(body, seconds)}
        proven |= met
        job = PlannedJob(
            case=Case(operation=operation.id, scenario=scenario.title, body=body),
            proves=tuple(sorted(met)),
            price=price(operation, scenario, body),
            input_seconds=seconds,
        )
        jobs.append(job)
    for clause, wish in wishes:
        if cheap and not any(wish.suits(body, seconds) for body, seconds in bodies):
            gaps.setdefault(clause, CHEAP)
        elif clause not in proven:
            needed = wish.note or "what it needs"
            impossible = Reason(code=ReasonCode.NO_REQUEST, text=f"no valid request has {needed}")
            gaps.setdefault(clause, impossible)
    because: tuple[str, ...] = ("one job",)
    if not operation.same_as and not cheap:
        because = composer.exclusive([wish for _, wish in wishes])
    return jobs, Bound(
        operation=operation.id, scenario=scenario.title, jobs=max(1, len(because)), because=because
    )
