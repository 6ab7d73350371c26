"""Prove the prover: break each clause on purpose and see whether a run finds exactly that."""

from __future__ import annotations

import random
import time
from copy import copy
from typing import TYPE_CHECKING

from conformance.http.virtual_clock import run_virtual
from conformance.model.verdict import Cause, Outcome
from conformance.promises.registry import derive, rule_of
from conformance.promises.sabotage import Permit
from conformance.run.events import VerdictReached
from conformance.run.open_target import TargetChoice, open_target
from conformance.run.planning.plan import make_plan
from conformance.run.provider_run import Run
from conformance.run.proving.implied_breaks import implies, lets_in
from conformance.run.proving.trial import Fate, Trial, weather
from conformance.run.run_settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from conformance.model.clause import Clause
    from conformance.model.verdict import Verdict
    from conformance.promises.sabotage import Sabotage
    from conformance.run.decision import Summary
    from conformance.run.events import Event
    from conformance.run.planning.plan import Plan
    from conformance.spec.document import Spec

_FOUND = (Outcome.FAIL, Outcome.WARN, Outcome.FLAKY)
#: What must not be said of a clause that nobody broke.
_LOUD = (*_FOUND, Outcome.ERROR)
_UNTOLD = (Outcome.UNTESTABLE, Outcome.NOT_RUN)
#: On a clock that jumps, a job that never ends costs as many polls as fit into this.
_LIMIT = 12.0
#: Forbidden requests drawn for each operation where the search is what is tried.
_EXPLORE = 24


class Proof:
    """Trials on one spec under the conditions of one seed; the plan is made once, as every trial uses the same."""

    def __init__(self, spec: Spec, *, seed: int = 0) -> None:
        self.spec = spec
        self.clauses = derive(spec)
        self._plan: Plan | None = None
        self._begin(seed)

    def _begin(self, seed: int) -> None:
        self.seed, self._weather = seed, weather(seed)
        #: What a faithful provider shows all the same, by how much is searched for: the document's own findings.
        self._known: dict[int, frozenset[str]] = {}

    def under(self, seed: int) -> Proof:
        """Return the same under the conditions of another seed; clauses and plan are not made again."""
        other = copy(self)
        other._begin(seed)  # noqa: SLF001 - its own kind
        return other

    def faithful(self) -> Trial:
        """Run against a provider that keeps every promise; only what its document contradicts itself in may be found."""
        begun = time.process_time()
        verdicts = self._verdicts(())
        loud = [
            name
            for name, one in verdicts.items()
            if one.outcome in _LOUD and one.cause is not Cause.DOCUMENTATION
        ]
        return self._told(
            (), 0, Fate.FALSE_ALARM if loud else Fate.QUIET, begun, others=tuple(loud)
        )

    def singles(self) -> Iterator[Trial]:
        """Break each clause alone, in each of its ways."""
        for clause in self.clauses:
            yield from self.trials_of(clause)

    def trials_of(self, clause: Clause) -> Iterator[Trial]:
        """Break one clause in each of its ways."""
        hidden = clause.masked or clause.unobservable
        ways = list(rule_of(clause).sabotage(clause))
        if hidden or not ways:
            yield Trial(
                clauses=(clause.id,),
                seed=self.seed,
                fate=Fate.OUT_OF_SIGHT,
                reason=hidden or _why_whole(clause),
            )
            return
        for index, sabotage in enumerate(ways):
            yield self._trial((clause,), (sabotage,), index)

    def pair(self, one: Clause, other: Clause) -> Trial:
        """Break two clauses at once, to see that neither finding hides the other."""
        ways = tuple(next(iter(rule_of(clause).sabotage(clause))) for clause in (one, other))
        return self._trial((one, other), ways, 0)

    def _trial(self, broken: Sequence[Clause], sabotages: tuple[Sabotage, ...], way: int) -> Trial:
        begun = time.process_time()
        names = tuple(clause.id for clause in broken)
        explore = _EXPLORE if any(_is_search(clause) for clause in broken) else 0
        known = self._faithful(explore)
        if unseen := next(
            (one for one in sabotages if isinstance(one, Permit) and not self._shown(one, names)),
            None,
        ):
            reason = f"no request of the plan breaks {unseen.at.rpartition('/')[2]} alone there"
            return Trial(
                clauses=names, way=way, seed=self.seed, fate=Fate.OUT_OF_SIGHT, reason=reason
            )
        verdicts = self._verdicts(sabotages, explore)
        found = {name for name, one in verdicts.items() if one.outcome in _FOUND}
        implied = {
            clause.id
            for clause in self.clauses
            if any(self._plan is not None and implies(one, clause, self._plan) for one in sabotages)
        }
        loud = {name for name, one in verdicts.items() if one.outcome in _LOUD}
        others = tuple(sorted(loud - {*names} - known - implied))
        missed = [verdicts[name] for name in names if name not in found]
        return self._told(
            names,
            way,
            _fate(missed, others, pair=len(names) > 1),
            begun,
            others=others,
            reason="; ".join(map(_told, missed)),
        )

    def _told(
        self,
        names: tuple[str, ...],
        way: int,
        fate: Fate,
        begun: float,
        *,
        others: tuple[str, ...],
        reason: str = "",
    ) -> Trial:
        spend = self._summary.spend
        return Trial(
            clauses=names,
            way=way,
            seed=self.seed,
            fate=fate,
            reason=reason,
            others=others,
            requests=spend.requests,
            jobs=spend.jobs,
            credits=spend.credits,
            seconds=time.process_time() - begun,
        )

    def _shown(self, permit: Permit, names: tuple[str, ...]) -> bool:
        """Say whether any request of the plan would show that a rule is not enforced."""
        if self._plan is None or permit.at.endswith("/x-media"):
            return True
        return any(
            witness.clause in names and lets_in(permit, witness.case, self.spec)
            for witness in self._plan.refusals
        )

    def _faithful(self, explore: int) -> frozenset[str]:
        if explore not in self._known:
            self._known[explore] = frozenset(
                name for name, one in self._verdicts((), explore).items() if one.outcome in _FOUND
            )
        return self._known[explore]

    def _verdicts(self, sabotages: tuple[Sabotage, ...], explore: int = 0) -> Mapping[str, Verdict]:
        events: list[Event] = []
        self._summary = run_virtual(self._run(sabotages, events, explore))
        return {
            event.clause.id: event.verdict for event in events if isinstance(event, VerdictReached)
        }

    async def _run(
        self, sabotages: tuple[Sabotage, ...], events: list[Event], explore: int
    ) -> Summary:
        here = self._weather
        choice = TargetChoice(
            kind="simulator",
            sabotages=sabotages,
            seed=here.seed,
            job_seconds=here.job_seconds,
            latency=here.latency,
            extension=here.extension,
            direct=True,
        )
        async with open_target(self.spec, choice) as (target, _):
            if self._plan is None:
                self._plan = make_plan(self.spec, self.clauses, target.inputs)
            settings = Settings(job_timeout=_LIMIT, explore=explore)
            return await Run(
                plan=self._plan, target=target, settings=settings, emit=events.append
            ).go()


