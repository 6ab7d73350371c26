"""Kind `constraint`: what a request may and may not contain, proved from both sides.

One class for each keyword.
"""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from conformance.model.inputs import Inputs
from conformance.promises.kinds.constraint.keyword import ConstraintFacts, KeywordRule
from conformance.promises.kinds.constraint.presence import (
    Accepted,
    Additional,
    Both,
    Dependent,
    Forbidden,
    Neither,
    Required,
)
from conformance.promises.kinds.constraint.ranges import (
    ExclusiveMaximum,
    ExclusiveMinimum,
    Maximum,
    MaxItems,
    MaxLength,
    MaxProperties,
    Minimum,
    MinItems,
    MinLength,
    MinProperties,
    MultipleOf,
    UniqueItems,
)
from conformance.promises.kinds.constraint.refusing import bases, refusals, why_masked
from conformance.promises.kinds.constraint.values import (
    Combination,
    Const,
    Enum,
    Format,
    JsonText,
    Nullable,
    Pattern,
    Type,
    Values,
    Whole,
)
from conformance.promises.rule import Kind
from conformance.spec.schema.assertions import assertions
from conformance.spec.words.promise_words import DistinguishesWord, RequiredWord
from conformance.spec.words.request_words import ValuesWord

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.model.clause import Clause
    from conformance.spec.document import Spec
    from conformance.spec.operation import Operation, Scenario
    from conformance.spec.schema.assertions import Assertion


class Constraint(Kind):
    """Promises about the request."""

    name = "constraint"
    means = (
        "What a request may and may not contain. Every JSON Schema keyword of a request body is a "
        "promise with two sides."
    )
    accept = (
        "The nearest value that is allowed is part of a paid job, which is accepted; "
        "one job proves "
        "many clauses."
    )
    refuse = (
        "The same body with one edit, the nearest value that is forbidden, is refused "
        "with a 4xx. It "
        "counts only if the body without the edit was accepted in the same run."
    )
    mend = (
        "If a forbidden value was taken: check it in your own code before you send it, "
        "and expect to "
        "be charged for it. If an allowed value was refused: do not offer it. Then "
        "tell the provider, "
        "or correct the spec if the document has changed."
    )
    accepted = Accepted()
    required = Required()
    values = Values()
    nullable = Nullable()
    rules = (
        accepted,
        Type(),
        required,
        Forbidden(),
        Enum(),
        Const(),
        values,
        nullable,
        Minimum(),
        Maximum(),
        ExclusiveMinimum(),
        ExclusiveMaximum(),
        MultipleOf(),
        MinLength(),
        MaxLength(),
        MinItems(),
        MaxItems(),
        UniqueItems(),
        MinProperties(),
        MaxProperties(),
        Format(),
        Pattern(),
        JsonText(),
        Whole(),
        Both(),
        Neither(),
        Dependent(),
        Additional(),
        Combination(),
    )

    def derive(self, spec: Spec) -> Iterator[Clause]:
        """Return a clause for each assertion of each scenario, and one that it is taken at all."""
        for operation in spec.submits:
            if operation.same_as:
                continue  # its clauses are those of the operation it is the same as: kind `alias`
            for scenario in operation.scenarios:
                yield from self._of(spec, operation, scenario)

    def _of(self, spec: Spec, operation: Operation, scenario: Scenario) -> Iterator[Clause]:
        whole = ConstraintFacts(
            spec=spec,
            operation=operation,
            scenario=scenario,
            assertion=self.accepted.whole(scenario),
            wants=(self.accepted.smallest(scenario),),
        )
        yield self.accepted.make(whole)
        for assertion in assertions(scenario.schema):
            if self._distinguishes(scenario, assertion):
                continue
            for rule in self._rules_of(assertion):
                facts = replace(whole, assertion=assertion, wants=rule.wants(assertion))
                yield _masked(rule, rule.make(facts))

    def _rules_of(self, assertion: Assertion) -> Iterator[KeywordRule]:
        """Yield the rules that one assertion makes promises of."""
        yield KEYWORDS[assertion.rule]
        if assertion.rule != "type":
            return
        if "null" in assertion.value and len(assertion.value) > 1:
            yield self.nullable
        if ValuesWord.on(assertion.node):
            yield self.values

    def _distinguishes(self, scenario: Scenario, assertion: Assertion) -> bool:
        """Say whether an assertion only tells scenarios apart, and so promises nothing."""
        if DistinguishesWord.on(assertion.node):
            return True
        if assertion.rule != "required":
            return False
        node = self.required.field_node(scenario, assertion)
        presence = RequiredWord.on(node)
        return bool(presence and presence.x_distinguishes)


#: The rules of a keyword by its name.
KEYWORDS: Mapping[str, KeywordRule] = MappingProxyType(
    {rule.name: rule for rule in Constraint.rules}
)


def facts_of(clause: Clause) -> ConstraintFacts:
    """Return what a clause of this kind says of requests."""
    assert isinstance(clause.facts, ConstraintFacts)
    return clause.facts


def _masked(rule: KeywordRule, clause: Clause) -> Clause:
    """Return the clause with the reason why no request breaks it alone, where that is so."""
    if rule.one_sided:
        return clause
    facts, inputs = rule.facts(clause), Inputs()
    if next(refusals(rule, clause, list(bases(facts, inputs)), inputs), None):
        return clause
    return replace(clause, masked=why_masked(rule, facts))
