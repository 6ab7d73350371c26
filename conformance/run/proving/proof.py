"""Prove the prover: break each clause on purpose and see whether a run finds exactly that."""

from __future__ import annotations

import random
import time
from copy import copy
from typing import TYPE_CHECKING

from conformance.model.clause import Harm
from conformance.model.inputs import Inputs
from conformance.model.json_place import path_of
from conformance.model.verdict import Cause, Decision, Outcome, ReasonCode
from conformance.promises.registry import derive, rule_of
from conformance.promises.sabotage import Permit
from conformance.run.open_target import INSIDE, TargetChoice
from conformance.run.planning.plan import make_plan
from conformance.run.proving.implied_breaks import implies, lets_in
from conformance.run.proving.trial import Fate, Trial, weather
from conformance.run.run_settings import Settings
from conformance.run.session import Session

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from conformance.model.clause import Clause
    from conformance.model.verdict import Verdict
    from conformance.promises.sabotage import Sabotage
    from conformance.spec.document import Spec

_FOUND = (Outcome.FAIL, Outcome.WARN, Outcome.FLAKY)
#: What must not be said of a clause that nobody broke.
_LOUD = (*_FOUND, Outcome.ERROR)
_UNTOLD = (Outcome.UNTESTABLE, Outcome.NOT_RUN)
#: On a clock that jumps, a job that never ends costs as many polls as fit into this.
_LIMIT = 12.0
#: Forbidden requests drawn for each operation where the search is what is tried.
_EXPLORE = 24


class Prover:
    """Trials on one spec under the conditions of one seed; every trial uses the same plan."""

    def __init__(self, spec: Spec, *, seed: int = 0) -> None:
        self.spec = spec
        self.clauses = derive(spec)
        self._plan = make_plan(spec, self.clauses, Inputs.served_at(INSIDE))
        self._begin(seed)

    def _begin(self, seed: int) -> None:
        self.seed, self._weather = seed, weather(seed)
        #: What is found of a faithful provider, by how much is searched for: its document's own.
        self._expected: dict[int, frozenset[str]] = {}

    def under(self, seed: int) -> Prover:
        """Return the same under the conditions of another seed, with the same clauses and plan."""
        other = copy(self)
        other._begin(seed)  # noqa: SLF001 - its own kind
        return other

    def faithful(self) -> Trial:
        """Run against a provider that keeps every promise.

        Only what its document contradicts itself in may be found.
        """
        begun = time.process_time()
        accused = [
            name
            for name, verdict in self._verdicts(()).items()
            if verdict.outcome in _LOUD and verdict.cause is not Cause.DOCUMENTATION
        ]
        fate = Fate.FALSE_ALARM if accused else Fate.QUIET
        return self._trial((), 0, fate, begun, others=tuple(accused))

    def singles(self) -> Iterator[Trial]:
        """Break each clause alone, in each of its ways."""
        for clause in self.clauses:
            yield from self.trials_of(clause)

    def trials_of(self, clause: Clause) -> Iterator[Trial]:
        """Break one clause in each of its ways."""
        hidden = clause.masked or clause.unobservable
        ways = list(rule_of(clause).sabotage(clause))
        if hidden or not ways:
            reason = hidden or _why_whole(clause)
            yield self._out_of_sight((clause.id,), 0, reason)
            return
        for index, sabotage in enumerate(ways):
            yield self._broken((clause,), (sabotage,), index)

    def pair(self, first: Clause, second: Clause) -> Trial:
        """Break two clauses at once, to see that neither finding hides the other."""
        ways = [next(iter(rule_of(clause).sabotage(clause))) for clause in (first, second)]
        return self._broken((first, second), tuple(ways), 0)

    def _broken(self, broken: Sequence[Clause], sabotages: tuple[Sabotage, ...], way: int) -> Trial:
        begun = time.process_time()
        names = tuple(clause.id for clause in broken)
        explore = _EXPLORE if any(_is_search(clause) for clause in broken) else 0
        expected = self._found_in_faithful(explore)
        for sabotage in sabotages:
            if isinstance(sabotage, Permit) and not self._shows(sabotage, names):
                *_, keyword = path_of(sabotage.at)
                return self._out_of_sight(
                    names, way, f"no request of the plan breaks {keyword} alone there"
                )
        verdicts = self._verdicts(sabotages, explore)
        missed = [verdicts[name] for name in names if verdicts[name].outcome not in _FOUND]
        loud = {name for name, verdict in verdicts.items() if verdict.outcome in _LOUD}
        others = tuple(sorted(loud - {*names} - expected - self._implied(sabotages)))
        found = [verdicts[name] for name in names if verdicts[name].outcome in _FOUND]
        fate = _fate(missed, others, pair=len(names) > 1)
        if fate is Fate.KILLED and self._is_excused(broken):
            fate = Fate.EXCUSED
        return self._trial(
            names,
            way,
            fate,
            begun,
            harm=_gravest(found),
            others=others,
            reason="; ".join(map(_in_words, missed)),
        )

    def _out_of_sight(self, names: tuple[str, ...], way: int, reason: str) -> Trial:
        return Trial(clauses=names, way=way, seed=self.seed, fate=Fate.OUT_OF_SIGHT, reason=reason)

    def _trial(
        self,
        names: tuple[str, ...],
        way: int,
        fate: Fate,
        begun: float,
        *,
        others: tuple[str, ...],
        harm: str = "",
        reason: str = "",
    ) -> Trial:
        spend = self._summary.spend
        return Trial(
            clauses=names,
            way=way,
            seed=self.seed,
            fate=fate,
            harm=harm,
            decision=self._summary.decision.value,
            reason=reason,
            others=others,
            requests=spend.requests,
            jobs=spend.jobs,
            credits=spend.credits,
            seconds=time.process_time() - begun,
        )

    def _is_excused(self, broken: Sequence[Clause]) -> bool:
        """Say whether something that binds beyond doubt is broken, and is no no-go all the same."""
        binds = any(clause.level.binds and clause.reading is None for clause in broken)
        return binds and self._summary.decision is not Decision.NO_GO

    def _shows(self, permit: Permit, names: tuple[str, ...]) -> bool:
        """Say whether any request of the plan would show that a rule is not enforced."""
        if not permit.by_body:
            return True
        return any(
            witness.clause in names and lets_in(permit, witness.case, self.spec)
            for witness in self._plan.refusals
        )

    def _implied(self, sabotages: Sequence[Sabotage]) -> set[str]:
        """Return the clauses that sabotages necessarily break too."""
        return {
            clause.id
            for clause in self.clauses
            if any(implies(sabotage, clause, self._plan) for sabotage in sabotages)
        }

    def _found_in_faithful(self, explore: int) -> frozenset[str]:
        if explore not in self._expected:
            verdicts = self._verdicts((), explore)
            self._expected[explore] = frozenset(
                name for name, verdict in verdicts.items() if verdict.outcome in _FOUND
            )
        return self._expected[explore]

    def _verdicts(self, sabotages: tuple[Sabotage, ...], explore: int = 0) -> Mapping[str, Verdict]:
        """Run against a simulator with these sabotages; return what was decided of each clause."""
        choice = TargetChoice(
            kind="simulator",
            sabotages=sabotages,
            seed=self._weather.seed,
            job_seconds=self._weather.job_seconds,
            latency=self._weather.latency,
            extension=self._weather.extension,
            direct=True,
        )
        session = Session(
            spec=self.spec,
            choice=choice,
            settings=Settings(job_timeout=_LIMIT, explore=explore),
            planned=self._plan,
        )

        self._summary = session.start()
        return {clause.id: verdict for clause, verdict in self._summary.verdicts}


