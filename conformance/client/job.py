"""A submitted job: wait for it, watch it, hand it to another process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.client.client_core import seconds_of
from conformance.client.job_reference import Source
from conformance.client.made_video import Made
from conformance.client.results import Result
from conformance.client.step_walk import Walk
from conformance.client.video import AsyncVideo, Video
from conformance.client.waiting import cancelling, looking, waiting
from conformance.spec.job_words import Phase

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from conformance.client.async_client import AsyncVideoClient
    from conformance.client.client_core import Core
    from conformance.client.drafting.request_draft import Draft
    from conformance.client.job_reference import Reference
    from conformance.client.steps import Steps
    from conformance.client.sync_client import VideoClient
    from conformance.jobs.job_life import Update


class JobFacts(Made):
    """What is known of a job without asking."""

    def __init__(self, core: Core, reference: Reference, draft: Draft | None) -> None:
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

    def source(self) -> Source:
        """Return it as an input of the next call."""
        return Source(
            provider=self._reference.provider,
            id=self.id,
            url=self._result.url if self._result else "",
        )

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._reference} {self.status or 'submitted'}>"

    def _learn(self, update: Update) -> None:
        self.latest = update

    def _limit(self, timeout: float | None) -> float:
        return self._core.timeout if timeout is None else seconds_of("timeout", timeout)

    def _known(self) -> Result | None:
        """Return the result where nothing has to be asked: it is known, or the run is dry."""
        if not self.id:
            tag = self._reference
            return Result(
                reference=tag,
                url="",
                duration=tag.duration,
                size=tag.size,
                aspect_ratio=tag.aspect_ratio,
                cost=tag.cost,
            )
        return self._result

    def _waited(self, timeout: float | None) -> Walk[Result]:
        steps: Steps[Result] = waiting(self._core, self._reference, timeout=self._limit(timeout))
        return Walk(steps)


class Job(JobFacts):
    """A job of a client that waits."""

    def __init__(
        self, client: VideoClient, reference: Reference, draft: Draft | None = None
    ) -> None:
        """Belong to the client that asks for it."""
        super().__init__(client.core, reference, draft)
        self._client = client

    def wait(
        self, *, timeout: float | None = None, on_update: Callable[[Update], object] | None = None
    ) -> Video:
        """Wait for the video. A `TimedOut` loses nothing: wait again, here or in another process."""
        for update in self.updates(timeout=timeout):
            self._client.journal.heard(update, on_update)
        known = self._known()
        assert known is not None  # the loop above ended without an error
        return Video(self._client, known)

    def updates(self, *, timeout: float | None = None) -> Iterator[Update]:
        """Yield each state until the job has its video; every other end is raised."""
        if self._known() is not None:
            return
        walk = self._waited(timeout)
        for update in self._client.driver.walk(walk):
            self._learn(update)
            yield update
        self._result = walk.result

    def refresh(self) -> Update:
        """Look once and return the state."""
        update, _ = self._client.driver.run(looking(self._core, self._reference))
        self._learn(update)
        return update

    def cancel(self) -> None:
        """Ask the provider to stop it, where it documents a way to; raises `NotOffered` elsewhere."""
        self._client.driver.run(cancelling(self._core, self._reference))

    def __reduce__(self) -> Any:
        from conformance.client.sync_client import reopened_job

        return reopened_job, (self._client.recipe, self._reference)


class AsyncJob(JobFacts):
    """A job of a client that awaits."""

    def __init__(
        self, client: AsyncVideoClient, reference: Reference, draft: Draft | None = None
    ) -> None:
        """Belong to the client that asks for it."""
        super().__init__(client.core, reference, draft)
        self._client = client

    async def wait(
        self,
        *,
        timeout: float | None = None,  # noqa: ASYNC109 - a limit of the wait, not of the call
        on_update: Callable[[Update], object] | None = None,
    ) -> AsyncVideo:
        """Wait for the video. A `TimedOut` loses nothing: wait again, here or in another process."""
        async for update in self.updates(timeout=timeout):
            self._client.journal.heard(update, on_update)
        known = self._known()
        assert known is not None  # the loop above ended without an error
        return AsyncVideo(self._client, known)

    async def updates(self, *, timeout: float | None = None) -> AsyncIterator[Update]:  # noqa: ASYNC109 - a deadline of the job, not of the coroutine
        """Yield each state until the job has its video; every other end is raised."""
        if self._known() is not None:
            return
        walk = self._waited(timeout)
        async for update in self._client.driver.walk(walk):
            self._learn(update)
            yield update
        self._result = walk.result

    async def refresh(self) -> Update:
        """Look once and return the state."""
        update, _ = await self._client.driver.run(looking(self._core, self._reference))
        self._learn(update)
        return update

    async def cancel(self) -> None:
        """Ask the provider to stop it, where it documents a way to; raises `NotOffered` elsewhere."""
        await self._client.driver.run(cancelling(self._core, self._reference))

    def __reduce__(self) -> Any:
        from conformance.client.async_client import reopened_job

        return reopened_job, (self._client.recipe, self._reference)
