"""How a provider would break a clause: plain values that the simulator carries out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeAlias

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject:
    """Refuse requests that have what is wished for, though they are allowed."""

    wish: Wish


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Misbehave:
    """Have a bad habit, on one operation or on all."""

    habit: Habit
    operation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignore:
    """Take a field and act as if it had not been sent, or as if another default held."""

    operation: str
    scenario: str
    pointer: str
    #: Only values of this JSON type, where one is named.
    kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Redefault:
    """Have another default for a field than the documented one."""

    operation: str
    scenario: str
    pointer: str
    value: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoil:
    """Hand out a file with a flaw."""

    flaw: Flaw
    operation: str = ""
    scenario: str = ""
    #: Only for jobs that were asked for with these wishes.
    wish: Wish | None = None


Sabotage: TypeAlias = Permit | Reject | Alter | Misbehave | Ignore | Redefault | Spoil
