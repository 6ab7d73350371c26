"""The budget: nothing is submitted that could cost more than is left."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conformance.run.money.monthly_spending import Ledger


@dataclass(slots=True, kw_only=True)
class Budget:
    """Counts what is spent and what is reserved for answers that are still to come."""

    #: Credits at most; no limit where None.
    limit: float | None = None
    #: Jobs at most; no limit where None.
    max_jobs: int | None = None
    #: What is left of the month, where that is limited.
    ledger: Ledger | None = field(default=None, repr=False)
    spent: float = 0.0
    reserved: float = 0.0
    jobs: int = 0
    waiting: int = 0
    #: Why nothing more is submitted, in words; empty until something was refused.
    why: str = ""

    def reserve(self, price: float) -> bool:
        """Set a job's price aside, or say that there is not enough left."""
        refused = self._refused(price)
        if refused:
            self.why = refused
            return False
        self.reserved += price
        self.waiting += 1
        return True

    def settle(self, price: float, *, charged: float | None, lost: bool = False) -> None:
        """Give back what was set aside; `charged` is what the job costs, None where none was made.

        Where the answer was lost nobody knows: of the month it stays taken.
        """
        self.reserved -= price
        self.waiting -= 1
        if self.ledger:
            self.ledger.settle(price, charged=price if lost else charged or 0.0)
        if charged is not None:
            self.spent += charged
            self.jobs += 1

    def recall(self, *, charged: float | None) -> None:
        """Count what an earlier process of this run paid; nothing is set aside for it, and nothing taken from the month again."""
        if charged is not None:
            self.spent += charged
            self.jobs += 1

    def _refused(self, price: float) -> str:
        if self.max_jobs is not None and self.jobs + self.waiting >= self.max_jobs:
            return f"the limit of {self.max_jobs} {'job' if self.max_jobs == 1 else 'jobs'} is reached (--max-jobs)"
        if self.limit is not None and self.spent + self.reserved + price > self.limit:
            return f"the budget of {self.limit:g} is reached: {self.spent:g} spent, {self.reserved:g} reserved (--budget)"
        return self.ledger.reserve(price) if self.ledger else ""
