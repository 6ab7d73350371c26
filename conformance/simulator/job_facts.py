"""What is known of a job, and where in an answer it stands."""

from __future__ import annotations

import datetime as clock
import json
from typing import TYPE_CHECKING, Any

from conformance.model.json_place import path_of
from conformance.promises.sabotage import Habit
from conformance.simulator.answer_places import fact_pointers, nodes_at, place
from conformance.spec.job_words import Phase

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.simulator.job_state import JobState
    from conformance.simulator.job_store import SimulatedJob
    from conformance.spec.job_words import JobWords
    from conformance.spec.schema.node import SchemaNode

#: Values by name or by pointer.
Facts = dict[str, Any]
#: What an answer carries though its schema is silent of it: without these, nobody could follow it.
_NEEDED = ("id", "status", "result", "error", "address")
#: How long a result is kept.
_DAY = 86_400
_ERROR = {
    "code": "task_failed",
    "message": "the job failed, as its prompt asked",
    "type": "task_error",
}


def facts_of(
    words: JobWords,
    job: SimulatedJob,
    state: JobState,
    *,
    result: str,
    address: str,
    submitting: bool,
) -> Facts:
    """Return what is known of a job, by name, and what is wrong with it on request."""
    begin, end = job.created, job.created + job.seconds
    facts: Facts = {
        "id": job.shown,
        "status": state.status,
        "progress": state.progress,
        "created": time_in(words.times, begin),
        "expires": time_in(words.times, end + _DAY),
        "estimate": max(1, round(job.seconds)),
        "address": address,
    }
    if state.phase is not Phase.WAITING:
        facts["completed"] = time_in(words.times, end)
    if state.phase is Phase.DONE:
        facts["result"] = result
    if state.phase is Phase.FAILED:
        facts["error"] = _ERROR
    for habit in job.sabotage.habits:
        match habit:
            case Habit.EXPIRED:
                facts["expires"] = time_in(words.times, begin - _DAY)
            case Habit.ENDS_BEFORE_IT_BEGINS if "completed" in facts:
                facts["completed"] = time_in(words.times, begin - _DAY)
            case Habit.CHANGES_ID if not submitting:
                facts["id"] = f"{job.id}-{job.polls}"
            case _:
                pass
    return facts


def placed(schema: SchemaNode | None, words: JobWords, facts: Facts) -> Facts:
    """Return facts by the pointer where they stand.

    They stand where the schema has room, else at the first place.
    """
    by_pointer: Facts = {}
    for name, value in facts.items():
        pointers = fact_pointers(words, name)
        documented = [
            pointer for pointer in pointers if schema and nodes_at(schema, path_of(pointer))
        ]
        if not documented and (schema is None or name in _NEEDED):
            documented = pointers[:1]
        by_pointer |= dict.fromkeys(documented, value)
    text = text_pointer(words)
    if not text:
        return by_pointer
    document: Any = {}
    for pointer in [pointer for pointer in by_pointer if pointer.startswith(f"{text}/")]:
        document = place(document, pointer.removeprefix(text), by_pointer.pop(pointer))
    if document:
        by_pointer[text] = json.dumps(document)
    return by_pointer


def hidden(words: JobWords, facts: Facts) -> frozenset[str]:
    """Return the places of what a job does not have yet, or will never have."""
    pointers: list[str] = []
    for name in ("result", "error", "completed"):
        pointers += fact_pointers(words, name)
    return frozenset(pointers) - facts.keys()


def text_pointer(words: JobWords) -> str:
    """Return where a JSON document stands inside a string; empty where none does."""
    return words.envelope + words.inside if words.inside else ""


def time_in(unit: str, moment: float) -> Any:
    """Return a time as a document tells it."""
    match unit:
        case "iso":
            return clock.datetime.fromtimestamp(moment, clock.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        case "milliseconds":
            return int(moment * 1000)
        case _:
            return int(moment)


def fact_forms(fact: Any) -> Iterator[Any]:
    """Yield a fact in the forms that documents give it, the plain one first."""
    yield fact
    match fact:
        case bool():
            return
        case int() | float():
            if fact != round(fact):
                yield from (str(fact), f"{fact:.2f}")
            yield from (round(fact), str(round(fact)), f"{round(fact)}%", float(fact))
            yield f"{fact:.2f}"
        case str():
            if fact.isdecimal():
                yield int(fact)
            yield [fact]
        case {"message": message}:
            yield from (message, [message])
        case _:
            return
