"""The budget: nothing is submitted that could cost more than is left."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True, kw_only=True)
class Budget:
    """Counts what is spent and what is reserved for answers that are still to come."""

    #: Credits at most; no limit where None.
    limit: float | None = None
    #: Jobs at most; no limit where None.
    max_jobs: int | None = None
    spent: float = 0.0
    reserved: float = 0.0
    jobs: int = 0
    waiting: int = 0

    def reserve(self, price: float) -> bool:
        """Set a job's price aside, or say that there is not enough left."""
        too_dear = self.limit is not None and self.spent + self.reserved + price > self.limit
        too_many = self.max_jobs is not None and self.jobs + self.waiting >= self.max_jobs
        if too_dear or too_many:
            return False
        self.reserved += price
        self.waiting += 1
        return True

    def settle(self, price: float, *, charged: float | None) -> None:
        """Give back what was set aside; `charged` is what the job costs, None where none was made."""
        self.reserved -= price
        self.waiting -= 1
        if charged is not None:
            self.spent += charged
            self.jobs += 1

    @property
    def why(self) -> str:
        """Why nothing more is submitted, in words."""
        if self.max_jobs is not None and self.jobs + self.waiting >= self.max_jobs:
            return f"the limit of {self.max_jobs} jobs is reached (--max-jobs)"
        return f"the budget of {self.limit:g} is reached: {self.spent:g} spent, {self.reserved:g} reserved (--budget)"
