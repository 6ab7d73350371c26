"""The jobs of a simulated provider, and the accounts that pay for them."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from conformance.simulator.active_sabotage import JobSabotage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.spec.document import Spec
    from conformance.spec.operation import Operation, Scenario

#: What an account begins with where prices are usual.
_USUAL_BALANCE = 1_000_000.0
#: So many of the dearest jobs can always be bought.
_JOBS = 10_000
#: The longest video that anybody asks for, in seconds.
_LONGEST = 120.0


def opening_balance(spec: Spec) -> float:
    """Return what an account begins with, so that no price of a spec is beyond it."""
    prices = []
    for submit in spec.submits:
        if submit.cost:
            prices += [submit.cost.amount or 0.0, (submit.cost.per_second or 0.0) * _LONGEST]
    return max(_USUAL_BALANCE, _JOBS * max(prices, default=0.0))


@dataclass(slots=True, kw_only=True)
class SimulatedJob:
    """One job: what was asked, by whom, when, and how often it was asked for."""

    id: str
    #: The id that answers carry; another than `id` where the provider has that bad habit.
    shown: str
    key: str
    operation: Operation
    scenario: Scenario
    body: Any
    created: float
    seconds: float
    price: float
    #: The finished job that this one builds on.
    original: SimulatedJob | None = None
    #: What is wrong with it, on request.
    sabotage: JobSabotage = field(default_factory=JobSabotage)
    fails: bool = False
    cancelled: bool = False
    polls: int = 0
    polls_done: int = 0

    def share(self, moment: float) -> float:
        """Return how much of its work is done."""
        return (moment - self.created) / self.seconds if self.seconds else 1.0

    def ended(self, moment: float) -> bool:
        """Say whether its work is over."""
        return self.share(moment) >= 1.0

    def done(self, moment: float) -> bool:
        """Say whether its work is over and went well."""
        return self.ended(moment) and not self.fails

    def cancel(self, moment: float) -> None:
        """End a job that still works; one that has ended stays as it is."""
        if not self.ended(moment):
            self.seconds, self.fails, self.cancelled = max(0.0, moment - self.created), True, True


@dataclass(slots=True, kw_only=True)
class JobStore:
    """Jobs by id, balances by key; looking one up costs the same however many there are."""

    balances: dict[str, float]
    jobs: dict[str, SimulatedJob] = field(default_factory=dict)
    requests: int = 0
    accepted: int = 0
    charged: float = 0.0

    def add(self, job: SimulatedJob) -> None:
        """Take a job on."""
        self.jobs[job.id] = job
        self.accepted += 1

    def affords(self, key: str, price: float) -> bool:
        """Say whether an account covers a price."""
        return self.balances.get(key, 0.0) >= price

    def charge(self, key: str, price: float) -> None:
        """Take credits from an account."""
        self.balances[key] = self.balances.get(key, 0.0) - price
        self.charged += price


def job_ids(seed: int, number: int) -> Iterator[str]:
    """Yield an id for a job in the forms that documents ask for, the plainest first."""
    token = hashlib.sha256(f"{seed} {number}".encode()).hexdigest()
    yield f"job_{token[:20]}"
    yield str(uuid.UUID(token[:32], version=4))
    yield from (token[:length] for length in (16, 24, 32, 64, 8, 10, 12))
    yield str(int(token[:13], 16))
