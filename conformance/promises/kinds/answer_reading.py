"""Read the answers of an operation against what its document says of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from conformance.model.exchange import Exchange, Response
from conformance.model.json_place import MISSING, get
from conformance.promises.evidence import body_of
from conformance.spec.reception import error_inside
from conformance.spec.schema.json_types import type_of
from conformance.spec.schema.node import ANYTHING
from conformance.spec.schema.violations import valid, violations

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.model.exchange import Json
    from conformance.promises.evidence import Evidence
    from conformance.spec.document import Spec
    from conformance.spec.job_words import JobWords
    from conformance.spec.operation import Operation, Reply
    from conformance.spec.schema.assertions import Assertion


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
    job = job_of(evidence.spec, operation)
    for exchange, attempt in evidence.answers(operation.id):
        # What comes of a request that had to be refused is promised nowhere.
        if attempt and attempt.witness and attempt.accepted:
            continue
        if reply.success and exchange.number in probes:
            continue
        answer = exchange.answer
        assert isinstance(answer, Response)
        success = 200 <= answer.status < 300
        if reply.success != success or not (success or reply.covers(answer.status)):
            continue
        body = answer.json()
        if success and job and error_inside(job, body) and job.find("status", body) is None:
            continue
        yield exchange, body if answer.spilled is None else _Large()


def job_of(spec: Spec, operation: Operation) -> JobWords | None:
    """Return the words of the jobs that an operation makes or tells of."""
    if operation.job:
        return operation.job
    for submit in spec.submits:
        if submit.job and submit.job.poll and submit.job.poll.operation == operation.id:
            return submit.job
    return None


def broken_by(
    evidence: Evidence, exchange: Exchange, reply: Reply, body: Json
) -> frozenset[tuple[str, str]]:
    """Return the assertions of a reply that an answer breaks; counted once, asked for often."""
    key = (exchange.number, reply.place.pointer)
    if key not in evidence.cache:
        broken = violations(reply.schema or ANYTHING, body)
        evidence.cache[key] = frozenset((at, name) for at, name, _ in broken)
    return cast("frozenset[tuple[str, str]]", evidence.cache[key])


def applies(assertion: Assertion, body: Json) -> bool:
    """Say whether an answer has the place of an assertion, and its conditions hold."""
    if any(not valid(condition, body) for condition in assertion.given):
        return False
    holder = get(body, assertion.path)
    if holder is MISSING:
        return False
    return assertion.rule != "required" or type_of(holder) == "object"


def state_words(assertion: Assertion) -> list[Any]:
    """Return the values under which an assertion holds, such as the status of a finished job."""
    words: list[Any] = []
    for condition in assertion.given:
        for node in condition.get("properties", {}).values():
            words += [node["const"]] if "const" in node else node.get("enum", ())
    return words
