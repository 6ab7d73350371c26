"""What is known of a job, and where in an answer it stands."""

from __future__ import annotations

import datetime as clock
import json
from typing import TYPE_CHECKING, Any

from conformance.simulator.answer_places import nodes_at, place
from conformance.spec.job_words import Phase

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.simulator.job_clock import State
    from conformance.simulator.job_store import Job
    from conformance.spec.job_words import JobWords
    from conformance.spec.schema.flatten import Schema

#: Values by name or by pointer.
Facts = dict[str, Any]
#: What an answer carries though its schema is silent of it: without these, nobody could follow a job.
_NEEDED = ("id", "status", "result", "error", "address")
#: How long a result is kept.
DAY = 86_400
_ERROR = {
    "code": "task_failed",
    "message": "the job failed, as its prompt asked",
    "type": "task_error",
}


def facts_of(words: JobWords, job: Job, state: State, *, result: str, address: str) -> Facts:
    """Return what is known of a job, by name."""
    known: Facts = {
        "id": job.shown,
        "status": state.word,
        "progress": state.progress,
        "created": told(job.created, words.times),
        "expires": told(job.created + job.seconds + DAY, words.times),
        "estimate": max(1, round(job.seconds)),
        "address": address,
    }
    if state.phase is not Phase.WAITING:
        known["completed"] = told(job.created + job.seconds, words.times)
    if state.phase is Phase.DONE:
        known["result"] = result
    if state.phase is Phase.FAILED:
        known["error"] = _ERROR
    return known


def placed(schema: Schema | None, words: JobWords, known: Facts) -> Facts:
    """Return facts by the pointer where they stand: where the schema has room, else at the first place."""
    found: Facts = {}
    for name, value in known.items():
        pointers = _pointers(words, name)
        documented = [pointer for pointer in pointers if schema and nodes_at(schema, pointer)]
        usual = pointers[:1] if schema is None or name in _NEEDED else []
        found |= dict.fromkeys(documented or usual, value)
    return _inside(words, found)


def hidden(words: JobWords, facts: Facts) -> frozenset[str]:
    """Return the places of what a job does not have yet, or will never have."""
    places = (
        pointer for name in ("result", "error", "completed") for pointer in _pointers(words, name)
    )
    return frozenset(pointer for pointer in places if pointer not in facts)


def inside_of(words: JobWords) -> str:
    """Return where a JSON document stands inside a string; empty where none does."""
    return words.envelope + words.inside if words.inside else ""


def _pointers(words: JobWords, name: str) -> list[str]:
    # An envelope stands around the facts, and its pointer before theirs.
    return [words.envelope + pointer for pointer in getattr(words, name)]


def _inside(words: JobWords, found: Facts) -> Facts:
    string = inside_of(words)
    if not string:
        return found
    document: Any = {}
    for pointer in [one for one in found if one.startswith(f"{string}/")]:
        document = place(document, pointer.removeprefix(string), found.pop(pointer))
    return found | ({string: json.dumps(document)} if document else {})


def told(moment: float, unit: str) -> Any:
    """Return a time as a document tells it."""
    if unit == "iso":
        return clock.datetime.fromtimestamp(moment, clock.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return int(moment * 1000) if unit == "milliseconds" else int(moment)


def fitting(value: Any) -> Iterator[Any]:
    """Yield a fact in the forms that documents give it, the plain one first."""
    yield value
    if isinstance(value, float | int) and not isinstance(value, bool):
        yield from (round(value), str(round(value)), f"{round(value)}%", float(value))
    elif isinstance(value, str):
        yield from ([int(value)] if value.isdecimal() else [])
        yield [value]
    elif isinstance(value, dict) and "message" in value:
        yield from (value["message"], [value["message"]])
