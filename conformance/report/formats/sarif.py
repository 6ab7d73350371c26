"""`conformance.sarif`: findings as code scanners show them, at the promise's line in the spec."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import PurePath
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from conformance.model.verdict import Outcome
from conformance.model.verdict_table import decides_against, is_broken
from conformance.model.waiver import Standing
from conformance.report.comparing.background import NOTHING, Change
from conformance.report.safe_text import block, brief, plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conformance.model.run_records import WaivedRecord
    from conformance.report.comparing.background import Background
    from conformance.report.run_file.run_file import RunRecord

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
#: The longest text of a message; readers cut them too.
LONGEST = 1000
#: Where curl commands and the like are cut.
_LONG = 12_000
#: Standings of a waiver that has nothing left to waive.
_LEFTOVER = (Standing.FIXED, Standing.EXPIRED)
_STATES = {Change.NEW: "new", Change.REGRESSED: "new", Change.STILL: "unchanged"}
Json = dict[str, Any]


def sarif(run: RunRecord, background: Background = NOTHING) -> Json:
    """Return the content of `conformance.sarif`; earlier runs say which findings are new."""
    broken = [name for name, verdict in run.verdicts.items() if is_broken(verdict.outcome)]
    leftover = [
        name
        for name, waiver in background.waivers.items()
        if waiver.standing in _LEFTOVER and name not in broken and name in run.clauses
    ]
    names = (*broken, *leftover)
    results = [_finding(run, name, index, background) for index, name in enumerate(broken)]
    for index, name in enumerate(leftover, len(broken)):
        results.append(_leftover(name, index, background))
    driver = {
        "name": "conformance",
        "semanticVersion": _version(run),
        "rules": [_rule(run, name) for name in names],
    }
    body: Json = {
        "tool": {"driver": driver},
        "automationDetails": {
            "id": f"conformance/{_word(run.header.provider)}/{_word(run.header.target)}/"
        },
        "invocations": [_invocation(run)],
        "columnKind": "unicodeCodePoints",
        "results": results,
        "properties": {
            "decision": run.decision,
            "specDigest": run.header.spec.digest,
        },
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [body]}


def _version(run: RunRecord) -> str:
    """Return our version as semantic versioning has it: three numbers."""
    numbers = [part for part in run.header.version.split(".") if part.isdecimal()]
    return ".".join([*numbers, "0", "0", "0"][:3])


def _rule(run: RunRecord, name: str) -> Json:
    clause = run.clauses[name]
    source = str(clause.source)
    whole = f"{clause.promise} ({source})" if source else clause.promise
    return {
        "id": _word(name),
        "name": _word(f"{clause.kind}.{clause.rule}"),
        "shortDescription": {"text": _message(clause.promise)},
        "fullDescription": {"text": _message(whole)},
        "defaultConfiguration": {"level": "error" if clause.level.binds else "warning"},
        "properties": {
            "level": clause.level,
            "harm": clause.harm,
            "kind": clause.kind,
            "source": plain(source, LONGEST),
            "tags": [clause.kind, clause.level, clause.harm],
        },
    }


def _finding(run: RunRecord, name: str, index: int, background: Background) -> Json:
    clause, verdict = run.clauses[name], run.verdicts[name]
    grave = decides_against(clause.level, verdict.harm or clause.harm, verdict.outcome)
    sentence = (
        f"{verdict.outcome}: promised: {verdict.expected or clause.promise};"
        f" received: {verdict.received or verdict.reason}"
    )
    waiver = background.waivers.get(name)
    result: Json = {
        "ruleId": _word(name),
        "ruleIndex": index,
        "kind": "fail",
        "level": "error" if grave else "warning",
        "message": {"text": _message(sentence)},
        "locations": [_location(clause.place.file, clause.place.line, clause.place.pointer)],
        "partialFingerprints": {"conformanceFinding/v1": verdict.fingerprint},
        "properties": {
            "verdict": verdict.outcome,
            "cause": verdict.cause,
            "curl": block(verdict.curl, _LONG),
            "difference": [brief(line) for line in verdict.difference],
        },
    }
    if background.before is not None:
        result["baselineState"] = _STATES.get(background.changes.get(name, Change.NEW), "new")
    if waiver and waiver.standing is Standing.VALID:
        result["suppressions"] = [_suppression(waiver)]
    return result


def _leftover(name: str, index: int, background: Background) -> Json:
    """Return a waiver that has nothing left to waive, where it is written."""
    waiver = background.waivers[name]
    sentence = f"waiver {waiver.standing}: {waiver.reason} (until {waiver.expires}, {waiver.owner})"
    # A run file of before says of no waiver where it is written.
    file, line = ("waivers.yaml", 1)
    if waiver.written:
        file, line = waiver.written.file, waiver.written.line
    result: Json = {
        "ruleId": _word(name),
        "ruleIndex": index,
        "kind": "fail",
        "level": "error",
        "message": {"text": _message(sentence)},
        "locations": [_location(file, line, "")],
        "partialFingerprints": {"conformanceWaiver/v1": _word(f"{name} {waiver.created}")},
    }
    if background.before is not None:
        result["baselineState"] = "new"
    return result


def _suppression(waiver: WaivedRecord) -> Json:
    return {
        "kind": "external",
        "justification": _message(f"{waiver.reason} ({waiver.owner}, until {waiver.expires})"),
    }


def _location(file: str, line: int, pointer: str) -> Json:
    location: Json = {
        "physicalLocation": {
            "artifactLocation": {"uri": _uri(file)},
            "region": {"startLine": max(1, line)},
        }
    }
    if pointer:
        location["logicalLocations"] = [{"fullyQualifiedName": plain(pointer)}]
    return location


def _uri(file: str) -> str:
    """Return a relative reference to a file of the repository.

    Only what lies elsewhere is named from the root.
    """
    path = PurePath(file)
    quoted = quote(path.as_posix().encode("utf-8", "replace"), safe="/")
    return f"file://{quoted}" if path.is_absolute() else quoted


def _invocation(run: RunRecord) -> Json:
    errors = [
        verdict.reason for verdict in run.verdicts.values() if verdict.outcome is Outcome.ERROR
    ]
    invocation: Json = {
        "executionSuccessful": run.complete and not errors,
        "startTimeUtc": _moment(run.header.started),
        "toolExecutionNotifications": [
            {"level": "error", "message": {"text": _message(text)}}
            for text in _trouble(run, errors)
        ],
    }
    if run.footer:
        invocation["endTimeUtc"] = _moment(run.footer.finished)
    return invocation


def _trouble(run: RunRecord, errors: Sequence[str]) -> Iterator[str]:
    """Yield what kept promises from being checked, each reason once."""
    if not run.complete:
        yield "The run did not come to its end: what it did not decide is unknown."
    for reason, count in list(Counter(errors).items())[:100]:
        yield f"{count} clauses could not be checked: {reason}"


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def _message(text: str) -> str:
    """Return a text as SARIF shows it letter by letter.

    Brackets would be links there, and braces what is put in.
    """
    line = brief(text, LONGEST).replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")
    return line.replace("{", "{{").replace("}", "}}")


def _word(text: str) -> str:
    return plain(str(text), 200)
