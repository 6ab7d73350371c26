"""How clauses went from one state to another over the runs that a history holds."""

from __future__ import annotations

from fnmatch import fnmatchcase
from itertools import groupby
from typing import TYPE_CHECKING, Final, Literal

from msgspec import Struct, field

from conformance.errors import NothingSelected
from conformance.report.comparing.background import Change, PastVerdict
from conformance.report.comparing.change import ABSENT, change
from conformance.report.comparing.history import LAST, HistoryVerdict, RecordedRun
from conformance.spec.did_you_mean import nearest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.report.comparing.history import History

FORMAT: Final = "conformance-history/1"


class Transition(Struct, frozen=True, kw_only=True):
    """A run that decided a clause otherwise than the one before it."""

    run: str
    finished: float | None
    before: str = field(name="from")
    after: str = field(name="to")
    change: Change | None
    fingerprint: str


class ClauseHistory(Struct, frozen=True, kw_only=True):
    """How one clause fared against one place."""

    id: str
    provider: str
    #: What the runs were against.
    against: str
    #: The last that was decided.
    verdict: str
    transitions: tuple[Transition, ...]
    past: tuple[PastVerdict, ...]


class Chronicle(Struct, frozen=True, kw_only=True):
    """Runs and clauses with their transitions, as `conformance/schemas/history.json` says."""

    format: Literal["conformance-history/1"]
    runs: tuple[RecordedRun, ...]
    clauses: tuple[ClauseHistory, ...]


def chronicle(history: History, *, pattern: str = "", provider: str = "") -> Chronicle:
    """Return all runs, and the clauses that a pattern means; without one, those that changed."""
    verdicts = list(history.verdicts(provider=provider))
    selected = [verdict for verdict in verdicts if _matches(verdict, pattern)]
    if pattern and not selected:
        raise NothingSelected(pattern, nearest(pattern, {verdict.clause for verdict in verdicts}))
    selected.sort(key=lambda verdict: (*_whose(verdict), verdict.run.started))
    clauses = [_clause(list(group)) for _, group in groupby(selected, key=_whose)]
    return Chronicle(
        format=FORMAT,
        runs=tuple(history.runs(provider=provider)),
        clauses=tuple(clause for clause in clauses if pattern or clause.transitions),
    )


def _whose(verdict: HistoryVerdict) -> tuple[str, str, str]:
    return verdict.clause, verdict.run.place, verdict.run.provider


def _matches(verdict: HistoryVerdict, pattern: str) -> bool:
    if not pattern or fnmatchcase(verdict.clause, pattern):
        return True
    return fnmatchcase(verdict.clause.removeprefix(f"{verdict.run.provider}."), pattern)


def _clause(verdicts: Sequence[HistoryVerdict]) -> ClauseHistory:
    """Return the history of a clause; its verdicts come the oldest first."""
    transitions: list[Transition] = []
    last = ABSENT
    for verdict in verdicts:
        now = verdict.said
        if not now.decided:
            continue
        kind = change(last, now)
        # To be seen passing for the first time is no transition.
        if now != last and (kind or last != ABSENT):
            transitions.append(
                Transition(
                    run=verdict.run.run,
                    finished=verdict.run.finished,
                    before=last.verdict,
                    after=now.verdict,
                    change=kind,
                    fingerprint=now.fingerprint,
                )
            )
        last = now
    run = verdicts[0].run
    return ClauseHistory(
        id=verdicts[0].clause,
        provider=run.provider,
        against=run.place,
        verdict=last.verdict,
        transitions=tuple(transitions),
        past=tuple(
            PastVerdict(
                run=verdict.run.run, finished=verdict.run.finished, verdict=verdict.said.verdict
            )
            for verdict in verdicts[-LAST:]
        ),
    )
