"""`conformance.sarif`: findings as code scanners show them, at the line of the spec that makes the promise."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import PurePath
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from conformance.model.verdict_table import is_broken
from conformance.report.comparing.background import NOTHING, Change
from conformance.report.safe_text import block, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.report.comparing.background import Background, Waived
    from conformance.report.run_file.run_file import RunRecord

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
#: The longest text of a message; readers cut them too.
LONGEST = 1000
#: Where curl commands and the like are cut.
_LONG = 12_000
_STATES = {Change.NEW: "new", Change.REGRESSED: "new", Change.STILL: "unchanged"}
Json = dict[str, Any]


def sarif(run: RunRecord, known: Background = NOTHING) -> Json:
    """Return the content of `conformance.sarif`; what is known of earlier runs says which findings are new."""
    found = [name for name, one in run.verdicts.items() if is_broken(one["verdict"])]
    stale = [
        name
        for name, one in known.waivers.items()
        if one.standing.value in ("stale", "expired") and name not in found and name in run.clauses
    ]
    names = {name: index for index, name in enumerate((*found, *stale))}
    results = [_finding(run, name, names[name], known) for name in found] + [
        _leftover(name, names[name], known) for name in stale
    ]
    driver = {
        "name": "conformance",
        "semanticVersion": _version(run),
        "rules": [_rule(run, name) for name in names],
    }
    body: Json = {
        "tool": {"driver": driver},
        "automationDetails": {
            "id": f"conformance/{_word(run.header['provider'])}/{_word(run.header['target'])}/"
        },
        "invocations": [_invocation(run)],
        "columnKind": "unicodeCodePoints",
        "results": results,
        "properties": {
            "decision": (run.footer or {}).get("decision", "unknown"),
            "specDigest": run.header["spec"]["digest"],
        },
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [body]}


def _version(run: RunRecord) -> str:
    """Return our version as semantic versioning has it: three numbers."""
    numbers = [part for part in str(run.header["version"]).split(".") if part.isdecimal()]
    return ".".join([*numbers, "0", "0", "0"][:3])


def _rule(run: RunRecord, name: str) -> Json:
    clause = run.clauses[name]
    source = ", ".join(filter(None, (clause["source"]["document"], clause["source"]["section"])))
    return {
        "id": _word(name),
        "name": _word(f"{clause['kind']}.{clause['rule']}"),
        "shortDescription": {"text": _message(clause["promise"])},
        "fullDescription": {
            "text": _message(f"{clause['promise']} ({source})" if source else clause["promise"])
        },
        "defaultConfiguration": {"level": "error" if clause["level"] == "must" else "warning"},
        "properties": {
            "level": clause["level"],
            "kind": clause["kind"],
            "source": plain(source, LONGEST),
            "tags": [clause["kind"], clause["level"]],
        },
    }


def _finding(run: RunRecord, name: str, index: int, known: Background) -> Json:
    clause, verdict = run.clauses[name], run.verdicts[name]
    bound = clause["level"] == "must" and verdict["verdict"] == "fail"
    told = f"{verdict['verdict']}: promised: {verdict['expected'] or clause['promise']}; received: {verdict['received'] or verdict['reason']}"
    waiver = known.waivers.get(name)
    result: Json = {
        "ruleId": _word(name),
        "ruleIndex": index,
        "kind": "fail",
        "level": "error" if bound else "warning",
        "message": {"text": _message(told)},
        "locations": [
            _location(clause["place"]["file"], clause["place"]["line"], clause["place"]["pointer"])
        ],
        "partialFingerprints": {"conformanceFinding/v1": verdict["fingerprint"]},
        "properties": {
            "verdict": verdict["verdict"],
            "cause": verdict["cause"],
            "curl": block(verdict["curl"] or "", _LONG),
            "difference": [plain(line) for line in verdict["difference"] or ()],
        },
    }
    if known.before is not None:
        result["baselineState"] = _STATES.get(known.changes.get(name, Change.NEW), "new")
    if waiver and waiver.standing.value == "valid":
        result["suppressions"] = [_suppression(waiver)]
    return result


def _leftover(name: str, index: int, known: Background) -> Json:
    """Return a waiver that has nothing left to waive, where it is written."""
    waiver = known.waivers[name]
    file, _, line = waiver.place.rpartition(":")
    result: Json = {
        "ruleId": _word(name),
        "ruleIndex": index,
        "kind": "fail",
        "level": "error",
        "message": {
            "text": _message(
                f"waiver {waiver.standing.value}: {waiver.reason} (until {waiver.expires}, {waiver.owner})"
            )
        },
        "locations": [_location(file or "waivers.yaml", int(line) if line.isdecimal() else 1, "")],
        "partialFingerprints": {"conformanceWaiver/v1": _word(f"{name} {waiver.created}")},
    }
    return result | ({"baselineState": "new"} if known.before is not None else {})


def _suppression(waiver: Waived) -> Json:
    return {
        "kind": "external",
        "justification": _message(f"{waiver.reason} ({waiver.owner}, until {waiver.expires})"),
    }


def _location(file: str, line: int, pointer: str) -> Json:
    found: Json = {
        "physicalLocation": {
            "artifactLocation": {"uri": _uri(file)},
            "region": {"startLine": max(1, line)},
        }
    }
    return found | (
        {"logicalLocations": [{"fullyQualifiedName": plain(pointer)}]} if pointer else {}
    )


def _uri(file: str) -> str:
    """Return a relative reference to a file of the repository; only what lies elsewhere is named from the root."""
    path = PurePath(file)
    told = quote(path.as_posix().encode("utf-8", "replace"), safe="/")
    return f"file://{told}" if path.is_absolute() else told


def _invocation(run: RunRecord) -> Json:
    errors = [one for one in run.verdicts.values() if one["verdict"] == "error"]
    found: Json = {
        "executionSuccessful": run.complete and not errors,
        "startTimeUtc": _moment(run.header["started"]),
        "toolExecutionNotifications": [
            {"level": "error", "message": {"text": _message(text)}} for text in _trouble(run)
        ],
    }
    return found | ({"endTimeUtc": _moment(run.footer["finished"])} if run.footer else {})


def _trouble(run: RunRecord) -> Iterator[str]:
    """Yield what kept promises from being checked, each reason once."""
    if not run.complete:
        yield "The run did not come to its end: what it did not decide is unknown."
    reasons: dict[str, int] = {}
    for one in run.verdicts.values():
        if one["verdict"] == "error":
            reasons[one["reason"]] = reasons.get(one["reason"], 0) + 1
    for reason, count in list(reasons.items())[:100]:
        yield f"{count} clauses could not be checked: {reason}"


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def _message(text: str) -> str:
    """Return a text as SARIF shows it letter by letter: brackets would be links there, and braces what is put in."""
    told = plain(text, LONGEST).replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")
    return told.replace("{", "{{").replace("}", "}}")


def _word(text: str) -> str:
    return plain(str(text), 200)
