"""The client that awaits: the same methods, the same flow, another driver."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, Self, TypeAlias

from conformance.client.client_core import seconds_of
from conformance.client.drivers import AsyncDriver
from conformance.client.errors import ClientError
from conformance.client.job import AsyncJob
from conformance.client.methods import Methods
from conformance.client.opening import keys_of, limits_of
from conformance.client.shared_methods import Desk, told
from conformance.client.submission import submitting
from conformance.client.video import AsyncVideo

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from pathlib import Path
    from types import TracebackType
    from typing import Unpack

    from conformance.client.client_words import Method
    from conformance.client.job_reference import Reference
    from conformance.client.opening import Options
    from conformance.client.reopening import Recipe
    from conformance.client.results import Result
    from conformance.http.async_door import AsyncTransport
    from conformance.spec.document import Spec

_Job: TypeAlias = Coroutine[Any, Any, AsyncJob]
_Video: TypeAlias = Coroutine[Any, Any, AsyncVideo]


class AsyncSubmit(Methods[_Job]):
    """The five methods, without waiting for the video: each returns its job as soon as the provider has taken it."""

    def __init__(self, client: AsyncVideoClient) -> None:
        """Submit through a client."""
        self._client = client

    def __call__(self, method: Method, prompt: str | None = None, **words: Any) -> _Job:
        """Submit by the method's name: `await client.submit("generate", "a fox", duration=5)`."""
        return self.ask(method, {"prompt": prompt, **words})

    async def ask(self, method: Method, words: Mapping[str, Any]) -> AsyncJob:
        """Check, submit, and return the job."""
        client = self._client
        draft = client.core.draft(method, words)
        if client.core.dry_run:
            return AsyncJob(client, client.dry(draft), draft)
        patience = (
            client.core.timeout
            if words.get("timeout") is None
            else seconds_of("timeout", words["timeout"])
        )
        return AsyncJob(
            client,
            await client.driver.run(submitting(client.core, draft, patience=patience)),
            draft,
        )


class AsyncVideoClient(Desk, Methods[_Video]):
    """One way to ask any described provider for a video, for programs that do other things meanwhile.

    >>> import conformance.spec.catalog as catalog
    >>> async def main():
    ...     async with AsyncVideoClient(catalog.names()[0], api_key="nobody's", dry_run=True) as client:
    ...         video = await client.extend("the camera pulls back", video="https://example.com/fox.mp4")
    ...         return video.duration
    >>> asyncio.run(main())
    6.0
    """

    def __init__(
        self,
        provider: str | Path | Spec,
        *,
        transport: AsyncTransport | None = None,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        now: Callable[[], float] = time.monotonic,
        **options: Unpack[Options],
    ) -> None:
        """Open a client by a provider's name, the path of a spec, or a spec; connect to nothing yet."""
        from conformance.http.async_door import LiveDoor

        super().__init__(provider, options, now)
        door = LiveDoor(
            keys_of(self.core),
            limits=limits_of(options),
            transport=transport,
            proxy=options.get("proxy"),
        )
        self.driver = AsyncDriver(door, self.journal, sleep)

    @property
    def submit(self) -> AsyncSubmit:
        """The five methods without waiting for the video."""
        return AsyncSubmit(self)

    def job(
        self, job: str | Reference | Mapping[str, Any], *, method: str | None = None
    ) -> AsyncJob:
        """Take up a job by its id or reference; `method` tells an id's maker where that matters."""
        return AsyncJob(self, self._tag(job, method))

    async def close(self) -> None:
        """Close all connections."""
        await self.driver.close()

    async def __aenter__(self) -> Self:
        """Use the client in an `async with` block."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close all connections."""
        await self.close()

    async def ask(self, method: Method, words: Mapping[str, Any]) -> AsyncVideo:
        """Submit and wait."""
        job = await self.submit.ask(method, words)
        try:
            return await job.wait(timeout=words.get("timeout"), on_update=words.get("on_update"))
        except ClientError:
            raise
        except BaseException as error:
            told(error, job.reference())
            raise


def reopened_job(recipe: Recipe, reference: Reference) -> AsyncJob:
    """Return a pickled job with a client of its own, whose key comes from the environment."""
    return AsyncJob(AsyncVideoClient(recipe.spec(), **recipe.options()), reference)


def reopened_video(recipe: Recipe, result: Result) -> AsyncVideo:
    """Return a pickled video with a client of its own, whose key comes from the environment."""
    return AsyncVideo(AsyncVideoClient(recipe.spec(), **recipe.options()), result)
