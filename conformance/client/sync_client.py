"""The client that waits."""

from __future__ import annotations

import atexit
import time
from functools import cache
from typing import TYPE_CHECKING, Any, Self

from conformance.client.client_core import seconds_of
from conformance.client.drivers import Driver
from conformance.client.errors import ClientError
from conformance.client.job import Job
from conformance.client.methods import Methods
from conformance.client.opening import keys_of, limits_of
from conformance.client.shared_methods import Desk, told
from conformance.client.submission import submitting
from conformance.client.video import Video

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path
    from types import TracebackType
    from typing import Unpack

    from conformance.client.client_words import Method
    from conformance.client.job_reference import Reference
    from conformance.client.opening import Options
    from conformance.client.reopening import Recipe
    from conformance.client.results import Result
    from conformance.http.blocking_door import Transport
    from conformance.spec.document import Spec


class Submit(Methods[Job]):
    """The five methods, without waiting: each returns its job as soon as the provider has taken it."""

    def __init__(self, client: VideoClient) -> None:
        """Submit through a client."""
        self._client = client

    def __call__(self, method: Method, prompt: str | None = None, **words: Any) -> Job:
        """Submit by the method's name: `client.submit("generate", "a fox", duration=5)`."""
        return self.ask(method, {"prompt": prompt, **words})

    def ask(self, method: Method, words: Mapping[str, Any]) -> Job:
        """Check, submit, and return the job."""
        client = self._client
        draft = client.core.draft(method, words)
        if client.core.dry_run:
            return Job(client, client.dry(draft), draft)
        patience = (
            client.core.timeout
            if words.get("timeout") is None
            else seconds_of("timeout", words["timeout"])
        )
        return Job(
            client, client.driver.run(submitting(client.core, draft, patience=patience)), draft
        )


class VideoClient(Desk, Methods[Video]):
    """One way to ask any described provider for a video; each method waits for it.

    >>> import conformance.spec.catalog as catalog
    >>> client = VideoClient(catalog.names()[0], api_key="nobody's", base_url="http://127.0.0.1:9", dry_run=True)
    >>> client.capabilities.methods
    ('extend',)
    >>> client.draft.extend("the camera pulls back", video="https://example.com/fox.mp4", duration=5).body["duration"]
    5
    >>> client.extend("the camera pulls back", video="https://example.com/fox.mp4", duration=11)
    Traceback (most recent call last):
    ...
    conformance.client.errors.RefusedHere: Not sent: duration is at most 10, but 11 was given. ...
    """

    def __init__(
        self,
        provider: str | Path | Spec,
        *,
        transport: Transport | None = None,
        sleep: Callable[[float], object] = time.sleep,
        now: Callable[[], float] = time.monotonic,
        **options: Unpack[Options],
    ) -> None:
        """Open a client by a provider's name, the path of a spec, or a spec; connect to nothing yet."""
        from conformance.http.blocking_door import BlockingDoor

        super().__init__(provider, options, now)
        door = BlockingDoor(
            keys_of(self.core),
            limits=limits_of(options),
            transport=transport,
            proxy=options.get("proxy"),
        )
        self.driver = Driver(door, self.journal, sleep)

    @property
    def submit(self) -> Submit:
        """The five methods without waiting."""
        return Submit(self)

    def job(self, job: str | Reference | Mapping[str, Any], *, method: str | None = None) -> Job:
        """Take up a job by its id or reference; `method` tells an id's maker where that matters."""
        return Job(self, self._tag(job, method))

    def close(self) -> None:
        """Close all connections."""
        self.driver.close()

    def __enter__(self) -> Self:
        """Use the client in a `with` block."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close all connections."""
        self.close()

    def ask(self, method: Method, words: Mapping[str, Any]) -> Video:
        """Submit and wait."""
        job = self.submit.ask(method, words)
        try:
            return job.wait(timeout=words.get("timeout"), on_update=words.get("on_update"))
        except ClientError:
            raise
        except BaseException as error:
            told(error, job.reference())
            raise


@cache
def _reopened(recipe: Recipe) -> VideoClient:
    client = VideoClient(recipe.spec(), **recipe.options())
    atexit.register(client.close)
    return client


def reopened_job(recipe: Recipe, reference: Reference) -> Job:
    """Return a pickled job; all of one process share one client, whose key comes from the environment."""
    return Job(_reopened(recipe), reference)


def reopened_video(recipe: Recipe, result: Result) -> Video:
    """Return a pickled video; all of one process share one client, whose key comes from the environment."""
    return Video(_reopened(recipe), result)
