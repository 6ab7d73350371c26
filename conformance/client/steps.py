"""What the client's generators ask of whoever drives them; sync and async drivers answer alike."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar

from conformance.jobs.job_life import Send, Update, Wait
from conformance.model.exchange import Answer, Request

if TYPE_CHECKING:
    from pathlib import Path

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """Send this and put the body of a success into a file, from `offset` on."""

    request: Request
    path: Path
    offset: int
    operation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """Do this to the disk and come back with what it returns."""

    work: Callable[[], Any]


Step: TypeAlias = Send | Wait | Update | Download | Call
#: A generator of steps that returns a `T`; it is sent answers to `Send` and `Download`, results
#: of `Call`, else None.
Steps: TypeAlias = Generator[Step, Any, T]


class RunningSteps(Generic[T]):
    """Remembers what a generator returns, which a `for` loop forgets."""

    result: T

    def __init__(self, steps: Steps[T]) -> None:
        """Begin at the first step."""
        self._steps = steps

    def next(self, answer: Any) -> Step | None:
        """Return the next step, or None at the end."""
        try:
            return self._steps.send(answer)
        except StopIteration as stop:
            self.result = stop.value
            return None


__all__ = ["Answer", "Call", "Download", "RunningSteps", "Send", "Step", "Steps", "Update", "Wait"]
