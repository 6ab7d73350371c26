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

    def reserve(self, price: float | None) -> bool:
        """Set a job's price aside, or say that there is not enough left."""
        refused = self._refused(price)
        if refused:
            self.why = refused
            return False
        self.book.reserve(price)
        return True

    def settle(self, price: float | None, *, charged: float | None) -> None:
        """Put what a job costs in the place of what was set aside; None where nobody states it."""
        self.book.release(price)
        self.book.count(charged)
        if self.ledger:
            self.ledger.settle(price or 0.0, charged=charged or 0.0)

    def release(self, price: float | None, *, lost: bool = False) -> None:
        """Give back what was set aside where no job was made.

        Where the answer was lost nobody knows: of the month it stays taken.
        """
        self.book.release(price)
        if self.ledger:
            self.ledger.settle(price or 0.0, charged=(price or 0.0) if lost else 0.0)

    def recall(self, charged: float | None) -> None:
        """Count a job that an earlier process of this run paid.

        Of the month it is taken already.
        """
        self.book.count(charged)

    def correct(self, before: float | None, charged: float) -> None:
        """Count a job at the cost that a later answer states."""
        self.book.correct(before, charged)
        if self.ledger:
            self.ledger.correct(charged - (before or 0.0))

    def _refused(self, price: float | None) -> str:
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
                return self.ledger.reserve(price or 0.0) if self.ledger else ""
