"""One operation of a provider: its scenarios, its answers, its job and its cost."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.model.clause import Place
    from conformance.spec.context import Context
    from conformance.spec.job_words import JobWords
    from conformance.spec.schema.node import SchemaNode


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """Which request fields give the output's length, resolution and aspect ratio."""

    length: tuple[str, ...] = ()
    resolution: str = ""
    aspect: str = ""
    #: The field of the video that is continued, where the output may be input plus clip.
    extends: str = ""
    #: `clip` or `whole` where the document says what the file of an extension is; else either.
    returns: str = "either"
    tolerance: float = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """How the client's words map to this scenario's fields: method, and pointer by word."""

    method: str
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One shape of request an operation takes."""

    title: str
    description: str
    schema: SchemaNode = field(repr=False)
    #: The whole body schema, of which this is one branch.
    whole: SchemaNode = field(repr=False)
    media: Media
    client: Client | None
    context: Context = field(repr=False)
    #: True where the operation has but this one, so that ids need not name it.
    only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One documented answer of an operation: a status, or a range of them such as `2XX`."""

    status: str
    schema: SchemaNode | None = field(repr=False)
    content_types: tuple[str, ...]
    context: Context = field(repr=False)
    place: Place

    def covers(self, status: int) -> bool:
        """Say whether this reply documents an answer with that status."""
        if self.status == "default":
            return True
        return self.status.upper().rstrip("X") == str(status)[: len(self.status.rstrip("xX"))]

    @property
    def success(self) -> bool:
        """Whether the reply documents success."""
        return self.status.startswith("2")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What a job costs and where an answer shows it."""

    amount: float | None = None
    per_second: float | None = None
    basis: str = ""
    observed: str = ""
    balance: str = ""
    context: Context = field(repr=False)
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """A finished job of another operation, and where its id goes: a parameter or a body field."""

    operation: str
    parameter: str = ""
    field: str = ""
    #: The id of a job that the document shows, for a server that has no such operation.
    known: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SameAs:
    """Another operation that this one behaves like; `fields` map names that differ."""

    operation: str
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One method on one path."""

    id: str
    method: str
    path: str
    summary: str
    #: Names of its parameters by place: `path`, `query`, `header`.
    parameters: Mapping[str, str]
    scenarios: tuple[Scenario, ...] = ()
    replies: tuple[Reply, ...] = ()
    job: JobWords | None = None
    cost: Cost | None = None
    needs: Needs | None = None
    same_as: SameAs | None = None
    examples: tuple[Example, ...] = ()
    context: Context = field(repr=False)
    place: Place
    secured: bool = True

    @property
    def submits(self) -> bool:
        """Whether a request to it makes a job, and so may cost something."""
        return self.job is not None

    @property
    def success_reply(self) -> Reply | None:
        """The first reply that documents success."""
        return next((reply for reply in self.replies if reply.success), None)

    def scenario(self, title: str) -> Scenario:
        """Return the scenario of that title."""
        return next(found for found in self.scenarios if found.title == title)


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A request or answer that the document shows."""

    name: str
    value: Any
    #: `request`, or the status it answers with.
    of: str
    context: Context = field(repr=False)
    place: Place
