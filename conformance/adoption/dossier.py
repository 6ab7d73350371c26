"""Everything that the decision about a provider rests on, as plain data: the page and the text are made of it alone."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from conformance import __version__
from conformance.adoption.comparison import compare
from conformance.adoption.provider_times import times, times_of
from conformance.adoption.stage import Name
from conformance.model.verdict import Decision, Outcome
from conformance.model.verdict_table import gravity, is_finding

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from conformance.adoption.stage import Stage
    from conformance.report.run_file.run_file import RunRecord
    from conformance.spec.document import Spec

FORMAT = "conformance-adopt/1"
Dossier = dict[str, Any]


def dossier(
    spec: Spec,
    ours: Sequence[Spec],
    walked: Sequence[Stage],
    run: RunRecord | None,
    *,
    against: Path,
    base_url: str,
    report: str | None = None,
) -> Dossier:
    """Put together what is known: the walk, the comparison, the findings, the times and what it cost."""
    rows = compare(spec, ours)
    decision, why = _decision(walked, run)
    known = [
        found
        for found in (times_of(run) if run else None, *(times(against / one.name) for one in ours))
        if found
    ]
    return {
        "format": FORMAT,
        "version": __version__,
        "provider": spec.name,
        "title": spec.provider.title,
        "base_url": base_url,
        "spec": {"file": spec.file, "digest": spec.digest},
        "decision": decision,
        "why": why,
        "stages": [_stage(stage) for stage in walked],
        "spend": {**_spend(walked), "unit": spec.provider.unit},
        "against": [one.name for one in ours],
        "gains": [_told(row.method, row.word, row.gains) for row in rows if row.gains],
        "loses": [_told(row.method, row.word, row.loses) for row in rows if row.loses],
        "capabilities": [
            {
                "method": row.method,
                "word": row.word,
                "new": row.new,
                "ours": row.ours,
                "gains": row.gains,
                "loses": row.loses,
            }
            for row in rows
        ],
        "times": [
            {
                "provider": one.provider,
                "real": one.real,
                "jobs": one.jobs,
                "seconds": one.seconds,
                "queued": one.queued,
            }
            for one in known
        ],
        "findings": _findings(run) if run else [],
        "report": report,
    }


def _decision(walked: Sequence[Stage], run: RunRecord | None) -> tuple[str, str]:
    last = walked[-1]
    if not last.passed:
        told = (
            last.told[-1]
            if last.told[-1] == last.next
            else f"{last.told[-1].rstrip('.')}. {last.next}"
        )
        return Decision.UNKNOWN.value, f"the walk stopped at {last.name.value}: {told}"
    if run is None or last.name is not Name.RUN:
        return (
            Decision.UNKNOWN.value,
            f"the walk went up to {last.name.value} and no further, as was asked",
        )
    decision = str((run.footer or {}).get("decision", Decision.UNKNOWN.value))
    return decision, _open(run) if decision == Decision.UNKNOWN else _WHY[decision]


_WHY = {
    "go": "everything that binds was proved, on both sides",
    "conditional": "nothing that binds is broken; some of it is doubtful, or was accepted by a waiver",
    "no-go": "something that the document promises is not so",
}


def _open(run: RunRecord) -> str:
    """Return why a run decides nothing: the most frequent reason that something which binds was left open."""
    binding = [clause["id"] for clause in run.clauses.values() if clause["level"] == "must"]
    if not binding:
        return "nothing in the spec binds yet: no promise is of level must"
    undecided = [
        found
        for name in binding
        if (found := run.verdicts.get(name, {})).get("verdict")
        in ("not_run", "untestable", "error")
    ]
    # What was not even tried says more than what followed from it.
    untried = [found for found in undecided if found["verdict"] == "not_run"]
    reasons = Counter(found["reason"] for found in untried or undecided if found["reason"])
    told = f", most often because {reasons.most_common(1)[0][0]}" if reasons else ""
    return f"{len(undecided)} of {len(binding)} promises that bind could not be decided{told}"


def _stage(stage: Stage) -> Dossier:
    spend = {
        "requests": stage.spend.requests,
        "jobs": stage.spend.jobs,
        "credits": stage.spend.credits,
    }
    return {
        "name": stage.name.value,
        "passed": stage.passed,
        "cause": stage.failed.value if stage.failed else None,
        "told": list(stage.told),
        "next": stage.next,
        "spend": spend,
    }


def _spend(walked: Sequence[Stage]) -> Dossier:
    return {
        name: sum(getattr(stage.spend, name) for stage in walked)
        for name in ("requests", "jobs", "credits")
    }


def _told(method: str, word: str, text: str) -> str:
    if not word or text == word:
        return f"{method}: {text}" if word else text
    return f"{method}: {word.replace('_', ' ')} {text}"


def _findings(run: RunRecord) -> list[Dossier]:
    found = [
        (run.clauses[one["clause"]], one)
        for one in run.verdicts.values()
        if (is_finding(one["verdict"]) or one["verdict"] == Outcome.UNTESTABLE)
        and one["clause"] in run.clauses
    ]
    found.sort(key=lambda pair: (gravity(pair[1]["verdict"]), pair[0]["level"] != "must"))
    return [
        {
            "clause": clause["id"],
            "verdict": verdict["verdict"],
            "level": clause["level"],
            "cause": verdict["cause"],
            "promise": clause["promise"],
            "source": clause["source"],
            "received": verdict["received"] or verdict["reason"],
            "curl": verdict["curl"],
        }
        for clause, verdict in found
    ]
