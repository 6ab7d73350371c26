"""Which fields a request has.

What is required, forbidden, exclusive, and that the smallest request is taken.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from conformance.model.clause import Harm, Level
from conformance.model.inputs import Inputs
from conformance.model.json_place import MISSING, drop, get, put
from conformance.model.verdict import Cause, Outcome
from conformance.promises.accepting import absent, accept_side, numbers_taken
from conformance.promises.condition_wants import wants_of
from conformance.promises.judging import refuted, unproved
from conformance.promises.kinds.constraint.forbidden_effect import took_effect
from conformance.promises.kinds.constraint.keyword import Edit, KeywordRule, with_value, without
from conformance.promises.rule import Reliance
from conformance.promises.sabotage import Reject
from conformance.spec.answer_meaning import AnswerMeaning, meaning
from conformance.spec.reception import describe
from conformance.spec.schema.assertions import Assertion, assertions
from conformance.spec.schema.node import ANYTHING
from conformance.spec.schema.smallest_value import ABSENT, PRESENT, build
from conformance.spec.words.promise_words import RequiredWord

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from conformance.model.clause import Clause
    from conformance.model.json_place import Path
    from conformance.model.verdict import Verdict
    from conformance.promises.evidence import Attempt, Evidence
    from conformance.promises.judging import Finding
    from conformance.promises.kinds.constraint.keyword import Wants
    from conformance.promises.sabotage import Sabotage
    from conformance.promises.wish import Wish
    from conformance.spec.context import Context
    from conformance.spec.operation import Scenario
    from conformance.spec.schema.node import SchemaNode


class Accepted(KeywordRule):
    """The smallest request is taken."""

    name = "accepted"
    meaning = "The smallest request of a scenario is taken."
    harm = Harm.DELIVERY
    harm_if_taken = None
    client = Reliance.ALWAYS
    one_sided = True

    def whole(self, scenario: Scenario) -> Assertion:
        """Return what stands for the schema as a whole."""
        schema = scenario.schema
        return Assertion(
            path=(),
            rule=self.name,
            value=None,
            at=schema.at,
            whole=schema,
            node=schema,
            context=scenario.context,
        )

    def smallest(self, scenario: Scenario) -> Wants:
        """Return the wish for the smallest request.

        Whatever it can surely do without is left out.
        """
        body = build(scenario.schema, {}, Inputs())
        fields = {
            assertion.path
            for assertion in assertions(scenario.schema)
            if len(assertion.path) == 1 and assertion.rule != "forbidden"
        }
        return tuple((path, ABSENT) for path in sorted(fields) if get(body, path) is MISSING)

    def says(self, scenario: Scenario, assertion: Assertion) -> str:
        """Name the scenario."""
        return f"the smallest {scenario.title} request is accepted"

    def accepts(self, clause: Clause, wish: Wish, evidence: Evidence) -> Finding:
        """Say whether the smallest request was taken; if not, whether nothing else is why."""
        attempts = evidence.meeting(wish)
        refused = [attempt for attempt in attempts if attempt.reception.refused]
        if not refused or any(attempt.accepted for attempt in attempts):
            return accept_side(clause, wish, evidence)
        numbers = [attempt.exchange.number for attempt in refused]
        answer = describe(refused[0].exchange.answer)
        taken = [
            attempt.case.body
            for attempt in evidence.of(wish.operation, wish.scenario)
            if attempt.accepted
        ]
        if taken:
            to_blame = [
                attempt.exchange.number
                for attempt in refused
                if numbers_taken(attempt.case.body, taken)
            ]
            if to_blame:
                return refuted(clause.promise, f"refused: {answer}", *to_blame)
            reason = (
                "a number in it was accepted in no other request, so that its bound may be to blame"
            )
            return unproved(f"{reason}, refused: {answer}", *numbers)
        doubt = _doubt(clause, refused, evidence)
        if doubt:
            return unproved(f"{doubt}: {answer}", *numbers)
        return refuted(clause.promise, f"every request was refused, {answer}", *numbers)

    def sabotage(self, clause: Clause) -> Iterator[Sabotage]:
        """Refuse the smallest request, and nothing less."""
        schema = self.facts(clause).scenario.schema
        ways = {
            name
            for assertion in assertions(schema)
            if assertion.rule == "neither"
            for option in assertion.value
            for name in option
        }
        for wish in self.wishes(clause):
            # Where it differs from others only in which of two ways it takes, to refuse it is to
            # refuse that way.
            only_ways = all(path[0] in ways for path, _ in wish.wants)
            yield Reject(wish=replace(wish, wants=()) if only_ways else wish)


def _doubt(clause: Clause, refused: list[Attempt], evidence: Evidence) -> str:
    """Return why it proves nothing that every request was refused; empty where it does."""
    if clause.operation in evidence.doubtful:
        return "every request was refused, and nobody knows that its original is there"
    if clause.level is Level.COMPANION and all(absent(attempt) for attempt in refused):
        return "it is known from elsewhere and is not there"
    if all(_turned_away_as_a_key_is(attempt) for attempt in refused):
        return "every request was turned away with 403, as a key is"
    return ""


def _turned_away_as_a_key_is(attempt: Attempt) -> bool:
    return meaning(attempt.operation, attempt.exchange.answer) is AnswerMeaning.FORBIDDEN


class Presence(KeywordRule):
    """Fields are there, or are not."""

    # A call sends what it must; that more or less would be refused breaks none.
    client = Reliance.NEVER
    comes_or_goes = True
    any_shape = True


class Required(Presence):
    """A field must be there."""

    name = "required"
    meaning = "Without the field the request is refused."
    wording = "{field} is required"
    blames_type = False

    def governed(self, assertion: Assertion) -> Path:
        """Return the path of the field."""
        return (*assertion.path, assertion.name)

    def names(self, assertion: Assertion) -> Iterable[str]:
        """Name the field."""
        return (assertion.name,)

    def context(self, scenario: Scenario, assertion: Assertion) -> Context:
        """Return what is said of the field's presence, where the spec says it apart."""
        node = self.field_node(scenario, assertion)
        if node is ANYTHING:
            return assertion.context
        return node.context.within(node.get(RequiredWord.word, {}))

    def field_node(self, scenario: Scenario, assertion: Assertion) -> SchemaNode:
        """Return what the schema says of the field itself."""
        for part in (assertion.node, scenario.schema):
            if assertion.name in part.get("properties", {}):
                node: SchemaNode = part["properties"][assertion.name]
                return node
        return ANYTHING

    def wants(self, assertion: Assertion) -> tuple[Wants, ...]:
        """Return the field with any value."""
        conditions = wants_of(assertion)
        if conditions is None:
            return ()
        return (tuple(({self.governed(assertion): PRESENT} | conditions).items()),)

    def breakages(
        self, assertion: Assertion, body: Any, borrow: Callable[[str], Any]
    ) -> Iterator[Edit]:
        """Leave it out."""
        yield without(body, self.governed(assertion))


