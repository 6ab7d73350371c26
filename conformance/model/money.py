"""What jobs cost, in words too; and the money book: what is spent, and what is set aside."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

#: How people write amounts of a currency; other units stand behind the number.
_SIGNS = {"usd": "$", "$": "$", "dollars": "$", "eur": "€", "€": "€", "euros": "€", "gbp": "£"}
#: A currency has two digits behind the point, a small price as many as it needs.
_CENTS, _FINEST = 2, 6


@dataclass(frozen=True, slots=True, kw_only=True)
class JobCosts:
    """What jobs cost as far as anybody says: an amount, and jobs whose price nobody states."""

    amount: float = 0.0
    unpriced: int = 0

    @classmethod
    def of(cls, prices: Iterable[float | None]) -> JobCosts:
        """Add up prices; None is a price that nobody states."""
        prices = list(prices)
        stated = [price for price in prices if price is not None]
        return cls(amount=sum(stated), unpriced=len(prices) - len(stated))

    def __add__(self, other: JobCosts) -> JobCosts:
        """Return what both cost together."""
        return JobCosts(amount=self.amount + other.amount, unpriced=self.unpriced + other.unpriced)

    def __sub__(self, other: JobCosts) -> JobCosts:
        """Return how much more this costs."""
        return JobCosts(amount=self.amount - other.amount, unpriced=self.unpriced - other.unpriced)

    def in_words(self, unit: str) -> str:
        """Return `20 credits`, `$1.20 and 3 jobs of unknown price`, or that alone."""
        unknown = f"{_jobs(self.unpriced)} of unknown price"
        if not self.unpriced:
            return money(self.amount, unit)
        return f"{money(self.amount, unit)} and {unknown}" if self.amount else unknown


def bought(jobs: int, costs: JobCosts, unit: str) -> str:
    """Return how many jobs there are and what they cost: `2 jobs, 20 credits`."""
    in_words = costs.in_words(unit)
    return in_words if costs.unpriced and not costs.amount else f"{_jobs(jobs)}, {in_words}"


def money(amount: float, unit: str) -> str:
    """Return an amount as people write it: `$1.20`, `1.20 CNY`, `12 credits`."""
    sign = _SIGNS.get(unit.casefold(), "")
    is_code = len(unit) == len("USD") and unit.isascii() and unit.isupper()
    if sign or is_code:
        written = f"{amount:,.{_FINEST}f}".rstrip("0")
        missing = _CENTS - len(written.partition(".")[2])
        written += "0" * missing
        return f"{sign}{written}" if sign else f"{written} {unit}"
    plural = "" if amount == 1 or unit.endswith("s") else "s"
    return f"{amount:,g} {unit}{plural}"


def _jobs(count: int) -> str:
    return f"{count:,} job" if count == 1 else f"{count:,} jobs"


class Limit(Enum):
    """What a price would pass."""

    CREDITS = auto()
    JOBS = auto()


@dataclass(kw_only=True)
class MoneyBook:
    """Counts credits and jobs: reserved before a submit, settled by its answer.

    Where nobody knows what became of a submit it is not settled, and so stays counted. A price is
    None where nobody states it: of the credits such a job takes nothing until an answer says more,
    so it is the limit of jobs that bounds it.
    """

    #: Credits at most; no limit where None.
    limit: float | None = None
    #: Jobs at most; no limit where None.
    max_jobs: int | None = None
    spent: float = 0.0
    reserved: float = 0.0
    jobs: int = 0
    waiting: int = 0
    #: Jobs whose price nobody has stated.
    unpriced: int = 0

    @property
    def costs(self) -> JobCosts:
        """What the jobs cost so far."""
        return JobCosts(amount=self.spent, unpriced=self.unpriced)

    def passes(self, price: float | None) -> Limit | None:
        """Return the limit that another job of this price would pass; None where it fits."""
        if self.max_jobs is not None and self.jobs + self.waiting >= self.max_jobs:
            return Limit.JOBS
        if self.limit is None:
            return None
        taken = self.spent + self.reserved
        fits = taken < self.limit if price is None else taken + price <= self.limit
        return None if fits else Limit.CREDITS

    def reserve(self, price: float | None) -> None:
        """Set the price of a job aside."""
        self.reserved += price or 0.0
        self.waiting += 1

    def release(self, price: float | None) -> None:
        """Give back what was set aside."""
        self.reserved -= price or 0.0
        self.waiting -= 1

    def count(self, charged: float | None) -> None:
        """Count a job and what it costs."""
        self.jobs += 1
        if charged is None:
            self.unpriced += 1
        else:
            self.spent += charged

    def correct(self, before: float | None, charged: float) -> None:
        """Count a job at another cost than before: a later answer says it."""
        self.spent += charged - (before or 0.0)
        self.unpriced -= before is None
