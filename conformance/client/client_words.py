"""The client's own words: five methods and what each may be given, the same for every provider."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypedDict

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from conformance.client.job_reference import Made
    from conformance.jobs.job_life import Update

Method: TypeAlias = Literal["generate", "animate", "compose", "edit", "extend"]
METHODS: tuple[Method, ...] = ("generate", "animate", "compose", "edit", "extend")

#: Words that steer the call and are never sent.
STEERING = frozenset({"extra", "timeout", "on_update"})
#: Words that are numbers, also where a provider writes them as text.
NUMBERS = frozenset({"duration", "start", "video_seconds", "seed"})
#: Words that name media.
MEDIA = frozenset({"image", "images", "video"})

#: An address, or a video that was made earlier.
Input: TypeAlias = "str | Path | Made"


class Common(TypedDict, total=False):
    """What every method may be given."""

    #: Seconds of the new video.
    duration: int | float | str | None
    #: A tier such as `720p`, in any case of letters.
    resolution: str | None
    #: A ratio such as `16:9`.
    aspect_ratio: str | None
    seed: int | None
    audio: bool | None
    #: Fields of this provider that no other has, by their own names.
    extra: Mapping[str, Any] | None
    #: Seconds to wait for the video; the client's own limit without it.
    timeout: float | None
    #: Called with each state while the job is waited for.
    on_update: Callable[[Update], object] | None


class GenerateWords(Common, total=False):
    """What `generate` may be given beside the prompt."""

    images: Sequence[Input] | None


class AnimateWords(Common, total=False):
    """What `animate` may be given beside the prompt."""

    image: Input | None


class ComposeWords(Common, total=False):
    """What `compose` may be given beside the prompt."""

    images: Sequence[Input] | None


class EditWords(Common, total=False):
    """What `edit` may be given beside the prompt."""

    video: Input | None
    #: Seconds that the input video lasts.
    video_seconds: int | None


class ExtendWords(EditWords, total=False):
    """What `extend` may be given beside the prompt."""

    #: An earlier job, or its id, where the provider extends jobs and not files.
    job: str | Made | None
    #: Seconds into the original at which the new clip begins.
    start: int | float | None
    images: Sequence[Input] | None
