"""One provider: what is wrong, what it offers, how its jobs went, what our client relies on, and every promise."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from conformance.model.verdict_table import VERDICTS, gravity
from conformance.report.formats.summary import decision_of, findings_of
from conformance.report.formats.support_bundle import bundle
from conformance.report.html.clause_view import promise
from conformance.report.html.markup import Markup, join, tag
from conformance.report.html.matrix import bounds, cost
from conformance.report.html.page_evidence import packed
from conformance.report.html.signs import View, decided, lasted, many, sign, tally

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: Findings that stand open at first.
OPEN = 1
#: Promises that are named where the client's are told.
NAMED = 12


def profile(view: View) -> Markup:
    """Return everything that is known of one provider."""
    head = tag("header", tag("h2", view.title), decided(decision_of(view.run)))
    return tag("section", head, *_parts(view), id=view.name, class_="provider", data_p=view.name)


def _parts(view: View) -> Iterator[Markup | None]:
    found = [one["clause"] for one in findings_of(view.run) if one["clause"] in view.run.clauses]
    if found:
        yield tag("h3", f"Findings ({len(found)})")
        yield tag(
            "div",
            *(
                promise(view, view.run.clauses[name], opened=index < OPEN)
                for index, name in enumerate(found)
            ),
            class_="clauses",
        )
        yield _support(view)
    yield _card(view)
    yield _measured(view)
    yield _client(view)
    yield _spend(view)
    yield from _kinds(view, set(found))
    yield _exchanges(view)


def _support(view: View) -> Markup | None:
    text = bundle(view)
    if not text:
        return None
    told = "For the provider's support: every finding with its source, its request and the answer, without a key. The same exchanges stand in evidence.har, beside run.jsonl."
    button = tag("button", "Save the evidence", type="button", data_save=view.name, hidden=True)
    data = tag("script", Markup(packed(text)), type="text/plain", data_bundle=view.name)
    return tag("p", button, " ", tag("span", told, class_="soft"), data, class_="support")


def _card(view: View) -> Markup | None:
    methods = view.run.header.get("methods", ())
    if not methods:
        return None
    names = ("method", "takes", "needs", "duration", "resolution", "aspect ratio", "cost")
    heads = tag("tr", *(tag("th", name, scope="col") for name in names))
    rows = [
        tag(
            "tr",
            tag(
                "th",
                tag("b", one["method"]),
                " ",
                tag("span", one["description"], class_="soft"),
                scope="row",
            ),
            *_offer(one, names[1:]),
        )
        for one in methods
    ]
    return tag(
        "div",
        tag("h3", "What it offers"),
        tag("table", tag("thead", heads), tag("tbody", *rows), class_="list stack"),
    )


def _offer(one: dict[str, Any], names: tuple[str, ...]) -> Iterator[Markup]:
    values = (
        ", ".join(one["inputs"]) or "text alone",
        ", ".join(one["required"]),
        bounds(one, "duration"),
        bounds(one, "resolution"),
        bounds(one, "aspect_ratio"),
        cost(one),
    )
    for name, value in zip(names, values, strict=True):
        yield tag(
            "td",
            tag("span", value, class_="soft none") if value == "no choice" else value,
            data_name=name,
        )


def _measured(view: View) -> Markup | None:
    groups = (view.run.footer or {}).get("measured", {})
    if not groups:
        return None
    names = (
        "jobs",
        "failed",
        "median queue",
        "median time",
        "9 in 10 within",
        f"{view.run.header['unit']} a second",
    )
    heads = tag(
        "tr",
        tag("th", "operation", scope="col"),
        *(tag("th", name, scope="col", class_="n") for name in names),
    )
    rows = [
        tag(
            "tr",
            tag("th", tag("code", name), scope="row"),
            *(
                tag("td", text, class_="n")
                for text in (*_observed(one), _price(view.evidence.per_second.get(name)))
            ),
        )
        for name, one in groups.items()
    ]
    return tag(
        "div",
        tag("h3", "How its jobs went"),
        tag("table", tag("thead", heads), tag("tbody", *rows), class_="list five"),
    )


def _observed(one: dict[str, Any]) -> tuple[str, ...]:
    took, queued = one.get("seconds") or {}, one.get("queued") or {}
    return (
        str(one["jobs"]),
        str(round(one["error_rate"] * one["jobs"])),
        *(
            lasted(found[key]) if found else "not seen"
            for found, key in ((queued, "p50"), (took, "p50"), (took, "p90"))
        ),
    )


def _price(per_second: float | None) -> str:
    return "no price" if per_second is None else f"{per_second:.3g}"


def _client(view: View) -> Markup | None:
    relied = [name for name, clause in view.run.clauses.items() if clause.get("client")]
    if not relied:
        return None
    counts = Counter(view.outcome(name) for name in relied)
    told = join(
        (
            tag("span", sign(outcome), f" {counts[outcome]}")
            for outcome in VERDICTS
            if counts[outcome]
        ),
        " · ",
    )
    open_ = sorted(
        (name for name in relied if view.outcome(name) != "pass"),
        key=lambda name: gravity(view.outcome(name)),
    )
    links = [
        tag(
            "li",
            sign(view.outcome(name)),
            " ",
            tag("a", tag("code", name), href=f"#{view.anchor(name)}"),
        )
        for name in open_[:NAMED]
    ]
    more = (
        tag("li", f"and {len(open_) - NAMED} more", class_="soft") if len(open_) > NAMED else None
    )
    said = tag("p", f"Our client relies on {many(len(relied), 'promise')} of this provider: ", told)
    return tag(
        "div",
        tag("h3", "What our client relies on"),
        said,
        tag("ul", *links, more, class_="plain") if links else None,
    )


def _spend(view: View) -> Markup:
    plan, unit = view.run.header["plan"], view.run.header["unit"]
    spend = (view.run.footer or {}).get("spend")
    rows = [
        (
            "planned",
            many(plan["expected"], unit),
            many(plan["jobs"], "job"),
            many(plan["requests"], "request"),
        ),
        ("at worst", many(plan["worst"], unit), "", ""),
    ]
    if spend:
        rows.insert(
            0,
            (
                "spent",
                many(spend["credits"], unit),
                many(spend["jobs"], "job"),
                many(spend["requests"], "request"),
            ),
        )
    note = tag("p", "Requests are planned without the polls of a job.", class_="soft")
    return tag(
        "div",
        tag("h3", "Spend"),
        tag(
            "table",
            tag(
                "tbody",
                *(
                    tag(
                        "tr",
                        tag("th", name, scope="row"),
                        *(tag("td", text, class_="n") for text in texts),
                    )
                    for name, *texts in rows
                ),
            ),
            class_="list narrow",
        ),
        note,
    )


def _kinds(view: View, told: set[str]) -> Iterator[Markup]:
    rest = [clause for name, clause in view.run.clauses.items() if name not in told]
    if rest:
        yield tag("h3", "All other promises" if told else "All promises")
        yield tag("div", *_topics(view, rest), class_="topics")


def _topics(view: View, rest: Sequence[dict[str, Any]]) -> Iterator[Markup]:
    for kind in dict.fromkeys(clause["kind"] for clause in rest):
        mine = sorted(
            (clause for clause in rest if clause["kind"] == kind),
            key=lambda clause: gravity(view.outcome(clause["id"])),
        )
        head = tag(
            "summary",
            tag("span", kind, class_="name"),
            tag("span", tally(view.outcome(clause["id"]) for clause in mine), class_="soft"),
        )
        yield tag(
            "details",
            head,
            tag("div", *(promise(view, clause) for clause in mine), class_="clauses"),
            class_="topic",
        )


def _exchanges(view: View) -> Markup | None:
    chunks = view.evidence.chunks
    if not chunks:
        return None
    total = sum(chunk.count for chunk in chunks)
    need = tag(
        "p",
        "They are kept compressed in this page and need scripts to be read; without, read run.jsonl.",
        class_="soft needs",
    )
    parts = [
        tag(
            "details",
            tag("summary", f"Exchanges {chunk.first:,} to {chunk.last:,}"),
            tag("script", Markup(chunk.data), type="text/plain"),
            class_="chunk",
            data_p=view.name,
            data_first=chunk.first,
            data_last=chunk.last,
        )
        for chunk in chunks
    ]
    return tag(
        "div",
        tag("h3", f"All {total:,} exchanges", id=f"{view.name}~exchanges"),
        need,
        tag("div", *parts, class_="chunks"),
    )
