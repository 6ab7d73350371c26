"""The plan: the few jobs that prove every accept side, and the free requests around them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from conformance.model.json_place import fields
from conformance.model.verdict import Reason, ReasonCode
from conformance.model.witness import Case, Side, Witness
from conformance.promises.job_price import price
from conformance.promises.registry import rule_of
from conformance.promises.wish import Wish
from conformance.run.planning.body_composing import BodyComposer
from conformance.spec.schema.smallest_value import MissingInput

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from conformance.model.clause import Clause
    from conformance.model.exchange import Json
    from conformance.model.inputs import Inputs
    from conformance.spec.document import Spec
    from conformance.spec.operation import Operation, Scenario
    from conformance.spec.words.request_words import SameAsWord

#: Why a cheap night leaves a clause open.
CHEAP = Reason(
    code=ReasonCode.LEFT_OUT,
    text="left out on purpose: the cheap tier buys one job per scenario",
)
_UNCONTROLLED = Reason(
    code=ReasonCode.NO_CONTROL, text="no planned job can serve as the control of its refusal"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedJob:
    """One job to buy, and the clauses whose accept side it proves."""

    case: Case
    #: Clause ids, sorted.
    proves: tuple[str, ...]
    price: float
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
    def expected(self) -> float:
        """Credits if the provider keeps its promises."""
        return sum(job.price for job in self.jobs)

    @property
    def worst(self) -> float:
        """Credits if every request that must be refused is taken as a job."""
        prices = {submit.id: price(submit, None, None) for submit in self.spec.submits}
        return self.expected + sum(prices[witness.case.operation] for witness in self.refusals)


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
    for operation in spec.submits:
        needed = _is_needed(spec, operation, clauses)
        for scenario in operation.scenarios:
            wishes = _wishes(operation, scenario, clauses)
            if not wishes and not needed:
                continue
            bought, bound = _scenario_jobs(
                operation, scenario, wishes, inputs, gaps, cheap=cheap, whole=whole
            )
            jobs += [_as_asked(job, operation.same_as, jobs) for job in bought]
            bounds.append(bound)
    refusals, probes = _free(
        clauses,
        jobs,
        inputs,
        gaps,
        uncontrolled=CHEAP if cheap else _UNCONTROLLED,
    )
    return Plan(
        spec=spec,
        clauses=tuple(clauses),
        jobs=tuple(jobs),
        refusals=tuple(refusals),
        probes=tuple(probes),
        gaps=gaps,
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


def _is_needed(spec: Spec, operation: Operation, clauses: Sequence[Clause]) -> bool:
    """Say whether the proof of any clause builds on a job of an operation."""
    users = {
        user.id for user in spec.submits if user.needs and user.needs.operation == operation.id
    }
    return any(clause.operation in users for clause in clauses)


def _wishes(
    operation: Operation, scenario: Scenario, clauses: Sequence[Clause]
) -> list[tuple[str, Wish]]:
    """Return what clauses wish for in a scenario; who wishes for nothing takes any job."""
    wishes: list[tuple[str, Wish]] = []
    for clause in clauses:
        if clause.operation != operation.id or clause.unobservable:
            continue
        own = list(rule_of(clause).wishes(clause))
        if not own and clause.scenario in ("", scenario.title):
            own = [Wish(operation=operation.id, scenario=scenario.title)]
        wishes += [(clause.id, wish) for wish in own if wish.scenario in ("", scenario.title)]
    return wishes


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
            gaps[clause] = _unmet(str(missing))
        return [], Bound(operation=operation.id, scenario=scenario.title, jobs=0, because=())
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


def _unmet(role: str) -> Reason:
    """Return what is missing, and the two places where it can be given."""
    option = "--media-video SECONDS=URL" if role == "video" else "--media-image URL"
    text = f"no {role} input is at hand: set media.{role}s in conformance.toml or give {option}"
    return Reason(code=ReasonCode.NO_INPUT, text=text)


def _free(
    clauses: Sequence[Clause],
    jobs: list[PlannedJob],
    inputs: Inputs,
    gaps: dict[str, Reason],
    *,
    uncontrolled: Reason,
) -> tuple[list[Witness], list[Witness]]:
    refusals: list[Witness] = []
    probes: list[Witness] = []
    for clause in clauses:
        if clause.masked:
            continue
        cases = [job.case for job in jobs if job.case.operation == clause.operation]
        scenario = clause.scenario or (cases[0].scenario if cases else "")
        controls = [case.body for case in cases if case.scenario == scenario]
        try:
            witnesses = [
                witness
                for witness in rule_of(clause).witnesses(clause, controls, inputs)
                if witness.side is Side.REFUSE
            ]
        except MissingInput as missing:
            gaps[clause.id] = _unmet(str(missing))
            continue
        reads = [witness for witness in witnesses if not _submits(clause, witness)]
        fitting = [
            witness
            for witness in witnesses
            if _submits(clause, witness) and _has_control(witness, controls)
        ]
        if witnesses and not reads and not fitting:
            gaps.setdefault(clause.id, uncontrolled)
        refusals += fitting
        probes += reads
    # What binds comes first: where money runs out, or a few were paid for, the rest is not tried.
    binds = {clause.id: clause.level.binds and clause.reading is None for clause in clauses}
    return sorted(refusals, key=lambda witness: not binds[witness.clause]), probes


def _has_control(witness: Witness, controls: Sequence[Json]) -> bool:
    if witness.control is None:
        return True
    return any(fields(body) == fields(witness.control) for body in controls)


def _submits(clause: Clause, witness: Witness) -> bool:
    spec: Spec = rule_of(clause).facts(clause).spec
    return spec.operation(witness.case.operation).submits
