"""A rule: everything about one sort of promise in one class; a kind: a family of rules.

Every method is pure: none sends anything, prints, or raises for a broken promise.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar, cast

from conformance.model.clause import Clause, Harm, Level

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from conformance.model.clause import Place
    from conformance.model.exchange import Json
    from conformance.model.inputs import Inputs
    from conformance.model.verdict import Verdict
    from conformance.model.witness import Witness
    from conformance.promises.evidence import Evidence
    from conformance.promises.sabotage import Sabotage
    from conformance.promises.wish import Wish
    from conformance.spec.context import Context
    from conformance.spec.document import Spec
    from conformance.spec.operation import Operation, Scenario


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseFacts:
    """What a rule needs of the spec to prove a clause; rules with more to say add their own."""

    spec: Spec
    operation: Operation
    scenario: Scenario | None = None


F = TypeVar("F", bound=ClauseFacts)


class Rule(ABC, Generic[F]):
    """One sort of promise: its words, its proofs from both sides, its judgement, its sabotage."""

    #: The name of its kind, and its own, as clauses and reports carry them.
    kind: ClassVar[str]
    name: ClassVar[str]
    #: What the rule says, for people.
    meaning: ClassVar[str]
    #: What a buyer loses when it is broken.
    harm: ClassVar[Harm]

    def clause(
        self,
        facts: F,
        *parts: str,
        promise: str,
        context: Context,
        place: Place | None = None,
        level: Level | None = None,
        unobservable: str = "",
    ) -> Clause:
        """Return a clause of this rule.

        Its id is provider, operation, scenario where there are several, and `parts`.
        """
        scenario = facts.scenario
        where = [] if scenario is None or scenario.only else [scenario.title]
        parts = parts or (self.kind, self.name)
        return Clause(
            id=".".join([facts.spec.name, facts.operation.id, *where, *parts]),
            kind=self.kind,
            rule=self.name,
            level=at_most(context.level, level),
            provider=facts.spec.name,
            operation=facts.operation.id,
            scenario=scenario.title if scenario else "",
            parts=parts,
            promise=promise,
            source=context.source,
            place=place or facts.operation.place,
            reading=context.reading,
            unobservable=unobservable,
            facts=facts,
        )

    def facts(self, clause: Clause) -> F:
        """Return what the rule said of the spec when it made the clause."""
        return cast("F", clause.facts)

    def wishes(self, clause: Clause) -> Iterable[Wish]:
        """Return what accepted jobs must contain to prove the clause.

        One job serves many wishes.
        """
        return ()

    def witnesses(
        self, clause: Clause, controls: Sequence[Json], inputs: Inputs
    ) -> Iterable[Witness]:
        """Return requests that must be refused, each one edit away from an accepted control."""
        return ()

    @abstractmethod
    def judge(self, clause: Clause, evidence: Evidence) -> Verdict:
        """Say what the evidence shows of the clause."""

    def sabotage(self, clause: Clause) -> Iterable[Sabotage]:
        """Return the ways a provider would break exactly this clause."""
        return ()


class Kind(ABC):
    """A family of rules, and what people want to know of all of them."""

    name: ClassVar[str]
    means: ClassVar[str]
    #: How the side is proved on which the provider has to do something.
    accept: ClassVar[str] = ""
    #: How the side is proved on which it must refuse something; empty where nothing is forbidden.
    refuse: ClassVar[str] = ""
    #: What to do when a clause of this kind fails.
    mend: ClassVar[str]
    rules: ClassVar[tuple[Rule[Any], ...]]

    @abstractmethod
    def derive(self, spec: Spec) -> Iterable[Clause]:
        """Return the clauses of this kind that a spec makes."""

    def rule(self, name: str) -> Rule[Any]:
        """Return a rule by its name."""
        return next(rule for rule in self.rules if rule.name == name)


def distinct(clauses: Iterable[Clause]) -> Iterator[Clause]:
    """Give each clause an id of its own: two rules of one field may say the same thing."""
    counts: Counter[str] = Counter()
    for clause in clauses:
        counts[clause.id] += 1
        count = counts[clause.id]
        yield clause if count == 1 else replace(clause, id=f"{clause.id}.{count}")


def at_most(level: Level, limit: Level | None) -> Level:
    """Return the weaker of two levels: what is known from elsewhere never becomes binding."""
    order = list(Level)
    if limit is None or order.index(level) > order.index(limit):
        return level
    return limit
