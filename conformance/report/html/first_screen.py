"""The first screen: what was decided for each provider, why, what changed, and what might be our side."""

from __future__ import annotations

import shlex
from collections import Counter
from typing import TYPE_CHECKING, Any

from conformance.model.verdict_table import VERDICTS
from conformance.report.comparing.background import Change, Standing
from conformance.report.formats.summary import decision_of
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

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

#: The rule by which runs are decided, as printed.
_RULE = (
    (
        "go",
        "Every promise that binds was proved on both sides, as far as it can be observed, and is kept.",
    ),
    (
        "conditional",
        "The same, but with warnings, mixed outcomes or waivers, or with promises that were selected away.",
    ),
    (
        "no-go",
        "A promise that binds is broken and not waived; or a waiver is past its date, stale or not matching.",
    ),
    (
        "unknown",
        "Something that binds was not proved; or the run met an error, did not come to its end, or tried nothing.",
    ),
)
_SIDES = (
    ("target", "target"),
    ("answers from", "recorded_from"),
    ("base address", "base_url"),
    ("version", "version"),
    ("seed", "seed"),
)


def front(views: Sequence[View]) -> Markup:
    """Return the decision on all providers."""
    rule = [join((tag("dt", decided(name)), tag("dd", told))) for name, told in _RULE]
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
        return f"{views[0].title}: {decision_of(views[0].run)}"
    counts = Counter(decision_of(view.run) for view in views)
    if len(counts) == 1:
        return f"All {len(views)} providers: {next(iter(counts))}"
    return ", ".join(f"{counts[name]} {name}" for name, _ in _RULE if counts[name]) or "No runs"


def _card(view: View) -> Markup:
    head = tag(
        "header",
        tag("h2", tag("a", view.title, href=f"#{view.name}")),
        decided(decision_of(view.run)),
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
        class_=f"card {decision_of(view.run)}",
    )


def _why(view: View) -> str:
    """Return what the decision rests on, in a sentence."""
    if not view.run.complete:
        return "The run is incomplete: it did not come to its end, so nothing is decided."
    coverage = (view.run.footer or {}).get("coverage", {})
    proved, observable = coverage.get("proved", 0), coverage.get("observable", 0)
    match decision_of(view.run):
        case "no-go":
            return _broken(view)
        case "conditional":
            return f"Nothing that binds is broken outright, but there {_reservations(view)}."
        case "go":
            return f"Everything that binds and can be observed is kept: {many(proved, 'promise')}."
        case _:
            return f"Of what binds and can be observed, {proved} of {many(observable, 'promise')} came to a verdict."


def _broken(view: View) -> str:
    accepted = {
        name for name, one in view.background.waivers.items() if one.standing is Standing.VALID
    }
    count = sum(
        clause["level"] == "must" and view.outcome(name) == "fail" and name not in accepted
        for name, clause in view.run.clauses.items()
    )
    if not count:
        return "A waiver is past its date, stale, or does not match what is broken."
    return f"{many(count, 'promise')} that bind{'s' if count == 1 else ''} {'is' if count == 1 else 'are'} broken."


def _reservations(view: View) -> str:
    binding = Counter(
        view.outcome(name) for name, clause in view.run.clauses.items() if clause["level"] == "must"
    )
    told = [
        many(binding["warn"], "warning"),
        many(binding["flaky"], "mixed outcome"),
        many(len(view.background.waivers), "waiver"),
        f"{binding['not_run']} not tried",
    ]
    found = [one for one in told if not one.startswith("0 ")]
    return (
        f"{'is' if found[:1] and found[0].startswith('1 ') else 'are'} {', '.join(found)}"
        if found
        else "are reservations"
    )


