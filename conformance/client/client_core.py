"""What both clients share without a network: spec, settings, budget, requests."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from conformance.client.drafting.request_draft import RequestDraft, check_call
from conformance.client.errors import AddressMissing, KeyMissing, WrongType
from conformance.http.redaction import Redactor
from conformance.jobs.request_rendering import render
from conformance.model.exchange import Exchange
from conformance.model.json_place import at

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from conformance.client.client_budget import ClientBudget
    from conformance.client.job_reference import Reference
    from conformance.model.exchange import Answer, Json, Purpose, Request
    from conformance.spec.document import Spec
    from conformance.spec.job_words import JobWords
    from conformance.spec.operation import Operation


@dataclass(frozen=True, slots=True, kw_only=True)
class Core:
    """One client's knowledge. Its repr shows no key."""

    spec: Spec
    base_url: str
    api_key: str = field(repr=False)
    timeout: float
    poll_interval: float | None
    dry_run: bool
    budget: ClientBudget
    now: Callable[[], float] = time.monotonic
    clean: Redactor = field(default_factory=Redactor, repr=False)

    def draft(self, method: str, words: Mapping[str, Any]) -> RequestDraft:
        """Translate and check a call; nothing is sent."""
        return check_call(self.spec, method, words)

    def request(self, draft: RequestDraft) -> Request:
        """Return the request of a draft, once key and address are there."""
        self.ready(draft.operation)
        return render(self.spec, self.base_url, draft.case)

    def ready(self, operation: Operation) -> None:
        """Raise where no request can be sent at all."""
        if not self.base_url:
            raise AddressMissing(self.spec.provider.title)
        if operation.secured and not self.api_key:
            raise KeyMissing(self.spec.provider.title, self.spec.provider.key_env)

    def every(self, words: JobWords) -> tuple[float, float]:
        """Return the shortest and the longest pause between two looks at a job."""
        if self.poll_interval is None:
            return words.every
        return self.poll_interval, self.poll_interval

    def operation(self, reference: Reference) -> Operation:
        """Return the operation that made a job."""
        for submit in self.spec.submits:
            if submit.id == reference.operation:
                return submit
        return self.spec.submits[0]

    def exchange(
        self, request: Request, answer: Answer, purpose: Purpose, operation: str
    ) -> Exchange:
        """Return what was sent and what came back, without secrets, for an error to carry."""
        return self.clean(
            Exchange(
                number=0,
                operation=operation,
                purpose=purpose,
                request=request,
                answer=answer,
                started=time.time(),
                elapsed=0.0,
            )
        )

    def charged(self, operation: Operation, body: Json) -> float | None:
        """Return what an answer says that the job costs."""
        if operation.cost is None or not operation.cost.observed:
            return None
        charged = at(body, operation.cost.observed)
        if isinstance(charged, bool) or not isinstance(charged, int | float):
            return None
        return float(charged)


def seconds_of(name: str, value: Any, *, least: float = 0.0) -> float:
    """Return a number of seconds that somebody gave, or raise."""
    if (
        isinstance(value, bool)
        or not isinstance(value, int | float)
        or not least <= value < float("inf")
    ):
        raise WrongType(name, repr(value), f"a number of seconds, {least:g} or more")
    return float(value)


def words_of(operation: Operation) -> JobWords:
    """Return the job words of an operation that makes jobs."""
    assert operation.job is not None
    return operation.job
