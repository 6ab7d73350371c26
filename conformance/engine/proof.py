"""Prove the prover: break each clause on purpose and see whether a run finds exactly that."""

from __future__ import annotations

import time
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from conformance.clauses.registry import derive, kind_of
from conformance.clauses.sabotage import Alter, Habit, Misbehave, Permit, Reject
from conformance.engine.events import VerdictReached
from conformance.engine.opening import Choice, open_target
from conformance.engine.plan import make_plan
from conformance.engine.run import Run
from conformance.engine.settings import Settings
from conformance.exchange.virtual import run_virtual
from conformance.spec.violation import violations
from conformance.values.verdict import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conformance.clauses.sabotage import Sabotage
    from conformance.clauses.wish import Wish
    from conformance.engine.decision import Summary
    from conformance.engine.events import Event
    from conformance.engine.plan import Plan
    from conformance.spec.document import Spec
    from conformance.values.clause import Clause
    from conformance.values.witness import Case

_FOUND = (Outcome.FAIL, Outcome.WARN, Outcome.FLAKY)
#: On a clock that jumps, a job that never ends costs as many polls as fit into this.
_LIMIT = 12.0
#: Forbidden requests drawn for each operation where the search is what is tried.
_EXPLORE = 24


class Fate(StrEnum):
    """What became of a sabotage."""

    KILLED = "killed"
    #: Found, and so was something that it need not have broken.
    SPREAD = "spread"
    SURVIVED = "survived"
    #: Not to be observed from outside, or not to be broken alone.
    OUT_OF_SIGHT = "out of sight"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One run against a provider that breaks one clause (or two)."""

    clauses: tuple[str, ...]
    #: Which of the ways to break it.
    way: int
    fate: Fate
    reason: str = ""
    #: What else was found broken.
    others: tuple[str, ...] = ()
    requests: int = 0
    jobs: int = 0
    credits: float = 0.0
    seconds: float = 0.0


def implies(sabotage: Sabotage, clause: Clause, plan: Plan) -> bool:
    """Say whether a sabotage necessarily breaks a clause too, as both speak of the same fact."""
    match sabotage:
        case Alter(operation=operation, pointer=pointer) if pointer:
            return _reads(clause, operation, pointer, plan.spec)
        case Misbehave(habit=Habit.REFUSALS_5XX, operation=operation):
            return clause.operation == operation and clause.kind == "robustness"
        case Misbehave(habit=Habit.TRIPS_ON_TWO, operation=operation):
            # What a search sends is forbidden, so a 500 for it is a refusal that is none.
            return clause.operation == operation and clause.rule == "refusal-status"
        case Permit():
            return any(_lets_in(sabotage, witness.case, plan.spec) for witness in plan.refusals if witness.clause == clause.id)
        case Reject(wish=wish):
            return _starves(wish, clause, plan)
        case _:
            return False


def _starves(refused: Wish, clause: Clause, plan: Plan) -> bool:
    """Say whether every request that would prove some side of a clause is among those turned away."""
    bodies = [job.case.body for job in plan.jobs if (job.case.operation, job.case.scenario) == (refused.operation, refused.scenario)]
    wishes = [wish for wish in kind_of(clause).wishes(clause) if (wish.operation, wish.scenario) == (refused.operation, refused.scenario)]
    proving = [[body for body in bodies if wish.met_by(body)] for wish in wishes]
    return any(found and all(refused.met_by(body) for body in found) for found in proving)


def _lets_in(permit: Permit, case: Case, spec: Spec) -> bool:
    """Say whether a request made to break another rule breaks, in this scenario, only the one that is not enforced."""
    if case.operation != permit.operation or case.raw is not None:
        return False
    schema = spec.operation(permit.operation).scenario(permit.scenario).schema
    return {(at, name) for at, name, _ in violations(schema, case.body)} == {(permit.at, permit.name)}


def _reads(clause: Clause, operation: str, pointer: str, spec: Spec) -> bool:
    """Say whether a clause about a job's life or price rests on what stands at a pointer of an answer."""
    if clause.kind in ("response", "constraint"):
        return False
    for one in spec.submits:
        job, cost = one.job, one.cost
        if job is None or operation not in (one.id, job.poll.operation if job.poll else ""):
            continue
        read = [known for name in ("id", "status", "progress", "result", "error", "expires") for known in getattr(job, name)]
        read += [known for known in (cost.observed, cost.balance) if known] if cost else []
        if clause.operation in (one.id, operation) and any(known == pointer or known.startswith(f"{pointer}/") for known in read):
            return True
    return clause.operation == operation and clause.kind in ("echo", "alias") and pointer.strip("/").replace("/", ".") in clause.id


