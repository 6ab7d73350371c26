"""How a run goes about it."""

from __future__ import annotations

from dataclasses import dataclass


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
