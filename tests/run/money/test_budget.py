"""Nothing is submitted that could cost more than is left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.model.money import JobCosts, MoneyBook
from conformance.run.money.budget import Budget
from conformance.run.money.monthly_spending import Ledger

if TYPE_CHECKING:
    from pathlib import Path


def test_what_is_reserved_is_not_there_for_others() -> None:
    budget = Budget(book=MoneyBook(limit=10))

    assert budget.reserve(6)
    assert not budget.reserve(6)
    assert budget.why == "the budget of 10 is reached: 0 spent, 6 reserved (--budget)"
    budget.release(6)
    assert budget.reserve(6)


def test_jobs_are_counted_too() -> None:
    budget = Budget(book=MoneyBook(max_jobs=1))

    assert budget.reserve(1)
    assert not budget.reserve(1)
    assert budget.why == "the limit of 1 job is reached (--max-jobs)"


def test_what_was_charged_counts_not_what_was_expected() -> None:
    budget = Budget(book=MoneyBook(limit=10))
    budget.reserve(2)
    budget.settle(2, charged=9)

    assert (budget.book.spent, budget.reserve(2)) == (9, False)


def test_the_month_is_asked_last_so_that_nothing_is_taken_of_it_in_vain(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.sqlite", account="a", cap=100, now=lambda: 0.0)
    budget = Budget(book=MoneyBook(limit=1), ledger=ledger)

    assert not budget.reserve(2)
    assert ledger.spent == 0
    ledger.close()


def test_a_lost_answer_stays_taken_of_the_month(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.sqlite", account="a", cap=10, now=lambda: 0.0)
    budget = Budget(ledger=ledger)
    for lost in (True, False):
        budget.reserve(4)
        budget.release(4, lost=lost)

    assert (ledger.spent, budget.book.spent) == (4, 0)
    assert budget.reserve(6)
    assert not budget.reserve(1)
    assert budget.why == (
        "the monthly budget of 10 is reached: 10 spent or reserved in 1970-01 (monthly_budget "
        "in conformance.toml)"
    )
    ledger.close()


def test_what_an_earlier_process_of_the_run_paid_is_taken_of_the_month_once(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.sqlite", account="a", cap=10, now=lambda: 0.0)
    budget = Budget(book=MoneyBook(limit=9), ledger=ledger)
    budget.recall(6)

    assert (budget.book.spent, budget.book.jobs, ledger.spent) == (6, 1, 0)
    assert not budget.reserve(4)
    ledger.close()


def test_of_jobs_of_unknown_price_the_limit_of_jobs_decides() -> None:
    budget = Budget(book=MoneyBook(limit=10, max_jobs=2))
    for _ in range(2):
        assert budget.reserve(None)
        budget.settle(None, charged=None)

    assert not budget.reserve(None)
    assert budget.why == "the limit of 2 jobs is reached (--max-jobs)"
    assert budget.book.costs == JobCosts(unpriced=2)


def test_where_the_budget_is_spent_no_job_of_unknown_price_is_bought_either() -> None:
    budget = Budget(book=MoneyBook(limit=10, max_jobs=5))
    budget.reserve(10)
    budget.settle(10, charged=10)

    assert not budget.reserve(None)


def test_a_cost_that_only_a_later_answer_states_is_counted_then(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.sqlite", account="a", cap=10, now=lambda: 0.0)
    budget = Budget(book=MoneyBook(limit=10), ledger=ledger)
    budget.reserve(None)
    budget.settle(None, charged=None)

    budget.correct(None, 7)

    assert budget.book.costs == JobCosts(amount=7)
    assert ledger.spent == 7
    assert not budget.reserve(4)
    ledger.close()