def _counts(view: View) -> Markup:
    found = Counter(
        (clause["level"], view.outcome(name)) for name, clause in view.run.clauses.items()
    )
    columns = [outcome for outcome in VERDICTS if any(found[level, outcome] for level in LEVELS)]
    heads = tag("tr", tag("td"), *(tag("th", sign(outcome), scope="col") for outcome in columns))
    rows = [
        tag(
            "tr",
            tag("th", level, scope="row"),
            *(
                tag("td", _number(view, level, outcome, found[level, outcome]), class_="n")
                for outcome in columns
            ),
        )
        for level in LEVELS
        if any(found[level, outcome] for outcome in columns)
    ]
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


def _changes(view: View) -> Markup:
    counts = Counter(view.background.changes.values())
    before = view.background.before
    if before is None:
        return tag(
            "p",
            tag("b", "Since the last run "),
            tag("span", "no earlier run is known", class_="soft"),
            class_="fact",
        )
    told = [f"{counts[change]} {change.value}" for change in Change if counts[change]]
    at = before.get("footer", {}).get("finished") or before.get("header", {}).get("started")
    return tag(
        "p",
        tag("b", "Since the last run "),
        ", ".join(told) or "nothing changed",
        " ",
        tag("span", f"({when(at)})", class_="soft"),
        class_="fact",
    )


def _accepted(view: View) -> Markup | None:
    counts = Counter(one.standing for one in view.background.waivers.values())
    if not counts:
        return None
    return tag(
        "p",
        tag("b", "Waivers "),
        ", ".join(
            f"{counts[standing]} {standing.value}" for standing in Standing if counts[standing]
        ),
        class_="fact",
    )


def _spent(view: View) -> Markup:
    header, footer = view.run.header, view.run.footer
    if footer is None:
        return tag(
            "p",
            tag("b", "Spent "),
            f"{many(len(view.run.exchanges), 'request')} and {many(len(view.run.jobs), 'job')} until it stopped",
            class_="fact",
        )
    spend = footer["spend"]
    told = f"{many(spend['credits'], header['unit'])}, {many(spend['jobs'], 'job')}, {many(spend['requests'], 'request')}"
    recorded = header.get("recorded")
    word, at = (
        ("Spent ", footer["finished"])
        if recorded is None
        else ("Spent when it was recorded ", recorded)
    )
    return tag(
        "p",
        tag("b", word),
        told,
        " ",
        tag(
            "span",
            f"in {lasted(footer['finished'] - header['started'])}, {when(at)}",
            class_="soft",
        ),
        class_="fact",
    )


def _ours(view: View) -> Markup:
    """Return what a finding may owe to us, with what is not as in the last run marked."""
    header = view.run.header
    before = (view.background.before or {}).get("header", {})
    told = list(_sides(header, before))
    changed = sum(was is not None for _, _, was in told)
    rows = [
        join(
            (
                tag("dt", name),
                tag(
                    "dd",
                    tag("code", value),
                    join((" ", tag("mark", f"was {was}"))) if was is not None else None,
                ),
            )
        )
        for name, value, was in told
    ]
    note = (
        tag("span", f"{many(changed, 'difference')} from the last run", class_="change")
        if changed
        else None
    )
    return tag(
        "details", tag("summary", "What might be our side ", note), tag("dl", *rows), class_="sub"
    )


def _sides(
    header: Mapping[str, Any], before: Mapping[str, Any]
) -> Iterator[tuple[str, str, str | None]]:
    spec, old = header["spec"], before.get("spec", {})
    was = old.get("digest") if before and old.get("digest") != spec["digest"] else None
    yield "spec", f"{spec['file']} ({spec['digest'][:12]})", was[:12] if was else None
    for name, key in _SIDES:
        value = header.get(key)
        was = str(before[key]) or "nothing" if key in before and before[key] != value else None
        if value not in (None, "") or was is not None:
            yield name, "nothing" if value in (None, "") else str(value), was


def _again(view: View) -> Markup:
    command = shlex.join(view.run.header["command"])
    return tag("details", tag("summary", "Run it again"), copied(command), class_="sub")
