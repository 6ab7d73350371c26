"""What a client may spend.

Reserved before, settled after, and never given back where the outcome is unknown.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from conformance.client.client_budget import ClientBudget
from conformance.client.drafting.request_draft import check_call
from conformance.client.errors import OverLimit
from tests.client.shop import shop


def test_threads_share_one_limit() -> None:
    budget, made = (
        ClientBudget(credits=50, jobs=None, unit="credits"),
        check_call(shop(), "generate", {"prompt": "a fox"}),
    )

    def take(_: int) -> bool:
        try:
            budget.reserve(made, "Small")
        except OverLimit:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(take, range(40))) == 10
    assert (budget.spent, budget.jobs) == (50, 10)


def test_a_refusal_gives_back_and_a_charge_replaces() -> None:
    budget, made = (
        ClientBudget(credits=None, jobs=2, unit="credits"),
        check_call(shop(), "generate", {"prompt": "a fox"}),
    )

    budget.release(budget.reserve(made, "Small"))
    budget.settle(budget.reserve(made, "Small"), 7)
    budget.settle(budget.reserve(made, "Small"), None)

    assert (budget.spent, budget.jobs) == (12, 2)
    with pytest.raises(OverLimit, match="of at most 2"):
        budget.reserve(made, "Small")
