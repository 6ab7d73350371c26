"""One operation of a provider: its scenarios, its answers, its job and its cost."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from conformance.spec.words.operation_words import CostWord
from conformance.spec.words.refusal_word import RefusalWord

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.model.clause import Place
    from conformance.spec.context import Context
    from conformance.spec.job_words import JobWords
    from conformance.spec.schema.node import SchemaNode
    from conformance.spec.words.operation_words import NeedsWord
    from conformance.spec.words.request_words import ClientWord, MediaWord, SameAsWord


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One shape of request an operation takes."""

    title: str
    description: str
    schema: SchemaNode = field(repr=False)
    #: The whole body schema, of which this is one branch.
    whole: SchemaNode = field(repr=False)
    media: MediaWord
    client: ClientWord | None
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
    #: How answers with this status tell a refusal, where that differs from the operation's way.
    refusal: RefusalWord | None = None

    def covers(self, status: int) -> bool:
        """Say whether this reply documents an answer with that status."""
        if self.status == "default":
            return True
        return self.status.upper().rstrip("X") == str(status)[: len(self.status.rstrip("xX"))]

    @property
    def exactness(self) -> int:
        """How exactly it names its answers: one status before a range, a range before any."""
        if self.status == "default":
            return 0
        return 2 if self.status.isdecimal() else 1

    @property
    def success(self) -> bool:
        """Whether the reply documents success."""
        return self.status.startswith("2")


class Cost(CostWord, frozen=True, kw_only=True):
    """What is written of a cost, and where."""

    context: Context
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class FixedParameter:
    """A parameter of address or header that every request needs, and a value of it."""

    name: str
    #: `query` or `header`.
    place: str
    #: What the document shows, or takes alone.
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One method on one path."""

    id: str
    method: str
    path: str
    summary: str
    #: Names of its parameters by place: `path`, `query`, `header`.
    parameters: Mapping[str, str]
    #: Those of them that are sent with every request.
    fixed: tuple[FixedParameter, ...] = ()
    scenarios: tuple[Scenario, ...] = ()
    replies: tuple[Reply, ...] = ()
    job: JobWords | None = None
    cost: Cost | None = None
    needs: NeedsWord | None = None
    #: The operation that this one behaves like.
    same_as: SameAsWord | None = None
    examples: tuple[Example, ...] = ()
    context: Context = field(repr=False)
    #: The same of what is promised of its jobs' lives, which `x-job` may say.
    job_context: Context = field(repr=False)
    place: Place
    secured: bool = True
    #: How it says no.
    refusal: RefusalWord = field(default=RefusalWord(), repr=False)

    @property
    def submits(self) -> bool:
        """Whether a request to it makes a job, and so may cost something."""
        return self.job is not None

    @property
    def reads(self) -> tuple[str, ...]:
        """The operations that a job of it is asked for with."""
        job = self.job
        return tuple(link.operation for link in (job.poll, job.content) if link) if job else ()

    @property
    def success_reply(self) -> Reply | None:
        """The first reply that documents success."""
        return next((reply for reply in self.replies if reply.success), None)

    @property
    def success_replies(self) -> tuple[Reply, ...]:
        """Every reply that documents success: a document may leave the choice to the provider."""
        return tuple(reply for reply in self.replies if reply.success)

    def reply_to(self, status: int) -> Reply | None:
        """Return the reply that documents an answer with that status, the most exact one.

        A success of a status that is written nowhere is held to the first one that is.
        """
        success = 200 <= status < 300
        covering = [
            reply for reply in self.replies if reply.covers(status) and reply.success == success
        ]
        if success and not covering:
            return self.success_reply
        return max(covering, key=lambda reply: reply.exactness, default=None)

    def refusal_at(self, status: int) -> RefusalWord:
        """Return how an answer with that status tells a refusal."""
        for reply in self.replies:
            if reply.refusal is not None and reply.covers(status):
                return reply.refusal
        return self.refusal

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
