"""Draft the `x-job` of a submit: each pointer a guess from its answers, and marked as one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.drafting.guess_job_facts import (
    AnswerField,
    answer_fields,
    likely_field,
    listed_texts,
)
from conformance.drafting.usual_names import BALANCE, COST, first, phases
from conformance.model.json_place import below

if TYPE_CHECKING:
    from conformance.drafting.draft import OpenQuestions
    from conformance.drafting.published_document import PublishedDocument, PublishedOperation
    from conformance.model.exchange import JsonObject

#: Milliseconds since 1970 have thirteen digits in this century.
_MILLISECONDS = 10**12


def job_words(
    document: PublishedDocument,
    submit: PublishedOperation,
    poll: PublishedOperation | None,
    content: PublishedOperation | None,
    at: str,
    questions: OpenQuestions,
) -> JsonObject:
    """Return the words of a job, as far as its answers tell them."""
    submit_fields = answer_fields(submit.answer, document.followed) if submit.answer else ()
    poll_fields = answer_fields(poll.answer, document.followed) if poll and poll.answer else ()
    facts: JsonObject = {"id": _id(submit_fields, at, questions)}
    for fact in ("status", "progress", "result", "error", "created", "completed", "expires"):
        if pointers := _pointers(fact, poll_fields or submit_fields, submit_fields):
            facts[fact] = pointers
    if poll is None:
        facts |= _address(submit_fields, at, questions)
    facts |= _times(facts, [*poll_fields, *submit_fields], at, questions)
    _ask_missing(facts, content, at, questions)
    return {**facts, "states": _states(facts, [*submit_fields, *poll_fields], at, questions)}


def bill(
    document: PublishedDocument,
    operations: tuple[PublishedOperation, ...],
    at: str,
    questions: OpenQuestions,
) -> JsonObject:
    """Return the words of the cost: where it shows, and no price, since a schema has none."""
    shown = [
        field
        for operation in operations
        if operation.answer
        for field in answer_fields(operation.answer, document.followed)
    ]
    words: JsonObject = {"basis": "no price is known yet"}
    for word, usual_names in (("observed", COST), ("balance", BALANCE)):
        if name := first(usual_names, (field.name for field in shown)):
            words[word] = next(field.pointer for field in shown if field.name == name)
    questions.ask(
        at, "what does a job cost: `amount`, or `per-second`? Where nothing says it, leave `basis`"
    )
    return words


def _id(submit_fields: tuple[AnswerField, ...], at: str, questions: OpenQuestions) -> str:
    field = likely_field("id", submit_fields)
    pointer = field.pointer if field else "/id"
    questions.ask(
        below(at, "id"),
        f"a guess {'by its name' if field else 'without any sign of it'}: "
        f"does the answer to a submit carry the job's id at {pointer}?",
    )
    return pointer


def _pointers(fact: str, *answers: tuple[AnswerField, ...]) -> str | list[str]:
    pointers = list(
        dict.fromkeys(
            field.pointer
            for answer_fields in answers
            if (field := likely_field(fact, answer_fields))
        )
    )
    return pointers[0] if len(pointers) == 1 else pointers


def _address(
    submit_fields: tuple[AnswerField, ...], at: str, questions: OpenQuestions
) -> JsonObject:
    field = likely_field("address", submit_fields)
    questions.ask(
        at,
        "no operation was found that tells a job's state: which one does? Add it and a "
        "link named `poll`, or `address` where the answer gives the address",
    )
    return {"address": field.pointer} if field else {}


def _times(
    facts: JsonObject, fields: list[AnswerField], at: str, questions: OpenQuestions
) -> dict[str, str]:
    pointers = [facts[name] for name in ("created", "completed", "expires") if name in facts]
    field = next((field for field in fields if field.pointer in pointers), None)
    if field is None:
        return {}
    if field.schema.get("type") == "string" or field.schema.get("format") == "date-time":
        return {"times": "iso"}
    questions.ask(below(at, "times"), "a guess: are times given in seconds, milliseconds or iso?")
    example = next(iter(field.schema.get("examples") or [field.schema.get("example")]), None)
    return {
        "times": "milliseconds"
        if isinstance(example, int) and example >= _MILLISECONDS
        else "seconds"
    }


def _ask_missing(
    facts: JsonObject, content: PublishedOperation | None, at: str, questions: OpenQuestions
) -> None:
    for fact in ("status", "result"):
        if fact in facts:
            questions.ask(
                below(at, fact),
                (
                    f"a guess by its name: does {_either_of(facts[fact])} hold the job's "
                    f"{_MEANING[fact]}?"
                ),
            )
    if content:
        questions.ask(at, f"a guess: does {content.name} send the file of a finished job?")
    elif "result" not in facts:
        questions.ask(
            at,
            "where does the answer of a finished job name its video? Add `result`, "
            "or a link named `content` to the operation that sends the file",
        )
    if "status" not in facts:
        questions.ask(at, "where does an answer tell the job's state? Add `status`")


_MEANING = {"status": "state", "result": "finished video"}


def _either_of(pointers: str | list[str]) -> str:
    return pointers if isinstance(pointers, str) else " or ".join(pointers)


def _states(
    facts: JsonObject, fields: list[AnswerField], at: str, questions: OpenQuestions
) -> dict[str, list[str]]:
    pointers = facts.get("status", ())
    status_pointers = {pointers} if isinstance(pointers, str) else set(pointers)
    shown_words = [
        value
        for field in fields
        if field.pointer in status_pointers
        for value in listed_texts(field)
    ]
    by_phase = phases(shown_words)
    if not by_phase["done"]:
        by_phase["done"] = ["completed"]
        questions.ask(
            below(at, "states"),
            f"a guess: {', '.join(shown_words) or 'no word'} was shown. "
            "Which words say that a job waits, is done, has failed?",
        )
    elif not by_phase["failed"]:
        questions.ask(below(at, "states"), "which word says that a job has failed? None was shown")
    else:
        questions.ask(
            below(at, "states"), "sorted by what the words usually mean: is each in the right list?"
        )
    return {phase: words for phase, words in by_phase.items() if words}
