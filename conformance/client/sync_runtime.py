"""What a client that waits has of its own: how it sleeps, works on the disk, and opens again."""

from __future__ import annotations

import atexit
import time
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable
    from functools import _lru_cache_wrapper


class _Closing(Protocol):
    def close(self) -> None: ...


ClientT = TypeVar("ClientT", bound=_Closing)

sleep = time.sleep


def work_on_disk(work: Callable[[], Any]) -> Any:
    """Return what some work on the disk returns."""
    return work()


def one_per_process(open_client: Callable[[Any], ClientT]) -> _lru_cache_wrapper[ClientT]:
    """Return what opens each client once for all jobs, and closes it with the process."""

    @cache
    def opened_once(recipe: Any) -> ClientT:
        client = open_client(recipe)
        atexit.register(client.close)
        return client

    return opened_once
