"""The jobs of a simulated provider, and the accounts that pay for them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from conformance.spec.operation import Operation, Scenario


@dataclass(slots=True, kw_only=True)
class Job:
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
    fails: bool = False
    polls: int = 0
    polls_done: int = 0


@dataclass(slots=True, kw_only=True)
class Store:
    """Jobs by id, balances by key; looking one up costs the same however many there are."""

    balances: dict[str, float]
    jobs: dict[str, Job] = field(default_factory=dict)
    requests: int = 0
    accepted: int = 0
    charged: float = 0.0

    def add(self, job: Job) -> None:
        """Take a job on."""
        self.jobs[job.id] = job
        self.accepted += 1

    def charge(self, key: str, price: float) -> None:
        """Take credits from an account."""
        self.balances[key] = self.balances.get(key, 0.0) - price
        self.charged += price
