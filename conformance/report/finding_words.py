"""A verdict in words, made of its entry in `verdict.json`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.model.waiver import Standing
from conformance.report.safe_text import block, brief

if TYPE_CHECKING:
    from conformance.model.run_records import WaivedRecord
    from conformance.report.formats.verdict_file import JudgedClause

#: The longest text, and the longest script, of a finding; the run file has them whole.
_LONGEST, _SCRIPT = 2000, 12_000
#: What to do with a waiver that has nothing left to waive.
_FIXED = "fixed: the promise is kept again. Delete this waiver (`conformance waivers prune`)"
#: Why a waiver fails the run, and what to do.
_BAD = {
    Standing.EXPIRED: "This waiver is past its date. Look again whether it may stay: remove it, or"
    " renew it with another date",
    Standing.DIFFERENT: "This is another finding than was waived. Look at it; waive it by its own"
    " fingerprint, or remove the waiver",
}


def short(clause: JudgedClause) -> str:
    """Return why a clause is what it is, in one line."""
    return brief(
        clause.reason
        or clause.masked
        or clause.unobservable
        or "; ".join(clause.difference or ())
        or clause.received
        or "not shown"
    )


def waiver(waived: WaivedRecord | None) -> tuple[str, str]:
    """Return why a finding is excused, and why its waiver does not stand.

    Empty where it is not so.
    """
    if waived is None:
        return "", ""
    if waived.standing is Standing.FIXED:
        return "", ""
    whose = f"{waived.place}: waived until {waived.expires} by {waived.owner}: {waived.reason}"
    if waived.standing is Standing.VALID:
        return whose, ""
    return "", f"{_BAD[waived.standing]} ({whose})"


def fixed(waived: WaivedRecord | None) -> str:
    """Return what to do with a waiver of a promise that is kept again; empty where it is not so."""
    if waived is None or waived.standing is not Standing.FIXED:
        return ""
    return f"{_FIXED} ({waived.place})"


def told(clause: JudgedClause) -> str:
    """Return everything that a reader needs to judge a finding and to see it again."""
    rows = [
        ("source", str(clause.source)),
        ("spec", f"{clause.place.file}:{clause.place.line}"),
        ("read as", clause.reading and clause.reading.taken),
        ("expected", clause.expected),
        ("received", clause.received),
    ]
    rows += [("differs", line) for line in clause.difference or ()]
    if clause.rate:
        rows.append(("broken", f"{clause.rate[0]} of {clause.rate[1]} times"))
    rows += [("reason", clause.reason), ("key", clause.fingerprint)]
    lines = [brief(f"{clause.verdict}: {clause.promise}", _LONGEST)]
    lines += [f"{name:<10}{brief(text, _LONGEST)}" for name, text in rows if text]
    if clause.curl:
        lines.append(f"{'curl':<10}{block(clause.curl, _SCRIPT)}")
    return "\n".join(lines)