def _why_whole(clause: Clause) -> str:
    """Say why a clause has no sabotage of its own."""
    if clause.kind == "constraint":
        return "every request has its one value: to refuse that is to refuse everything, which breaks the clause `accepted`"
    return "the simulator has no way to break it"


class Proof:
    """Trials on one spec; the plan is made once, as every trial uses the same."""

    def __init__(self, spec: Spec) -> None:
        self.spec = spec
        self.clauses = derive(spec)
        self._plan: Plan | None = None
        #: What a faithful provider shows all the same, by how much is searched for: the document's own findings.
        self._known: dict[int, frozenset[str]] = {}
        self.known = self._faithful(0)

    def singles(self) -> Iterator[Trial]:
        """Break each clause alone, in each of its ways."""
        for clause in self.clauses:
            yield from self.trials_of(clause)

    def breakable(self) -> list[Clause]:
        """Return the clauses that can be broken and seen to be."""
        return [one for one in self.clauses if not one.masked and not one.unobservable and any(True for _ in kind_of(one).sabotage(one))]

    def trials_of(self, clause: Clause) -> Iterator[Trial]:
        """Break one clause in each of its ways."""
        hidden = clause.masked or clause.unobservable
        ways = list(kind_of(clause).sabotage(clause))
        if hidden or not ways:
            reason = hidden or _why_whole(clause)
            yield Trial(clauses=(clause.id,), way=0, fate=Fate.OUT_OF_SIGHT, reason=reason)
            return
        for index, sabotage in enumerate(ways):
            yield self._trial((clause,), (sabotage,), index)

    def pair(self, one: Clause, other: Clause) -> Trial | None:
        """Break two clauses at once, to see that neither finding hides the other."""
        ways = [next(iter(kind_of(clause).sabotage(clause)), None) for clause in (one, other)]
        if None in ways:
            return None
        return self._trial((one, other), tuple(way for way in ways if way is not None), 0)

    def _trial(self, broken: Sequence[Clause], sabotages: tuple[Sabotage, ...], way: int) -> Trial:
        begun = time.perf_counter()
        if unseen := next((one for one in sabotages if isinstance(one, Permit) and not self._shown(one, broken)), None):
            reason = f"no request of the plan breaks {unseen.at.rpartition('/')[2]} alone there"
            return Trial(clauses=tuple(clause.id for clause in broken), way=way, fate=Fate.OUT_OF_SIGHT, reason=reason)
        explore = _EXPLORE if any(clause.kind == "robustness" and clause.rule == "search" for clause in broken) else 0
        found = self._findings(sabotages, explore)
        names = {clause.id for clause in broken}
        missed = names - set(found)
        implied = {clause.id for clause in self.clauses if any(self._plan is not None and implies(one, clause, self._plan) for one in sabotages)}
        others = tuple(sorted(set(found) - names - self._faithful(explore) - implied))
        fate = Fate.SURVIVED if missed else (Fate.SPREAD if others else Fate.KILLED)
        spend = self._summary.spend
        return Trial(
            clauses=tuple(sorted(names)), way=way, fate=fate, others=others, reason=", ".join(sorted(missed)) if len(names) > 1 else "",
            requests=spend.requests, jobs=spend.jobs, credits=spend.credits, seconds=time.perf_counter() - begun,
        )  # fmt: skip

    def _shown(self, permit: Permit, broken: Sequence[Clause]) -> bool:
        """Say whether any request of the plan would show that a rule is not enforced."""
        names = {clause.id for clause in broken}
        if self._plan is None or permit.at.endswith("/x-media"):
            return True
        return any(witness.clause in names and _lets_in(permit, witness.case, self.spec) for witness in self._plan.refusals)

    def _faithful(self, explore: int) -> frozenset[str]:
        if explore not in self._known:
            self._known[explore] = frozenset(self._findings((), explore))
        return self._known[explore]

    def _findings(self, sabotages: tuple[Sabotage, ...], explore: int = 0) -> set[str]:
        events: list[Event] = []
        self._summary = run_virtual(self._run(sabotages, events, explore))
        return {event.clause.id for event in events if isinstance(event, VerdictReached) and event.verdict.outcome in _FOUND}

    async def _run(self, sabotages: tuple[Sabotage, ...], events: list[Event], explore: int) -> Summary:
        choice = Choice(kind="simulator", sabotages=sabotages)
        async with open_target(self.spec, choice) as (target, _):
            if self._plan is None:
                self._plan = make_plan(self.spec, self.clauses, target.inputs)
            return await Run(plan=self._plan, target=target, settings=Settings(job_timeout=_LIMIT, explore=explore), emit=events.append).go()
