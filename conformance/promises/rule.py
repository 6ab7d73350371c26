"""A rule: everything about one sort of promise in one class; a kind: a family of rules.

Every method is pure: none sends anything, prints, or raises for a broken promise.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar, cast

from conformance.model.clause import NOT_WRITTEN, Clause, Harm, Level
from conformance.model.witness import Side
from conformance.promises.judging import Finding, observed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from conformance.model.clause import Place
    from conformance.model.exchange import Json
    from conformance.model.inputs import Inputs
    from conformance.model.json_place import Path
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


class Reliance(StrEnum):
    """Whether a call of our client needs a promise."""

    NEVER = "never"
    #: Where the call sends, or reads, the field that the promise is about.
    FIELD = "field"
    ALWAYS = "always"


class Rule(ABC, Generic[F]):
    """One sort of promise: its words, its proofs from both sides, its judgement, its sabotage."""

    #: The name of its kind, and its own, as clauses and reports carry them.
    kind: ClassVar[str]
    name: ClassVar[str]
    #: What the rule says, for people.
    meaning: ClassVar[str]
    #: What a buyer loses when it is broken.
    harm: ClassVar[Harm]
    #: The same where what must be refused is taken, if that is another loss.
    harm_if_taken: ClassVar[Harm | None] = None
    #: What is promised, where it is the same of every operation.
    promise: ClassVar[str] = ""
    #: How binding it is at most.
    level: ClassVar[Level | None] = None
    #: How binding it is where the document passes over it; a level that the spec states goes first.
    usual: ClassVar[Level | None] = None
    #: Whether nobody could sell without keeping it: then it binds, whoever speaks of it.
    essential: ClassVar[bool] = False
    #: Why nothing outside the provider can observe it in an ordinary run.
    unobservable: ClassVar[str] = ""
    client: ClassVar[Reliance] = Reliance.NEVER
    #: How many jobs of its operation it takes to show it.
    least_jobs: ClassVar[int] = 1
    #: What an id says before and after the subject, where it is not kind and name.
    id_prefix: ClassVar[str | None] = None
    id_name: ClassVar[str | None] = None

    def clause(
        self,
        facts: F,
        *subject: str,
        promise: str = "",
        context: Context | None = None,
        place: Place | None = None,
        level: Level | None = None,
        usual: Level | None = None,
        essential: bool | None = None,
        unobservable: str = "",
        shown_by: Operation | None = None,
    ) -> Clause:
        """Return a clause of this rule; what is not said is as the rule and the operation have it.

        `subject` tells it from the rule's other clauses, and is most often the path of a field.
        `shown_by` is the operation that shows it, where that is another than the clause's.
        """
        context = context or facts.operation.context
        scenario = facts.scenario
        binding = binding_of(context, usual=usual or self.usual, limit=level or self.level)
        known_elsewhere = ""
        if not binding.binds and (self.essential if essential is None else essential):
            binding = Level.ESSENTIAL
            known_elsewhere = elsewhere(shown_by or facts.operation)
        clause = Clause(
            id=self.id(facts, *subject),
            kind=self.kind,
            rule=self.name,
            level=binding,
            harm=context.harm or self.harm,
            provider=facts.spec.name,
            operation=facts.operation.id,
            scenario=scenario.title if scenario else "",
            parts=self._parts(subject),
            promise=promise or self.promise,
            source=NOT_WRITTEN if binding is Level.ESSENTIAL else context.source,
            place=place or facts.operation.place,
            reading=context.reading,
            unobservable=unobservable or self.unobservable,
            known_elsewhere=known_elsewhere,
            facts=facts,
        )
        if context.harm:
            return clause
        return replace(
            clause,
            harm=self.harm_of(clause, Side.ACCEPT),
            harm_if_taken=self.harm_of(clause, Side.REFUSE),
        )

    def id(self, facts: F, *subject: str) -> str:
        """Return the id of a clause.

        Provider, operation, scenario where there are several, kind, subject and name.
        """
        words = [facts.spec.name, facts.operation.id]
        if facts.scenario is not None and not facts.scenario.only:
            words.append(facts.scenario.title)
        return ".".join((*words, *self._parts(subject)))

    def _parts(self, subject: tuple[str, ...]) -> tuple[str, ...]:
        """Return what tells a clause apart within its operation and scenario."""
        prefix = self.kind if self.id_prefix is None else self.id_prefix
        name = self.name if self.id_name is None else self.id_name
        return (*filter(None, (prefix,)), *subject, *filter(None, (name,)))

    def facts(self, clause: Clause) -> F:
        """Return what the rule said of the spec when it made the clause."""
        return cast("F", clause.facts)

    def harm_of(self, clause: Clause, side: Side) -> Harm:
        """Return what a buyer loses when one side of a clause is broken."""
        if side is Side.REFUSE and self.harm_if_taken:
            return self.harm_if_taken
        return self.harm

    def wishes(self, clause: Clause) -> Iterable[Wish]:
        """Return what accepted jobs must contain to prove the clause.

        One job serves many wishes.
        """
        return ()

    def needs_failed_job(self, clause: Clause) -> bool:
        """Say whether only a job that fails proves the clause."""
        return False

    def witnesses(
        self, clause: Clause, controls: Sequence[Json], inputs: Inputs
    ) -> Iterable[Witness]:
        """Return requests that must be refused, each one edit away from an accepted control."""
        return ()

    def sees_refusals(self, clause: Clause) -> bool:
        """Say whether it is held to whatever is refused, for the sake of other clauses as well."""
        return False

    def compared(self, clause: Clause) -> Iterable[Path]:
        """Return the fields of an answer whose values the clause is about."""
        return ()

    @abstractmethod
    def judge(self, clause: Clause, evidence: Evidence) -> Verdict:
        """Say what the evidence shows of the clause."""

    def sabotage(self, clause: Clause) -> Iterable[Sabotage]:
        """Return the ways a provider would break exactly this clause."""
        return ()


class ObservingRule(Rule[F]):
    """A promise that is held to whatever a run sees anyway."""

    #: What is said where nothing showed it.
    none: ClassVar[str]
    #: Whether a provider breaks it that keeps it elsewhere: it is never flaky.
    always: ClassVar[bool] = False

    @abstractmethod
    def observations(self, clause: Clause, evidence: Evidence) -> Iterator[int | Finding]:
        """Yield the number of each exchange that keeps the promise, a finding for each other."""

    def judge(self, clause: Clause, evidence: Evidence) -> Verdict:
        """Join what was observed."""
        kept: list[int] = []
        broken: list[Finding] = []
        for observation in self.observations(clause, evidence):
            if isinstance(observation, Finding):
                broken.append(observation)
            else:
                kept.append(observation)
        if broken and self.always:
            kept = []
        return observed(clause, evidence, kept, broken, none=self.why_none(clause, evidence))

    def why_none(self, clause: Clause, evidence: Evidence) -> str:
        """Return what is said where nothing showed the promise."""
        return self.none


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
    taken: set[str] = set()
    for clause in clauses:
        id_, number = clause.id, 1
        while id_ in taken:
            number += 1
            id_ = f"{clause.id}.{number}"
        taken.add(id_)
        yield clause if number == 1 else replace(clause, id=id_)


def binding_of(context: Context, *, usual: Level | None, limit: Level | None) -> Level:
    """Return how binding a promise is: as the document says, else as usual, at most the limit."""
    says_so = context.stated and context.level is Level.MUST
    level = context.level if says_so else at_most(context.level, usual)
    return at_most(level, limit)


def elsewhere(operation: Operation) -> str:
    """Return the name of an operation that is known from examples or elsewhere alone, else none."""
    return "" if operation.context.level is Level.MUST else operation.id


def at_most(level: Level, limit: Level | None) -> Level:
    """Return the weaker of two levels: what is known from elsewhere never becomes binding."""
    order = list(Level)
    if limit is None or order.index(level) > order.index(limit):
        return level
    return limit
