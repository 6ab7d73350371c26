"""`verdict.json`: the decision and every clause, for machines. A pure function of the run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.model.verdict import Decision

if TYPE_CHECKING:
    from conformance.report.run_file.run_file import RunRecord

FORMAT = "conformance-verdict/1"


def verdict_file(run: RunRecord) -> dict[str, Any]:
    """Return the content of `verdict.json`."""
    footer = run.footer or {}
    header = run.header
    return {
        "format": FORMAT,
        "provider": header["provider"],
        "target": header["target"],
        "recorded_from": header["recorded_from"],
        "version": header["version"],
        "spec": header["spec"],
        "seed": header["seed"],
        "started": header["started"],
        "finished": footer.get("finished"),
        "complete": run.complete,
        "verdict": footer.get("decision", Decision.UNKNOWN.value),
        "counts": footer.get("counts", {}),
        "coverage": footer.get("coverage", {"proved": 0, "observable": 0, "percent": 0.0}),
        "spend": footer.get(
            "spend",
            {
                "requests": len(run.exchanges),
                "jobs": len(run.jobs),
                "credits": sum(job["price"] for job in run.jobs),
            },
        ),
        "measured": footer.get("measured", {}),
        "clauses": [_clause(run, clause) for clause in run.clauses.values()],
    }


def _clause(run: RunRecord, clause: dict[str, Any]) -> dict[str, Any]:
    verdict = run.verdicts.get(clause["id"], {})
    found = {
        name: clause[name]
        for name in (
            "id",
            "kind",
            "rule",
            "level",
            "operation",
            "scenario",
            "promise",
            "source",
            "place",
            "reading",
            "masked",
            "unobservable",
        )
    }
    told = {
        name: verdict.get(name)
        for name in (
            "cause",
            "expected",
            "received",
            "reason",
            "difference",
            "rate",
            "curl",
            "fingerprint",
            "exchanges",
            "waived",
        )
    }
    return {**found, "verdict": verdict.get("verdict", "not_run"), **told}
