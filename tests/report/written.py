"""Runs as tests write them: a few clauses, and what was found of each."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from conformance.model.run_records import (
    ClauseRecord,
    RunFooter,
    RunHeader,
    VerdictRecord,
    plain_json,
)
from conformance.report.run_file.run_file import RunRecord

if TYPE_CHECKING:
    from pathlib import Path

#: A key as findings have it.
KEY = "f123456789ab"
_Record = TypeVar("_Record", bound=msgspec.Struct)
_SPEND = {"requests": 12, "jobs": 2, "credits": 20.0}


def changed(record: _Record, **facts: Any) -> _Record:
    """Return a record with some facts changed, each as its line would have it."""
    return msgspec.convert({**plain_json(record), **facts}, type(record))


def clause(name: str, **more: Any) -> ClauseRecord:
    """Return the record of a clause."""
    line = {
        "record": "clause",
        "id": name,
        "kind": "constraint",
        "rule": "maximum",
        "level": "must",
        "operation": "make",
        "scenario": "plain",
        "promise": f"{name} holds",
        "source": {"document": "Page", "section": "2"},
        "place": {"file": "small.yaml", "pointer": "/paths", "line": 7},
        "reading": None,
        "masked": "",
        "unobservable": "",
        "accept": [],
        "refuse": [],
        "parts": name.split(".")[2:],
        **more,
    }
    return msgspec.convert(line, ClauseRecord)


def verdict(name: str, outcome: str, **more: Any) -> VerdictRecord:
    """Return the record of a verdict."""
    key = KEY if outcome in ("fail", "warn", "flaky") else ""
    line = {
        "record": "verdict",
        "clause": name,
        "verdict": outcome,
        "cause": "provider" if key else None,
        "expected": f"{name} holds",
        "received": "something else" if key else "",
        "reason": "",
        "exchanges": [],
        "difference": [],
        "rate": None,
        "curl": "",
        "fingerprint": key,
        "waived": None,
        **more,
    }
    return msgspec.convert(line, VerdictRecord)


def written(
    found: dict[str, str | dict[str, Any]],
    *,
    at: float = 1_800_000_000.0,
    provider: str = "small",
    target: str = "simulator",
    digest: str = "d1",
    complete: bool = True,
    decision: str = "",
    coverage: tuple[int, int] = (1, 1),
    clauses: dict[str, dict[str, Any]] | None = None,
) -> RunRecord:
    """Return a run that found these verdicts.

    An outcome, or whatever differs from the usual line; `clauses` has what differs of clauses.
    """
    proved, observable = coverage
    lines = {
        name: verdict(name, one)
        if isinstance(one, str)
        else verdict(name, one.get("verdict", "fail"), **one)
        for name, one in found.items()
    }
    outcomes = [one.outcome.value for one in lines.values()]
    footer = {
        "record": "footer",
        "decision": decision or ("no-go" if "fail" in outcomes else "go"),
        "counts": {
            one: outcomes.count(one)
            for one in ("pass", "warn", "fail", "flaky", "untestable", "not_run", "error")
        },
        "coverage": {"proved": proved, "observable": observable, "percent": 100.0},
        "spend": _SPEND,
        "finished": at + 60,
        "complete": True,
        "measured": {},
    }
    header = {
        "record": "header",
        "format": "conformance-run/1",
        "version": "0",
        "provider": provider,
        "title": "Small",
        "unit": "credits",
        "spec": {"file": "small.yaml", "digest": digest},
        "target": target,
        "base_url": "http://small.invalid",
        "recorded_from": target,
        "key_env": "SMALL_KEY",
        "seed": 0,
        "started": at,
        "command": ["conformance", "run"],
        "plan": {
            "clauses": len(found),
            "requests": 12,
            "jobs": 2,
            "lower_bound": 2,
            "expected": 20.0,
            "worst": 40.0,
        },
        "documents": [{"title": "Page", "edition": ""}],
    }
    return RunRecord(
        header=msgspec.convert(header, RunHeader),
        clauses={name: clause(name, **(clauses or {}).get(name, {})) for name in found},
        exchanges={},
        jobs=(),
        verdicts=lines if complete else {},
        footer=msgspec.convert(footer, RunFooter) if complete else None,
    )


def put(run: RunRecord, folder: Path) -> Path:
    """Write a run into a folder as the harness writes it, and return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = [
        run.header,
        *run.clauses.values(),
        *run.exchanges.values(),
        *run.jobs,
        *run.verdicts.values(),
        *([run.footer] if run.footer else []),
    ]
    (folder / "run.jsonl").write_text(
        "".join(json.dumps(plain_json(line)) + "\n" for line in lines), encoding="utf-8"
    )
    return folder
