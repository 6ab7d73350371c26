"""Clauses by provider, where they can be compared.

First what differs or fails, then everything by topic.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from conformance.model.verdict_table import VERDICTS, gravity, is_finding
from conformance.report.comparing.background import Change
from conformance.report.html.comparable_clauses import TOPICS, ComparableClauses, comparable
from conformance.report.html.markup import Markup, tag
from conformance.report.html.signs import LEVELS, View, sign, tally, word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from conformance.model.run_records import MethodOffer

#: The methods of the client, in words for people.
_METHODS = {
    "generate": "text to video",
    "animate": "image to video",
    "compose": "references to video",
    "edit": "edit",
    "extend": "extend",
}
_NOTHING = ("not offered", "no choice", "no price")


def matrix(views: Sequence[View]) -> Markup:
    """Return the matrix with its filters."""
    rows = comparable(views)
    several = len(views) > 1
    needed = 2 if several else 1
    shown = [row for row in rows if len(row.cells) >= needed or is_finding(row.worst)]
    parts: list[Markup | None] = [tag("h2", "Matrix"), _filters(views)]
    differing = sorted(
        (row for row in shown if row.differs),
        key=lambda row: (gravity(row.worst), TOPICS.index(row.topic)),
    )
    if differing:
        name = "Where providers differ or fail" if several else "What fails"
        parts.append(_part(name, differing, views, opened=True))
    else:
        nothing = "Nothing fails, and no two providers differ." if several else "Nothing fails."
        parts.append(tag("p", nothing, class_="soft"))
    if several:
        parts.append(_offers(views))
    alike = [row for row in shown if not row.differs]
    topics = [
        _part(topic, list(group), views)
        for topic, group in groupby(alike, key=lambda row: row.topic)
    ]
    if topics:
        parts.append(tag("div", *topics, class_="topics"))
    alone = len(rows) - len(shown)
    if alone:
        rest = f"{alone} promises that only one provider makes stand below, with that provider."
        parts.append(tag("p", rest, class_="soft"))
    return tag("section", *parts, id="matrix")


def _filters(views: Sequence[View]) -> Markup:
    kinds = sorted({clause.kind for view in views for clause in view.run.clauses.values()})
    given = {view.outcome(clause) for view in views for clause in view.run.clauses}
    outcomes = [outcome for outcome in VERDICTS if outcome in given]
    selects = [
        _select("level", [(level, level) for level in LEVELS]),
        _select("verdict", [(outcome, word(outcome)) for outcome in outcomes]),
        _select("kind", [(kind, kind) for kind in kinds]),
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
    choices = [tag("option", shown, value=value) for value, shown in (("", "any"), *options)]
    return tag("label", name, " ", tag("select", *choices, name=name))


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
    # Said in full, because a phone shows the rows as blocks, which would hide that they are a
    # table.
    return tag(
        "table",
        caption,
        _heads(views, first),
        tag("tbody", *rows, role="rowgroup"),
        class_="matrix",
        role="table",
    )


def _part(
    name: str, rows: Sequence[ComparableClauses], views: Sequence[View], *, opened: bool = False
) -> Markup:
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


def _row(row: ComparableClauses, views: Sequence[View]) -> Markup:
    clauses = [clause for group in row.cells.values() for clause in group]
    changes = {
        view.background.changes.get(clause.id)
        for view in views
        for clause in row.cells.get(view.name, ())
    }
    new = [change for change in (Change.REGRESSED, Change.NEW) if change in changes]
    marks = (tag("span", change.value, class_="change") for change in new)
    return tag(
        "tr",
        tag("th", *_label(row), *marks, scope="row", role="rowheader"),
        *(_cell(row, view) for view in views),
        role="row",
        data_n=bool(new),
        data_k=row.kind,
        data_l=" ".join(sorted({clause.level for clause in clauses})),
        data_v=" ".join(sorted(set(row.verdicts.values()))),
        data_p=" ".join(row.cells),
    )


def _label(row: ComparableClauses) -> Iterator[Markup | str]:
    name = row.name.replace("_", " ")
    if row.rule not in row.name:
        name = f"{name} {row.rule}".strip()
    yield tag("span", name)
    yield " "
    yield tag("span", f"{row.part} · {row.kind} ", class_="soft")


def _cell(row: ComparableClauses, view: View) -> Markup:
    clauses = row.cells.get(view.name)
    if not clauses:
        nothing = tag("span", "no promise", class_="soft none")
        return tag("td", nothing, role="cell", data_p=view.name)
    worst = row.verdicts[view.name]
    like_the_worst = [clause for clause in clauses if view.outcome(clause.id) == worst]
    count = None
    if len(like_the_worst) < len(clauses):
        count = tag("span", f" {len(like_the_worst)}/{len(clauses)}", class_="soft")
    elif len(clauses) > 1:
        count = tag("span", f" ×{len(clauses)}", class_="soft")
    link = tag("a", sign(worst), count, href=f"#{view.anchor(like_the_worst[0].id)}")
    return tag("td", link, role="cell", data_p=view.name)


def _offers(views: Sequence[View]) -> Markup | None:
    """Return what the providers offer, side by side."""
    offered = {
        view.name: {offer.method: offer for offer in view.run.header.methods} for view in views
    }
    rows: list[Markup] = []
    for method, title in _METHODS.items():
        for label, tell in _OFFERED.items():
            texts = {}
            for view in views:
                offer = offered[view.name].get(method)
                texts[view.name] = tell(offer) if offer else "not offered"
            if any(text not in _NOTHING for text in texts.values()):
                rows.append(_offer(f"{title}: {label}", texts))
    if not rows:
        return None
    head = tag(
        "summary",
        tag("span", "What they offer", class_="name"),
        tag("span", "as documented", class_="soft"),
    )
    table = _table(views, "What they offer", "method", rows)
    return tag("details", head, table, class_="topic", open=True)


def _offer(label: str, texts: Mapping[str, str]) -> Markup:
    cells = []
    for provider, text in texts.items():
        shown = tag("span", text, class_="soft none") if text in _NOTHING else text
        cells.append(tag("td", shown, role="cell", data_p=provider))
    head = tag("th", label, scope="row", role="rowheader")
    return tag("tr", head, *cells, role="row", class_="offer")


def bounds(offer: MethodOffer, word: str) -> str:
    """Return what a word of a method takes, as short as can be: `2–10 s, default 6`."""
    allowed = offer.words.get(word)
    if allowed is None:
        return "no choice"
    low, high = allowed.minimum, allowed.maximum
    unit = " s" if word == "duration" else ""
    if allowed.values:
        taken = " · ".join(map(str, allowed.values)) + ("" if allowed.closed else " · …")
    elif low is not None and high is not None:
        taken = f"{low:g}–{high:g}{unit}"
    elif low is not None:
        taken = f"from {low:g}{unit}"
    elif high is not None:
        taken = f"to {high:g}{unit}"
    else:
        taken = "any"
    return taken if allowed.default is None else f"{taken}, default {allowed.default}"


def _price(offer: MethodOffer) -> str:
    if offer.cost is None and offer.cost_per_second is None:
        return "no price"
    return cost(offer)


#: What is compared of each method, and how it is told.
_OFFERED: dict[str, Callable[[MethodOffer], str]] = {
    "duration": lambda offer: bounds(offer, "duration"),
    "resolution": lambda offer: bounds(offer, "resolution"),
    "aspect ratio": lambda offer: bounds(offer, "aspect_ratio"),
    "cost": _price,
}


def cost(offer: MethodOffer) -> str:
    """Return what a video costs, per job or per second, or why nobody knows."""
    if offer.cost_per_second is not None:
        return f"{offer.cost_per_second:g} a second"
    if offer.cost is None:
        return offer.cost_basis or "not documented"
    duration = offer.words.get("duration")
    price = f"{offer.cost:g} a job"
    if duration and duration.maximum:
        price += f", {offer.cost / duration.maximum:.3g} a second at best"
    return price
