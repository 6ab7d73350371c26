"""What is known of a job and of a finished video without asking."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from conformance.client.client_core import seconds_of
from conformance.client.errors import NothingMade
from conformance.client.job_reference import Made, VideoSource
from conformance.client.results import Result
from conformance.client.steps import RunningSteps
from conformance.client.waiting import waiting
from conformance.spec.job_words import Phase

if TYPE_CHECKING:
    import os
    from datetime import datetime

    from conformance.client.client_core import Core
    from conformance.client.drafting.request_draft import RequestDraft
    from conformance.client.job_reference import Reference
    from conformance.jobs.job_life import Update
    from conformance.model.exchange import Json


class JobFacts(Made):
    """What is known of a job without asking."""

    def __init__(self, core: Core, reference: Reference, draft: RequestDraft | None) -> None:
        """Begin with what the submit told."""
        self._core, self._reference = core, reference
        #: What was sent; None where the job was taken up by its reference.
        self.draft = draft
        #: The latest state, None before the first look.
        self.latest: Update | None = None
        self._result: Result | None = None

    @property
    def id(self) -> str:
        """The provider's id; empty in a dry run."""
        return self._reference.id

    @property
    def status(self) -> str:
        """The provider's own word for the latest state."""
        return self.latest.status if self.latest else ""

    @property
    def progress(self) -> float | None:
        """The latest progress in percent, where the provider tells it."""
        return self.latest.progress if self.latest else None

    @property
    def done(self) -> bool:
        """Whether the job has ended, as far as was seen."""
        return self.latest is not None and self.latest.phase is not Phase.WAITING

    @property
    def cost(self) -> float | None:
        """What it costs, as the provider says, else as its document says."""
        return self._reference.cost

    def reference(self) -> Reference:
        """Return the job's name tag, which pickles, turns into JSON and holds no key."""
        return self._reference

    def source(self) -> VideoSource:
        """Return it as an input of the next call."""
        return VideoSource(
            provider=self._reference.provider,
            id=self.id,
            url=self._result.url if self._result else "",
        )

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._reference} {self.status or 'submitted'}>"

    def _known_result(self) -> Result | None:
        """Return the result where nothing has to be asked: it is known, or the run is dry."""
        if self.id:
            return self._result
        return Result(
            reference=self._reference,
            url="",
            duration=self._reference.duration,
            size=self._reference.size,
            aspect_ratio=self._reference.aspect_ratio,
            cost=self._reference.cost,
        )

    def _waiting(self, timeout: float | None) -> RunningSteps[Result]:
        limit = self._core.timeout if timeout is None else seconds_of("timeout", timeout)
        return RunningSteps(waiting(self._core, self._reference, timeout=limit))


class VideoFacts(Made):
    """What is known of a finished video without fetching it."""

    result: Result

    @property
    def id(self) -> str:
        """The job's id."""
        return self.result.reference.id

    @property
    def url(self) -> str:
        """Where the file is; empty where the provider serves it by the job's id alone.

        Often short-lived: save soon.
        """
        return self.result.url

    @property
    def duration(self) -> float | None:
        """Seconds, as the provider tells or as they were asked for."""
        return self.result.duration

    @property
    def size(self) -> str:
        """The resolution, as the provider tells or as it was asked for."""
        return self.result.size

    @property
    def aspect_ratio(self) -> str:
        """The ratio, as the provider tells or as it was asked for."""
        return self.result.aspect_ratio

    @property
    def cost(self) -> float | None:
        """What it cost, as the provider says, else as its document says."""
        return self.result.cost

    @property
    def expires_at(self) -> datetime | None:
        """Until when the provider keeps it, where it says so."""
        return self.result.expires_at

    @property
    def body(self) -> Json:
        """The provider's last answer, with everything else that it tells."""
        return self.result.body

    def reference(self) -> Reference:
        """Return the name tag of the job that made it."""
        return self.result.reference

    def source(self) -> VideoSource:
        """Return it as an input of the next call."""
        return VideoSource(provider=self.result.reference.provider, id=self.id, url=self.url)

    def __repr__(self) -> str:
        seconds = f", {self.duration:g} s" if self.duration else ""
        return f"<{type(self).__name__} {self.result.reference}{seconds}>"

    def _target(self, path: str | os.PathLike[str]) -> Path:
        if not self.id:
            raise NothingMade("the request")
        return Path(path)
