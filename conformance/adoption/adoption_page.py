"""`adopt.html`: the decision on one page, made of the dossier alone."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from conformance.report.html.markup import Markup, block, digest, join, tag
from conformance.report.html.signs import many
from conformance.report.safe_text import shortened

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from conformance.adoption.comparison import CapabilityRow
    from conformance.adoption.dossier import Dossier, DossierFinding, StageRecord
    from conformance.report.html.markup import Child


def page(dossier: Dossier) -> str:
    """Return the content of `adopt.html`."""
    title = f"Adopt {dossier.title}?"
    style = files("conformance.adoption").joinpath("adoption_page.css").read_text("utf-8")
    # Nothing but this very style: no script, no request, no form.
    policy = f"default-src 'none'; style-src '{digest(style)}'; base-uri 'none'; form-action 'none'"
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width,initial-scale=1"),
        Markup(f'<meta http-equiv="Content-Security-Policy" content="{policy}">'),
        tag("title", title),
        tag("style", Markup(style)),
    )
    body = tag("body", tag("main", tag("h1", title), *_sections(dossier)))
    return f'<!doctype html><html lang="en">{head}{body}</html>\n'


def _sections(dossier: Dossier) -> Iterator[Markup | None]:
    yield from _decision(dossier)
    yield tag("h2", "The walk")
    yield _table(("", "stage", "what was seen", "cost"), map(_stage, dossier.stages))
    yield from _balance(dossier)
    yield from _capabilities(dossier)
    yield from _times(dossier)
    yield from _findings(dossier)
    spend = dossier.spend
    yield tag("h2", "What it cost to find out")
    yield tag("p", f"{many(spend.requests, 'request')}, {spend.bought}.")


def _decision(dossier: Dossier) -> Iterator[Markup]:
    report = None
    if dossier.report:
        report = join((" · ", tag("a", "every clause", href=dossier.report)))
    yield tag("p", f"{dossier.base_url} · {dossier.spec.file}", report, class_="soft")
    decision = tag("b", dossier.decision, class_=dossier.decision)
    yield tag("div", decision, dossier.why, class_="card")


def _stage(stage: StageRecord) -> Markup:
    sign = tag("b", "✓", class_="pass") if stage.passed else tag("b", "✗", class_="fail")
    lines = list(_lines(stage.sentences))
    if stage.next:
        lines += [tag("br"), tag("b", "Next:"), f" {stage.next}"]
    cost = f"{many(stage.spend.requests, 'request')}, {many(stage.spend.jobs, 'job')}"
    cells = (tag("td", sign), tag("th", stage.name), tag("td", *lines, class_="wide"))
    return tag("tr", *cells, tag("td", cost))


def _lines(sentences: Iterable[str]) -> Iterator[Child]:
    for index, sentence in enumerate(sentences):
        if index:
            yield tag("br")
        yield sentence


def _balance(dossier: Dossier) -> Iterator[Markup]:
    beside = ", ".join(dossier.against) or "no other provider"
    yield tag("h2", "What our client would gain and lose")
    yield tag("p", f"Beside {beside}, as their documents say.", class_="soft")
    for title, changes, kind in (
        ("Gains", dossier.gains, "gain"),
        ("Loses", dossier.loses, "lose"),
    ):
        yield tag("h3", title, class_=kind)
        yield tag("ul", *(tag("li", change) for change in changes or ("nothing",)))


def _capabilities(dossier: Dossier) -> Iterator[Markup]:
    yield tag("h2", "Capability by capability")
    note = "Each provider has its own unit; what a unit costs stands in no spec."
    yield tag("p", note, class_="soft")
    rows = (_capability(row, dossier.against) for row in dossier.capabilities)
    yield _table(("", dossier.provider, *dossier.against), rows)


def _capability(row: CapabilityRow, names: Sequence[str]) -> Markup:
    new: list[Child] = [row.new or "–"]
    for change, kind, mark in ((row.gains, "gain", "+"), (row.loses, "lose", "−")):
        if change and row.word:
            new += [tag("br"), tag("span", f"{mark} {change}", class_=kind)]
    return tag(
        "tr",
        tag("th", row.word.replace("_", " ") or row.method),
        tag("td", *new),
        *(tag("td", row.ours.get(name, "") or "–") for name in names),
        class_="word" if row.word else "method",
    )


def _times(dossier: Dossier) -> Iterator[Markup]:
    yield tag("h2", "Observed times")
    if not dossier.times:
        yield tag("p", "No run was kept from which they could be told.", class_="soft")
        return
    rows = []
    for times in dossier.times:
        where = "observed" if times.real else "on this machine: says nothing of the provider"
        cells = (str(times.jobs), _seconds(times.queued), _seconds(times.seconds), where)
        rows.append(tag("tr", tag("th", times.provider), *(tag("td", cell) for cell in cells)))
    yield _table(("", "jobs", "queued", "whole job", ""), rows)


def _seconds(value: float | None) -> str:
    return "–" if value is None else f"{value:g} s"


def _findings(dossier: Dossier) -> Iterator[Markup]:
    yield tag("h2", "What diverges")
    if not dossier.findings:
        ran = any(stage.name == "run" and stage.passed for stage in dossier.stages)
        nothing = "Nothing." if ran else "Not known: the full run was not reached."
        yield tag("p", nothing, class_="soft")
        return
    yield _table(("", "promise", "received", "source"), map(_finding, dossier.findings))


def _finding(finding: DossierFinding) -> Markup:
    command = tag("pre", block(finding.curl)) if finding.curl else None
    return tag(
        "tr",
        tag("td", tag("b", finding.verdict, class_=finding.verdict)),
        tag(
            "td", shortened(finding.promise), tag("br"), tag("code", finding.clause), class_="wide"
        ),
        tag("td", shortened(finding.received), command, class_="wide"),
        tag("td", str(finding.source)),
    )


def _table(heads: Iterable[str], rows: Iterable[Markup]) -> Markup:
    head = tag("thead", tag("tr", *(tag("th", name) for name in heads)))
    return tag("div", tag("table", head, tag("tbody", *rows)), class_="scroll")
