"""A verdict in words, made of its entry in `verdict.json`."""

from __future__ import annotations

from typing import Any


def short(found: dict[str, Any]) -> str:
    """Return why a clause is what it is, in one line."""
    return found["reason"] or found["masked"] or found["unobservable"] or "; ".join(found["difference"] or ()) or found["received"] or "not shown"


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
        ("curl", found["curl"]),
    )
    lines = [f"{name:<10}{text}" for name, text in rows if text]
    return "\n".join([f"{found['verdict']}: {found['promise']}", *lines])
