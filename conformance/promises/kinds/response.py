"""Kind `response`: what an answer looks like: its status, its content type and every field it has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from conformance.model.clause import Level
from conformance.model.exchange import Exchange, Response
from conformance.model.verdict import Difference
from conformance.promises.clause_making import make
from conformance.promises.evidence import body_of
from conformance.promises.judging import Finding, observed, refuted
from conformance.promises.sabotage import Alter, Habit, Misbehave
from conformance.spec.job_words import Phase
from conformance.spec.reception import Reception, describe, error_inside
from conformance.spec.schema.assertions import EACH, assertions
from conformance.spec.schema.json_edit import MISSING, get
from conformance.spec.schema.json_types import type_of
from conformance.spec.schema.node import ANYTHING
from conformance.spec.schema.violations import valid, violations

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from conformance.model.clause import Clause
    from conformance.model.exchange import Json
    from conformance.model.inputs import Inputs
    from conformance.model.verdict import Verdict
    from conformance.model.witness import Witness
    from conformance.promises.evidence import Evidence
    from conformance.promises.sabotage import Sabotage
    from conformance.promises.wish import Wish
    from conformance.spec.document import Spec
    from conformance.spec.job_words import JobWords
    from conformance.spec.operation import Operation, Reply
    from conformance.spec.schema.assertions import Assertion

#: A value of another type than the one promised, for sabotage.
_WRONG = {
    "string": 7,
    "integer": "seven",
    "number": "seven",
    "boolean": "yes",
    "object": "text",
    "array": "text",
    "null": 7,
}


class Answers:
    """Promises about answers."""

    name = "response"

    def derive(self, spec: Spec) -> Iterator[Clause]:
        """Return a clause for each documented status, content type and assertion about a body."""
        for operation in spec.operations:
            if operation.same_as:
                continue
            for reply in operation.replies:
                yield from _reply(spec, operation, reply)
            if operation.submits:
                yield from _errors(spec, operation)

    def wishes(self, clause: Clause) -> Iterable[Wish]:
        """Any job shows its answers."""
        return ()

    def witnesses(
        self, clause: Clause, controls: Sequence[Json], inputs: Inputs
    ) -> Iterable[Witness]:
        """Answers are read, not provoked."""
        return ()

    def judge(self, clause: Clause, evidence: Evidence) -> Verdict:
        """Hold every answer of the operation to the promise."""
        judge = {
            "status": _status,
            "content-type": _content_type,
            "error-inside": _error_inside,
            "refusal-status": _refusal_status,
        }
        return judge.get(clause.rule, _assertion)(clause, evidence)

    def sabotage(self, clause: Clause) -> Iterator[Sabotage]:
        """Leave a field out, mistype it, or answer with another status."""
        reply: Reply | None = clause.facts.get("reply")
        status = reply.status if reply else "2XX"
        match clause.rule:
            case "status":
                yield Alter(
                    operation=clause.operation, reply=status, status=201 if status == "200" else 200
                )
            case "content-type":
                yield Alter(operation=clause.operation, reply=status, content_type="text/plain")
            case "error-inside":
                yield Misbehave(habit=Habit.ERROR_INSIDE, operation=clause.operation)
            case "refusal-status":
                yield Misbehave(habit=Habit.REFUSALS_5XX, operation=clause.operation)
            case _:
                yield from _altered(clause, clause.facts["assertion"], status)


def readable(
    evidence: Evidence, operation: Operation, reply: Reply
) -> Iterable[tuple[Exchange, Json]]:
    """Return the answers that a reply documents, with their bodies; errors in disguise are another clause's."""
    key = "readable", operation.id, reply.status
    if key not in evidence.cache:
        evidence.cache[key] = tuple(
            (exchange, _Large() if _is_large(exchange) else body)
            for exchange, body in _readable(evidence, operation, reply)
        )
    known = cast("tuple[tuple[Exchange, Json | _Large], ...]", evidence.cache[key])
    return (
        (exchange, body_of(exchange) if isinstance(body, _Large) else body)
        for exchange, body in known
    )


class _Large:
    """Stands for a body that is read again each time, as it is too large to be kept."""


