"""How a run goes about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.run.open_target import is_loopback

if TYPE_CHECKING:
    from conformance.model.waiver import Waiver
    from conformance.run.money.monthly_spending import Ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How a run goes about it."""

    budget: float | None = None
    max_jobs: int | None = None
    concurrency: int = 8
    rate: float | None = None
    job_timeout: float = 600.0
    #: Seconds between polls; the provider's own hint where None.
    poll_interval: float | None = None
    seed: int = 0
    #: Forbidden requests per operation to search for, beyond the planned ones.
    explore: int = 0
    #: How often a divergence that costs nothing is looked at again.
    confirm: int = 2
    #: Set where clauses were selected away on purpose.
    selected: bool = False
    #: Whether what was never recorded is an error of ours rather than left open.
    strict: bool = False
    #: Divergences that are accepted, of this provider alone.
    waivers: tuple[Waiver, ...] = ()
    #: What is left of the month, where that is limited.
    ledger: Ledger | None = None


def usual_concurrency(base_url: str) -> int:
    """Return how many requests are sent at a time where nobody says: to one's own machine, more."""
    return 32 if not base_url or is_loopback(base_url) else 8
