"""An accepted order for a video, and how far it has come."""

from dataclasses import dataclass, field
from typing import Any, Literal

Phase = Literal["queued", "working", "done", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What the video must be."""

    seconds: int
    #: The short side in pixels.
    side: int = 720
    ratio: str = "16:9"
    #: Seconds of input before the new clip, where the two come as one file.
    lead: int = 0

    @property
    def frame(self) -> tuple[int, int]:
        """Give width and height, even as the codec wants them."""
        wide, high = (float(part) for part in self.ratio.split(":"))
        long = round(self.side * max(wide, high) / min(wide, high) / 2) * 2
        return (long, self.side) if wide >= high else (self.side, long)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One accepted order; how far it is follows from the clock."""

    id: str
    key: str
    #: The endpoint that took it.
    door: str
    scenario: str
    order: Order
    created: float
    #: Whether the wrongness of its provider shows in this job.
    odd: bool = False
    #: Whether it is going to fail.
    doomed: bool = False
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """One look at a job."""

    phase: Phase
    percent: int
