"""Read the answers of an operation against what its document says of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from conformance.model.exchange import Exchange, Response
from conformance.model.json_place import each
from conformance.promises.evidence import body_of
from conformance.spec.schema.conditions import field_conditions
from conformance.spec.schema.json_types import type_of
from conformance.spec.schema.node import ANYTHING
from conformance.spec.schema.violations import violations

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.model.exchange import Json
    from conformance.promises.evidence import Evidence
    from conformance.spec.operation import Operation, Reply
    from conformance.spec.schema.assertions import Assertion
    from conformance.spec.schema.violations import Violation


class _Large:
    """Stands for a body that is read again each time, as it is too large to be kept."""


def readable(
    evidence: Evidence, operation: Operation, reply: Reply
) -> Iterator[tuple[Exchange, Json]]:
    """Yield the answers that a reply documents, with their bodies.

    Errors in disguise are another clause's.
    """
    key = "readable", operation.id, reply.status
    if key not in evidence.cache:
        evidence.cache[key] = tuple(_readable(evidence, operation, reply))
    answers = cast("tuple[tuple[Exchange, Json | _Large], ...]", evidence.cache[key])
    for exchange, body in answers:
        yield exchange, body_of(exchange) if isinstance(body, _Large) else body


def _readable(
    evidence: Evidence, operation: Operation, reply: Reply
) -> Iterator[tuple[Exchange, Json | _Large]]:
    probes = {exchange.number for _, exchange in evidence.probes}
    for exchange, attempt in evidence.answers(operation.id):
        # What comes of a request that had to be refused is promised nowhere.
        if attempt and attempt.witness and attempt.accepted:
            continue
        if reply.success and exchange.number in probes:
            continue
        answer = exchange.answer
        assert isinstance(answer, Response)
        # A refusal has the form of refusals, whatever its status.
        success = 200 <= answer.status < 300
        if success and (not evidence.answered(exchange) or evidence.disguised(exchange)):
            continue
        if operation.reply_to(answer.status) is reply:
            yield exchange, answer.json() if answer.spilled is None else _Large()


def broken_by(
    evidence: Evidence, exchange: Exchange, reply: Reply, body: Json
) -> frozenset[Violation]:
    """Return what an answer breaks of a reply's schema; counted once, asked for often."""
    key = (exchange.number, reply.place.pointer)
    if key not in evidence.cache:
        evidence.cache[key] = violations(reply.schema or ANYTHING, body)
    return cast("frozenset[Violation]", evidence.cache[key])


def applies(assertion: Assertion, body: Json) -> bool:
    """Say whether an answer has the place of an assertion, and its conditions hold there."""
    return any(_applies_at(assertion, way) for way in each(body, assertion.path))


def _applies_at(assertion: Assertion, way: tuple[Json, ...]) -> bool:
    """Say the same of one place; `way` has what stands at each step from the root to it."""
    if any(not condition.holds(way[len(condition.path)]) for condition in assertion.given):
        return False
    return assertion.rule != "required" or type_of(way[-1]) == "object"


def state_words(assertion: Assertion) -> list[Any]:
    """Return the values under which an assertion holds, such as the status of a finished job."""
    return [
        value
        for condition in assertion.given
        for asked in field_conditions(condition)
        if not asked.opposite
        for value in asked.values
    ]