def breakable(clauses: Sequence[Clause]) -> list[Clause]:
    """Return the clauses that can be broken and seen to be."""
    return [
        clause
        for clause in clauses
        if not clause.masked
        and not clause.unobservable
        and any(True for _ in rule_of(clause).sabotage(clause))
    ]


def pairs(clauses: Sequence[Clause], count: int, seed: int) -> list[tuple[Clause, Clause]]:
    """Draw pairs of clauses to break at once, the same for the same seed."""
    draw = random.Random(seed)  # noqa: S311 - a choice that has to be the same each time
    candidates = breakable(clauses)
    drawn = []
    for _ in range(count if len(candidates) > 1 else 0):
        first, second = draw.sample(candidates, 2)
        drawn.append((first, second))
    return drawn


def _fate(missed: Sequence[Verdict], others: Sequence[str], *, pair: bool) -> Fate:
    if not missed:
        return Fate.SPREAD if others else Fate.KILLED
    if all(_is_doubted(verdict) for verdict in missed):
        return Fate.DOUBTED
    if pair and all(verdict.outcome in _UNTOLD for verdict in missed):
        return Fate.OBSCURED
    return Fate.SURVIVED


def _gravest(found: Sequence[Verdict]) -> str:
    """Return what a buyer loses by what was found, the gravest loss first."""
    losses = {verdict.harm for verdict in found}
    return next((harm.value for harm in Harm if harm in losses), "")


def _is_doubted(verdict: Verdict) -> bool:
    return verdict.reason is not None and verdict.reason.code is ReasonCode.DOUBTFUL


def _in_words(missed: Verdict) -> str:
    reason = f" ({missed.reason})" if missed.reason else ""
    return f"{missed.clause}: {missed.outcome.value}{reason}"


def _is_search(clause: Clause) -> bool:
    return (clause.kind, clause.rule) == ("robustness", "search")


def _why_whole(clause: Clause) -> str:
    """Say why a clause has no sabotage of its own."""
    if clause.kind == "constraint":
        return (
            "every request has its one value: to refuse that is to refuse everything, "
            "which breaks the clause `accepted`"
        )
    return "the simulator has no way to break it"
