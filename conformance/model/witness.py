"""A witness: one concrete request that proves one side of a clause."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from conformance.model.exchange import Auth

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.model.exchange import Json


#: Stands for the id of no job: the run puts in one that looks like the provider's own.
NO_JOB = "{no-job}"
#: Stands for the id of a job that the run has made.
A_JOB = "{job}"


class Side(StrEnum):
    """Which half of a promise a witness proves."""

    ACCEPT = "accept"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A request in the words of the spec; a door turns it into bytes."""

    operation: str
    scenario: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)
    body: Json = None
    #: Bytes to send as they are, where the point is that they are not JSON.
    raw: bytes | None = None
    content_type: str = "application/json"
    auth: Auth = Auth.OWN


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """A case, the clause it speaks of and the side it proves."""

    clause: str
    side: Side
    case: Case
    #: What the request does, shortest form: `duration = 16`.
    note: str
    #: The field that it leaves out, where that is what is wrong with it.
    lacks: str = ""
    #: The accepted body that this one differs from in one edit; its acceptance is the control.
    control: Json = None
    #: A clause whose breaking would explain this one's: then the finding belongs there.
    implied_by: str = ""
    #: A clause of another operation whose witness this one repeats.
    repeats: str = ""
    #: Drawn by a search: it counts where it is let in or does harm, and proves nothing where it is
    #: refused.
    explored: bool = False
