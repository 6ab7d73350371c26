"""What a client may still spend: reserved before a submit, settled by its answer."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

from conformance.client.errors import OverLimit, PriceUnknown
from conformance.model.money import Limit, MoneyBook

if TYPE_CHECKING:
    from conformance.client.drafting.request_draft import RequestDraft


class ClientBudget:
    """The money book of one client, shared by its threads.

    A submit of unknown outcome stays counted.
    """

    def __init__(self, *, credits: float | None, jobs: int | None, unit: str) -> None:
        """Begin with nothing spent."""
        self._book = MoneyBook(limit=credits, max_jobs=jobs)
        self._unit = unit
        self._lock = Lock()

    @property
    def spent(self) -> float:
        """Credits that were spent or may be."""
        return self._book.spent + self._book.reserved

    @property
    def jobs(self) -> int:
        """Jobs that were made or may be."""
        return self._book.jobs + self._book.waiting

    def reserve(self, draft: RequestDraft, provider: str) -> float:
        """Set the price of a request aside, or raise where that would pass a limit."""
        if self._book.limit is not None and draft.price is None:
            raise PriceUnknown(provider, draft.operation.cost.basis if draft.operation.cost else "")
        price = draft.price or 0.0
        with self._lock:
            match self._book.passes(price):
                case Limit.JOBS:
                    raise OverLimit(self._book.max_jobs or 0, self.jobs, 1, "jobs")
                case Limit.CREDITS:
                    raise OverLimit(self._book.limit or 0.0, self.spent, price, self._unit)
                case None:
                    self._book.reserve(price)
        return price

    def settle(self, reserved: float, charged: float | None) -> None:
        """Put what the provider said it charged in the place of what was set aside."""
        with self._lock:
            self._book.release(reserved)
            self._book.count(reserved if charged is None else charged)

    def release(self, reserved: float) -> None:
        """Give back what a refused request had set aside."""
        with self._lock:
            self._book.release(reserved)
