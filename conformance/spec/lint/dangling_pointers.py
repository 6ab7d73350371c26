"""Find pointers of our words that point at nothing in the schema of a request or an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from conformance.model.json_place import below, path_of
from conformance.spec.job_words import JOB_FACTS
from conformance.spec.lint.findings import defect
from conformance.spec.schema.described import may_hold
from conformance.spec.words.operation_words import CostWord, JobWord
from conformance.spec.words.request_words import ClientWord, MediaWord

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from conformance.spec.document import Spec
    from conformance.spec.job_words import JobWords
    from conformance.spec.lint.findings import LintFinding
    from conformance.spec.operation import Operation, Reply, Scenario
    from conformance.spec.words.extension_word import Pointers

#: Told in the answer to the submit, or nowhere.
_FROM_THE_SUBMIT = ("id", "address")
_FROM_ANY_ANSWER = tuple(fact for fact in JOB_FACTS if fact not in _FROM_THE_SUBMIT)


class _WrittenPointer(NamedTuple):
    """A pointer, and where in the spec it is written."""

    pointer: str
    at: str


def check(spec: Spec) -> Iterator[LintFinding]:
    """Yield a finding for each pointer at nothing."""
    for operation in spec.submits:
        if operation.job:
            yield from _job(spec, operation, operation.job)
        yield from _cost(spec, operation)
        for scenario in operation.scenarios:
            yield from _client(spec, scenario)
            yield from _media(spec, scenario)


def _job(spec: Spec, operation: Operation, job: JobWords) -> Iterator[LintFinding]:
    own = [reply for reply in operation.replies if reply.success]
    for fact in _FROM_THE_SUBMIT:
        yield from _fact(spec, operation, job, fact, own)
    if not job.poll:
        return  # What an address answers is described nowhere.
    answers = _answers(spec, operation)
    for fact in _FROM_ANY_ANSWER:
        yield from _fact(spec, operation, job, fact, answers)


def _fact(
    spec: Spec, operation: Operation, job: JobWords, fact: str, replies: list[Reply]
) -> Iterator[LintFinding]:
    """Yield a finding where none of the places of a fact is described: editions may differ."""
    pointers: Pointers = getattr(job, fact)
    if not pointers or any(_of_a_job(job, replies, pointer) for pointer in pointers):
        return
    sentence = (
        f"x-job of {operation.id} looks for {fact} at {' or '.join(pointers)}, "
        "and no answer that the spec describes has that"
    )
    start = f"starts below the envelope {job.envelope}" if job.envelope else "starts at the answer"
    yield defect(
        "dangling-pointer",
        spec.place(below(operation.place.pointer, JobWord.word, fact)),
        operation.context,
        sentence,
        f"Correct the pointer (it {start}), or describe the field in the answer's schema.",
    )


def _of_a_job(job: JobWords, replies: list[Reply], pointer: str) -> bool:
    if job.inside and pointer.startswith(job.inside):
        pointer = job.inside  # What stands in a text has no schema.
    return _described(replies, job.envelope + pointer)


def _cost(spec: Spec, operation: Operation) -> Iterator[LintFinding]:
    cost = operation.cost
    if cost is None:
        return
    for name in ("observed", "balance"):
        pointer = getattr(cost, name)
        if pointer and not _described(_answers(spec, operation), pointer):
            at = below(operation.place.pointer, CostWord.word, name)
            sentence = (
                f"x-cost of {operation.id} looks for {name} at {pointer}, "
                "and no answer that the spec describes has that"
            )
            yield defect(
                "dangling-pointer",
                spec.place(at),
                operation.context,
                sentence,
                "Correct the pointer (it starts at the answer itself), or describe the field.",
            )


def _answers(spec: Spec, operation: Operation) -> list[Reply]:
    """Return every answer in which a job of an operation may show something."""
    replies = list(operation.replies)
    job = operation.job
    links = (job.poll, job.content, job.cancel) if job else ()
    for link in links:
        if link is not None:
            replies += spec.operation(link.operation).replies
    return replies


def _described(replies: list[Reply], pointer: str) -> bool:
    """Say whether some answer may have the field; one without a schema may have any."""
    path = path_of(pointer)
    return not replies or any(
        reply.schema is None or may_hold(reply.schema, path) for reply in replies
    )


def _client(spec: Spec, scenario: Scenario) -> Iterator[LintFinding]:
    fields = scenario.client.fields if scenario.client else {}
    word = below(scenario.schema.at, ClientWord.word, "fields")
    pointers = [_WrittenPointer(pointer, below(word, name)) for name, pointer in fields.items()]
    yield from _fields(spec, scenario, ClientWord.word, pointers)


def _media(spec: Spec, scenario: Scenario) -> Iterator[LintFinding]:
    media = scenario.media
    word = below(scenario.schema.at, MediaWord.word)
    pointers = [_WrittenPointer(pointer, below(word, "length")) for pointer in media.length]
    for name in ("resolution", "aspect", "extends"):
        if pointer := getattr(media, name):
            pointers.append(_WrittenPointer(pointer, below(word, name)))
    yield from _fields(spec, scenario, MediaWord.word, pointers)


def _fields(
    spec: Spec, scenario: Scenario, word: str, pointers: Iterable[_WrittenPointer]
) -> Iterator[LintFinding]:
    for pointer, at in pointers:
        if not may_hold(scenario.schema, path_of(pointer)):
            sentence = f"{word} of the scenario {scenario.title} names {pointer}, no field of it"
            yield defect(
                "dangling-pointer",
                spec.place(at),
                scenario.context,
                sentence,
                "Correct the pointer, or describe the field in the request's schema.",
            )
