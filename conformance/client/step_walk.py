"""A generator of steps on its way: what it wants next, and what it returned."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from conformance.client.steps import Step, Steps

T = TypeVar("T")


class Walk(Generic[T]):
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
