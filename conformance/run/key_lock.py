"""One run at a time per key: two of them would spoil each other's balances and budgets."""

from __future__ import annotations

import hashlib
import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from conformance.errors import KeyInUse

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def hold(provider: str, key: str, folder: Path | None = None) -> Iterator[None]:
    """Hold the lock of a key; its file is named by a digest and never holds the key."""
    from filelock import FileLock, Timeout

    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    home = folder or cache / "conformance"
    home.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256(f"{provider} {key}".encode()).hexdigest()[:16]
    lock = FileLock(home / f"{provider}-{digest}.lock")
    try:
        lock.acquire(blocking=False)
    except Timeout as error:
        raise KeyInUse(provider) from error
    try:
        yield
    finally:
        lock.release()
