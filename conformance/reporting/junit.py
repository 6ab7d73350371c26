"""`junit.xml`: one case per clause, with a real child element for everything that is no pass."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from conformance.reporting.runfile import RunRecord

#: What a verdict is to a reader of JUnit files; a flaky promise is not kept.
_CHILD = {"fail": "failure", "flaky": "failure", "error": "error", "untestable": "skipped", "not_run": "skipped"}
#: XML 1.0 knows no other control characters than these.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(run: RunRecord) -> str:
    """Return the content of `junit.xml`."""
    suite = ET.Element("testsuite", name=run.header["provider"], tests=str(len(run.clauses)))
    counts = {"failure": 0, "error": 0, "skipped": 0}
    for clause in run.clauses.values():
        child = _case(suite, clause, run.verdicts.get(clause["id"], {}))
        if child:
            counts[child] += 1
    suite.set("failures", str(counts["failure"]))
    suite.set("errors", str(counts["error"]))
    suite.set("skipped", str(counts["skipped"]))
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(suite, encoding="unicode") + "\n"


def _case(suite: ET.Element, clause: dict[str, Any], verdict: dict[str, Any]) -> str:
    group = ".".join(part for part in (suite.get("name"), clause["operation"], clause["scenario"]) if part)
    place = clause["place"]
    case = ET.SubElement(suite, "testcase", classname=group, name=clause["id"], file=place["file"], line=str(place["line"]))
    outcome = verdict.get("verdict", "not_run")
    told = clean(f"promised: {verdict.get('expected') or clause['promise']}\nreceived: {verdict.get('received') or verdict.get('reason') or ''}\n{verdict.get('curl') or ''}")
    if outcome == "warn":
        ET.SubElement(case, "system-out").text = told
    child = _CHILD.get(outcome, "")
    if child:
        ET.SubElement(case, child, message=clean(verdict.get("received") or verdict.get("reason") or outcome)[:300], type=outcome).text = told
    return child


def clean(text: str) -> str:
    """Return a text without what no XML file may hold."""
    return _NOT_XML.sub("\ufffd", text)