class Forbidden(Presence):
    """A field must not be there."""

    name = "forbidden"
    meaning = "With the field the request is refused: it has no meaning for this scenario."
    wording = "{field} is not taken"
    # Most servers ignore it: the video is not what the field asks for.
    harm_if_taken = Harm.FIDELITY

    def breakages(
        self, assertion: Assertion, body: Any, borrow: Callable[[str], Any]
    ) -> Iterator[Edit]:
        """Send it as another scenario does."""
        yield with_value(body, assertion.path, borrow(assertion.path[-1]))

    def judge(self, clause: Clause, evidence: Evidence) -> Verdict:
        """Join both sides. Refused or ignored may be meant; to act on it never is."""
        verdict = super().judge(clause, evidence)
        doubtful = clause.reading and verdict.outcome is Outcome.WARN
        path = self.facts(clause).assertion.path
        if not doubtful or not took_effect(clause, path, evidence):
            return verdict
        received = f"{verdict.received}, and the video shows that it took effect"
        return replace(verdict, outcome=Outcome.FAIL, cause=Cause.PROVIDER, received=received)


class Choice(Presence):
    """Fields that stand in for each other."""

    blames_type = False

    def names(self, assertion: Assertion) -> Iterable[str]:
        """Name all of them."""
        return ("-or-".join(name for option in assertion.value for name in option),)

    def wants(self, assertion: Assertion) -> tuple[Wants, ...]:
        """Return the first way; the others are promised by kind `alias`, where at all."""
        conditions = wants_of(assertion)
        if conditions is None:
            return ()
        fields = {(*assertion.path, name): PRESENT for name in assertion.value[0]}
        return (tuple((fields | conditions).items()),)


class Both(Choice):
    """Fields exclude each other."""

    name = "both"
    meaning = "Two fields that exclude each other are refused together."
    wording = "not both of {value}"
    # One of the two is dropped, and nobody says which.
    harm_if_taken = Harm.FIDELITY

    def breakages(
        self, assertion: Assertion, body: Any, borrow: Callable[[str], Any]
    ) -> Iterator[Edit]:
        """Send two ways at once."""
        names = [name for option in assertion.value[:2] for name in option]
        for name in names:
            if get(body, (*assertion.path, name)) is MISSING:
                body = put(body, (*assertion.path, name), borrow(name))
        yield Edit(body, "both " + " and ".join(names))


class Neither(Choice):
    """One of several fields must be there."""

    name = "neither"
    meaning = "A request that has none of the fields of which one is required is refused."
    wording = "one of {value} is required"

    def breakages(
        self, assertion: Assertion, body: Any, borrow: Callable[[str], Any]
    ) -> Iterator[Edit]:
        """Leave all of them out."""
        names = [name for option in assertion.value for name in option]
        for name in names:
            body = drop(body, (*assertion.path, name))
        yield Edit(body, "neither " + " nor ".join(names))


class Dependent(Presence):
    """A field comes with another one."""

    name = "dependent"
    meaning = "A field that needs another one is refused without it."
    wording = "{value} come together"

    def names(self, assertion: Assertion) -> Iterable[str]:
        """Name the missing one first."""
        return ("-with-".join(reversed(assertion.value)),)

    def breakages(
        self, assertion: Assertion, body: Any, borrow: Callable[[str], Any]
    ) -> Iterator[Edit]:
        """Leave the other one out."""
        yield without(body, (*assertion.path, assertion.value[1]))


class Additional(KeywordRule):
    """There are no fields but the named ones."""

    name = "additional"
    meaning = "Fields that the document does not name are refused, where it says so."
    wording = "{field} has no fields but {value}"
    # A misspelt field is ignored in silence.
    harm_if_taken = Harm.FIDELITY
    client = Reliance.NEVER
    any_shape = True

    def breakages(
        self, assertion: Assertion, body: Any, borrow: Callable[[str], Any]
    ) -> Iterator[Edit]:
        """Send one that nobody named."""
        yield with_value(body, (*assertion.path, "unexpected_field"), 1)
