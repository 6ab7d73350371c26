"""The first screen: what was decided for each provider, why, and what changed."""

from __future__ import annotations

import shlex
from collections import Counter
from typing import TYPE_CHECKING

from conformance.model.money import bought
from conformance.model.verdict import Decision
from conformance.model.verdict_table import VERDICTS, decides_against
from conformance.model.waiver import Standing
from conformance.report.comparing.change import counted
from conformance.report.html.markup import Markup, join, tag
from conformance.report.html.signs import (
    LEVELS,
    View,
    copied,
    decided,
    lasted,
    many,
    sign,
    when,
    word,
)
from conformance.report.open_promises import hangs_on
from conformance.report.safe_text import shortened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from conformance.model.run_records import RunHeader

#: The rule by which runs are decided, as printed.
_RULE = {
    Decision.GO: "Every promise that binds was proved on both sides, as far as it can be observed,"
    " and is kept.",
    Decision.CONDITIONAL: "The same, but with warnings, mixed outcomes or waivers, or with promises"
    " that were selected away.",
    Decision.NO_GO: "A promise that binds is broken and not waived (now and then is enough where"
    " money, the video or privacy is at stake); or a waiver is past its date or does not match"
    " what is broken.",
    Decision.UNKNOWN: "Something that binds was not proved; or the run met an error, did not come"
    " to its end, or tried nothing.",
}
_SIDES: dict[str, Callable[[RunHeader], str]] = {
    "target": lambda header: header.target,
    "answers from": lambda header: header.recorded_from,
    "base address": lambda header: header.base_url,
    "version": lambda header: header.version,
    "seed": lambda header: str(header.seed),
}


def front(views: Sequence[View]) -> Markup:
    """Return the decision on all providers."""
    rule = [
        join((tag("dt", decided(decision)), tag("dd", meaning)))
        for decision, meaning in _RULE.items()
    ]
    printed = tag(
        "details",
        tag("summary", "How this is decided"),
        tag("p", "Only promises of level must decide: those that the provider's document makes."),
        tag("dl", *rule, class_="rule"),
        class_="sub",
    )
    return tag(
        "section",
        tag("div", *(_card(view) for view in views), class_="cards"),
        printed,
        id="decision",
        aria_label="Decision",
    )


def headline(views: Sequence[View]) -> str:
    """Return the decisions in one sentence."""
    if len(views) == 1:
        return f"{views[0].title}: {views[0].run.decision}"
    counts: Counter[str] = Counter(view.run.decision for view in views)
    if len(counts) == 1:
        return f"All {len(views)} providers: {next(iter(counts))}"
    return ", ".join(f"{counts[name]} {name}" for name in _RULE if counts[name]) or "No runs"


def _card(view: View) -> Markup:
    head = tag(
        "header",
        tag("h2", tag("a", view.title, href=f"#{view.name}")),
        decided(view.run.decision),
    )
    return tag(
        "article",
        head,
        tag("p", _why(view), class_="why"),
        _counts(view),
        _changes(view),
        _accepted(view),
        _spent(view),
        _ours(view),
        _again(view),
        class_=f"card {view.run.decision}",
    )


def _why(view: View) -> str:
    """Return what the decision rests on, in a sentence."""
    if not view.run.complete:
        return "The run is incomplete: it did not come to its end, so nothing is decided."
    coverage = view.run.coverage
    match view.run.decision:
        case Decision.NO_GO:
            return _broken(view)
        case Decision.CONDITIONAL:
            return f"Nothing that binds is broken outright, but: {shortened(hangs_on(view.run))}."
        case Decision.GO:
            kept = many(coverage.proved, "promise")
            return f"Everything that binds and can be observed is kept: {kept}."
        case _:
            observable = many(coverage.observable, "promise")
            decided = f"Of what binds and can be observed, {coverage.proved} of {observable}"
            return f"{decided} came to a verdict: {shortened(hangs_on(view.run))}."


def _binding(view: View) -> list[str]:
    return [name for name, clause in view.run.clauses.items() if clause.level.binds]


def _broken(view: View) -> str:
    waivers = view.background.waivers
    clauses = view.run.clauses
    broken = [
        name
        for name in _binding(view)
        if decides_against(clauses[name].level, view.harm(name), view.outcome(name))
    ]
    count = sum(
        name not in waivers or waivers[name].standing is not Standing.VALID for name in broken
    )
    if not count:
        return "A waiver is past its date, or does not match what is broken."
    verbs = ("binds", "is") if count == 1 else ("bind", "are")
    return f"{many(count, 'promise')} that {verbs[0]} {verbs[1]} broken."


