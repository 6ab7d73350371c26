"""Kind `alias`: two documented ways to say the same thing behave the same."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.model.json_place import EACH, pointer_of
from conformance.promises.kinds.alias.same_operation import (
    Accepts,
    AnswersAlike,
    FamilyFacts,
    FamilyReplyFacts,
    FamilyScenarioFacts,
    Follows,
    Refuses,
    field_to_lose,
    originals,
)
from conformance.promises.kinds.alias.same_value import (
    Equal,
    EqualFacts,
    SameField,
    SameShape,
    WayFacts,
)
from conformance.promises.kinds.constraint import Constraint
from conformance.promises.rule import Kind
from conformance.promises.video_facets import FACETS
from conformance.spec.schema.assertions import assertions
from conformance.spec.schema.json_types import union_of
from conformance.spec.words.request_words import SameAsWord

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.model.clause import Clause
    from conformance.model.json_place import Path
    from conformance.spec.document import Spec
    from conformance.spec.operation import Operation, Scenario


class Alias(Kind):
    """Promises that one way is as good as another."""

    name = "alias"
    means = (
        "Two documented ways to say the same thing behave the same: two fields, two shapes of one "
        "value, two addresses."
    )
    accept = (
        "The other way is used in a paid job, and its answer, its life and its video are compared "
        "with those of the first way."
    )
    refuse = "Where whole operations are the same: what the first refuses, the other refuses too."
    mend = "Use the way that works; the spec names both. Tell the provider which one does not."
    field, shape, equal = SameField(), SameShape(), Equal()
    accepts, refuses, answers, follows = Accepts(), Refuses(), AnswersAlike(), Follows()
    rules = (field, shape, equal, accepts, refuses, answers, follows)

    def derive(self, spec: Spec) -> Iterator[Clause]:
        """Return a clause for each aliased operation, field, shape and field of an answer."""
        aliased = any(operation.same_as and operation.submits for operation in spec.operations)
        constraints = tuple(Constraint().derive(spec)) if aliased else ()
        for operation in spec.operations:
            if operation.same_as:
                other = spec.operation(operation.same_as.operation)
                facts = FamilyFacts(spec=spec, operation=operation, other=other)
                yield from self._operation(facts, constraints)
                continue
            if operation.submits:
                for scenario in operation.scenarios:
                    yield from self._ways(spec, operation, scenario)
            yield from self._answer_fields(spec, operation)

    def _operation(self, facts: FamilyFacts, constraints: tuple[Clause, ...]) -> Iterator[Clause]:
        spec, operation, other = facts.spec, facts.operation, facts.other
        if operation.submits:
            for scenario in operation.scenarios:
                both = FamilyScenarioFacts(
                    spec=spec,
                    operation=operation,
                    other=other,
                    scenario=scenario,
                    originals=originals(constraints, other, operation, scenario),
                )
                yield self.accepts.make(both)
                yield self.refuses.make(both)
            yield self.follows.make(facts)
        for reply in operation.replies:
            if reply.success and reply.schema:
                field = field_to_lose(spec, operation, reply)
                yield self.answers.make(
                    FamilyReplyFacts(
                        spec=spec, operation=operation, other=other, reply=reply, field=field
                    )
                )
                return

    def _ways(self, spec: Spec, operation: Operation, scenario: Scenario) -> Iterator[Clause]:
        paths: set[Path] = set()
        for assertion in assertions(scenario.schema):
            path = assertion.path
            pointer = pointer_of(path)
            facts = WayFacts(
                spec=spec,
                operation=operation,
                scenario=scenario,
                path=path,
                measured=any(
                    pointer in facet.pointers(scenario.media) for facet in FACETS.values()
                ),
            )
            field = SameAsWord.field_on(assertion.node)
            if field and path and path not in paths and EACH not in path:
                paths.add(path)
                yield self.field.make(replace(facts, field=field), assertion)
            _, branches = union_of(assertion.node) or ("", ())
            for branch in branches:
                if assertion.rule == "type" and SameAsWord.shape_on(branch):
                    shaped = replace(facts, shape=branch["type"])
                    yield self.shape.make(shaped, assertion, branch)

    def _answer_fields(self, spec: Spec, operation: Operation) -> Iterator[Clause]:
        for reply in operation.replies:
            if not reply.schema or not reply.success:
                continue
            for assertion in assertions(reply.schema):
                field = SameAsWord.field_on(assertion.node)
                if field and assertion.rule == "type":
                    facts = EqualFacts(
                        spec=spec, operation=operation, path=assertion.path, field=field
                    )
                    yield self.equal.make(facts, assertion)
