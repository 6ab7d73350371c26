"""Find the questions that a document leaves open, as far as a machine can see them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.model.clause import Level
from conformance.model.json_place import at, path_of
from conformance.spec.job_words import Phase
from conformance.spec.lint.findings import documented, listed
from conformance.spec.schema.assertions import assertions
from conformance.spec.words.request_words import ValuesWord

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.spec.document import Spec
    from conformance.spec.lint.findings import LintFinding
    from conformance.spec.operation import Operation


def check(spec: Spec) -> Iterator[LintFinding]:
    """Yield a finding for each open question."""
    if not spec.provider.base_url:
        sentence = "the document gives no base address: a live run has to be given one"
        yield documented("no-base-address", spec.place("/servers"), spec.context, sentence)
    for operation in spec.submits:
        if operation.context.level is not Level.COMPANION:
            for question in _QUESTIONS:
                yield from question(spec, operation)


def _companions(spec: Spec, operation: Operation) -> Iterator[LintFinding]:
    job, needs = operation.job, operation.needs
    used = [
        (job.poll.operation if job and job.poll else "", "following its job"),
        (job.content.operation if job and job.content else "", "fetching its file"),
        (needs.operation if needs else "", "what it needs"),
    ]
    for name, what in used:
        other = spec.operation(name) if name else operation
        if other.context.level is Level.COMPANION:
            sentence = (
                f"the document of {operation.id} does not define {other.method} {other.path}: "
                f"{what} is known from elsewhere only"
            )
            yield documented("companion-operation", other.place, other.context, sentence)


def _price(_: Spec, operation: Operation) -> Iterator[LintFinding]:
    cost = operation.cost
    if operation.same_as:
        return
    if cost is None or (cost.amount is None and cost.per_second is None):
        context = cost.context if cost else operation.context
        place = cost.place if cost else operation.place
        sentence = f"no price of {operation.id} is documented: its cost cannot be checked"
        yield documented("no-price", place, context, sentence)


def _balance(_: Spec, operation: Operation) -> Iterator[LintFinding]:
    if operation.same_as:
        return
    cost = operation.cost
    seen = bool(cost and cost.balance)
    sentence = (
        f"the balance is shown by the answer to {operation.id} and by no endpoint of its own"
        if seen
        else f"nothing shows the balance before or after {operation.id}"
    )
    place = cost.place if cost else operation.place
    yield documented("no-balance-endpoint", place, operation.context, sentence)


def _success(_: Spec, operation: Operation) -> Iterator[LintFinding]:
    for reply in operation.replies:
        if reply.success and not reply.status.isdecimal() and not operation.same_as:
            sentence = f"the document gives no number for the success of {operation.id}"
            yield documented("no-success-status", reply.place, reply.context, sentence)


def _refusals(_: Spec, operation: Operation) -> Iterator[LintFinding]:
    told = [reply for reply in operation.replies if reply.status.upper().startswith("4")]
    if operation.refusal.code or operation.refusal.status or operation.refusal.means:
        return
    if not operation.same_as and all(one.context.level is Level.COMPANION for one in told):
        sentence = f"the document does not say how {operation.id} refuses: any 4xx counts"
        yield documented("no-refusal-status", operation.place, operation.context, sentence)


def _states(spec: Spec, operation: Operation) -> Iterator[LintFinding]:
    job = operation.job
    if job is None or operation.same_as:
        return
    answering = [operation] + ([spec.operation(job.poll.operation)] if job.poll else [])
    if not job.poll:
        answering += [one for one in spec.operations if not one.submits and one.scenarios == ()]
    pointers = tuple(job.envelope + pointer for pointer in job.status)
    shown = {word for one in answering for word in _statuses(one, pointers)}
    assumed = [word for words in job.states.values() for word in words if word not in shown]
    if assumed:
        place = spec.place(f"{operation.place.pointer}/x-job")
        sentence = (
            f"no answer or list of the document shows the status {listed(assumed)} "
            f"of a job of {operation.id}"
        )
        yield documented("assumed-status", place, operation.context, sentence)
    failed = set(job.states.get(Phase.FAILED, ())) & set(_shown(answering, pointers))
    if not failed:
        sentence = f"no example shows a failed job of {operation.id}"
        yield documented("no-failed-answer", operation.place, operation.context, sentence)


def _statuses(operation: Operation, pointers: tuple[str, ...]) -> Iterator[str]:
    if operation.context.level is Level.COMPANION:
        return
    yield from _shown([operation], pointers)
    paths = {path_of(pointer) for pointer in pointers}
    for reply in operation.replies:
        for found in assertions(reply.schema) if reply.schema else ():
            if found.path in paths:
                yield from map(
                    str,
                    found.value
                    if found.rule == "enum"
                    else [found.value]
                    if found.rule == "const"
                    else (),
                )
                yield from map(str, ValuesWord.listed_on(found.node))


def _shown(operations: list[Operation], pointers: tuple[str, ...]) -> Iterator[str]:
    for operation in operations:
        for example in operation.examples:
            if example.of != "request":
                values: list[Any] = [at(example.value, pointer) for pointer in pointers]
                yield from (value for value in values if isinstance(value, str))


def _files(spec: Spec, operation: Operation) -> Iterator[LintFinding]:
    for scenario in operation.scenarios:
        extends = scenario.media.extends or operation.needs
        if extends and scenario.media.returns == "either" and not operation.same_as:
            place = spec.place(f"{scenario.schema.at}/x-media")
            sentence = (
                f"the document does not say whether the file of {scenario.title} "
                "is the new clip alone or the input and the clip"
            )
            yield documented("extension-file-open", place, scenario.context, sentence)


def _download(spec: Spec, operation: Operation) -> Iterator[LintFinding]:
    if operation.same_as and operation.job and not operation.job.content:
        other = spec.operation(operation.same_as.operation)
        if other.job and other.job.content:
            sentence = f"a file download is shown for {other.id} and not for {operation.id}"
            yield documented("download-not-shown", operation.place, operation.context, sentence)


_QUESTIONS = (_companions, _price, _balance, _success, _refusals, _states, _files, _download)