def _counts(view: View) -> Markup:
    counts: Counter[tuple[str, str]] = Counter(
        (clause.level, view.outcome(name)) for name, clause in view.run.clauses.items()
    )
    columns = [verdict for verdict in VERDICTS if any(counts[level, verdict] for level in LEVELS)]
    levels = [level for level in LEVELS if any(counts[level, verdict] for verdict in columns)]
    heads = tag("tr", tag("td"), *(tag("th", sign(verdict), scope="col") for verdict in columns))
    rows = []
    for level in levels:
        cells = [
            tag("td", _number(view, level, verdict, counts[level, verdict]), class_="n")
            for verdict in columns
        ]
        rows.append(tag("tr", tag("th", level, scope="row"), *cells))
    caption = tag("caption", f"{view.title}: promises by level and verdict", class_="hidden")
    return tag("table", caption, tag("thead", heads), tag("tbody", *rows), class_="counts")


def _number(view: View, level: str, outcome: str, count: int) -> Markup:
    if not count:
        return tag("span", "0", class_="soft")
    return tag(
        "a",
        f"{count:,}",
        href=f"#{view.name}",
        data_filter=f"level={level}&verdict={outcome}&provider={view.name}",
        aria_label=f"{count} {word(outcome)} of level {level}",
    )


def _fact(name: str, *texts: Markup | str) -> Markup:
    return tag("p", tag("b", f"{name} "), *texts, class_="fact")


def _changes(view: View) -> Markup:
    before = view.background.before
    name = "Since the last run"
    if before is None:
        return _fact(name, tag("span", "no earlier run is known", class_="soft"))
    at = before.footer.finished if before.footer else before.header.started
    changed = counted(view.background.changes) or "nothing changed"
    return _fact(name, changed, " ", tag("span", f"({when(at)})", class_="soft"))


def _accepted(view: View) -> Markup | None:
    counts = Counter(waived.standing for waived in view.background.waivers.values())
    if not counts:
        return None
    texts = [f"{counts[standing]} {standing}" for standing in Standing if counts[standing]]
    return _fact("Waivers", ", ".join(texts))


def _spent(view: View) -> Markup:
    header, footer, spend = view.run.header, view.run.footer, view.run.spend
    requests = many(spend.requests, "request")
    if footer is None:
        return _fact("Spent", f"{requests} and {many(spend.jobs, 'job')} until it stopped")
    took = lasted(footer.finished - header.started)
    name, at = "Spent", footer.finished
    if header.recorded is not None:
        name, at = "Spent when it was recorded", header.recorded
    cost = f"{bought(spend.jobs, spend.costs, header.unit)}, {requests}"
    return _fact(name, cost, " ", tag("span", f"in {took}, {when(at)}", class_="soft"))


def _ours(view: View) -> Markup:
    """Return what a finding may owe to us, with what is not as in the last run marked."""
    rows = []
    changed = 0
    for name, value, was in _sides(view):
        mark = None
        if was is not None:
            changed += 1
            mark = join((" ", tag("mark", f"was {was}")))
        rows += [tag("dt", name), tag("dd", tag("code", value), mark)]
    note = None
    if changed:
        differences = many(changed, "difference")
        note = tag("span", f"{differences} from the last run", class_="change")
    return tag(
        "details", tag("summary", "What might be our side ", note), tag("dl", *rows), class_="sub"
    )


def _sides(view: View) -> Iterator[tuple[str, str, str | None]]:
    """Yield a name, its value now, and what it was in the last run if that was another."""
    spec = view.run.header.spec
    before = view.background.before
    was = None
    if before and before.header.spec.digest != spec.digest:
        was = before.header.spec.digest[:12]
    yield "spec", f"{spec.file} ({spec.digest[:12]})", was
    for name, fact in _SIDES.items():
        value = fact(view.run.header)
        was = None
        if before and fact(before.header) != value:
            was = fact(before.header) or "nothing"
        if value or was is not None:
            yield name, value or "nothing", was


def _again(view: View) -> Markup:
    command = shlex.join(view.run.header.command)
    return tag("details", tag("summary", "Run it again"), copied(command), class_="sub")
