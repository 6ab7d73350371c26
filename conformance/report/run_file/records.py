"""The lines of a run file: header, clause, exchange, job, verdict, footer, each a plain JSON object."""

from __future__ import annotations

import base64
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from conformance import __version__
from conformance.model.exchange_json import exchange_to_json
from conformance.model.verdict import Outcome
from conformance.promises.registry import rule_of
from conformance.report.run_file.provider_offer import methods, operations, scenarios
from conformance.run.planning.body_composing import in_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from conformance.model.clause import Clause
    from conformance.run.decision import Summary
    from conformance.run.events import ExchangeMade, JobStarted, RunStarted, VerdictReached
    from conformance.run.planning.plan import Plan
    from conformance.spec.job_words import End

FORMAT = "conformance-run/1"
Line = dict[str, Any]


def header(event: RunStarted, *, command: Sequence[str], key_env: str) -> Line:
    """Return the first line: what was run, against whom, from which spec and seed."""
    plan = event.plan
    return {
        "record": "header",
        "format": FORMAT,
        "version": __version__,
        "provider": event.provider,
        "title": plan.spec.provider.title,
        "unit": plan.spec.provider.unit,
        "spec": {"file": plan.spec.file, "digest": plan.spec.digest},
        "target": event.target,
        "base_url": event.base_url,
        "recorded_from": event.recorded_from,
        "recorded": event.recorded,
        "key_env": key_env,
        "seed": event.seed,
        "started": event.started,
        "command": list(command),
        "plan": plan_line(plan),
        "documents": [
            {"title": one.title, "edition": one.edition}
            for one in plan.spec.provider.documents.values()
        ],
        "methods": methods(plan.spec),
        "operations": operations(plan.spec),
        "scenarios": scenarios(plan.spec),
    }


def plan_line(plan: Plan) -> Line:
    """Return what a plan costs, in numbers."""
    return {
        "clauses": len(plan.clauses),
        "requests": len(plan.refusals) + len(plan.probes) + len(plan.jobs),
        "jobs": len(plan.jobs),
        "lower_bound": plan.lower_bound,
        "expected": plan.expected,
        "worst": plan.worst,
    }


def clause_line(
    clause: Clause, refusals: Sequence[str], *, excerpt: str = "", client: bool = False
) -> Line:
    """Return a clause with both of its witnesses in words, its line of the spec, and whether our client relies on it."""
    return {
        "record": "clause",
        "id": clause.id,
        "kind": clause.kind,
        "rule": clause.rule,
        "level": clause.level.value,
        "operation": clause.operation,
        "scenario": clause.scenario,
        "promise": clause.promise,
        "source": source(clause),
        "place": {
            "file": clause.place.file,
            "pointer": clause.place.pointer,
            "line": clause.place.line,
        },
        "reading": {
            "taken": clause.reading.taken,
            "other": clause.reading.other,
            "why": clause.reading.why,
        }
        if clause.reading
        else None,
        "masked": clause.masked,
        "unobservable": clause.unobservable,
        "accept": [in_words(wish) for wish in rule_of(clause).wishes(clause)],
        "refuse": list(refusals),
        "excerpt": excerpt,
        "client": client,
    }


def source(clause: Clause) -> Line:
    """Return where a clause's document makes the promise."""
    return {"document": clause.source.document, "section": clause.source.section}


def exchange_line(event: ExchangeMade) -> Line:
    """Return an exchange and the clause it was sent for."""
    return {"record": "exchange", "clause": event.clause, **exchange_to_json(event.exchange)}


def job_line(job: JobStarted, end: End, seconds: float) -> Line:
    """Return a job: what it was, what it cost, how it ended and when."""
    return {
        "record": "job",
        "job": job.job,
        "id": job.id,
        "operation": job.operation,
        "scenario": job.scenario,
        "price": job.price,
        "exchange": job.exchange,
        "end": end.value,
        "seconds": round(seconds, 3),
    }


def still_line(number: int, jpeg: bytes) -> Line:
    """Return a small picture of the video that an exchange fetched."""
    return {"record": "still", "exchange": number, "jpeg": base64.b64encode(jpeg).decode("ascii")}


def verdict_line(event: VerdictReached, *, curl: str) -> Line:
    """Return a verdict with its reproducer, a fingerprint that is the same in every run, and its waiver."""
    clause, verdict = event.clause, event.verdict
    return {
        "record": "verdict",
        "clause": clause.id,
        "verdict": verdict.outcome.value,
        "cause": verdict.cause.value if verdict.cause else None,
        "expected": verdict.expected or clause.promise,
        "received": verdict.received,
        "reason": str(verdict.reason or ""),
        "exchanges": list(verdict.exchanges),
        "difference": [str(difference) for difference in verdict.difference],
        "rate": list(verdict.rate) if verdict.rate else None,
        "curl": curl,
        "fingerprint": event.fingerprint,
        "waived": asdict(event.waived) if event.waived else None,
    }


def footer(summary: Summary, measured: Mapping[str, Any]) -> Line:
    """Return the last line; a file without one is of a run that did not end."""
    return {
        "record": "footer",
        "decision": summary.decision.value,
        "counts": {outcome.value: summary.counts.get(outcome, 0) for outcome in Outcome},
        "coverage": {
            "proved": summary.coverage.proved,
            "observable": summary.coverage.observable,
            "percent": round(summary.coverage.percent, 1),
        },
        "spend": {
            "requests": summary.spend.requests,
            "jobs": summary.spend.jobs,
            "credits": summary.spend.credits,
        },
        "finished": summary.finished,
        "complete": summary.complete,
        "measured": dict(measured),
    }
