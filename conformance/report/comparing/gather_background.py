"""Gather what is known of a run beside its own file: its history, and a baseline where one is named."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from conformance.errors import BrokenHistory, NoHistory
from conformance.report.comparing.background import Background, Change, Standing, Waived
from conformance.report.comparing.change import changes, found_in
from conformance.report.comparing.history import opened

if TYPE_CHECKING:
    from pathlib import Path

    from conformance.report.comparing.history import History
    from conformance.report.run_file.run_file import RunRecord
    from conformance.run.planning.selection import Turn


def background(
    run: RunRecord, history: History | None = None, *, baseline: RunRecord | None = None
) -> Background:
    """Return a run's background: beside its baseline, else beside the last verdicts that the history has."""
    waivers = {name: waived_in(one) for name, one in run.verdicts.items() if one.get("waived")}
    if not run.complete:
        return Background(past=history.past(run) if history else {}, waivers=waivers)
    before = history.before(run) if history else None
    found: dict[str, Change] = {}
    if baseline is not None:
        before = {"header": baseline.header, "footer": baseline.footer}
        found = changes(found_in(baseline), found_in(run))
    elif history is not None and before is not None:
        found = _since(
            run,
            history,
            other_spec=before["header"]["spec"]["digest"] != run.header["spec"]["digest"],
        )
    return Background(
        changes=found, past=history.past(run) if history else {}, before=before, waivers=waivers
    )


def waived_in(verdict: dict[str, Any]) -> Waived:
    """Return the waiver in a verdict's line."""
    told = verdict["waived"]
    return Waived(**{**told, "standing": Standing(told["standing"])})


def _since(run: RunRecord, history: History, *, other_spec: bool) -> dict[str, Change]:
    """Return what changed since each clause was last decided; a run of some clauses takes nothing back of the others."""
    now = found_in(run)
    found = changes(history.last(run), now)
    return {
        name: one
        for name, one in found.items()
        if one is not Change.GONE or (other_spec and name not in now)
    }


def worse(run: RunRecord, known: Background) -> list[str]:
    """Return what binds, is broken, and was not broken like this before; and every waiver that does not stand."""
    standing = {
        name: (one.get("waived") or {}).get("standing", "") for name, one in run.verdicts.items()
    }
    bad = [name for name, stands in standing.items() if stands not in ("", Standing.VALID)]
    broken = [
        name
        for name, one in run.verdicts.items()
        if one["verdict"] == "fail" and run.clauses[name]["level"] == "must" and not standing[name]
    ]
    return bad + [name for name in broken if known.changes.get(name) is not Change.STILL]


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
    """Return a run's background from a history file, and what is wrong with that file; empty where nothing is.

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
