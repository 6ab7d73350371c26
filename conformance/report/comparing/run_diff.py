"""What differs between two runs of a provider: clause by clause, and in how they were made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.errors import NotComparable
from conformance.report.comparing.background import Change
from conformance.report.comparing.change import ABSENT, changes, found_in

if TYPE_CHECKING:
    from conformance.report.comparing.change import Found
    from conformance.report.run_file.run_file import RunRecord

FORMAT = "conformance-diff/1"
#: The gravest first.
ORDER = (Change.REGRESSED, Change.NEW, Change.STILL, Change.FIXED, Change.GONE)


#: What may differ between two runs beside their verdicts, as the header names it.
_FACTS = ("version", "spec", "seed", "target", "recorded_from")


def diff(before: RunRecord, after: RunRecord) -> dict[str, Any]:
    """Return the difference of two runs, as `conformance/schemas/diff.json` describes it."""
    provider = after.header.provider
    if before.header.provider != provider:
        raise NotComparable(before.header.provider, provider)
    first, second = found_in(before), found_in(after)
    changed = changes(first, second)
    return {
        "format": FORMAT,
        "provider": provider,
        "before": _run(before),
        "after": _run(after),
        "differences": [
            fact for fact in _FACTS if getattr(before.header, fact) != getattr(after.header, fact)
        ],
        "counts": {kind.value: list(changed.values()).count(kind) for kind in ORDER},
        "changes": [
            {
                "clause": name,
                "change": kind.value,
                "before": _found(first.get(name, ABSENT)),
                "after": _found(second.get(name, ABSENT)),
                **_about(name, before, after),
            }
            for name, kind in sorted(changed.items(), key=lambda item: ORDER.index(item[1]))
        ],
    }


def _run(run: RunRecord) -> dict[str, Any]:
    """Return what a comparison needs to know of a run as a whole."""
    header = run.header
    return {
        "run": run.id,
        "target": header.target,
        "recorded_from": header.recorded_from,
        "version": header.version,
        "digest": header.spec.digest,
        "seed": header.seed,
        "started": header.started,
        "finished": run.footer.finished if run.footer else None,
        "decision": run.decision.value,
    }


def _found(found: Found) -> dict[str, str]:
    return {"verdict": found.verdict, "fingerprint": found.fingerprint}


def _about(name: str, before: RunRecord, after: RunRecord) -> dict[str, str]:
    clause = after.clauses.get(name) or before.clauses[name]
    verdict = after.verdicts.get(name)
    return {
        "level": clause.level.value,
        "promise": clause.promise,
        "received": (verdict.received or verdict.reason) if verdict else "",
    }
