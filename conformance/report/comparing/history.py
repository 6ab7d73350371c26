"""What earlier runs said, in one SQLite file that many processes may write at a time."""

from __future__ import annotations

import json
import math
import sqlite3
from collections import defaultdict
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias, TypeVar
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct

from conformance.errors import BrokenHistory, NoHistory
from conformance.model.run_records import RunFooter, RunHeader, SpendRecord, Time, plain_json
from conformance.model.verdict import Outcome
from conformance.report.comparing.background import EarlierRun, PastVerdict
from conformance.report.comparing.change import ComparedVerdict, compared_verdicts
from conformance.run.open_target import is_loopback
from conformance.run.planning.selection import Turn

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from conformance.report.run_file.run_file import RunRecord

T = TypeVar("T")

FILE = "history.sqlite"
#: How many earlier verdicts of a clause are told.
LAST = 30
#: Seconds to wait for another process that is writing.
PATIENCE = 10.0
#: Written into the file, so that no other program's file is taken for ours: "cnfh".
_OURS = 0x636E6668
_VERSION = 1
_TABLES = (
    """
    CREATE TABLE IF NOT EXISTS runs (
        id TEXT PRIMARY KEY, provider TEXT NOT NULL, target TEXT NOT NULL,
        recorded_from TEXT NOT NULL, digest TEXT NOT NULL, decision TEXT NOT NULL,
        complete INTEGER NOT NULL, requests INTEGER NOT NULL, jobs INTEGER NOT NULL,
        credits REAL NOT NULL, started REAL NOT NULL, finished REAL,
        header TEXT NOT NULL, footer TEXT
    ) WITHOUT ROWID
    """,
    "CREATE INDEX IF NOT EXISTS runs_in_order ON runs (provider, target, started)",
    """
    CREATE TABLE IF NOT EXISTS verdicts (
        run TEXT NOT NULL REFERENCES runs (id), clause TEXT NOT NULL,
        verdict TEXT NOT NULL, fingerprint TEXT NOT NULL,
        PRIMARY KEY (clause, run)
    ) WITHOUT ROWID
    """,
)
#: Complete runs with the place that each was against, and those of them that something is compared
#: with.
_VIEWS = """
CREATE TEMP VIEW whole AS SELECT *, place(target, recorded_from) AS place FROM runs WHERE complete;
CREATE TEMP TABLE earlier (
    id TEXT PRIMARY KEY, started REAL NOT NULL, finished REAL NOT NULL
) WITHOUT ROWID;
CREATE TEMP VIEW told AS
    SELECT v.*, e.started, e.finished, v.verdict IN ('pass', 'warn', 'flaky', 'fail') AS decided
    FROM verdicts v JOIN earlier e ON e.id = v.run;
"""
_EARLIER = """
INSERT INTO earlier SELECT id, started, finished FROM whole
WHERE provider = ? AND place = ? AND started < ? AND id <> ?
"""
_ADD = "INSERT OR REPLACE INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_RUNS = """
SELECT id, provider, target, recorded_from, digest, decision, complete, requests, jobs, credits,
    started, finished
