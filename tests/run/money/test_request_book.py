"""The book of requests: what is set aside is there for its job, what is not needed for others."""

from __future__ import annotations

import asyncio

from conformance.run.money.request_book import JobAllowance, RequestBook


def test_what_is_set_aside_is_not_there_for_others() -> None:
    book = RequestBook(10)

    assert book.take(7)
    assert not book.take(4)
    assert book.take(3)


def test_without_a_ceiling_everything_fits() -> None:
    assert RequestBook().take(1_000_000)


def test_what_a_job_did_not_need_is_given_back() -> None:
    book = RequestBook(10)
    assert book.take(10)
    allowance = JobAllowance(book, 10)
    allowance.use()
    book.send()

    allowance.close()

    assert book.take(9)
    assert not book.take(1)


def test_who_finds_too_little_waits_for_what_others_may_give_back() -> None:
    async def told() -> list[bool]:
        book = RequestBook(10)
        assert book.take(8)
        waiting = asyncio.create_task(book.reserve(5))
        await asyncio.sleep(0)
        before = waiting.done()
        book.give_back(8)
        return [before, await waiting]

    assert asyncio.run(told()) == [False, True]


def test_where_nobody_can_give_anything_back_it_is_refused_at_once() -> None:
    async def refused() -> bool:
        book = RequestBook(3)
        for _ in range(3):
            assert book.take(1)
            book.send()
        return await book.reserve(1)

    assert not asyncio.run(refused())
