"""What differs between two runs of a provider: clause by clause, and in how they were made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.errors import NotComparable
from conformance.report.comparing.background import Change
from conformance.report.comparing.change import ABSENT, changes, found_in
from conformance.report.comparing.history import run_id

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.report.comparing.change import Found
    from conformance.report.run_file.run_file import RunRecord

FORMAT = "conformance-diff/1"
#: The gravest first.
ORDER = (Change.REGRESSED, Change.NEW, Change.STILL, Change.FIXED, Change.GONE)


def diff(before: RunRecord, after: RunRecord) -> dict[str, Any]:
    """Return the difference of two runs, as `conformance/schemas/diff.json` describes it."""
    names = before.header["provider"], after.header["provider"]
    if names[0] != names[1]:
        raise NotComparable(*names)
    first, second = found_in(before), found_in(after)
    found = changes(first, second)
    return {
        "format": FORMAT,
        "provider": names[1],
        "before": told(before),
        "after": told(after),
        "differences": [
            name
            for name in ("version", "spec", "seed", "target", "recorded_from")
            if before.header.get(name) != after.header.get(name)
        ],
        "counts": {kind.value: sum(one is kind for one in found.values()) for kind in ORDER},
        "changes": [
            _change(name, kind, first, second) | _about(name, before, after)
            for kind in ORDER
            for name in found
            if found[name] is kind
        ],
    }


def told(run: RunRecord) -> dict[str, Any]:
    """Return what a comparison needs to know of a run as a whole."""
    header, footer = run.header, run.footer or {}
    return {
        "run": run_id(run),
        "target": header["target"],
        "recorded_from": header["recorded_from"],
        "version": header["version"],
        "digest": header["spec"]["digest"],
        "seed": header["seed"],
        "started": header["started"],
        "finished": footer.get("finished"),
        "decision": footer.get("decision", "unknown"),
    }


def _change(
    name: str, kind: Change, before: Mapping[str, Found], after: Mapping[str, Found]
) -> dict[str, Any]:
    first, second = before.get(name, ABSENT), after.get(name, ABSENT)
    return {
        "clause": name,
        "change": kind.value,
        "before": {"verdict": first.verdict, "fingerprint": first.fingerprint},
        "after": {"verdict": second.verdict, "fingerprint": second.fingerprint},
    }


def _about(name: str, before: RunRecord, after: RunRecord) -> dict[str, Any]:
    clause = after.clauses.get(name) or before.clauses[name]
    line = after.verdicts.get(name, {})
    return {
        "level": clause["level"],
        "promise": clause["promise"],
        "received": line.get("received") or line.get("reason") or "",
    }
