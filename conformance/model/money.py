"""The money book: what is spent, and what is set aside for answers that are still to come."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto


class Limit(Enum):
    """What a price would pass."""

    CREDITS = auto()
    JOBS = auto()


@dataclass(kw_only=True)
class MoneyBook:
    """Counts credits and jobs: reserved before a submit, settled by its answer.

    Where nobody knows what became of a submit it is not settled, and so stays counted.
    """

    #: Credits at most; no limit where None.
    limit: float | None = None
    #: Jobs at most; no limit where None.
    max_jobs: int | None = None
    spent: float = 0.0
    reserved: float = 0.0
    jobs: int = 0
    waiting: int = 0

    def passes(self, price: float) -> Limit | None:
        """Return the limit that another job of this price would pass; None where it fits."""
        if self.max_jobs is not None and self.jobs + self.waiting >= self.max_jobs:
            return Limit.JOBS
        if self.limit is not None and self.spent + self.reserved + price > self.limit:
            return Limit.CREDITS
        return None

    def reserve(self, price: float) -> None:
        """Set the price of a job aside."""
        self.reserved += price
        self.waiting += 1

    def settle(self, price: float, *, charged: float | None) -> None:
        """Give back what was set aside.

        `charged` is what the job costs, None where none was made.
        """
        self.reserved -= price
        self.waiting -= 1
        self.count(charged)

    def count(self, charged: float | None) -> None:
        """Count what a job costs for which nothing was set aside; None where there is no job."""
        if charged is not None:
            self.spent += charged
            self.jobs += 1
