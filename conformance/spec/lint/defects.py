"""Find what is wrong with a spec of ours, though it is valid OpenAPI."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from conformance.model.inputs import Inputs
from conformance.model.json_place import below
from conformance.spec.failing_request import failing_body
from conformance.spec.job_words import Phase
from conformance.spec.lint.findings import defect, listed
from conformance.spec.schema.assertions import assertions
from conformance.spec.schema.smallest_value import build
from conformance.spec.schema.validator import asserted_formats
from conformance.spec.schema.violations import valid
from conformance.spec.words.operation_words import JobWord
from conformance.spec.words.request_words import IntegerWord

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.spec.document import Spec
    from conformance.spec.lint.findings import LintFinding
    from conformance.spec.operation import Operation, Scenario
    from conformance.spec.schema.node import SchemaNode

#: How far beyond the bounds a pattern is tried.
_MARGIN = 12


def check(spec: Spec) -> Iterator[LintFinding]:
    """Yield a finding for each defect."""
    for operation in spec.operations:
        for scenario in operation.scenarios:
            yield from _reach(spec, operation, scenario)
            yield from _nodes(spec, scenario.schema)
        for reply in operation.replies:
            yield from _nodes(spec, reply.schema) if reply.schema else ()
        if operation.job:
            yield from _job(operation)
            yield from _failure(spec, operation)


def _reach(spec: Spec, operation: Operation, scenario: Scenario) -> Iterator[LintFinding]:
    place = spec.place(scenario.schema.at)
    title = f"the scenario {scenario.title} of {operation.id}"
    body = build(scenario.schema, {}, Inputs())
    if body is None:
        sentence = f"{title} cannot be asked for: no request keeps all of its rules"
        way_out = "Look for rules of it that contradict each other."
        yield defect("unreachable-scenario", place, scenario.context, sentence, way_out)
        return
    others = [one for one in operation.scenarios if one.title != scenario.title]
    takers = [one.title for one in others if valid(one.schema, body)]
    if takers:
        sentence = f"the smallest request of {title} is one of {listed(takers)} as well"
        way_out = "Forbid in one what the other requires (`not: {}` with x-distinguishes)."
        yield defect("ambiguous-scenario", place, scenario.context, sentence, way_out)


def _nodes(spec: Spec, schema: SchemaNode) -> Iterator[LintFinding]:
    for found in assertions(schema):
        if found.rule == "format" and found.value not in asserted_formats():
            sentence = f"no validator here asserts the format {found.value!r}"
            place, way_out = spec.place(found.at), "Write a pattern instead, or leave it out."
            yield defect("format-not-asserted", place, found.context, sentence, way_out)
        integer = IntegerWord.on(found.node)
        if found.rule == "whole" and integer and "pattern" in found.node:
            yield from _bounds(spec, found.node, integer, found.at)


def _bounds(spec: Spec, node: SchemaNode, integer: IntegerWord, at: str) -> Iterator[LintFinding]:
    bounds, pattern = integer.bounds, node["pattern"]
    low = bounds.get("minimum", bounds.get("maximum", 0) - _MARGIN)
    high = bounds.get("maximum", low + _MARGIN)
    for number in range(low - _MARGIN, high + _MARGIN + 1):
        promised = not integer.broken_by(str(number))
        if bool(re.search(pattern, str(number))) != promised:
            verb = "takes" if promised else "forbids"
            other = "does not match it" if promised else "matches it"
            sentence = f"x-integer {verb} “{number}”, which {other}: pattern {pattern}"
            way_out = "Correct the pattern or the bounds: both say the same of each number."
            yield defect("bounds-disagree", spec.place(at), node.context, sentence, way_out)
            return


def _failure(spec: Spec, operation: Operation) -> Iterator[LintFinding]:
    if operation.job is None or operation.job.fails_on is None:
        return
    # Where media lie is no matter of a spec: any address will do here.
    if failing_body(operation, Inputs.served_at("https://example.com")) is None:
        yield defect(
            "unreachable-failure",
            spec.place(below(operation.place.pointer, JobWord.word, "fails-on")),
            operation.context,
            f"no valid request of {operation.id} is the one that x-job.fails-on describes",
            "Name a scenario and fields of it, with values that its rules allow.",
        )


def _job(operation: Operation) -> Iterator[LintFinding]:
    job = operation.job
    if job and not job.poll and not job.address:
        sentence = f"a job of {operation.id} cannot be followed: no poll link and no address"
        way_out = "Link the operation that tells its state as `poll`, or name x-job.address."
        yield defect("job-without-poll", operation.place, operation.context, sentence, way_out)
    if job and not job.result and not job.content:
        sentence = f"a job of {operation.id} has neither a result nor a content link"
        way_out = "Name x-job.result, or link the operation that gives the file as `content`."
        yield defect("job-without-result", operation.place, operation.context, sentence, way_out)
    words = [word.lower() for phase in Phase for word in (job.states.get(phase, ()) if job else ())]
    twice = sorted({word for word in words if words.count(word) > 1})
    if twice:
        sentence = f"the status {listed(twice)} of {operation.id} stands in two phases"
        way_out = "Leave it in one of x-job.states."
        yield defect("status-in-two-phases", operation.place, operation.context, sentence, way_out)
