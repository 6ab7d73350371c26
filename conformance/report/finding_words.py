"""A verdict in words, made of its entry in `verdict.json`."""

from __future__ import annotations

from typing import Any

from conformance.report.safe_text import block, plain

#: The longest text, and the longest script, of a finding; the run file has them whole.
_LONGEST, _SCRIPT = 2000, 12_000
#: Why a waiver fails the run, and what to do.
_BAD = {
    "expired": "This waiver is past its date. Look again whether it may stay: remove it, or renew it with another date",
    "stale": "XPASS(strict): what was waived is there no more. Remove the waiver (`conformance waivers prune`)",
    "different": "This is another finding than was waived. Look at it; waive it by its own fingerprint, or remove the waiver",
}


def short(found: dict[str, Any]) -> str:
    """Return why a clause is what it is, in one line."""
    return plain(
        found["reason"]
        or found["masked"]
        or found["unobservable"]
        or "; ".join(found["difference"] or ())
        or found["received"]
        or "not shown"
    )


def waiver(found: dict[str, Any]) -> tuple[str, str]:
    """Return why a finding is excused, and why its waiver does not stand; each empty where it is not so."""
    granted = found.get("waived")
    if not granted:
        return "", ""
    whose = f"{granted['place']}: waived until {granted['expires']} by {granted['owner']}: {granted['reason']}"
    if granted["standing"] == "valid":
        return whose, ""
    return "", f"{_BAD[granted['standing']]} ({whose})"


def told(found: dict[str, Any]) -> str:
    """Return everything that a reader needs to judge a finding and to see it again."""
    source, place, rate = found["source"], found["place"], found["rate"]
    rows = (
        ("source", ", ".join(filter(None, (source["document"], source["section"])))),
        ("spec", f"{place['file']}:{place['line']}"),
        ("read as", (found["reading"] or {}).get("taken")),
        ("expected", found["expected"]),
        ("received", found["received"]),
        *(("differs", line) for line in found["difference"] or ()),
        ("broken", f"{rate[0]} of {rate[1]} times" if rate else ""),
        ("reason", found["reason"]),
        ("key", found.get("fingerprint")),
    )
    lines = [f"{name:<10}{plain(text, _LONGEST)}" for name, text in rows if text]
    command = [f"{'curl':<10}{block(found['curl'], _SCRIPT)}"] if found["curl"] else []
    return "\n".join([plain(f"{found['verdict']}: {found['promise']}", _LONGEST), *lines, *command])
