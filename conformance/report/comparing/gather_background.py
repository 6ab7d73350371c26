"""Gather what is known of a run beside its own file.

Its history, and a baseline where one is named.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from conformance.errors import BrokenHistory, NoHistory
from conformance.model.verdict_table import decides_against
from conformance.report.comparing.background import Background, Change, EarlierRun
from conformance.report.comparing.change import changes, compared_verdicts
from conformance.report.comparing.history import opened

if TYPE_CHECKING:
    from pathlib import Path

    from conformance.report.comparing.history import History
    from conformance.report.run_file.run_file import RunRecord
    from conformance.run.planning.selection import Turn


def background(
    run: RunRecord, history: History | None = None, *, baseline: RunRecord | None = None
) -> Background:
    """Return a run's background: beside its baseline, else beside what the history has."""
    waivers = {name: verdict.waived for name, verdict in run.verdicts.items() if verdict.waived}
    past = history.past(run) if history else {}
    if not run.complete:
        return Background(past=past, waivers=waivers)
    changed: dict[str, Change] = {}
    before = history.before(run) if history else None
    if baseline is not None:
        before = EarlierRun(header=baseline.header, footer=baseline.footer)
        changed = changes(compared_verdicts(baseline), compared_verdicts(run))
    elif history is not None and before is not None:
        changed = _since(
            run, history, other_spec=before.header.spec.digest != run.header.spec.digest
        )
    return Background(changes=changed, past=past, before=before, waivers=waivers)


def _since(run: RunRecord, history: History, *, other_spec: bool) -> dict[str, Change]:
    """Return what changed since each clause was last decided.

    A run of some clauses takes nothing back of the others.
    """
    now = compared_verdicts(run)
    return {
        name: change
        for name, change in changes(history.last_decided(run), now).items()
        if change is not Change.GONE or (other_spec and name not in now)
    }


def worse(run: RunRecord, background: Background) -> list[str]:
    """Return what binds, is broken, and was not broken like this before.

    Every waiver that does not stand comes first.
    """
    bad_waivers: list[str] = []
    broken: list[str] = []
    for name, verdict in run.verdicts.items():
        clause = run.clauses[name]
        against = decides_against(clause.level, verdict.harm or clause.harm, verdict.outcome)
        still = background.changes.get(name) is Change.STILL
        if verdict.waived and verdict.waived.standing.bad:
            bad_waivers.append(name)
        elif against and not still and not verdict.waived:
            broken.append(name)
    return bad_waivers + broken


def turns_of(file: Path, provider: str, *, place: str, before: float = math.inf) -> dict[str, Turn]:
    """Return when each clause last had its turn; nothing where no usable history says."""
    try:
        with opened(file) as history:
            return history.turns(provider, place=place, before=before)
    except (NoHistory, BrokenHistory):
        return {}


def looked_up(
    file: Path, run: RunRecord, *, baseline: RunRecord | None = None, add: bool = False
) -> tuple[Background, str]:
    """Return a run's background from a history file, and what is wrong with that file.

    Empty where nothing is.

    A history that cannot be used costs a report its past, never the report.
    """
    try:
        with opened(file, create=add) as history:
            if add:
                history.append(run)
            return background(run, history, baseline=baseline), ""
    except NoHistory:
        return background(run, baseline=baseline), ""
    except BrokenHistory as error:
        return background(run, baseline=baseline), str(error)
