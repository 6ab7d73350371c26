"""What a client that awaits has of its own: sleeping, work on the disk, opening again."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


async def sleep(seconds: float) -> None:
    """Let others work for some seconds."""
    await asyncio.sleep(seconds)


async def work_on_disk(work: Callable[[], Any]) -> Any:
    """Do some work on the disk in a thread: the loop must not wait for a disk."""
    return await asyncio.to_thread(work)


def one_per_process(open_client: T) -> T:
    """Return it as it is: a client belongs to its event loop, so each job has one of its own."""
    return open_client
