"""The plan: the few jobs that prove every accept side, and the free requests around them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from conformance.model.clause import Level
from conformance.model.verdict import Reason, ReasonCode
from conformance.model.witness import Case, Side, Witness
from conformance.promises.accepting import isolates
from conformance.promises.job_price import price
from conformance.promises.registry import rule_of
from conformance.promises.rule import fact
from conformance.promises.wish import Wish
from conformance.spec.schema.assertions import assertions
from conformance.spec.schema.json_edit import fields, put
from conformance.spec.schema.json_types import takes
from conformance.spec.schema.smallest_value import ABSENT, PRESENT, MissingInput, Shape, build
from conformance.spec.schema.violations import valid

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from conformance.model.clause import Clause
    from conformance.model.exchange import Json
    from conformance.model.inputs import Inputs
    from conformance.promises.evidence import Attempt
    from conformance.spec.document import Spec
    from conformance.spec.operation import Operation, SameAs, Scenario

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
    #: The fewest jobs that could do, by operation and scenario, and the values that exclude each other.
    bound: tuple[Bound, ...]
    #: What a search drew when this plan was recorded; a run that records nothing draws its own.
    searches: tuple[Witness, ...] = ()
    #: Clauses that were not there when this plan was recorded, and why they cannot be shown.
    unrecorded: Mapping[str, str] = field(default_factory=dict)

    @property
    def lower_bound(self) -> int:
        """The fewest jobs that any plan needs."""
        return sum(one.jobs for one in self.bound)

    @property
    def expected(self) -> float:
        """Credits if the provider keeps its promises."""
        return sum(job.price for job in self.jobs)

    @property
    def worst(self) -> float:
        """Credits if every request that must be refused is taken as a job."""
        prices = {one.id: price(one, None, None) for one in self.spec.submits}
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
    """Choose the jobs and free requests that prove the clauses; `cheap` buys one job per scenario, and what the `whole` ones need."""
    gaps: dict[str, Reason] = {}
    jobs: list[PlannedJob] = []
    bounds: list[Bound] = []
    for operation in spec.submits:
        if not any(one.operation == operation.id for one in clauses) and not _needed(
            spec, operation, clauses
        ):
            continue
        for scenario in operation.scenarios:
            wishes = _wishes(operation, scenario, clauses)
            if not wishes and not _needed(spec, operation, clauses):
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


def _as_asked(job: PlannedJob, same: SameAs | None, jobs: Sequence[PlannedJob]) -> PlannedJob:
    """Return a job of another way to ask with the values of one that is asked for plainly, where one has the same fields.

    What is refused in the other way and taken in the plain one is then the other way's fault.
    """
    for one in jobs if same else ():
        alike = same and (one.case.operation, one.case.scenario, one.input_seconds) == (
            same.operation,
            job.case.scenario,
            job.input_seconds,
        )
        if alike and fields(one.case.body) == fields(job.case.body):
            return replace(job, case=replace(job.case, body=one.case.body), price=one.price)
    return job


def _needed(spec: Spec, operation: Operation, clauses: Sequence[Clause]) -> bool:
    users = {one.id for one in spec.submits if one.needs and one.needs.operation == operation.id}
    return any(clause.operation in users for clause in clauses)


Wishes = "list[tuple[str, Wish]]"


def _wishes(
    operation: Operation, scenario: Scenario, clauses: Sequence[Clause]
) -> list[tuple[str, Wish]]:
    found: list[tuple[str, Wish]] = []
    for clause in clauses:
        if clause.operation == operation.id and not clause.unobservable:
            found += [
                (clause.id, wish)
                for wish in rule_of(clause).wishes(clause)
                if wish.scenario in ("", scenario.title)
            ]
            if clause.scenario in ("", scenario.title) and not any(
                True for _ in rule_of(clause).wishes(clause)
            ):
                found.append((clause.id, Wish(operation=operation.id, scenario=scenario.title)))
    return found


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
    composer = _Composer(scenario, inputs)
    try:
        bodies = (
            composer.rich()
            if operation.same_as
            else composer.bodies([wish for clause, wish in wishes if not cheap or clause in whole])
        )
    except MissingInput as missing:
        for clause, _ in wishes:
            gaps[clause] = _unmet(str(missing))
        return [], Bound(operation=operation.id, scenario=scenario.title, jobs=0, because=())
    jobs = []
    proven: set[str] = set()
    for body, seconds in bodies:
        met = sorted({clause for clause, wish in wishes if wish.suits(body, seconds)})
        proven.update(met)
        case = Case(operation=operation.id, scenario=scenario.title, body=body)
        jobs.append(
            PlannedJob(
                case=case,
                proves=tuple(met),
                price=price(operation, scenario, body),
                input_seconds=seconds,
            )
        )
    for clause, wish in wishes:
        if cheap and not any(wish.suits(body, seconds) for body, seconds in bodies):
            gaps.setdefault(clause, CHEAP)
        elif clause not in proven:
            needed = wish.note or "what it needs"
            impossible = Reason(code=ReasonCode.NO_REQUEST, text=f"no valid request has {needed}")
            gaps.setdefault(clause, impossible)
    because = (
        composer.exclusive([wish for _, wish in wishes])
        if not operation.same_as and not cheap
        else ("one job",)
    )
    return jobs, Bound(
        operation=operation.id, scenario=scenario.title, jobs=max(1, len(because)), because=because
    )


class _Composer:
    """Puts as many wishes into each body as fit together."""

    def __init__(self, scenario: Scenario, inputs: Inputs) -> None:
        self.scenario, self.inputs = scenario, inputs
        self._built: dict[Any, Json] = {}
        told = scenario.client.fields.get("prompt", "") if scenario.client else ""
        #: Where a configured prompt goes.
        self._prompt = tuple(told.split("/")[1:])

    def bodies(self, wishes: Iterable[Wish]) -> list[tuple[Json, int | None]]:
        """Return bodies that together meet every wish, the smallest body first."""
        smallest = self.build({}, None)
        if smallest is None:
            return []
        found: list[tuple[Json, int | None]] = [(smallest, self._seconds(None))]
        pending = [wish for wish in _distinct(wishes) if not self._met(wish, found)]
        while pending:
            taken = self._compose(pending)
            if taken is None:
                break
            found.append(taken)
            pending = [wish for wish in pending if not self._met(wish, found)]
        return found

    def rich(self) -> list[tuple[Json, int | None]]:
        """Return one body with as many optional fields as fit, so that each can be broken in it."""
        wants: dict[Any, Any] = {}
        body = self.build({}, None)
        for one in assertions(self.scenario.schema):
            other_way = "field" in one.node.get("x-same-as", {})
            if (
                one.path
                and not other_way
                and one.path not in wants
                and one.rule in ("type", "enum", "const")
                and "*" not in one.path
            ):
                trial = self.build({**wants, one.path: PRESENT}, None)
                if trial is not None and fields(trial) >= fields(body):
                    wants[one.path], body = PRESENT, trial
        return [(body, self._seconds(None))] if body is not None else []

    def exclusive(self, wishes: Iterable[Wish]) -> tuple[str, ...]:
        """Return the largest set found of wishes of which no two fit into one body, in words."""
        # Values exclude each other where mere presence does not, so they are tried first.
        distinct = sorted(
            _distinct(wishes),
            key=lambda wish: any(
                isinstance(value, Shape) and value != ABSENT for _, value in wish.wants
            ),
        )
        best: list[Wish] = []
        for start in distinct:
            chosen = [start]
            for wish in distinct:
                if wish is not start and all(not self._fit(wish, other) for other in chosen):
                    chosen.append(wish)
            best = max(best, chosen, key=len)
        return tuple(told(wish) for wish in best)

    def build(self, wants: Mapping[Any, Any], seconds: int | None) -> Json:
        """Return a valid body with what is wanted, or None."""
        key = (repr(sorted(wants.items(), key=repr)), seconds)
        if (
            self._prompt
            and self.inputs.prompt
            and isinstance(wants.get(self._prompt, PRESENT), Shape)
        ):
            wants = {**wants, self._prompt: self.inputs.prompt}
        if key not in self._built:
            body = build(self.scenario.schema, wants, self.inputs)
            if body is not None and seconds is not None:
                body = self._with_input(body, seconds)
            self._built[key] = (
                body if body is not None and valid(self.scenario.whole, body) else None
            )
        return self._built[key]

    def _compose(self, pending: list[Wish]) -> tuple[Json, int | None] | None:
        wants: dict[Any, Any] = {}
        seconds: int | None = None
        body: Json = None
        for wish in pending:
            merged = _merged(wants, wish)
            length = wish.input_seconds if seconds is None else seconds
            if merged is None or wish.input_seconds not in (None, length):
                continue
            trial = self.build(merged, length)
            if trial is not None and wish.met_by(trial):
                wants, seconds, body = merged, length, trial
        return (body, self._seconds(seconds)) if body is not None else None

    def _fit(self, one: Wish, other: Wish) -> bool:
        if (
            None not in (one.input_seconds, other.input_seconds)
            and one.input_seconds != other.input_seconds
        ):
            return False
        merged = _merged(dict(one.wants), other)
        body = (
            self.build(merged, one.input_seconds or other.input_seconds)
            if merged is not None
            else None
        )
        return body is not None and one.met_by(body) and other.met_by(body)

    def _met(self, wish: Wish, found: list[tuple[Json, int | None]]) -> bool:
        return any(wish.suits(body, seconds) for body, seconds in found)

    def _with_input(self, body: Json, seconds: int) -> Json:
        for one in assertions(self.scenario.schema):
            if one.node.get("x-media", {}).get("role") == "video" and seconds in self.inputs.videos:
                changed: Json = put(body, one.path, self.inputs.videos[seconds])
                return changed
        return body

    def _seconds(self, seconds: int | None) -> int | None:
        takes = any(
            one.node.get("x-media", {}).get("role") == "video"
            for one in assertions(self.scenario.schema)
        )
        return (seconds or self.inputs.usual) if takes else None


def alone(scenario: Scenario, wish: Wish, inputs: Inputs) -> Json:
    """Return the smallest body with nothing but what one wish asks for, or None where there is none."""
    try:
        return _Composer(scenario, inputs).build(dict(wish.wants), wish.input_seconds)
    except MissingInput:
        return None


def apart(
    scenario: Scenario, wish: Wish, inputs: Inputs, tried: Sequence[Attempt]
) -> tuple[Json, int | None] | None:
    """Return a body not tried yet that shows whether what is wished for is refused by itself, and its input's seconds.

    The smallest body with it does; where that was tried and nothing accepted is like it, an accepted body with it does.
    """
    bodies = [one.case.body for one in tried]
    smallest = alone(scenario, wish, inputs)
    if smallest is not None and smallest not in bodies:
        return smallest, wish.input_seconds
    accepted = [
        one
        for one in tried
        if one.accepted and one.case.scenario == scenario.title and one.witness is None
    ]
    if wish.input_seconds is not None or any(
        isolates(wish, smallest, one.case.body) for one in accepted
    ):
        return None
    found = ((_with(scenario, wish, one.case.body), one.input_seconds) for one in accepted)
    return next(
        ((body, seconds) for body, seconds in found if body is not None and body not in bodies),
        None,
    )


def _with(scenario: Scenario, wish: Wish, body: Json) -> Json:
    """Return a body with the literal values that are wished for, or None where that is not allowed."""
    if any(isinstance(value, Shape) for _, value in wish.wants):
        return None
    for path, value in wish.wants:
        body = put(body, path, value)
    return body if valid(scenario.whole, body) else None


def _distinct(wishes: Iterable[Wish]) -> list[Wish]:
    found: dict[str, Wish] = {}
    for wish in wishes:
        found.setdefault(repr((wish.wants, wish.input_seconds)), wish)
    return [
        wish for wish in found.values() if wish.wants or wish.input_seconds is not None
    ] or list(found.values())[:1]


def _merged(wants: Mapping[Any, Any], wish: Wish) -> dict[Any, Any] | None:
    merged = dict(wants)
    for path, value in wish.wants:
        both = _narrower(merged[path], value) if path in merged else (value,)
        if both is None:
            return None
        merged[path] = both[0]
    return merged


def _narrower(one: Any, other: Any) -> tuple[Any] | None:
    """Return what satisfies both wishes for one place, as a tuple of one, or None where nothing does."""
    for wide, narrow in ((one, other), (other, one)):
        if wide == PRESENT and narrow != ABSENT:
            return (narrow,)
        if (
            isinstance(wide, Shape)
            and wide.kind
            and not isinstance(narrow, Shape)
            and takes((wide.kind,), narrow)
        ):
            return (narrow,)
    return (one,) if one == other and type(one) is type(other) else None


def told(wish: Wish) -> str:
    """Return a wish in words: `duration = 15, size = 720p`."""
    if wish.input_seconds is not None:
        return f"input of {wish.input_seconds} s"
    return ", ".join(_told(path, value) for path, value in wish.wants) or "any"


def _told(path: tuple[str, ...], value: Any) -> str:
    name = ".".join(path)
    if value == ABSENT:
        return f"no {name}"
    if value == PRESENT:
        return f"some {name}"
    kind = getattr(value, "kind", None)
    return f"{name} as {kind}" if kind else f"{name} = {value!r}"


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
        mine = [job.case for job in jobs if job.case.operation == clause.operation]
        scenario = clause.scenario or (mine[0].scenario if mine else "")
        controls = [case.body for case in mine if case.scenario == scenario]
        try:
            found = [
                one
                for one in rule_of(clause).witnesses(clause, controls, inputs)
                if one.side is Side.REFUSE
            ]
        except MissingInput as missing:
            gaps[clause.id] = _unmet(str(missing))
            continue
        reads = [one for one in found if not _submits(clause, one)]
        fitting = [
            one
            for one in found
            if _submits(clause, one)
            and (
                one.control is None or any(fields(body) == fields(one.control) for body in controls)
            )
        ]
        if found and not reads and not fitting:
            gaps.setdefault(clause.id, uncontrolled)
        refusals += fitting
        probes += reads
    # What binds comes first: where money runs out, or a few were taken and paid for, the rest is not tried.
    binds = {clause.id: clause.level is Level.MUST and clause.reading is None for clause in clauses}
    return sorted(refusals, key=lambda one: not binds[one.clause]), probes


def _submits(clause: Clause, witness: Witness) -> bool:
    spec: Spec | None = fact(clause, "spec")
    return spec is None or spec.operation(witness.case.operation).submits
