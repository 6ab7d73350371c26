"""A run with one of everything that a report shows.

A broken bound, a wrong video, a job followed to its end.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import msgspec

from conformance.model.run_records import ExchangeRecord, JobRecord, WaivedRecord, plain_json
from conformance.model.verdict import Difference
from conformance.model.waiver import Standing
from conformance.report.comparing.background import Background, Change, EarlierRun, PastVerdict
from tests.report.written import changed, clause, verdict, written

if TYPE_CHECKING:
    from conformance.report.run_file.run_file import RunRecord

#: The first byte of a JPEG and little else: enough for an address, whatever a decoder thinks of it.
STILL = b"\xff\xd8\xff\xdb" + b"\x00C\x00" + b"\x01" * 63 + b"\xff\xd9"
BEGUN = 1_800_000_000.0
HOSTILE = (
    "<script>alert('taken')</script><img src=x "
    "onerror=alert(1)>\u202egnp.exe\u200b\x1b[31m\x00\"'>&amp;]]>-->\ud800" + "x" * 1_200_000
)


def exchange(
    number: int,
    *,
    purpose: str = "submit",
    after: float = 0.0,
    job: str = "",
    status: int = 200,
    body: Any = None,
    sent: Any = None,
    note: str = "",
) -> ExchangeRecord:
    """Return the record of an exchange."""
    operation, method, path = {
        "submit": ("make", "POST", "/videos"),
        "poll": ("look", "GET", "/videos/v1"),
        "download": ("", "GET", "/files/v1.mp4"),
    }[purpose]
    line = {
        "record": "exchange",
        "clause": "",
        "number": number,
        "operation": operation,
        "purpose": purpose,
        "started": BEGUN + after,
        "elapsed": 0.042,
        "job": job,
        "note": note,
        "request": {
            "method": method,
            "url": f"http://acme.invalid{path}",
            "headers": [["accept", "application/json"]],
            "auth": "own",
            "text": json.dumps(sent) if sent else "",
        },
        "answer": {
            "status": status,
            "headers": [["content-type", "application/json"], ["x-request-id", f"r-{number}"]],
            "cut": False,
            "text": json.dumps(body) if body else "",
        },
    }
    return msgspec.convert(line, ExchangeRecord)


def staged(
    provider: str = "acme", *, title: str = "Acme Video", complete: bool = True
) -> RunRecord:
    """Return a run with two findings, one of a bound and one of a video."""
    name = f"{provider}.make"
    lines: dict[str, tuple[str, dict[str, Any]]] = {
        f"{name}.duration.maximum": (
            "fail",
            {
                "promise": "duration is at most 10",
                "accept": ["duration = 10"],
                "refuse": ["duration = 11"],
                "excerpt": "maximum: 10",
                "client": True,
            },
        ),
        f"{name}.media.length": (
            "warn",
            {
                "kind": "media",
                "rule": "length",
                "level": "should",
                "promise": "the video has the length that was asked",
            },
        ),
        f"{name}.lifecycle.ends": (
            "pass",
            {
                "kind": "lifecycle",
                "rule": "ends",
                "promise": "a job ends",
                "scenario": "",
                "client": True,
            },
        ),
        f"{name}.billing.balance": (
            "not_run",
            {
                "kind": "billing",
                "rule": "balance",
                "promise": "the balance falls by the cost",
                "scenario": "",
                "unobservable": "no answer shows a balance",
            },
        ),
        f"{name}.prompt.type": ("pass", {"rule": "type", "promise": "prompt is a string"}),
    }
    run = written(
        {one: found for one, (found, _) in lines.items()},
        at=BEGUN,
        provider=provider,
        complete=complete,
    )
    found: dict[str, dict[str, Any]] = {
        f"{name}.duration.maximum": {
            "expected": "duration = 11 is refused",
            "received": "accepted: HTTP 200",
            "exchanges": [1],
            **differing("duration = 11", "refused", "accepted"),
            "curl": "curl -sS http://acme.invalid/videos -d '{\"duration\":11}'",
        },
        f"{name}.media.length": {
            "expected": "length 6",
            "received": "3.00 s",
            "exchanges": [6, 1],
            **differing("length", "6", "3.00 s"),
        },
        f"{name}.lifecycle.ends": {"exchanges": [1, 2, 3, 4, 5]},
    }
    return replace(
        run,
        header=changed(run.header, title=title, **_offered()),
        clauses={one: clause(one, **more) for one, (_, more) in lines.items()},
        exchanges={one.number: one for one in _exchanges()},
        jobs=(
            JobRecord(
                job="job-1",
                id="v1",
                operation="make",
                scenario="plain",
                price=5.0,
                exchange=1,
                end="done",
                seconds=4.0,
                ended_by=5,
            ),
        ),
        verdicts={one: changed(line, **found.get(one, {})) for one, line in run.verdicts.items()},
        footer=changed(
            run.footer,
            measured={
                "make.plain": {
                    "jobs": 6,
                    "error_rate": 0.167,
                    "seconds": {"p50": 3.5, "p90": 4.0, "p99": 4.0},
                    "queued": None,
                }
            },
        )
        if run.footer
        else None,
        stills={6: STILL},
    )


def differing(at: str, promised: str, received: str) -> dict[str, Any]:
    """Return the facts of a verdict with one difference, in a line and in its parts."""
    difference = Difference(at=at, promised=promised, received=received)
    return {"difference": [str(difference)], "differences": [msgspec.to_builtins(difference)]}


def hostile() -> RunRecord:
    """Return a run whose provider says the worst wherever it may say something."""
    run = staged(title=HOSTILE)
    bad = {
        one.number: changed(
            one,
            request={**plain_json(one.request), "headers": [["x-y", HOSTILE]]},
            answer={
                **plain_json(one.answer),
                "headers": [[HOSTILE, HOSTILE]],
                "text": HOSTILE,
            },
        )
        for one in run.exchanges.values()
    }
    told = {
        "expected": HOSTILE,
        "received": HOSTILE,
        "reason": HOSTILE,
        "curl": HOSTILE,
        **differing(HOSTILE, HOSTILE, HOSTILE),
        "exchanges": [1],
    }
    clauses = {
        name: changed(
            one,
            promise=HOSTILE,
            source={"document": HOSTILE, "section": HOSTILE},
            excerpt=HOSTILE,
            accept=[HOSTILE],
            refuse=[HOSTILE],
        )
        for name, one in run.clauses.items()
    }
    return replace(
        run,
        clauses=clauses,
        exchanges=bad,
        verdicts={name: verdict(name, "fail", **told) for name in run.verdicts},
        stills={1: b'"><script>alert(2)</script>'},
    )


def known(provider: str = "acme") -> Background:
    """Return what is known from before: it passed until lately, and was waived for too long."""
    name = f"{provider}.make.duration.maximum"
    run = staged(provider)
    verdicts = ["pass"] * 20 + ["not_run", "pass", "fail", "pass"]
    return Background(
        changes={name: Change.REGRESSED, f"{provider}.make.lifecycle.ends": Change.FIXED},
        past={
            name: tuple(
                PastVerdict(run=f"r{number}", finished=BEGUN - 86_400 * (24 - number), verdict=one)
                for number, one in enumerate(verdicts)
            )
        },
        waivers={
            name: WaivedRecord(
                reason="Promised for spring.",
                owner="video team",
                created="2026-10-01",
                expires="2026-12-01",
                standing=Standing.EXPIRED,
            )
        },
        before=EarlierRun(
            header=changed(
                run.header,
                version="0.0.9",
                spec={"file": "small.yaml", "digest": "before"},
            ),
            footer=run.footer,
        ),
    )


def _exchanges() -> list[ExchangeRecord]:
    states = [(0.5, "queued"), (1.5, "processing"), (3.0, "processing"), (4.0, "completed")]
    polls = [
        exchange(
            number, purpose="poll", after=after, job="job-1", body={"id": "v1", "status": state}
        )
        for number, (after, state) in enumerate(states, start=2)
    ]
    submit = exchange(
        1,
        sent={"prompt": "a cat", "duration": 11},
        body={"id": "v1", "status": "queued"},
        note="duration = 11",
    )
    return [
        submit,
        *polls,
        exchange(6, purpose="download", after=4.1, job="job-1"),
        exchange(7, after=5.0, status=422, body={"error": "no"}),
    ]


def _offered() -> dict[str, Any]:
    duration = {
        "told": "2 to 10",
        "minimum": 2.0,
        "maximum": 10.0,
        "values": [],
        "closed": False,
        "default": 6,
    }
    method = {
        "method": "extend",
        "operation": "make",
        "scenario": "plain",
        "description": "Go on.",
        "cost": 5.0,
        "cost_per_second": None,
        "cost_basis": "",
        "required": ["prompt"],
        "inputs": ["video"],
        "words": {"duration": duration},
    }
    facts = {"/id": "id", "/status": "status"}
    return {
        "methods": [method],
        "operations": {
            "make": {"role": "submit", "method": "POST", "path": "/videos", "facts": facts},
            "look": {"role": "poll", "method": "GET", "path": "/videos/{id}", "facts": facts},
        },
        "scenarios": [
            {
                "operation": "make",
                "scenario": "plain",
                "method": "extend",
                "fields": {"/duration": "duration", "/prompt": "prompt"},
            }
        ],
    }