def breakable(clauses: Sequence[Clause]) -> list[Clause]:
    """Return the clauses that can be broken and seen to be."""
    return [
        one
        for one in clauses
        if not one.masked and not one.unobservable and any(True for _ in rule_of(one).sabotage(one))
    ]


def pairs(clauses: Sequence[Clause], count: int, seed: int) -> list[tuple[Clause, Clause]]:
    """Draw pairs of clauses to break at once, the same for the same seed."""
    draw = random.Random(seed)  # noqa: S311 - a choice that has to be the same each time
    known = breakable(clauses)
    drawn = (draw.sample(known, 2) for _ in range(count if len(known) > 1 else 0))
    return [(one, other) for one, other in drawn]


def _fate(missed: Sequence[Verdict], others: Sequence[str], *, pair: bool) -> Fate:
    if missed:
        return (
            Fate.OBSCURED
            if pair and all(one.outcome in _UNTOLD for one in missed)
            else Fate.SURVIVED
        )
    return Fate.SPREAD if others else Fate.KILLED


def _told(missed: Verdict) -> str:
    return f"{missed.clause}: {missed.outcome.value}" + (
        f" ({missed.reason})" if missed.reason else ""
    )


def _is_search(clause: Clause) -> bool:
    return (clause.kind, clause.rule) == ("robustness", "search")


def _why_whole(clause: Clause) -> str:
    """Say why a clause has no sabotage of its own."""
    if clause.kind == "constraint":
        return "every request has its one value: to refuse that is to refuse everything, which breaks the clause `accepted`"
    return "the simulator has no way to break it"
