"""The client that awaits: what its jobs and videos do, and what drives them."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeVar

from conformance.client import async_runtime
from conformance.client.client_base import ClientBase, Methods, note_job
from conformance.client.client_core import seconds_of
from conformance.client.errors import ClientClosed, ClientError
from conformance.client.job_facts import JobFacts, VideoFacts
from conformance.client.opening import keys_of, limits_of
from conformance.client.saving import saving
from conformance.client.steps import Call, Download, RunningSteps, Send, Wait
from conformance.client.submission import submitting
from conformance.client.waiting import cancelling, looking

if TYPE_CHECKING:
    import os
    from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
    from types import TracebackType
    from typing import Unpack

    from conformance.client.client_base import ClientLog
    from conformance.client.client_words import Method
    from conformance.client.drafting.request_draft import RequestDraft
    from conformance.client.job_reference import Reference
    from conformance.client.opening import ClientOptions, Recipe
    from conformance.client.results import Result
    from conformance.client.saving import Saved
    from conformance.client.steps import Steps
    from conformance.http.async_connections import AsyncTransport
    from conformance.http.async_door import LiveDoor
    from conformance.jobs.job_life import Update
    from conformance.model.exchange import Answer, Request
    from conformance.spec.document import Spec

T = TypeVar("T")


class AsyncDriver:
    """Does what the steps ask for; it decides nothing."""

    def __init__(
        self, door: LiveDoor, log: ClientLog, sleep: Callable[[float], Awaitable[object]]
    ) -> None:
        """Use a door, a log and a way to sleep."""
        self._door, self._log, self._sleep = door, log, sleep
        self.closed = False

    async def run(self, steps: Steps[T]) -> T:
        """Return what the generator returns."""
        running = RunningSteps(steps)
        async for update in self.updates(running):
            self._log.heard(update)
        return running.result

    async def updates(self, running: RunningSteps[T]) -> AsyncIterator[Update]:
        """Yield the states on the way; `running` has the result afterwards."""
        self._check_open()
        answer: Any = None
        while (step := running.next(answer)) is not None:
            answer = None
            match step:
                case Wait(seconds=seconds):
                    await self._sleep(seconds)
                case Call(work=work):
                    answer = await async_runtime.work_on_disk(work)
                case Send(request=request):
                    answer = await self._send(request)
                case Download(request=request, path=path, offset=offset):
                    answer = await self._send(request, into=path, offset=offset)
                case _:
                    yield step

    async def _send(self, request: Request, *, into: Path | None = None, offset: int = 0) -> Answer:
        self._check_open()
        began = time.perf_counter()
        answer = await self._door.send(request, into=into, offset=offset)
        self._log.sent(request, answer, began)
        return answer

    def _check_open(self) -> None:
        if self.closed:
            raise ClientClosed

    async def close(self) -> None:
        """Close the door."""
        self.closed = True
        await self._door.close()


class AsyncVideo(VideoFacts):
    """A finished video of a client that awaits."""

    def __init__(self, client: AsyncVideoClient, result: Result) -> None:
        """Belong to the client that fetches it."""
        self._client, self.result = client, result

    async def save(self, path: str | os.PathLike[str]) -> Saved:
        """Fetch it to `path`.

        It is streamed, resumed where an earlier attempt broke off, and gets its name only when it
        is a whole MP4.
        """
        steps = saving(self._client.core, self.result, self._target(path))
        return await self._client.driver.run(steps)

    async def bytes(self) -> bytes:
        """Return the file's bytes, checked like a saved one."""
        with tempfile.TemporaryDirectory(prefix="video-") as folder:
            saved = await self.save(Path(folder) / "video.mp4")
            return saved.path.read_bytes()

    def __reduce__(self) -> Any:
        return reopened_video, (self._client.recipe, self.result)


