"""One provider: what is wrong, what it offers, how its jobs went, and every promise."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from conformance.model.verdict import Outcome
from conformance.model.verdict_table import VERDICTS, gravity
from conformance.report.formats.summary import findings_of
from conformance.report.formats.support_bundle import bundle
from conformance.report.html.clause_view import promise
from conformance.report.html.markup import Markup, join, tag
from conformance.report.html.matrix import bounds, cost
from conformance.report.html.page_evidence import packed
from conformance.report.html.signs import View, decided, lasted, many, sign, tally
from conformance.report.open_promises import open_promises
from conformance.report.safe_text import shortened

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conformance.model.run_records import ClauseRecord
    from conformance.report.open_promises import OpenPromises

#: Findings that stand open at first.
OPEN = 1
#: Promises that are named where the client's are told.
NAMED = 12


def profile(view: View) -> Markup:
    """Return everything that is known of one provider."""
    head = tag("header", tag("h2", view.title), decided(view.run.decision))
    return tag("section", head, *_parts(view), id=view.name, class_="provider", data_p=view.name)


def _parts(view: View) -> Iterator[Markup | None]:
    clauses = view.run.clauses
    findings = [
        clauses[verdict.clause] for verdict in findings_of(view.run) if verdict.clause in clauses
    ]
    if findings:
        yield tag("h3", f"Findings ({len(findings)})")
        shown = [
            promise(view, clause, opened=index < OPEN) for index, clause in enumerate(findings)
        ]
        yield tag("div", *shown, class_="clauses")
        yield _support(view)
    yield _left_open(view)
    yield _card(view)
    yield _measured(view)
    yield _client(view)
    yield _spend(view)
    names = {clause.id for clause in findings}
    rest = [clause for clause in clauses.values() if clause.id not in names]
    if rest:
        yield tag("h3", "All other promises" if findings else "All promises")
        yield tag("div", *_topics(view, rest), class_="topics")
    yield _exchanges(view)


def _left_open(view: View) -> Markup | None:
    """Return what was not decided, by reason, each with what can be done about it."""
    groups = open_promises(view.run)
    if not groups:
        return None
    names = ("promises", "because", "what to do")
    heads = tag("tr", *(tag("th", name, scope="col") for name in names))
    rows = []
    for group in groups:
        cells = (
            tag("th", _open_clauses(view, group), scope="row"),
            tag("td", shortened(group.reason)),
            tag("td", group.advice),
        )
        rows.append(tag("tr", *cells))
    table = tag("table", tag("thead", heads), tag("tbody", *rows), class_="list stack")
    return tag("div", tag("h3", "Not decided, and why"), table)


def _open_clauses(view: View, group: OpenPromises) -> Markup:
    """Return how many promises one reason left open; opened, which."""
    which = ""
    if not group.observable:
        which = "no ordinary run can decide"
    elif group.binds:
        which = "binding"
    items = [
        tag("li", tag("a", tag("code", name), href=f"#{view.anchor(name)}"))
        for name in group.clauses[:NAMED]
    ]
    if len(group.clauses) > NAMED:
        items.append(tag("li", f"and {len(group.clauses) - NAMED} more", class_="soft"))
    summary = tag("summary", f"{len(group.clauses)} ", tag("span", which, class_="soft"))
    return tag("details", summary, tag("ul", *items, class_="plain"))


def _support(view: View) -> Markup | None:
    text = bundle(view)
    if not text:
        return None
    purpose = (
        "For the provider's support: every finding with its source, its request and the answer,"
        " without a key. The same exchanges stand in evidence.har, beside run.jsonl."
    )
    button = tag("button", "Save the evidence", type="button", data_save=view.name, hidden=True)
    data = tag("script", Markup(packed(text)), type="text/plain", data_bundle=view.name)
    return tag("p", button, " ", tag("span", purpose, class_="soft"), data, class_="support")


def _card(view: View) -> Markup | None:
    methods = view.run.header.methods
    if not methods:
        return None
    names = ("takes", "needs", "duration", "resolution", "aspect ratio", "cost")
    heads = tag("tr", *(tag("th", name, scope="col") for name in ("method", *names)))
    rows = []
    for method in methods:
        title = (tag("b", method.method), " ", tag("span", method.description, class_="soft"))
        values = (
            ", ".join(method.inputs) or "text alone",
            ", ".join(method.required),
            bounds(method, "duration"),
            bounds(method, "resolution"),
            bounds(method, "aspect_ratio"),
            cost(method),
        )
        cells = []
        for name, value in zip(names, values, strict=True):
            shown = tag("span", value, class_="soft none") if value == "no choice" else value
            cells.append(tag("td", shown, data_name=name))
        rows.append(tag("tr", tag("th", *title, scope="row"), *cells))
    table = tag("table", tag("thead", heads), tag("tbody", *rows), class_="list stack")
    return tag("div", tag("h3", "What it offers"), table)


def _measured(view: View) -> Markup | None:
    measured = view.run.measured
    if not measured:
        return None
    names = (
        "jobs",
        "failed",
        "median queue",
        "median time",
        "9 in 10 within",
        f"{view.run.header.unit} a second",
    )
    heads = (tag("th", name, scope="col", class_="n") for name in names)
    rows = []
    for name, jobs in measured.items():
        per_second = view.evidence.per_second.get(name)
        texts = (
            str(jobs.jobs),
            str(round(jobs.error_rate * jobs.jobs)),
            lasted(jobs.queued.p50) if jobs.queued else "not seen",
            lasted(jobs.seconds.p50) if jobs.seconds else "not seen",
            lasted(jobs.seconds.p90) if jobs.seconds else "not seen",
            "no price" if per_second is None else f"{per_second:.3g}",
        )
        cells = (tag("td", text, class_="n") for text in texts)
        rows.append(tag("tr", tag("th", tag("code", name), scope="row"), *cells))
    head = tag("thead", tag("tr", tag("th", "operation", scope="col"), *heads))
    table = tag("table", head, tag("tbody", *rows), class_="list five")
    return tag("div", tag("h3", "How its jobs went"), table)


def _client(view: View) -> Markup | None:
    relied = [name for name, clause in view.run.clauses.items() if clause.client]
    if not relied:
        return None
    counts: Counter[str] = Counter(view.outcome(name) for name in relied)
    outcomes = [
        tag("span", sign(verdict), f" {counts[verdict]}") for verdict in VERDICTS if counts[verdict]
    ]
    not_kept = sorted(
        (name for name in relied if view.outcome(name) is not Outcome.PASS),
        key=lambda name: gravity(view.outcome(name)),
    )
    items = []
    for name in not_kept[:NAMED]:
        link = tag("a", tag("code", name), href=f"#{view.anchor(name)}")
        items.append(tag("li", sign(view.outcome(name)), " ", link))
    if len(not_kept) > NAMED:
        items.append(tag("li", f"and {len(not_kept) - NAMED} more", class_="soft"))
    promises = many(len(relied), "promise")
    return tag(
        "div",
        tag("h3", "What our client relies on"),
        tag("p", f"Our client relies on {promises} of this provider: ", join(outcomes, " · ")),
        tag("ul", *items, class_="plain") if items else None,
    )


def _spend(view: View) -> Markup:
    plan, unit = view.run.header.plan, view.run.header.unit
    jobs, requests = many(plan.jobs, "job"), many(plan.requests, "request")
    lines = [
        ("planned", plan.expected_costs.in_words(unit), jobs, requests),
        ("at worst", plan.worst_costs.in_words(unit), "", ""),
    ]
    if view.run.footer:
        spend = view.run.footer.spend
        jobs, requests = many(spend.jobs, "job"), many(spend.requests, "request")
        lines.insert(0, ("spent", spend.costs.in_words(unit), jobs, requests))
    rows = []
    for name, *texts in lines:
        cells = (tag("td", text, class_="n") for text in texts)
        rows.append(tag("tr", tag("th", name, scope="row"), *cells))
    return tag(
        "div",
        tag("h3", "Spend"),
        tag("table", tag("tbody", *rows), class_="list narrow"),
        tag("p", "Requests are planned without the polls of a job.", class_="soft"),
    )


def _topics(view: View, clauses: Sequence[ClauseRecord]) -> Iterator[Markup]:
    by_kind: defaultdict[str, list[ClauseRecord]] = defaultdict(list)
    for clause in clauses:
        by_kind[clause.kind].append(clause)
    for kind, group in by_kind.items():
        group.sort(key=lambda clause: gravity(view.outcome(clause.id)))
        head = tag(
            "summary",
            tag("span", kind, class_="name"),
            tag("span", tally(view.outcome(clause.id) for clause in group), class_="soft"),
        )
        shown = tag("div", *(promise(view, clause) for clause in group), class_="clauses")
        yield tag("details", head, shown, class_="topic")


def _exchanges(view: View) -> Markup | None:
    chunks = view.evidence.chunks
    if not chunks:
        return None
    total = sum(chunk.count for chunk in chunks)
    needed = (
        "They are kept compressed in this page and need scripts to be read; without, read"
        " run.jsonl."
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
        tag("p", needed, class_="soft needs"),
        tag("div", *parts, class_="chunks"),
    )
