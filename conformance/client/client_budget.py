"""What a client may still spend: reserved before a submit, settled by its answer."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

from conformance.client.errors import OverLimit, PriceUnknown

if TYPE_CHECKING:
    from conformance.client.drafting.request_draft import Draft


class Purse:
    """Counts credits and jobs of one client. A submit of unknown outcome stays counted."""

    def __init__(self, *, credits: float | None, jobs: int | None, unit: str) -> None:
        """Begin with nothing spent."""
        self._credits, self._most, self._unit = credits, jobs, unit
        self._lock = Lock()
        self.spent = 0.0
        self.jobs = 0

    def reserve(self, draft: Draft, provider: str) -> float:
        """Set the price of a request aside, or raise where that would pass a limit."""
        price = draft.price
        if self._credits is not None and price is None:
            raise PriceUnknown(provider, draft.operation.cost.basis if draft.operation.cost else "")
        with self._lock:
            if self._most is not None and self.jobs + 1 > self._most:
                raise OverLimit(self._most, self.jobs, 1, "jobs")
            if self._credits is not None and self.spent + (price or 0) > self._credits:
                raise OverLimit(self._credits, self.spent, price or 0, self._unit)
            self.jobs += 1
            self.spent += price or 0
        return price or 0

    def settle(self, reserved: float, charged: float | None) -> None:
        """Put what the provider said it charged in the place of what was set aside."""
        if charged is not None:
            with self._lock:
                self.spent += charged - reserved

    def release(self, reserved: float) -> None:
        """Give back what a refused request had set aside."""
        with self._lock:
            self.spent -= reserved
            self.jobs -= 1
