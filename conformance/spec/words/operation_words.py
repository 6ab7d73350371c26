"""The words about an operation: how its job is followed, what it needs, what it costs."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from msgspec import Meta, Struct, field

from conformance.model.json_place import at
from conformance.spec.words.extension_word import (
    Amount,
    Codes,
    ExtensionWord,
    Pointer,
    Pointers,
    PollInterval,
    StandsOn,
)
from conformance.spec.words.promise_words import HarmName, LevelName, ReadingWord, SourceWord

_OPERATION = frozenset({StandsOn.OPERATION})
_STATES_FORM = {
    "required": ["done"],
    "propertyNames": {"enum": ["waiting", "done", "failed"]},
    "properties": {"done": {"type": "array", "minItems": 1, "items": {"type": "string"}}},
}
_BY_STATUS_FORM = {"propertyNames": {"enum": ["waiting", "done", "failed"]}}


class FailingRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A request that is documented to be taken and to make a job that fails."""

    #: The scenario that it belongs to; not needed where the operation has but one.
    scenario: str = ""
    #: What it has beside what every request of the scenario needs: values by pointer.
    fields: Annotated[dict[str, Any], Meta(min_length=1)]

    def is_met_by(self, scenario: str, body: Any) -> bool:
        """Say whether a request is the one that fails."""
        if self.scenario not in ("", scenario):
            return False
        return all(at(body, pointer) == value for pointer, value in self.fields.items())


class JobWord(ExtensionWord, frozen=True, kw_only=True):
    """How a submitted job is followed. Pointers may be lists: the first that holds a value wins."""

    word: ClassVar[str] = "x-job"
    stands_on: ClassVar[frozenset[StandsOn]] = _OPERATION

    id: Pointers
    status: Pointers = Pointers()
    progress: Pointers = Pointers()
    result: Pointers = Pointers()
    error: Pointers = Pointers()
    created: Pointers = Pointers()
    completed: Pointers = Pointers()
    expires: Pointers = Pointers()
    address: Pointers = Pointers()
    estimate: Pointers = Pointers()
    envelope: Pointer = ""
    #: Set where the facts stand in a JSON document inside a string.
    inside: Pointer = ""
    times: Literal["seconds", "milliseconds", "iso"] = "seconds"
    #: The provider's words for each phase of a job.
    states: Annotated[dict[str, tuple[str, ...]], Meta(extra_json_schema=_STATES_FORM)]
    by_status: Annotated[
        dict[str, Codes],
        Meta(
            description="The HTTP statuses of a poll that tell a phase where its body tells none.",
            extra_json_schema=_BY_STATUS_FORM,
        ),
    ] = field(default_factory=dict)
    #: How often to ask, in seconds: the shortest and the longest the document recommends.
    every: PollInterval = PollInterval((2.0, 5.0))
    #: A way to have a job fail, so that the failed side is proved too.
    fails_on: FailingRequest | None = None
    #: Of what is promised of a job's life.
    x_source: SourceWord | None = None
    x_level: LevelName | None = None
    x_harm: HarmName | None = None


class NeedsWord(ExtensionWord, frozen=True, kw_only=True):
    """A finished job of another operation, whose id goes into a path parameter or a body field."""

    word: ClassVar[str] = "x-needs"
    stands_on: ClassVar[frozenset[StandsOn]] = _OPERATION

    operation: str
    parameter: str = ""
    field: Pointer = ""
    #: The id of a job that the document shows, for a server that has no such operation.
    known: str = ""


class CostWord(ExtensionWord, frozen=True, kw_only=True):
    """What a job costs, and where an answer shows cost and balance."""

    word: ClassVar[str] = "x-cost"
    stands_on: ClassVar[frozenset[StandsOn]] = _OPERATION

    amount: Amount | None = None
    per_second: Amount | None = None
    basis: str = ""
    observed: Pointer = ""
    balance: Pointer = ""
    #: What a failed job costs in the end; 0 where it is free.
    failed: Amount | None = None
    x_source: SourceWord | None = None
    x_level: LevelName | None = None
    x_harm: HarmName | None = None
    x_reading: ReadingWord | None = None
