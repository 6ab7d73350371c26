"""The journal: what was about to be paid for, and what came of it, on disk before all else."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from contextlib import ExitStack, closing, contextmanager, nullcontext
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

import msgspec

from conformance.errors import BrokenJournal
from conformance.model.exchange import Exchange, Failure, Fault, Purpose
from conformance.model.run_records import exchange_from_json, exchange_to_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from conformance.model.exchange import Request

_TABLES = """
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS submits (
    key TEXT PRIMARY KEY, operation TEXT NOT NULL, intended REAL NOT NULL, exchange TEXT
);
"""
_LOST = (
    "an earlier process sent this and never saw the answer; "
    "it is not sent again, as it may have been paid for"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """The place of one submit in the journal, with its answer where an earlier process has it."""

    key: str
    operation: str = ""
    known: Exchange | None = None


class RunJournal:
    """Remembers submits across processes. One file per run and provider."""

    def __init__(
        self,
        file: Path,
        *,
        now: Callable[[], float],
        clean: Callable[[Exchange], Exchange] = lambda exchange: exchange,
        volatile: Mapping[str, str] | None = None,
    ) -> None:
        self._file, self._now, self._clean = file, now, clean
        #: Parts of requests that differ from process to process, and what stands for them.
        self._volatile = volatile or {}
        self._asked: set[str] = set()
        try:
            with ExitStack() as on_failure:
                self._base = on_failure.enter_context(
                    closing(sqlite3.connect(file, isolation_level=None))
                )
                self._base.execute("PRAGMA journal_mode=WAL")
                self._base.execute("PRAGMA synchronous=FULL")
                self._base.executescript(_TABLES)
                submits = self._base.execute("SELECT key, exchange FROM submits")
                self._known = dict(submits.fetchall())
                on_failure.pop_all()
        except (sqlite3.Error, UnicodeDecodeError) as error:
            raise BrokenJournal(str(file), str(error)) from error

    def look(self, request: Request, operation: str) -> Ticket:
        """Return the place of a submit, with what is known from before; nothing is written yet."""
        key = self._key(request)
        if key not in self._known:
            return Ticket(key=key, operation=operation)
        text = self._known[key]
        return Ticket(
            key=key,
            operation=operation,
            known=self._exchange(text) if text else self._lost(request, operation),
        )

    def _exchange(self, text: str) -> Exchange:
        try:
            return exchange_from_json(json.loads(text))
        except (ValueError, TypeError, msgspec.ValidationError) as error:
            raise BrokenJournal(str(self._file), str(error)) from error

    def holds(self, request: Request) -> bool:
        """Say whether an earlier process sent this, so that nothing new is spent on it."""
        return self._next_key(request) in self._known

    def unasked(self) -> list[Exchange]:
        """Return the answered submits of an earlier process that this one never came to."""
        return [
            self._exchange(text)
            for key, text in self._known.items()
            if text and key not in self._asked
        ]

    def intend(self, ticket: Ticket) -> None:
        """Write down that this is sent now: what still waits for its turn is lost with nobody."""
        self._write(
            "INSERT INTO submits (key, operation, intended) VALUES (?, ?, ?)",
            (ticket.key, ticket.operation, self._now()),
        )

    def keep(self, ticket: Ticket, exchange: Exchange, *, refused: bool = False) -> None:
        """Write down what was answered; a refusal may be lost, as it has cost nothing."""
        text = json.dumps(exchange_to_json(self._clean(exchange)))
        with self._unhurried() if refused else nullcontext():
            self._write("UPDATE submits SET exchange = ? WHERE key = ?", (text, ticket.key))

    @contextmanager
    def _unhurried(self) -> Iterator[None]:
        """Leave it to the system when it reaches the disk.

        A machine that loses power then takes a refusal for lost, and sends nothing again.
        """
        self._base.execute("PRAGMA synchronous=NORMAL")
        try:
            yield
        finally:
            self._base.execute("PRAGMA synchronous=FULL")

    def note(self, name: str, value: str) -> None:
        """Write down a fact about the run."""
        self._write("INSERT OR REPLACE INTO facts (name, value) VALUES (?, ?)", (name, value))

    def close(self) -> None:
        """Close the file."""
        self._base.close()

    def _key(self, request: Request) -> str:
        key = self._next_key(request)
        self._asked.add(key)
        return key

    def _next_key(self, request: Request) -> str:
        parts = f"{request.method} {request.url} {request.auth} ".encode() + request.body
        for text, name in self._volatile.items():
            parts = parts.replace(text.encode(), name.encode())
        digest = hashlib.sha256(parts).hexdigest()
        # The same request may be sent again on purpose; each time is a submit of its own.
        number = next(number for number in count(1) if f"{digest}-{number}" not in self._asked)
        return f"{digest}-{number}"

    def _lost(self, request: Request, operation: str) -> Exchange:
        answer = Failure(fault=Fault.ANSWER_LOST, detail=_LOST)
        return Exchange(
            number=0,
            operation=operation,
            purpose=Purpose.SUBMIT,
            request=request,
            answer=answer,
            started=self._now(),
            elapsed=0.0,
        )

    def _write(self, statement: str, values: tuple[object, ...]) -> None:
        try:
            self._base.execute(statement, values)
        except sqlite3.Error as error:
            raise BrokenJournal(str(self._file), str(error)) from error


def facts_of(file: Path) -> dict[str, str]:
    """Return what a journal says of its run; nothing where there is no journal."""
    if not file.is_file():
        return {}
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as base:
            facts = base.execute("SELECT name, value FROM facts").fetchall()
        return {str(name): str(value) for name, value in facts}
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise BrokenJournal(str(file), str(error)) from error


def set_aside(file: Path, *, stamp: int) -> Path | None:
    """Keep the journal of an unfinished run under another name, and return it, if any."""
    facts = facts_of(file)
    renamed = None
    if facts.get("options") and not facts.get("finished"):
        renamed = file.with_name(f"journal-{stamp}.sqlite")
        file.rename(renamed)
    for name in (file.name, f"{file.name}-wal", f"{file.name}-shm"):
        file.with_name(name).unlink(missing_ok=True)
    return renamed
