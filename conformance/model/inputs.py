"""What requests are made of: a harmless prompt and media by role, kept apart from any spec."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

#: The length of the input video where a witness does not ask for another.
USUAL_SECONDS = 8


def _videos() -> Mapping[int, str]:
    return {
        seconds: f"https://example.com/samples/video-{seconds}s.mp4" for seconds in range(1, 61)
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """The prompt and the media addresses of a run.

    The defaults are for reading, not for sending.
    """

    #: Empty: the spec's own example.
    prompt: str = ""
    images: tuple[str, ...] = ("https://example.com/samples/image-1.png",)
    references: tuple[str, ...] = (
        "https://example.com/samples/image-1.png",
        "https://example.com/samples/image-2.png",
    )
    #: Input videos by their length in seconds.
    videos: Mapping[int, str] = field(default_factory=_videos)

    @property
    def usual(self) -> int | None:
        """The length of the input video that ordinary requests send, if there is one at all."""
        if USUAL_SECONDS in self.videos:
            return USUAL_SECONDS
        return min(self.videos, key=lambda seconds: abs(seconds - USUAL_SECONDS), default=None)

    def media(self, role: str) -> tuple[str, ...]:
        """Return the addresses for a role: `image`, `reference` or `video`."""
        if role == "image":
            return self.images
        if role == "reference":
            return self.references
        return (self.videos[self.usual],) if self.usual is not None else ()

    @classmethod
    def served_at(cls, base: str) -> Inputs:
        """Return inputs that a sample server at `base` serves."""
        return cls(
            images=(f"{base}/samples/image-1.png",),
            references=(f"{base}/samples/image-1.png", f"{base}/samples/image-2.png"),
            videos={seconds: f"{base}/samples/video-{seconds}s.mp4" for seconds in range(1, 61)},
        )
