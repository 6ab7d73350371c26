"""`junit.xml`: one case per clause, with a real child element for everything that is no pass."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from conformance.model.verdict_table import VERDICTS
from conformance.report.finding_words import waiver
from conformance.report.safe_text import block, plain

if TYPE_CHECKING:
    from conformance.report.run_file.run_file import RunRecord

_LONGEST, _SCRIPT = 4000, 12_000


def junit(run: RunRecord) -> str:
    """Return the content of `junit.xml`."""
    started = datetime.fromtimestamp(run.header["started"], UTC).strftime("%Y-%m-%dT%H:%M:%S")
    suite = ET.Element(
        "testsuite",
        name=plain(run.header["provider"]),
        tests=str(len(run.clauses)),
        timestamp=started,
        time=f"{_seconds(run):.3f}",
    )
    properties = ET.SubElement(suite, "properties")
    for name, value in (
        ("decision", (run.footer or {}).get("decision", "unknown")),
        ("target", run.header["target"]),
        ("complete", str(run.complete).lower()),
    ):
        ET.SubElement(properties, "property", name=name, value=plain(str(value)))
    counts = {"failure": 0, "error": 0, "skipped": 0}
    for clause in run.clauses.values():
        child = _case(suite, clause, run.verdicts.get(clause["id"], {}))
        if child:
            counts[child] += 1
    suite.set("failures", str(counts["failure"]))
    suite.set("errors", str(counts["error"]))
    suite.set("skipped", str(counts["skipped"]))
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(suite, encoding="unicode") + "\n"
    )


def _seconds(run: RunRecord) -> float:
    started, finished = (
        float(run.header["started"]),
        float((run.footer or run.header).get("finished", 0.0)),
    )
    return max(0.0, finished - started)


def _case(suite: ET.Element, clause: dict[str, Any], verdict: dict[str, Any]) -> str:
    group = ".".join(
        part for part in (suite.get("name"), clause["operation"], clause["scenario"]) if part
    )
    place = clause["place"]
    case = ET.SubElement(
        suite,
        "testcase",
        classname=plain(group),
        name=plain(clause["id"]),
        file=plain(place["file"]),
        line=str(place["line"]),
        time="0",
    )
    outcome = verdict.get("verdict", "not_run")
    excuse, trouble = waiver(verdict)
    command = block(verdict.get("curl") or "", _SCRIPT)
    lines = (
        ("promised", verdict.get("expected") or clause["promise"]),
        ("received", verdict.get("received") or verdict.get("reason") or ""),
        ("waiver", excuse or trouble),
    )
    told = "\n".join(
        [plain(f"{name}: {text}", _LONGEST) for name, text in lines if text]
        + ([command] if command else [])
    )
    if outcome == "warn" or excuse:
        ET.SubElement(case, "system-out").text = told
    child = VERDICTS[outcome].junit
    if trouble:
        child = "failure"
    elif excuse and child:
        child = "skipped"
    if child:
        why = trouble or excuse or verdict.get("received") or verdict.get("reason") or outcome
        ET.SubElement(
            case, child, message=plain(why, 300), type="waiver" if trouble or excuse else outcome
        ).text = told
    return child