def _is_large(exchange: Exchange) -> bool:
    return isinstance(exchange.answer, Response) and exchange.answer.spilled is not None


def _readable(
    evidence: Evidence, operation: Operation, reply: Reply
) -> Iterator[tuple[Exchange, Json]]:
    probes = {exchange.number for _, exchange in evidence.probes}
    for exchange, attempt in evidence.answers(operation.id):
        if (attempt and attempt.witness and attempt.accepted) or (
            reply.success and exchange.number in probes
        ):
            continue  # what comes of a request that had to be refused is promised nowhere
        answer = exchange.answer
        assert isinstance(answer, Response)
        body = answer.json()
        success = 200 <= answer.status < 300
        if reply.success != success or not (success or reply.covers(answer.status)):
            continue
        job = operation.job or _job_behind(evidence.spec, operation)
        if success and job and error_inside(job, body) and job.find("status", body) is None:
            continue
        yield exchange, body


def broken_by(
    evidence: Evidence, exchange: Exchange, reply: Reply, body: Json
) -> frozenset[tuple[str, str]]:
    """Return the assertions of a reply that an answer breaks; counted once, asked for often."""
    key = (exchange.number, reply.place.pointer)
    if key not in evidence.cache:
        evidence.cache[key] = frozenset(
            (at, name) for at, name, _ in violations(reply.schema or ANYTHING, body)
        )
    return cast("frozenset[tuple[str, str]]", evidence.cache[key])


def _reply(spec: Spec, operation: Operation, reply: Reply) -> Iterator[Clause]:
    suffix = () if reply.success else (reply.status,)

    def clause(
        rule: str,
        *parts: str,
        promise: str,
        context: Any,
        place: Any = None,
        level: Any = None,
        **facts: Any,
    ) -> Clause:
        return make(
            spec,
            "response",
            rule,
            operation,
            "response",
            *suffix,
            *parts,
            promise=promise,
            context=context,
            place=place or reply.place,
            level=level,
            reply=reply,
            **facts,
        )

    if reply.status.isdecimal():
        yield clause(
            "status",
            "status",
            promise=f"success answers HTTP {reply.status}",
            context=reply.context,
        )
    if reply.content_types and reply.success:
        listed = " or ".join(reply.content_types)
        yield clause(
            "content-type",
            "content-type",
            promise=f"the content type is {listed}",
            context=reply.context,
        )
    for found in assertions(reply.schema) if reply.schema else ():
        context = _context(found)
        hidden = (
            _ONLY_FAILED
            if reply.success and _of_failures(_job_behind(spec, operation) or operation.job, found)
            else ""
        )
        yield clause(
            found.rule,
            *_parts(found),
            promise=_promise(found),
            context=context,
            place=spec.place(found.at),
            unobservable=hidden,
            assertion=found,
        )


def _errors(spec: Spec, operation: Operation) -> Iterator[Clause]:
    yield make(
        spec,
        "response",
        "error-inside",
        operation,
        "response",
        "error-inside-success",
        promise="a success is a job, never an error in disguise",
        context=operation.context,
    )
    yield make(
        spec,
        "response",
        "refusal-status",
        operation,
        "response",
        "refusal-is-4xx",
        promise="a refusal answers 4xx",
        context=operation.context,
        level=Level.SHOULD,
    )


_ONLY_FAILED = "only a failed job shows it, and no job can be made to fail on purpose"


def _of_failures(job: JobWords | None, found: Assertion) -> bool:
    """Say whether an assertion speaks of failed jobs alone."""
    if job is None:
        return False
    pointer = "/" + "/".join(found.path)
    failed = job.states.get(Phase.FAILED, ())
    return any(pointer == error or pointer.startswith(f"{error}/") for error in job.error) or any(
        word in failed for word in words_of(found)
    )


def _context(found: Assertion) -> Any:
    # A field's presence is as binding as the field itself.
    node = found.node.get("properties", {}).get(found.name) if found.rule == "required" else None
    return node.context.within(node.get("x-required", {})) if node else found.context


