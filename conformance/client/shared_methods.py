"""What both clients do alike and without waiting: open, look up, tell, preview."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from conformance.client.capabilities import Capabilities, capabilities
from conformance.client.drafting.scenario_routing import offered, offers
from conformance.client.drivers import Journal
from conformance.client.errors import NotOffered, WrongType
from conformance.client.job_reference import Reference
from conformance.client.methods import Methods
from conformance.client.opening import core_of, spec_of
from conformance.client.reopening import Recipe
from conformance.model.clause import Level

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conformance.client.client_core import Core
    from conformance.client.client_words import Method
    from conformance.client.drafting.request_draft import Draft
    from conformance.client.opening import Options
    from conformance.spec.document import Spec
    from conformance.spec.operation import Operation


class Preview(Methods["Draft"]):
    """The five methods, checked and not sent: each returns the request that would go out."""

    def __init__(self, core: Core) -> None:
        """Use the core of a client."""
        self._core = core

    def ask(self, method: Method, words: Mapping[str, Any]) -> Draft:
        """Check, and return the request."""
        return self._core.draft(method, words)


class Desk:
    """A client before it sends anything."""

    def __init__(
        self, provider: str | Path | Spec, options: Options, now: Callable[[], float]
    ) -> None:
        """Read the spec and the options."""
        self.core = core_of(spec_of(provider), options, now)
        self.recipe = Recipe.of(self.core, options)
        self.journal = Journal(self.core.clean, options.get("on_update"))

    @property
    def provider(self) -> str:
        """The provider's name."""
        return self.core.spec.name

    @property
    def capabilities(self) -> Capabilities:
        """What this provider can do, with bounds."""
        return capabilities(self.core.spec)

    @property
    def draft(self) -> Preview:
        """The five methods without sending: `client.draft.generate(...)` returns the checked request."""
        return Preview(self.core)

    @property
    def spent(self) -> float:
        """Credits that this client has spent or reserved, as far as prices are known."""
        return self.core.budget.spent

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.provider} at {self.core.base_url or 'no address'}>"

    def _tag(self, job: str | Reference | Mapping[str, Any], method: str | None) -> Reference:
        """Return the reference of a job that is named by its id, its reference, or its reference as JSON."""
        if isinstance(job, Mapping):
            job = Reference.from_json(job)
        if isinstance(job, Reference):
            if job.provider != self.provider:
                raise NotOffered(
                    f"follow a job of {job.provider}",
                    self.core.spec.provider.title,
                    offered(self.core.spec),
                )
            return job
        if not job or not isinstance(job, str):
            raise WrongType("job", repr(job), "the id of a job, or its reference")
        return Reference(
            provider=self.provider,
            operation=self._maker(method).id,
            id=job,
            base_url=self.core.base_url,
        )

    def _maker(self, method: str | None) -> Operation:
        spec = self.core.spec
        if method is not None:
            found = offers(spec, method)
            if not found:
                raise NotOffered(method, spec.provider.title, offered(spec))
            return found[0].operation
        return min(
            spec.submits,
            key=lambda one: (one.same_as is not None, one.context.level is Level.COMPANION),
        )

    def dry(self, draft: Draft) -> Reference:
        """Return the tag of a job that was not made."""
        return Reference(
            provider=self.provider,
            operation=draft.operation.id,
            scenario=draft.scenario.title,
            id="",
            base_url=self.core.base_url,
            duration=draft.duration,
            size=draft.size,
            aspect_ratio=draft.aspect_ratio,
            cost=0.0,
        )


def told(error: BaseException, reference: Reference) -> None:
    """Note on an error from outside, such as Ctrl-C, which job goes on."""
    error.add_note(
        f"Job {reference.id} was submitted and goes on; client.job({reference.id!r}).wait() takes it up again."
    )
