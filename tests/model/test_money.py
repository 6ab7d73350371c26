"""What jobs cost is said as people write it, and what nobody states is said to be unknown."""

from __future__ import annotations

import pytest

from conformance.model.money import JobCosts, bought, money


@pytest.mark.parametrize(
    ("amount", "unit", "written"),
    [
        (1.2, "USD", "$1.20"),
        (1.2, "$", "$1.20"),
        (1234.5, "dollars", "$1,234.50"),
        (0.005, "USD", "$0.005"),
        (0, "EUR", "€0.00"),
        (3, "CNY", "3.00 CNY"),
        (12, "credits", "12 credits"),
        (1200, "credits", "1,200 credits"),
        (1, "point", "1 point"),
        (2.5, "point", "2.5 points"),
    ],
)
def test_an_amount_reads_like_its_unit(amount: float, unit: str, written: str) -> None:
    assert money(amount, unit) == written


def test_a_price_that_nobody_states_is_unknown_and_counts_as_nothing_else() -> None:
    assert JobCosts.of([1.5, None, 2.0, None]) == JobCosts(amount=3.5, unpriced=2)


@pytest.mark.parametrize(
    ("jobs", "costs", "said"),
    [
        (2, JobCosts(amount=20), "2 jobs, 20 credits"),
        (1, JobCosts(unpriced=1), "1 job of unknown price"),
        (5, JobCosts(amount=20, unpriced=3), "5 jobs, 20 credits and 3 jobs of unknown price"),
        (0, JobCosts(), "0 jobs, 0 credits"),
    ],
)
def test_jobs_are_told_with_what_they_cost(jobs: int, costs: JobCosts, said: str) -> None:
    assert bought(jobs, costs, "credits") == said
