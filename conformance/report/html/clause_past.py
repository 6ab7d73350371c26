"""A clause's history: a square for each run, and the runs in which its verdict changed."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING

from conformance.model.verdict_table import VERDICTS
from conformance.report.html.markup import Markup, join, tag
from conformance.report.html.signs import when, word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.report.comparing.background import PastVerdict

#: Runs that are drawn, and changes that are told.
RUNS, CHANGES = 30, 10
_SIDE, _STEP, _HIGH = 9, 12, 18


def past(earlier: Sequence[PastVerdict], now: PastVerdict) -> Markup:
    """Return the last runs as a small picture, with the changes in words."""
    runs = [*earlier, now][-RUNS:]
    return tag("div", _picture(runs), _changes(runs), class_="past")


def _picture(runs: Sequence[PastVerdict]) -> Markup:
    counts = Counter(run.verdict for run in runs)
    summary = ", ".join(f"{count} {word(name)}" for name, count in counts.most_common())
    last = len(runs) - 1
    squares = join(_square(index, run, latest=index == last) for index, run in enumerate(runs))
    width = len(runs) * _STEP
    return tag(
        "svg",
        squares,
        role="img",
        aria_label=f"Last {len(runs)} runs: {summary}",
        width=width,
        height=_HIGH,
        viewBox=f"0 0 {width} {_HIGH}",
    )


def _square(index: int, run: PastVerdict, *, latest: bool) -> Markup:
    outcome = run.verdict if run.verdict in VERDICTS else "error"
    # Grave verdicts stand taller, so that the picture reads without colour as well.
    high = {"pass": 6, "not_run": 2, "untestable": 4}.get(outcome, 14)
    this_run = ", this run" if latest else ""
    label = tag("title", f"{word(outcome)}, {when(run.finished)}{this_run}")
    return tag(
        "g",
        label,
        tag("rect", x=index * _STEP, y=_HIGH - high - 2, width=_SIDE, height=high, rx=1),
        class_=f"f {outcome}",
    )


def _changes(runs: Sequence[PastVerdict]) -> Markup:
    if len(runs) == 1:
        return tag("span", "first run on record", class_="soft")
    changes = [
        (before, after) for before, after in pairwise(runs) if before.verdict != after.verdict
    ]
    if not changes:
        always = f"{word(runs[-1].verdict)} in each of the last {len(runs)} runs"
        return tag("span", always, class_="soft")
    items = [
        tag("li", f"{word(before.verdict)} → {word(after.verdict)}, {when(after.finished)}")
        for before, after in reversed(changes[-CHANGES:])
    ]
    return tag("ul", *items, class_="plain")
