"""A shelf for made files: bounded by how many and by how heavy they are together."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable


class Shelf:
    """Keeps the files that were last asked for, and lets go of the oldest when it is full."""

    def __init__(self, *, count: int, weight: int) -> None:
        """Hold at most so many files and so many bytes."""
        self._count, self._weight = count, weight
        self._files: OrderedDict[Hashable, bytes] = OrderedDict()
        self._lock = threading.Lock()
        self.weight = 0

    def __len__(self) -> int:
        """Return how many files are held."""
        return len(self._files)

    def get(self, key: Hashable, make: Callable[[], bytes]) -> bytes:
        """Return the file of that key, made now unless it is held."""
        with self._lock:
            if key in self._files:
                self._files.move_to_end(key)
                return self._files[key]
        # Made outside the lock: a file at hand never waits for one that is being made.
        made = make()
        with self._lock:
            self._keep(key, made)
        return made

    def _keep(self, key: Hashable, made: bytes) -> None:
        self.weight += len(made) - len(self._files.pop(key, b""))
        self._files[key] = made
        while self._files and (len(self._files) > self._count or self.weight > self._weight):
            _, gone = self._files.popitem(last=False)
            self.weight -= len(gone)
