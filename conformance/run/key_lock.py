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
    try:
        import fcntl
    except ImportError:  # no file locks on this platform: one machine, one user, one run
        yield
        return
    home = (
        folder or Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "conformance"
    )
    home.mkdir(parents=True, exist_ok=True)
    name = hashlib.sha256(f"{provider} {key}".encode()).hexdigest()[:16]
    with (home / f"{provider}-{name}.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise KeyInUse(provider) from error
        yield
