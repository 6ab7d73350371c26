"""The ledger: what was spent this month, shared by every run on this machine.

So two runs at once cannot both take the last of it.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import ExitStack, closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from uuid import uuid4

from conformance.errors import BrokenLedger
from conformance.run.open_target import is_loopback

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: Names another file, such as one that a CI keeps from night to night.
VARIABLE = "CONFORMANCE_LEDGER"
#: Seconds to wait for another process that is writing.
PATIENCE = 10.0
#: How long entries are kept, in seconds: a month and what a run may last.
_KEPT = 70 * 86_400
_TABLES = """
CREATE TABLE IF NOT EXISTS entries (
    id INTEGER PRIMARY KEY, account TEXT NOT NULL, at REAL NOT NULL, month TEXT NOT NULL,
    price REAL NOT NULL, charged REAL, owner TEXT NOT NULL
);
"""
_INDEX = "CREATE INDEX IF NOT EXISTS entries_of_month ON entries (account, month)"
#: What is reserved counts as spent until it is settled; after a kill it may have been paid.
_SPENT = """
SELECT COALESCE(SUM(COALESCE(charged, price)), 0.0) FROM entries WHERE account = ? AND month = ?
"""
_SETTLE = """
UPDATE entries SET charged = ? WHERE id = (
    SELECT id FROM entries WHERE owner = ? AND price = ? AND charged IS NULL ORDER BY id LIMIT 1
)
"""


def default() -> Path:
    """Return where the ledger of this machine lies."""
    named = os.environ.get(VARIABLE, "").strip()
    home = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state")
    return Path(named) if named else home / "conformance" / "ledger.sqlite"


def account_of(provider: str, base_url: str) -> str:
    """Return whose month it is: a provider's at a host; servers of one's own share one."""
    host = "loopback" if is_loopback(base_url) else urlsplit(base_url).hostname or ""
    return f"{provider} at {host}"


def spent_this_month(account: str, *, now: float) -> float:
    """Return what was spent of a month's budget so far; nothing where there is no ledger."""
    if not default().is_file():
        return 0.0
    ledger = Ledger(default(), account=account, cap=0.0, now=lambda: now)
    try:
        return ledger.spent
    finally:
        ledger.close()


class Ledger:
    """What one run may still take of an account's month."""

    def __init__(self, file: Path, *, account: str, cap: float, now: Callable[[], float]) -> None:
        self._file, self._account, self._cap, self._now = file, account, cap, now
        self._owner = uuid4().hex
        with self._told(), ExitStack() as on_failure:
            file.parent.mkdir(parents=True, exist_ok=True)
            self._base = on_failure.enter_context(
                closing(sqlite3.connect(file, isolation_level=None, timeout=PATIENCE))
            )
            # Others may be at it already; without this it is slower, and as sound.
            with suppress(sqlite3.OperationalError):
                self._base.execute("PRAGMA journal_mode=WAL")
            self._base.execute(_TABLES)
            self._base.execute(_INDEX)
            self._base.execute("DELETE FROM entries WHERE at < ?", (now() - _KEPT,))
            on_failure.pop_all()

    @property
    def spent(self) -> float:
        """What was spent or is reserved this month, by all runs."""
        with self._told():
            return float(self._base.execute(_SPENT, (self._account, self._month())).fetchone()[0])

    def reserve(self, price: float) -> str:
        """Set a price aside, or return why not: there is not enough left of the month."""
        try:
            with self._told(), self._alone():
                return self._reserve(price)
        except BrokenLedger as error:
            # Jobs that are paid for are still followed; only nothing more is bought.
            return str(error)

    def _reserve(self, price: float) -> str:
        month = self._month()
        spent = self._base.execute(_SPENT, (self._account, month)).fetchone()[0]
        if spent + price > self._cap:
            return (
                f"the monthly budget of {self._cap:g} is reached: "
                f"{spent:g} spent or reserved in {month} (monthly_budget in conformance.toml)"
            )
        row = (self._account, self._now(), month, price, self._owner)
        self._base.execute(
            "INSERT INTO entries (account, at, month, price, owner) VALUES (?, ?, ?, ?, ?)", row
        )
        return ""

    def settle(self, price: float, *, charged: float) -> None:
        """Say what became of a reserved price; where that cannot be written, it stays taken."""
        with suppress(BrokenLedger), self._told():
            self._base.execute(_SETTLE, (charged, self._owner, price))

    def correct(self, more: float) -> None:
        """Count what a job cost beyond what it was settled with."""
        row = (self._account, self._now(), self._month(), more, more, self._owner)
        with suppress(BrokenLedger), self._told():
            self._base.execute(
                "INSERT INTO entries (account, at, month, price, charged, owner) "
                "VALUES (?, ?, ?, ?, ?, ?)",
                row,
            )

    def close(self) -> None:
        """Close the file."""
        self._base.close()

    def _month(self) -> str:
        return datetime.fromtimestamp(self._now(), UTC).strftime("%Y-%m")

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep all others from looking between our look and our taking."""
        self._base.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            self._base.execute("COMMIT")

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, UnicodeDecodeError, OSError) as error:
            raise BrokenLedger(str(self._file), str(error), VARIABLE) from error
