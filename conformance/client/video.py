"""A finished video: its facts, and its file."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conformance.client.errors import NothingMade
from conformance.client.job_reference import Source
from conformance.client.made_video import Made
from conformance.client.saving import saving

if TYPE_CHECKING:
    import os
    from datetime import datetime

    from conformance.client.async_client import AsyncVideoClient
    from conformance.client.files_on_disk import Saved
    from conformance.client.job_reference import Reference
    from conformance.client.results import Result
    from conformance.client.sync_client import VideoClient
    from conformance.model.exchange import Json


class VideoFacts(Made):
    """What is known of a finished video without fetching it."""

    result: Result

    @property
    def id(self) -> str:
        """The job's id."""
        return self.result.reference.id

    @property
    def url(self) -> str:
        """Where the file is; empty where the provider serves it by the job's id alone. Often short-lived: save soon."""
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

    def source(self) -> Source:
        """Return it as an input of the next call."""
        return Source(provider=self.result.reference.provider, id=self.id, url=self.url)

    def __repr__(self) -> str:
        seconds = f", {self.duration:g} s" if self.duration else ""
        return f"<{type(self).__name__} {self.result.reference}{seconds}>"

    def _target(self, path: str | os.PathLike[str]) -> Path:
        if not self.id:
            raise NothingMade("the request")
        return Path(path)


class Video(VideoFacts):
    """A finished video of a client that waits."""

    def __init__(self, client: VideoClient, result: Result) -> None:
        """Belong to the client that fetches it."""
        self._client, self.result = client, result

    def save(self, path: str | os.PathLike[str]) -> Saved:
        """Fetch it to `path`: streamed, resumed where an earlier attempt broke off, renamed only when it is a whole MP4."""
        return self._client.driver.run(saving(self._client.core, self.result, self._target(path)))

    def bytes(self) -> bytes:
        """Return the file's bytes, checked like a saved one."""
        with tempfile.TemporaryDirectory(prefix="video-") as folder:
            return self.save(Path(folder) / "video.mp4").path.read_bytes()

    def __reduce__(self) -> Any:
        from conformance.client.sync_client import reopened_video

        return reopened_video, (self._client.recipe, self.result)


class AsyncVideo(VideoFacts):
    """A finished video of a client that awaits."""

    def __init__(self, client: AsyncVideoClient, result: Result) -> None:
        """Belong to the client that fetches it."""
        self._client, self.result = client, result

    async def save(self, path: str | os.PathLike[str]) -> Saved:
        """Fetch it to `path`: streamed, resumed where an earlier attempt broke off, renamed only when it is a whole MP4."""
        return await self._client.driver.run(
            saving(self._client.core, self.result, self._target(path))
        )

    async def bytes(self) -> bytes:
        """Return the file's bytes, checked like a saved one."""
        with tempfile.TemporaryDirectory(prefix="video-") as folder:
            return (await self.save(Path(folder) / "video.mp4")).path.read_bytes()

    def __reduce__(self) -> Any:
        from conformance.client.async_client import reopened_video

        return reopened_video, (self._client.recipe, self.result)
