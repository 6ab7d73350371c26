"""The book of requests: a run sends no more of them than was printed, whatever is answered."""

from __future__ import annotations

import asyncio

from conformance.model.verdict import Reason, ReasonCode


class RequestBook:
    """Counts requests: set aside before anything is sent that may need more, given back after.

    So a job that was paid for is always followed to its end: its polls are set aside before it is
    bought.
    """

    def __init__(self, most: int | None = None) -> None:
        """Begin with nothing sent; there is no ceiling where `most` is None."""
        self.most = most
        #: How many were really sent, those that were put off and sent again among them.
        self.sent = 0
        self._reserved = 0
        self._news = asyncio.Event()

    async def reserve(self, count: int) -> bool:
        """Set requests aside, or say that there are not enough left.

        Where what others have set aside may still be given back, that is waited for.
        """
        while not self.take(count):
            if not self._reserved:
                return False
            await self._news.wait()
        return True

    def take(self, count: int) -> bool:
        """Set requests aside where there are enough left at this moment."""
        if self.most is not None and self.sent + self._reserved + count > self.most:
            return False
        self._reserved += count
        return True

    def send(self) -> None:
        """Count one of those that were set aside as sent."""
        self.sent += 1
        self._reserved -= 1
        self._tell()

    def give_back(self, count: int) -> None:
        """Give back what was set aside and is not needed."""
        self._reserved -= count
        self._tell()

    def _tell(self) -> None:
        self._news.set()
        self._news = asyncio.Event()


def ceiling_reached(book: RequestBook) -> Reason:
    """Return why nothing more is sent."""
    text = f"the ceiling of {book.most} requests is reached (--max-requests)"
    return Reason(code=ReasonCode.REQUESTS, text=text)


class JobAllowance:
    """What was set aside for following one job."""

    def __init__(self, book: RequestBook, count: int) -> None:
        """Take over requests that were set aside in the book."""
        self._book, self._left = book, count

    def use(self) -> None:
        """Note that one of them is sent."""
        self._left -= 1

    def close(self) -> None:
        """Give back what the job did not need."""
        self._book.give_back(self._left)
        self._left = 0
