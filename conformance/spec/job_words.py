"""How a provider's asynchronous job is followed: where its facts stand and what its states mean."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec.structs import asdict

from conformance.model.json_place import at
from conformance.spec.words.operation_words import JobWord

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.model.exchange import Json
    from conformance.spec.words.extension_word import Pointers


class Phase(StrEnum):
    """Where a job stands, whatever the provider calls it."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


class End(StrEnum):
    """How the following of a job ended."""

    DONE = "done"
    FAILED = "failed"
    #: Still waiting when the time limit was reached.
    TIMED_OUT = "timed out"
    #: The polls stopped answering usefully.
    LOST = "lost"
    #: Not followed to an end: interrupted, or not recorded that far.
    OPEN = "open"


#: The facts of a job that `x-job` has pointers for.
JOB_FACTS = (
    "id",
    "status",
    "progress",
    "result",
    "error",
    "created",
    "completed",
    "expires",
    "address",
    "estimate",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Another operation that takes the job's id as one of its parameters."""

    operation: str
    parameter: str


class JobWords(JobWord, frozen=True, kw_only=True):
    """What is written of a job, and the operations that take its id."""

    poll: Link | None = None
    content: Link | None = None
    cancel: Link | None = None
    #: Follow the address in the answer instead of building one.
    by_address: bool = False

    def phase(self, status: str) -> Phase:
        """Return the phase of a status word; an unknown one is still waiting."""
        word = status.lower()
        for phase in (Phase.DONE, Phase.FAILED):
            if word in (known.lower() for known in self.states.get(phase, ())):
                return phase
        return Phase.WAITING

    def known(self, status: str) -> bool:
        """Say whether the spec lists this status word at all."""
        words = (known for listed in self.states.values() for known in listed)
        return any(status.lower() == known.lower() for known in words)

    def phase_by_status(self, status: int) -> Phase | None:
        """Return the phase that the HTTP status of a poll tells, or None where it tells none."""
        for name, statuses in self.by_status.items():
            if statuses.hold(status):
                return Phase(name)
        return None

    def open(self, answer: Json) -> Json:
        """Take an answer out of its envelope and out of a string, where it has them."""
        import json

        opened = at(answer, self.envelope) if self.envelope else answer
        inner = at(opened, self.inside) if self.inside else None
        if isinstance(inner, str) and isinstance(opened, dict):
            try:
                return {**opened, self.inside.rpartition("/")[2]: json.loads(inner)}
            except (ValueError, RecursionError):
                return opened
        return opened

    def find(self, fact: str, answer: Json) -> Json:
        """Return a fact of an answer by its name (`status`, `result`, …), or None."""
        opened = self.open(answer)
        pointers: Pointers = getattr(self, fact)
        found = (at(opened, pointer) for pointer in pointers)
        return next((value for value in found if value is not None), None)


def job_of(word: JobWord, links: Mapping[str, Link]) -> JobWords:
    """Return how the job of a submit operation is followed."""
    return JobWords(
        **asdict(word),
        poll=links.get("poll"),
        content=links.get("content"),
        cancel=links.get("cancel"),
        by_address="poll" not in links,
    )