class AsyncJob(JobFacts):
    """A job of a client that awaits."""

    def __init__(
        self, client: AsyncVideoClient, reference: Reference, draft: RequestDraft | None = None
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
        """Wait for the video.

        A `TimedOut` loses nothing: wait again, here or in another process.
        """
        async for update in self.updates(timeout=timeout):
            self._client.log.heard(update, on_update)
        result = self._known_result()
        assert result is not None  # the loop above ended without an error
        return AsyncVideo(self._client, result)

    async def updates(
        self,
        *,
        timeout: float | None = None,  # noqa: ASYNC109 - a limit of the wait, not of the call
    ) -> AsyncIterator[Update]:
        """Yield each state until the job has its video; every other end is raised."""
        if self._known_result() is not None:
            return
        running = self._waiting(timeout)
        async for update in self._client.driver.updates(running):
            self.latest = update
            yield update
        self._result = running.result

    async def refresh(self) -> Update:
        """Look once and return the state."""
        update, _ = await self._client.driver.run(looking(self._core, self._reference))
        self.latest = update
        return update

    async def cancel(self) -> None:
        """Ask the provider to stop it, where it documents a way to.

        Raises `NotOffered` elsewhere.
        """
        await self._client.driver.run(cancelling(self._core, self._reference))

    def __reduce__(self) -> Any:
        return reopened_job, (self._client.recipe, self._reference)


class AsyncSubmit(Methods["Coroutine[Any, Any, AsyncJob]"]):
    """The five methods, without waiting for the video.

    Each returns its job as soon as the provider has taken it.
    """

    def __init__(self, client: AsyncVideoClient) -> None:
        """Submit through a client."""
        self._client = client

    def __call__(
        self, method: Method, prompt: str | None = None, **words: Any
    ) -> Coroutine[Any, Any, AsyncJob]:
        """Submit by the method's name: `await client.submit("generate", "a fox", duration=5)`."""
        return self.ask(method, {"prompt": prompt, **words})

    async def ask(self, method: Method, words: Mapping[str, Any]) -> AsyncJob:
        """Check, submit, and return the job."""
        client = self._client
        draft = client.core.draft(method, words)
        if client.core.dry_run:
            return AsyncJob(client, client.unsent(draft), draft)
        patience = client.core.timeout
        if words.get("timeout") is not None:
            patience = seconds_of("timeout", words["timeout"])
        reference = await client.driver.run(submitting(client.core, draft, patience=patience))
        return AsyncJob(client, reference, draft)


class AsyncVideoClient(ClientBase, Methods["Coroutine[Any, Any, AsyncVideo]"]):
    """One way to ask any described provider for a video; each method waits for it.

    >>> import asyncio
    >>> import conformance.spec.catalog as catalog
    >>> client = AsyncVideoClient(
    ...     catalog.names()[0], api_key="nobody's", base_url="http://127.0.0.1:9", dry_run=True
    ... )
    >>> client.capabilities.methods
    ('extend',)
    >>> fox = "https://example.com/fox.mp4"
    >>> client.draft.extend("the camera pulls back", video=fox, duration=5).body["duration"]
    5
    >>> async def main():
    ...     async with client:
    ...         return await client.extend("the camera pulls back", video=fox)
    >>> asyncio.run(main()).duration
    6.0
    >>> asyncio.run(client.extend("the camera pulls back", video=fox, duration=11))
    Traceback (most recent call last):
    ...
    conformance.client.errors.RefusedHere: Not sent: duration is at most 10, but 11 was given. ...
    """

    def __init__(
        self,
        provider: str | Path | Spec,
        *,
        transport: AsyncTransport | None = None,
        sleep: Callable[[float], Awaitable[object]] = async_runtime.sleep,
        now: Callable[[], float] = time.monotonic,
        **options: Unpack[ClientOptions],
    ) -> None:
        """Open a client by a provider's name, the path of a spec, or a spec.

        Connect to nothing yet.
        """
        from conformance.http.async_door import LiveDoor

        super().__init__(provider, options, now)
        door = LiveDoor(
            keys_of(self.core),
            limits=limits_of(options),
            transport=transport,
            proxy=options.get("proxy"),
        )
        self.driver = AsyncDriver(door, self.log, sleep)

    @property
    def submit(self) -> AsyncSubmit:
        """The five methods without waiting for the video."""
        return AsyncSubmit(self)

    def job(
        self, job: str | Reference | Mapping[str, Any], *, method: str | None = None
    ) -> AsyncJob:
        """Take up a job by its id or reference; `method` tells an id's maker where that matters."""
        return AsyncJob(self, self._reference(job, method))

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
            note_job(error, job.reference())
            raise


@async_runtime.one_per_process
def _reopened(recipe: Recipe) -> AsyncVideoClient:
    """Open a client like the one of a pickled job; the key comes from the environment."""
    return AsyncVideoClient(recipe.spec(), **recipe.options())


def reopened_job(recipe: Recipe, reference: Reference) -> AsyncJob:
    """Return a pickled job."""
    return AsyncJob(_reopened(recipe), reference)


def reopened_video(recipe: Recipe, result: Result) -> AsyncVideo:
    """Return a pickled video."""
    return AsyncVideo(_reopened(recipe), result)