def _parts(found: Assertion) -> Iterator[str]:
    yield from ("items" if token == EACH else token for token in found.path)
    if found.rule == "required":
        yield found.name
    if found.shape:
        yield found.shape
    if found.given:
        yield "when-" + "-or-".join(map(str, words_of(found)))
    yield {"type": "type", "exclusiveMinimum": "above"}.get(found.rule, found.rule)


def words_of(found: Assertion) -> list[Any]:
    """Return the values under which an assertion holds, such as the status of a finished job."""
    nodes = [node for condition in found.given for node in condition.get("properties", {}).values()]
    return [
        value
        for node in nodes
        for value in ([node["const"]] if "const" in node else node.get("enum", ()))
    ]


def _promise(found: Assertion) -> str:
    name = (
        ".".join((*found.path, found.name) if found.rule == "required" else found.path)
        or "the body"
    )
    value = (
        " or ".join(map(str, found.value)) if isinstance(found.value, list | tuple) else found.value
    )
    told = {
        "required": f"the answer has {name}",
        "type": f"{name} is of type {value}",
        "const": f"{name} is {value}",
        "enum": f"{name} is one of {value}",
        "minimum": f"{name} is at least {value}",
        "maximum": f"{name} is at most {value}",
        "format": f"{name} is a valid {value}",
    }
    when = " once it applies" if found.given else ""
    return told.get(found.rule, f"{name} keeps {found.rule} {value}") + when


def _assertion(clause: Clause, evidence: Evidence) -> Verdict:
    found: Assertion = clause.facts["assertion"]
    reply: Reply = clause.facts["reply"]
    groups: dict[Any, tuple[list[int], list[Finding]]] = {}
    for exchange, body in readable(evidence, clause.facts["operation"], reply):
        if not _applies(found, body) or _left_empty(clause, found, reply, body):
            continue
        kept, broken = groups.setdefault(state_of(body), ([], []))
        if found.key in broken_by(evidence, exchange, reply, body):
            value = get(body, found.path if found.rule != "required" else (*found.path, found.name))
            seen = "absent" if value is MISSING else repr(value)[:80]
            broken.append(
                refuted(
                    clause.promise,
                    f"{_where(found)}: {seen}",
                    exchange.number,
                    difference=(
                        Difference(at=_where(found), promised=_promise(found), received=seen),
                    ),
                )
            )
        else:
            kept.append(exchange.number)
    return by_state(clause, list(groups.values()), none="no answer with it was seen")


def by_state(
    clause: Clause, groups: list[tuple[list[int], list[Finding]]], *, none: str
) -> Verdict:
    """Judge observations by the state they were made in: broken whenever a job is in one state is not flaky."""
    for _, broken in groups:
        if broken and all(not kept for kept, found in groups if found):
            return observed(clause, [], [one for _, found in groups for one in found], none=none)
    return observed(
        clause,
        [number for kept, _ in groups for number in kept],
        [one for _, broken in groups for one in broken],
        none=none,
    )


def state_of(body: Json) -> Any:
    """Return the status word of a body, or None."""
    status = body.get("status") if isinstance(body, dict) else None
    return status if isinstance(status, str) else None


def _applies(found: Assertion, body: Json) -> bool:
    if any(not valid(condition, body) for condition in found.given):
        return False
    holder = get(body, found.path)
    if holder is MISSING:
        return False
    return found.rule != "required" or type_of(holder) == "object"


def _left_empty(clause: Clause, found: Assertion, reply: Reply, body: Json) -> bool:
    """Say whether a field that may be left out is null instead: where its type is known from an example alone, that says the same."""
    if (
        clause.level is Level.MUST
        or found.rule != "type"
        or not found.path
        or get(body, found.path) is not None
    ):
        return False
    needed = (
        one
        for one in assertions(reply.schema or ANYTHING)
        if one.rule == "required" and (*one.path, one.name) == found.path
    )
    return not any(_applies(one, body) for one in needed)


def _where(found: Assertion) -> str:
    return (
        ".".join((*found.path, found.name) if found.rule == "required" else found.path)
        or "the body"
    )


