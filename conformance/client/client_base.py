"""What both clients do alike without waiting: the five methods, previews, telling."""

from __future__ import annotations

import logging
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from conformance.client.capabilities import Capabilities, capabilities
from conformance.client.drafting.scenario_routing import offered, offers, preference
from conformance.client.errors import NotOffered, WrongType
from conformance.client.job_reference import Reference
from conformance.client.opening import Recipe, core_of, spec_of
from conformance.spec.reception import describe

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import Unpack

    from conformance.client.client_core import Core
    from conformance.client.client_words import (
        AnimateWords,
        ComposeWords,
        EditWords,
        ExtendWords,
        GenerateWords,
        Method,
    )
    from conformance.client.drafting.request_draft import RequestDraft
    from conformance.client.opening import ClientOptions
    from conformance.http.redaction import Redactor
    from conformance.jobs.job_life import Update
    from conformance.model.exchange import Answer, Request
    from conformance.spec.document import Spec
    from conformance.spec.operation import Operation

_log = logging.getLogger("conformance.client")

R_co = TypeVar("R_co", covariant=True)


class Methods(ABC, Generic[R_co]):
    """One way to ask any provider for a video.

    Words beside the prompt are those that the provider documents for the method;
    `client.capabilities` tells them with their bounds. What the provider would refuse raises
    `RefusedHere` and is not sent.
    """

    @abstractmethod
    def ask(self, method: Method, words: Mapping[str, Any]) -> R_co:
        """Do what the method asks for."""

    def generate(self, prompt: str | None = None, **words: Unpack[GenerateWords]) -> R_co:
        """Make a video from words."""
        return self.ask("generate", {"prompt": prompt, **words})

    def animate(self, prompt: str | None = None, **words: Unpack[AnimateWords]) -> R_co:
        """Bring one image to life: `image` is an address that the provider can fetch."""
        return self.ask("animate", {"prompt": prompt, **words})

    def compose(self, prompt: str | None = None, **words: Unpack[ComposeWords]) -> R_co:
        """Make a video from several reference images."""
        return self.ask("compose", {"prompt": prompt, **words})

    def edit(self, prompt: str | None = None, **words: Unpack[EditWords]) -> R_co:
        """Change an existing video."""
        return self.ask("edit", {"prompt": prompt, **words})

    def extend(self, prompt: str | None = None, **words: Unpack[ExtendWords]) -> R_co:
        """Continue a video: `video` is an address or a video made earlier, `job` an earlier job."""
        return self.ask("extend", {"prompt": prompt, **words})


class ClientLog:
    """Writes to the log what is sent and heard, without secrets, and tells the listeners."""

    def __init__(self, clean: Redactor, on_update: Callable[[Update], object] | None) -> None:
        """Write to the logger `conformance.client`."""
        self._clean, self._on_update = clean, on_update

    def sent(self, request: Request, answer: Answer, began: float) -> None:
        """Note one exchange."""
        if _log.isEnabledFor(logging.DEBUG):
            url = self._clean.text(request.url)
            _log.debug(
                "%s %s: %s in %.3f s",
                request.method,
                url,
                self._clean.text(describe(answer)),
                time.perf_counter() - began,
            )

    def heard(self, update: Update, *listeners: Callable[[Update], object] | None) -> None:
        """Tell a state; a listener that fails must not cost anybody the job."""
        for listener in (self._on_update, *listeners):
            if listener is None:
                continue
            try:
                listener(update)
            except Exception:  # noqa: BLE001 - whatever a listener raises is its own affair
                _log.exception("on_update failed; the wait goes on")


class Preview(Methods["RequestDraft"]):
    """The five methods, checked and not sent: each returns the request that would go out."""

    def __init__(self, core: Core) -> None:
        """Use the core of a client."""
        self._core = core

    def ask(self, method: Method, words: Mapping[str, Any]) -> RequestDraft:
        """Check, and return the request."""
        return self._core.draft(method, words)


class ClientBase:
    """A client before it sends anything."""

    def __init__(
        self, provider: str | Path | Spec, options: ClientOptions, now: Callable[[], float]
    ) -> None:
        """Read the spec and the options."""
        self.core = core_of(spec_of(provider), options, now)
        self.recipe = Recipe.of(self.core, options)
        self.log = ClientLog(self.core.clean, options.get("on_update"))

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
        """The five methods without sending.

        `client.draft.generate(...)` returns the checked request.
        """
        return Preview(self.core)

    @property
    def spent(self) -> float:
        """Credits that this client has spent or reserved, as far as prices are known."""
        return self.core.budget.spent

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.provider} at {self.core.base_url or 'no address'}>"

    def _reference(self, job: str | Reference | Mapping[str, Any], method: str | None) -> Reference:
        """Return the reference of a job named by its id, its reference, or that as JSON."""
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
            method_offers = offers(spec, method)
            if not method_offers:
                raise NotOffered(method, spec.provider.title, offered(spec))
            return method_offers[0].operation
        return min(spec.submits, key=preference)

    def unsent(self, draft: RequestDraft) -> Reference:
        """Return the reference of a job that a dry run did not make."""
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


def note_job(error: BaseException, reference: Reference) -> None:
    """Note on an error from outside, such as Ctrl-C, which job goes on."""
    error.add_note(
        f"Job {reference.id} was submitted and goes on; "
        f"client.job({reference.id!r}).wait() takes it up again."
    )
