"""Clauses by provider, where they can be compared: first what differs or fails, then everything by topic."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from conformance.model.verdict_table import VERDICTS, gravity, is_finding
from conformance.report.comparing.background import Change
from conformance.report.html.comparable_clauses import TOPICS, Row, lineup
from conformance.report.html.markup import Markup, tag
from conformance.report.html.signs import LEVELS, View, sign, tally, word

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

#: The methods of the client, in its own words, and what is compared of each.
_METHODS = {
    "generate": "text to video",
    "animate": "image to video",
    "compose": "references to video",
    "edit": "edit",
    "extend": "extend",
}
_NOTHING = ("not offered", "no choice", "no price")
_WORDS = (
    ("duration", "duration"),
    ("resolution", "resolution"),
    ("aspect_ratio", "aspect ratio"),
    ("cost", "cost"),
)


def matrix(views: Sequence[View]) -> Markup:
    """Return the matrix with its filters."""
    rows = lineup(views)
    shown = [row for row in rows if len(row.cells) >= min(2, len(views)) or is_finding(row.worst)]
    first = sorted(
        (row for row in shown if row.differs),
        key=lambda row: (gravity(row.worst), TOPICS.index(row.topic)),
    )
    rest = [row for row in shown if not row.differs]
    several = len(views) > 1
    parts: list[Markup | None] = [
        _part(
            "Where providers differ or fail" if several else "What fails", first, views, opened=True
        )
        if first
        else tag(
            "p",
            "Nothing fails, and no two providers differ." if several else "Nothing fails.",
            class_="soft",
        )
    ]
    parts.append(_offers(views) if several else None)
    topics = [
        _part(topic, list(group), views)
        for topic, group in groupby(rest, key=lambda row: row.topic)
    ]
    parts.append(tag("div", *topics, class_="topics") if topics else None)
    alone = len(rows) - len(shown)
    note = (
        tag(
            "p",
            f"{alone} promises that only one provider makes stand below, with that provider.",
            class_="soft",
        )
        if alone
        else None
    )
    return tag("section", tag("h2", "Matrix"), _filters(views), *parts, note, id="matrix")


def _filters(views: Sequence[View]) -> Markup:
    kinds = sorted({clause["kind"] for view in views for clause in view.run.clauses.values()})
    outcomes = [
        name
        for name in VERDICTS
        if any(view.outcome(clause) == name for view in views for clause in view.run.clauses)
    ]
    selects = [
        _select("level", [(one, one) for one in LEVELS]),
        _select("verdict", [(one, word(one)) for one in outcomes]),
        _select("kind", [(one, one) for one in kinds]),
        _select("provider", [(view.name, view.title) for view in views]),
    ]
    new = tag(
        "label",
        tag("input", type="checkbox", name="new"),
        " new",
        title="New or regressed since the last run",
        class_="tick",
    )
    clear = tag("button", "Clear", type="reset")
    return tag(
        "form",
        *selects,
        new,
        clear,
        tag("output", "", aria_live="polite"),
        id="filters",
        hidden=True,
        aria_label="Filter promises",
    )


def _select(name: str, options: Iterable[tuple[str, str]]) -> Markup:
    found = [
        tag("option", "any", value=""),
        *(tag("option", told, value=value) for value, told in options),
    ]
    return tag("label", name, " ", tag("select", *found, name=name))


def _heads(views: Sequence[View], first: str) -> Markup:
    cells = [
        tag(
            "th",
            tag("a", view.title, href=f"#{view.name}"),
            scope="col",
            data_p=view.name,
            role="columnheader",
        )
        for view in views
    ]
    return tag(
        "thead",
        tag("tr", tag("th", first, scope="col", role="columnheader"), *cells, role="row"),
        role="rowgroup",
    )


def _table(views: Sequence[View], name: str, first: str, rows: Iterable[Markup]) -> Markup:
    caption = tag("caption", name, class_="hidden")
    # Said in full, because a phone shows the rows as blocks, which would hide that they are a table.
    return tag(
        "table",
        caption,
        _heads(views, first),
        tag("tbody", *rows, role="rowgroup"),
        class_="matrix",
        role="table",
    )


def _part(name: str, rows: Sequence[Row], views: Sequence[View], *, opened: bool = False) -> Markup:
    head = tag(
        "summary",
        tag("span", name, class_="name"),
        tag("span", tally(row.worst for row in rows), class_="soft"),
    )
    return tag(
        "details",
        head,
        _table(views, name, "promise", (_row(row, views) for row in rows)),
        open=opened,
        class_="topic",
    )


def _row(row: Row, views: Sequence[View]) -> Markup:
    clauses = [clause for group in row.cells.values() for clause in group]
    facts = {
        "data_k": row.kind,
        "data_l": " ".join(sorted({clause["level"] for clause in clauses})),
        "data_v": " ".join(sorted(set(row.verdicts.values()))),
        "data_p": " ".join(row.cells),
    }
    known = [
        view.background.changes.get(clause["id"])
        for view in views
        for clause in row.cells.get(view.name, ())
    ]
    new = [change for change in (Change.REGRESSED, Change.NEW) if change in known]
    label = tag(
        "th",
        *_label(row),
        *(tag("span", change.value, class_="change") for change in new),
        scope="row",
        role="rowheader",
    )
    return tag(
        "tr", label, *(_cell(row, view) for view in views), role="row", data_n=bool(new), **facts
    )


def _label(row: Row) -> Iterator[Markup | str]:
    told = " ".join(
        part
        for part in (row.name.replace("_", " "), row.rule if row.rule not in row.name else "")
        if part
    )
    yield tag("span", told)
    yield " "
    yield tag("span", f"{row.part} · {row.kind} ", class_="soft")


def _cell(row: Row, view: View) -> Markup:
    clauses = row.cells.get(view.name)
    if not clauses:
        return tag(
            "td", tag("span", "no promise", class_="soft none"), role="cell", data_p=view.name
        )
    worst = row.verdicts[view.name]
    telling = next(clause for clause in clauses if view.outcome(clause["id"]) == worst)
    same = sum(view.outcome(clause["id"]) == worst for clause in clauses)
    count = (
        tag(
            "span",
            f" {same}/{len(clauses)}" if same < len(clauses) else f" ×{len(clauses)}",
            class_="soft",
        )
        if len(clauses) > 1
        else None
    )
    return tag(
        "td",
        tag("a", sign(worst), count, href=f"#{view.anchor(telling['id'])}"),
        role="cell",
        data_p=view.name,
    )


def _offers(views: Sequence[View]) -> Markup | None:
    """Return what the providers offer, side by side."""
    offered = {
        view.name: {one["method"]: one for one in view.run.header.get("methods", ())}
        for view in views
    }
    compared = {
        f"{told}: {label}": [(view, _told(offered[view.name].get(method), name)) for view in views]
        for method, told in _METHODS.items()
        for name, label in _WORDS
    }
    rows = [
        _offer(label, told)
        for label, told in compared.items()
        if any(text not in _NOTHING for _, text in told)
    ]
    head = tag(
        "summary",
        tag("span", "What they offer", class_="name"),
        tag("span", "as documented", class_="soft"),
    )
    return (
        tag(
            "details",
            head,
            _table(views, "What they offer", "method", rows),
            class_="topic",
            open=True,
        )
        if rows
        else None
    )


def _told(found: dict[str, Any] | None, name: str) -> str:
    if found is None:
        return "not offered"
    if name != "cost":
        return bounds(found, name)
    return "no price" if found["cost"] is found["cost_per_second"] is None else cost(found)


def _offer(label: str, told: Sequence[tuple[View, str]]) -> Markup:
    cells = [
        tag(
            "td",
            tag("span", text, class_="soft none") if text in _NOTHING else text,
            role="cell",
            data_p=view.name,
        )
        for view, text in told
    ]
    return tag(
        "tr", tag("th", label, scope="row", role="rowheader"), *cells, role="row", class_="offer"
    )


def bounds(found: dict[str, Any], name: str) -> str:
    """Return what a word of a method takes, as short as can be: `2–10 s, default 6`."""
    allowed = found["words"].get(name)
    if not allowed:
        return "no choice"
    low, high, unit = allowed["minimum"], allowed["maximum"], " s" if name == "duration" else ""
    if allowed["values"]:
        told = " · ".join(map(str, allowed["values"])) + ("" if allowed["closed"] else " · …")
    elif low is not None and high is not None:
        told = f"{low:g}–{high:g}{unit}"
    else:
        told = (
            f"from {low:g}{unit}"
            if low is not None
            else f"to {high:g}{unit}"
            if high is not None
            else "any"
        )
    default = allowed["default"]
    return told if default is None else f"{told}, default {default}"


def cost(found: dict[str, Any]) -> str:
    """Return what a video costs, per job or per second, or why nobody knows."""
    if found["cost_per_second"] is not None:
        return f"{found['cost_per_second']:g} a second"
    if found["cost"] is None:
        return found["cost_basis"] or "not documented"
    allowed = found["words"].get("duration") or {}
    spread = (
        f", {found['cost'] / allowed['maximum']:.3g} a second at best"
        if allowed.get("maximum")
        else ""
    )
    return f"{found['cost']:g} a job{spread}"
