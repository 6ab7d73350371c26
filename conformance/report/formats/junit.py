"""`junit.xml`: one case per clause, with a real child element for everything that is no pass."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from conformance.model.verdict import Outcome
from conformance.model.verdict_table import VERDICTS
from conformance.report.finding_words import fixed, waiver
from conformance.report.safe_text import block, brief, plain

if TYPE_CHECKING:
    from conformance.model.run_records import ClauseRecord, VerdictRecord
    from conformance.report.run_file.run_file import RunRecord

_LONGEST, _SCRIPT = 4000, 12_000


def junit(run: RunRecord) -> str:
    """Return the content of `junit.xml`."""
    started = datetime.fromtimestamp(run.header.started, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    suite = ET.Element(
        "testsuite",
        name=plain(run.header.provider),
        tests=str(len(run.clauses)),
        timestamp=started,
        time=f"{_seconds(run):.3f}",
    )
    properties = ET.SubElement(suite, "properties")
    facts = {
        "decision": str(run.decision),
        "target": run.header.target,
        "complete": str(run.complete).lower(),
    }
    for name, value in facts.items():
        ET.SubElement(properties, "property", name=name, value=plain(value))
    children = Counter(
        _case(suite, clause, run.verdicts.get(clause.id)) for clause in run.clauses.values()
    )
    suite.set("failures", str(children["failure"]))
    suite.set("errors", str(children["error"]))
    suite.set("skipped", str(children["skipped"]))
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(suite, encoding="unicode") + "\n"
    )


def _seconds(run: RunRecord) -> float:
    return max(0.0, run.footer.finished - run.header.started) if run.footer else 0.0


def _case(suite: ET.Element, clause: ClauseRecord, verdict: VerdictRecord | None) -> str:
    """Add a clause to the suite; return which child says that it did not pass, if one does."""
    group = (suite.get("name"), clause.operation, clause.scenario)
    case = ET.SubElement(
        suite,
        "testcase",
        classname=plain(".".join(part for part in group if part)),
        name=plain(clause.id),
        file=plain(clause.place.file),
        line=str(clause.place.line),
        time="0",
    )
    if verdict is None:
        ET.SubElement(case, "skipped", message=Outcome.NOT_RUN, type=Outcome.NOT_RUN).text = brief(
            f"promised: {clause.promise}", _LONGEST
        )
        return "skipped"
    excuse, trouble = waiver(verdict.waived)
    received = verdict.received or verdict.reason
    lines = (
        ("promised", verdict.expected or clause.promise),
        ("received", received),
        ("waiver", excuse or trouble or fixed(verdict.waived)),
    )
    finding = "\n".join(brief(f"{name}: {text}", _LONGEST) for name, text in lines if text)
    if verdict.curl:
        finding += "\n" + block(verdict.curl, _SCRIPT)
    if verdict.outcome is Outcome.WARN or excuse or fixed(verdict.waived):
        ET.SubElement(case, "system-out").text = finding
    child = VERDICTS[verdict.outcome].junit
    if trouble:
        child = "failure"
    elif excuse and child:
        child = "skipped"
    if child:
        why = trouble or excuse or received or verdict.outcome
        kind = "waiver" if trouble or excuse else verdict.outcome
        ET.SubElement(case, child, message=brief(why, 300), type=kind).text = finding
    return child
