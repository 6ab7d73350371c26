"""The budget: nothing is submitted that could cost more than is left."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from conformance.model.money import Limit, MoneyBook

if TYPE_CHECKING:
    from conformance.run.money.monthly_spending import Ledger


@dataclass(kw_only=True)
class Budget:
    """What a run may spend: its own book, and what is left of the month."""

    book: MoneyBook = field(default_factory=MoneyBook)
    #: What is left of the month, where that is limited.
    ledger: Ledger | None = field(default=None, repr=False)
    #: Why nothing more is submitted, in words; empty until something was refused.
    why: str = ""

    def reserve(self, price: float) -> bool:
        """Set a job's price aside, or say that there is not enough left."""
        refused = self._refused(price)
        if refused:
            self.why = refused
            return False
        self.book.reserve(price)
        return True

    def settle(self, price: float, *, charged: float | None, lost: bool = False) -> None:
        """Give back what was set aside; `charged` is what the job costs, None where none was made.

        Where the answer was lost nobody knows: of the month it stays taken.
        """
        self.book.settle(price, charged=charged)
        if self.ledger:
            self.ledger.settle(price, charged=price if lost else charged or 0.0)

    def recall(self, *, charged: float | None) -> None:
        """Count what an earlier process of this run paid: of the month it is taken already."""
        self.book.count(charged)

    def _refused(self, price: float) -> str:
        book = self.book
        match book.passes(price):
            case Limit.JOBS:
                noun = "job" if book.max_jobs == 1 else "jobs"
                return f"the limit of {book.max_jobs} {noun} is reached (--max-jobs)"
            case Limit.CREDITS:
                return (
                    f"the budget of {book.limit:g} is reached: {book.spent:g} spent, "
                    f"{book.reserved:g} reserved (--budget)"
                )
            case _:
                return self.ledger.reserve(price) if self.ledger else ""