def _status(clause: Clause, evidence: Evidence) -> Verdict:
    wanted = int(clause.facts["reply"].status)
    kept, broken = [], []
    for exchange, _ in readable(evidence, clause.facts["operation"], clause.facts["reply"]):
        answer = exchange.answer
        if isinstance(answer, Response) and answer.status == wanted:
            kept.append(exchange.number)
        else:
            broken.append(
                refuted(
                    clause.promise,
                    describe(answer),
                    exchange.number,
                    difference=(
                        Difference(at="status", promised=str(wanted), received=describe(answer)),
                    ),
                )
            )
    return observed(clause, kept, broken, none="nothing was accepted")


def _content_type(clause: Clause, evidence: Evidence) -> Verdict:
    wanted = clause.facts["reply"].content_types
    kept, broken = [], []
    for exchange, _ in evidence.answers(clause.operation):
        answer = exchange.answer
        if not isinstance(answer, Response) or not 200 <= answer.status < 300:
            continue
        if answer.content_type in wanted:
            kept.append(exchange.number)
        else:
            seen = answer.content_type or "none"
            broken.append(
                refuted(
                    clause.promise,
                    f"content type {seen}",
                    exchange.number,
                    difference=(Difference(at="content-type", promised=wanted[0], received=seen),),
                )
            )
    return observed(clause, kept, broken, none="no successful answer was seen")


def _error_inside(clause: Clause, evidence: Evidence) -> Verdict:
    kept, broken = [], []
    for one in evidence.attempts:
        if one.operation.id != clause.operation:
            continue
        if one.reception is Reception.ERROR_INSIDE:
            broken.append(
                refuted(
                    clause.promise,
                    f"{describe(one.exchange.answer)} with an error object",
                    one.exchange.number,
                )
            )
        elif one.accepted or one.reception is Reception.REFUSED:
            kept.append(one.exchange.number)
    # A server that refuses some things properly is still wrong wherever it does not.
    return observed(clause, [] if broken else kept, broken, none="nothing was answered")


def _refusal_status(clause: Clause, evidence: Evidence) -> Verdict:
    kept, broken = [], []
    for one in evidence.attempts:
        answer = one.exchange.answer
        if (
            one.operation.id != clause.operation
            or one.witness is None
            or not (one.witness.control or one.witness.explored)
            or not isinstance(answer, Response)
        ):
            continue
        if answer.status >= 500:
            broken.append(
                refuted(
                    clause.promise, f"{one.witness.note}: {describe(answer)}", one.exchange.number
                )
            )
        elif answer.status >= 400:
            kept.append(one.exchange.number)
    return observed(clause, [] if broken else kept, broken, none="nothing was refused")


def _altered(clause: Clause, found: Assertion, status: str) -> Iterator[Sabotage]:
    pointer = "".join(f"/{0 if token == EACH else token}" for token in found.path)
    value: Any = None
    job: JobWords | None = clause.facts["operation"].job or _job_behind(
        clause.facts["spec"], clause.facts["operation"]
    )
    match found.rule:
        case "required":
            when = (
                next((job.phase(word) for word in words_of(found) if isinstance(word, str)), None)
                if job
                else None
            )
            yield Alter(
                operation=clause.operation,
                reply=status,
                pointer=f"{pointer}/{found.name}",
                remove=True,
                phase=when,
            )
            return
        case "type":
            value = _WRONG[next((kind for kind in found.value if kind != "null"), "null")]
        case "enum" | "const":
            value = "unlisted"
        case "minimum" | "exclusiveMinimum":
            value = found.value - 1
        case "maximum" | "exclusiveMaximum":
            value = found.value + 1
        case "format":
            value = f"not a {found.value}"
        case _:
            return
    # A job whose end cannot be told from its status never ends: only the waiting one is given a wrong word.
    telling = job is not None and pointer in [job.envelope + known for known in job.status]
    yield Alter(
        operation=clause.operation,
        reply=status,
        pointer=pointer,
        value=value,
        phase=Phase.WAITING if telling else None,
    )


def _job_behind(spec: Spec, operation: Operation) -> Any:
    return next(
        (
            one.job
            for one in spec.submits
            if one.job and one.job.poll and one.job.poll.operation == operation.id
        ),
        None,
    )
