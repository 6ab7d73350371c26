"""How a provider would break a clause: plain values that the simulator carries out."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeAlias

from conformance.spec.schema.smallest_value import ABSENT, PRESENT, Shape

if TYPE_CHECKING:
    from conformance.promises.wish import Wish
    from conformance.spec.job_words import Phase


class Habit(StrEnum):
    """Bad habits of a provider that no single field shows."""

    NEVER_ENDS = "never ends"
    PROGRESS_FALLS = "progress falls"
    RESURRECTS = "a finished job works again"
    CHANGES_ID = "the id changes"
    SKIPS_BACK = "a state comes back"
    FINDS_ANYTHING = "an unknown id is answered"
    OPEN_DOOR = "no key is needed"
    ANY_KEY = "a wrong key will do"
    SHARED_JOBS = "another key's jobs can be read"
    CHARGES_REFUSALS = "a refused request is charged"
    FREE_RIDE = "the balance does not fall"
    DOUBLE_CHARGE = "the balance falls twice"
    WRONG_PRICE = "the stated cost is another"
    EXPIRED = "the expiry lies in the past"
    CRASHES = "a malformed request ends in a 500"
    ERROR_INSIDE = "a refusal comes as a 200"
    ID_REUSED = "the new job has the old id"
    REFUSALS_5XX = "a refusal comes as a 500"
    FAILS = "a harmless job fails"
    NEVER_FAILS = "what is documented to fail is finished"
    CHARGES_FAILURES = "a failed job is charged in full"
    COST_DRIFTS = "the cost changes while the job runs"
    ENDS_BEFORE_IT_BEGINS = "a job is completed before it was made"
    ANY_ORIGINAL = "an original that is not there will do"
    SHARED_ORIGINALS = "another key's original will do"
    TRIPS_ON_LABEL = "a wrong content type ends in a 500"
    TRIPS_ON_LENGTH = "a very long text ends in a 500"
    TRIPS_ON_TEXT = "unusual characters end in a 500"
    TRIPS_ON_TWO = "two faults at once end in a 500"


class Flaw(StrEnum):
    """What can be wrong with a file."""

    GONE = "cannot be fetched from its address"
    NOT_SERVED = "is not served by the content operation"
    NOT_MEDIA = "is no video"
    TRUNCATED = "is cut off"
    SHORT = "is too short"
    LOW = "has a lower resolution"
    SQUEEZED = "has another aspect ratio"
    MISLABELLED = "has another content type"


@dataclass(frozen=True, slots=True, kw_only=True)
class Permit:
    """Take what one assertion of the request forbids."""

    operation: str
    scenario: str
    at: str
    name: str = ""
    #: Whether the body alone shows that it is broken, as against the media that it names.
    by_body: bool = True

    def __str__(self) -> str:
        """Say it in a few words; what is taken is known from the clause's own request."""
        return "it takes what is forbidden"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject:
    """Refuse requests that have what is wished for, though they are allowed."""

    wish: Wish

    def __str__(self) -> str:
        """Say what is refused: `it refuses duration = null`."""
        presence, values = [], []
        for path, value in self.wish.wants:
            name = ".".join(path) or "the body"
            if value == ABSENT:
                presence.append(f"without {name}")
            elif value == PRESENT:
                presence.append(f"with {name}")
            elif isinstance(value, Shape):
                values.append(f"{name} as {value.kind}")
            else:
                values.append(f"{name} = {json.dumps(value)}")
        if presence:
            values.append(f"a request {' and '.join(presence)}")
        return f"it refuses {', '.join(values) or self.wish.note or 'every request'}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alter:
    """Change what an answer says at a pointer; `None` for the pointer's value removes it."""

    operation: str
    #: The status of the answers concerned, such as `2XX`.
    reply: str = "2XX"
    pointer: str = ""
    value: Any = None
    remove: bool = False
    #: Set to change the status or the content type instead of the body.
    status: int | None = None
    content_type: str | None = None
    #: Only while the job is in this phase, where it matters.
    phase: Phase | None = None

    def __str__(self) -> str:
        """Say what is changed, and when."""
        if self.status is not None:
            return f"it answers {self.status}"
        if self.content_type is not None:
            return f"it labels the answer {self.content_type}"
        name = _name(self.pointer)
        when = f" while the job is {self.phase.value}" if self.phase else ""
        if self.remove:
            return f"it leaves {name} out{when}"
        return f"it answers {name} = {json.dumps(self.value)}{when}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Misbehave:
    """Have a bad habit, on one operation or on all."""

    habit: Habit
    operation: str = ""

    def __str__(self) -> str:
        """Say the habit."""
        return "a job never ends" if self.habit is Habit.NEVER_ENDS else self.habit.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignore:
    """Take a field and act as if it had not been sent, or as if another default held."""

    operation: str
    scenario: str
    pointer: str
    #: Only values of this JSON type, where one is named.
    kind: str = ""

    def __str__(self) -> str:
        """Say what is ignored."""
        shape = f" as {self.kind}" if self.kind else ""
        return f"it takes {_name(self.pointer)}{shape} and ignores it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Redefault:
    """Have another default for a field than the documented one."""

    operation: str
    scenario: str
    pointer: str
    value: Any

    def __str__(self) -> str:
        """Say the other default."""
        value = json.dumps(self.value)
        return f"without {_name(self.pointer)} it acts as if {value} had been sent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoil:
    """Hand out a file with a flaw."""

    flaw: Flaw
    operation: str = ""
    scenario: str = ""
    #: Only for jobs that were asked for with these wishes.
    wish: Wish | None = None

    def __str__(self) -> str:
        """Say the flaw."""
        return f"the file {self.flaw.value}"


def _name(pointer: str) -> str:
    return pointer.strip("/").replace("/", ".") or "the body"


Sabotage: TypeAlias = Permit | Reject | Alter | Misbehave | Ignore | Redefault | Spoil