FROM runs WHERE ? IN ('', provider) ORDER BY started DESC, id
"""
_BEFORE = (
    "SELECT header, footer FROM runs JOIN earlier e USING (id) ORDER BY e.started DESC, id LIMIT 1"
)
_LAST = """
SELECT clause, verdict, fingerprint FROM (
    SELECT *, ROW_NUMBER() OVER (PARTITION BY clause ORDER BY started DESC, run) AS rank
    FROM told WHERE decided
) WHERE rank = 1 ORDER BY clause
"""
_PAST = """
SELECT clause, run, finished, verdict FROM (
    SELECT *, ROW_NUMBER() OVER (PARTITION BY clause ORDER BY started DESC, run) AS rank FROM told
) WHERE rank <= ? ORDER BY clause, rank DESC
"""
_VERDICTS = """
SELECT v.clause, v.run, v.verdict, v.fingerprint FROM verdicts v JOIN runs r ON r.id = v.run
WHERE r.complete AND ? IN ('', r.provider) ORDER BY v.clause, r.started, r.id
"""
_TURNS = (
    "SELECT clause, MAX(finished), MAX(CASE WHEN decided THEN finished END) FROM told "
    "GROUP BY clause"
)


#: What the rows hold, as they were written.
_RunRow: TypeAlias = tuple[str, str, str, str, str, str, bool, int, int, float, Time, Time | None]
_PastRow: TypeAlias = tuple[str, str, Time, Outcome]
_VerdictRow: TypeAlias = tuple[str, str, Outcome, str]


class NotAsWritten(sqlite3.DataError):
    """A value in a history is none that this program writes; `opened` says so with the file."""


class RecordedRun(Struct, frozen=True, kw_only=True):
    """A run, as the history knows it."""

    run: str
    provider: str
    target: str
    recorded_from: str
    #: Of the spec.
    digest: str
    decision: str
    complete: bool
    spend: SpendRecord
    started: Time
    finished: Time | None

    @property
    def place(self) -> str:
        """What it was against, as far as runs are compared."""
        return place_of(self.target, self.recorded_from)


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryVerdict:
    """What one run said of one clause."""

    clause: str
    run: RecordedRun
    said: ComparedVerdict


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """An open history. `opened` makes one."""

    base: sqlite3.Connection

    def append(self, run: RunRecord) -> str:
        """Add a run, or put it in its own place again; return its id."""
        header, footer, spend = run.header, run.footer, run.spend
        row = (
            run.id,
            header.provider,
            header.target,
            header.recorded_from,
            header.spec.digest,
            run.decision.value,
            footer is not None and footer.complete,
            spend.requests,
            spend.jobs,
            spend.credits,
            header.started,
            footer.finished if footer else None,
            _json(header),
            _json(footer) if footer else None,
        )
        verdicts = [
            (run.id, _text(clause), verdict.verdict, verdict.fingerprint)
            for clause, verdict in compared_verdicts(run).items()
        ]
        with self.base:
            self.base.execute("BEGIN IMMEDIATE")
            self.base.execute("DELETE FROM verdicts WHERE run = ?", (run.id,))
            self.base.execute(_ADD, row)
            self.base.executemany(
                "INSERT INTO verdicts (run, clause, verdict, fingerprint) VALUES (?, ?, ?, ?)",
                verdicts,
            )
        return run.id

    def runs(self, *, provider: str = "") -> list[RecordedRun]:
        """Return all runs, the latest first."""
        rows = self.base.execute(_RUNS, (provider,)).fetchall()
        return [
            RecordedRun(
                run=run,
                provider=whose,
                target=target,
                recorded_from=origin,
                digest=digest,
                decision=decision,
                complete=complete,
                spend=SpendRecord(requests=requests, jobs=jobs, credits=credit),
                started=started,
                finished=finished,
            )
            for (
                run,
                whose,
                target,
                origin,
                digest,
                decision,
                complete,
                requests,
                jobs,
                credit,
                started,
                finished,
            ) in _declared(rows, list[_RunRow])
        ]

    def before(self, run: RunRecord) -> EarlierRun | None:
        """Return the last complete run before this one, of the same provider and place."""
        row = self._beside(_key(run)).execute(_BEFORE).fetchone()
        if row is None:
            return None
        header, footer = _declared(row, tuple[str, str])
        try:
            return EarlierRun(
                header=msgspec.json.decode(header, type=RunHeader),
                footer=msgspec.json.decode(footer, type=RunFooter),
            )
        except msgspec.DecodeError as error:
            raise NotAsWritten(str(error)) from error

    def last_decided(self, run: RunRecord) -> dict[str, ComparedVerdict]:
        """Return for each clause what the last earlier complete run said that decided it.

        A rotation proves each clause only every few nights: beside last night's run alone, all
        would be new.
        """
        rows = self._beside(_key(run)).execute(_LAST).fetchall()
        return {
            clause: ComparedVerdict(verdict=verdict, fingerprint=fingerprint)
            for clause, verdict, fingerprint in _declared(rows, list[tuple[str, Outcome, str]])
        }

    def past(self, run: RunRecord) -> dict[str, tuple[PastVerdict, ...]]:
        """Return the earlier verdicts of each clause, the oldest first, the last thirty at most."""
        rows = self._beside(_key(run)).execute(_PAST, (LAST,)).fetchall()
        past: defaultdict[str, list[PastVerdict]] = defaultdict(list)
        for clause, name, finished, verdict in _declared(rows, list[_PastRow]):
            past[clause].append(PastVerdict(run=name, finished=finished, verdict=verdict))
        return {clause: tuple(verdicts) for clause, verdicts in past.items()}

    def verdicts(self, *, provider: str = "") -> Iterator[HistoryVerdict]:
        """Yield every verdict of every complete run: clause by clause, the oldest first."""
        rows = self.base.execute(_VERDICTS, (provider,)).fetchall()
        runs = {run.run: run for run in self.runs(provider=provider)}
        for clause, name, verdict, fingerprint in _declared(rows, list[_VerdictRow]):
            said = ComparedVerdict(verdict=verdict, fingerprint=fingerprint)
            yield HistoryVerdict(clause=clause, run=runs[name], said=said)

    def turns(self, provider: str, *, place: str, before: float = math.inf) -> dict[str, Turn]:
        """Return when each clause last took part in a run, and when it was last proved."""
        rows = self._beside((provider, place, before, "")).execute(_TURNS).fetchall()
        return {
            clause: Turn(seen=seen, proved=proved)
            for clause, seen, proved in _declared(rows, list[tuple[str, Time, Time | None]])
        }

    def _beside(self, key: tuple[str, str, float, str]) -> sqlite3.Connection:
        """Set the runs aside that something is compared with."""
        self.base.execute("DELETE FROM earlier")
        self.base.execute(_EARLIER, key)
        return self.base


@contextmanager
def opened(file: Path, *, create: bool = False) -> Iterator[History]:
    """Open a history, and make one first where that is wanted.

    What is wrong with it is told in one sentence.
    """
    if not create and not file.is_file():
        raise NoHistory(str(file))
    base = None
    try:
        base = sqlite3.connect(file, isolation_level=None, timeout=PATIENCE)
        _prepare(base, file)
        base.create_function("place", 2, place_of, deterministic=True)
        base.executescript(_VIEWS)
        yield History(base=base)
    # Where the message itself quotes bytes of a torn file, SQLite's door cannot decode it.
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise BrokenHistory(str(file), str(error)) from error
    finally:
        if base is not None:
            base.close()


def place_of(target: str, address: str) -> str:
    """Return what a run is against, as far as runs are compared.

    A live one by its host, servers of one's own all as one.
    """
    if target != "live":
        return target
    if is_loopback(address):
        return "live at loopback"
    with suppress(ValueError):  # no address at all
        address = urlsplit(address).hostname or address
    return f"live at {address}"


def _prepare(base: sqlite3.Connection, file: Path) -> None:
    if _state(base)[:2] == (_OURS, _VERSION):
        return
    base.execute("BEGIN IMMEDIATE")
    try:
        # Looked at again, now that nobody else can be at it: two may find no history at the same
        # time.
        fresh = _fresh(base, file)
        if fresh:
            for table in _TABLES:
                base.execute(table)
            base.execute(f"PRAGMA application_id={_OURS}")
            base.execute(f"PRAGMA user_version={_VERSION}")
    finally:
        base.execute("COMMIT")
    if fresh:
        # Others may be at it already; without this it is slower, and as sound.
        with suppress(sqlite3.OperationalError):
            base.execute("PRAGMA journal_mode=WAL")


def _fresh(base: sqlite3.Connection, file: Path) -> bool:
    """Say whether the tables have to be made, or raise whose file it is."""
    whose, version, parts = _state(base)
    if parts and whose != _OURS:
        raise BrokenHistory(str(file), "it belongs to another program")
    if whose == _OURS and version > _VERSION:
        raise BrokenHistory(str(file), f"a later version wrote it, form {version}")
    return (whose, version) != (_OURS, _VERSION)


def _state(base: sqlite3.Connection) -> tuple[int, int, int]:
    """Return whose file it is, of which form, and how much is in it."""
    questions = (
        "PRAGMA application_id",
        "PRAGMA user_version",
        "SELECT COUNT(*) FROM sqlite_master",
    )
    whose, version, parts = (int(base.execute(question).fetchone()[0]) for question in questions)
    return whose, version, parts


def _key(run: RunRecord) -> tuple[str, str, float, str]:
    header = run.header
    return (header.provider, place_of(header.target, header.recorded_from), header.started, run.id)


def _declared(rows: object, kind: type[T]) -> T:
    """Return rows as the types that they were written with: a file may be torn and still open."""
    try:
        return msgspec.convert(rows, kind, strict=False)
    except msgspec.ValidationError as error:
        raise NotAsWritten(str(error)) from error


def _json(record: RunHeader | RunFooter) -> str:
    return json.dumps(plain_json(record), sort_keys=True, separators=(",", ":"))


def _text(text: str) -> str:
    return text.encode("utf-8", "replace").decode()
