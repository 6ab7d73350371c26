"""The life of a job as a picture: its submit, each poll with time and status, its download."""

from __future__ import annotations

import json
from itertools import groupby
from typing import TYPE_CHECKING, Any

from conformance.report.html.markup import Markup, line, tag
from conformance.report.html.signs import lasted
from conformance.spec.job_words import at

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from conformance.report.html.signs import View

#: An exchange, when it began after the first, and what it said.
Moment = tuple[dict[str, Any], float, str]
#: Positions are percent of the width, so that the picture fits a phone with its letters unshrunk.
_LEFT, _WIDE, _RIGHT = 1.0, 98.0, 99.0
#: What a letter takes of a phone's width.
_LETTER = 1.9
_BAND, _HIGH = 24, 74
#: Rows of the list below the picture.
_LISTED = 60
#: What a poll is noted with that asks whether a finished job stays so.
AFTER = "after its end"
_ENDS = {"done": "pass", "failed": "fail"}


def timeline(view: View, number: int) -> Markup | None:
    """Return the life of the job that an exchange belongs to; None where it belongs to none."""
    job = view.evidence.jobs.get(number)
    made = view.evidence.moments.get(job["job"], []) if job else []
    if job is None or len(made) < 2:
        return None
    begun = made[0]["started"]
    span = max(made[-1]["started"] + made[-1]["elapsed"] - begun, 1e-6)
    told = [
        (one, (one["started"] - begun), _state(one, view.run.header.get("operations", {})))
        for one in made
    ]
    name = f"Job {job['job']}: {job['end']} after {lasted(span)}"
    picture = tag(
        "svg",
        *_bands(told, span, job["end"]),
        *_dots(told, span, number),
        *_scale(span),
        role="img",
        aria_label=f"{name}, {len(made)} exchanges",
        width="100%",
        height=_HIGH,
        class_="time",
    )
    rows = [
        tag(
            "tr",
            tag("td", lasted(after) if after else "0"),
            tag("td", one["purpose"]),
            tag("td", state),
            tag("td", f"{one['elapsed'] * 1000:.0f} ms", class_="n"),
        )
        for one, after, state in told[:_LISTED]
    ]
    more = (
        tag("p", f"{len(told) - _LISTED} more exchanges are left out.", class_="soft")
        if len(told) > _LISTED
        else None
    )
    heads = tag("tr", *(tag("th", text, scope="col") for text in ("at", "what", "status", "took")))
    listed = tag(
        "details",
        tag("summary", f"{len(made)} exchanges in a list"),
        tag("table", tag("thead", heads), tag("tbody", *rows), class_="list"),
        more,
        class_="sub",
    )
    return tag("figure", tag("figcaption", name), picture, listed)


def _x(after: float, span: float) -> float:
    return round(_LEFT + _WIDE * after / span, 2)


def _bands(told: Sequence[Moment], span: float, end: str) -> list[Markup]:
    """Draw a bar for as long as a status was seen, from its first sight to the next one's."""
    seen = [one for one in told if one[0]["purpose"] != "download"]
    groups = [
        (state, [after for _, after, _ in group])
        for state, group in groupby(seen, key=lambda one: one[2])
    ]
    # Polls after the end show whether it was one: what stood before them is how the job ended.
    final = next((state for one, _, state in reversed(seen) if one["note"] != AFTER), "")
    starts = [*(times[0] for _, times in groups), told[-1][1]]
    bars = []
    for (state, times), until in zip(groups, starts[1:], strict=True):
        x = _x(times[0], span)
        kind = _ENDS.get(end, "untestable") if state == final else "wait"
        bars.append(
            tag(
                "rect",
                x=f"{x}%",
                y=_BAND,
                width=f"{max(_x(until, span) - x, 0.6):.2f}%",
                height=14,
                rx=2,
                class_=f"band {kind}",
            )
        )
    return [*bars, *_labels([(_x(times[0], span), line(state, 24)) for state, times in groups])]


def _labels(places: Sequence[tuple[float, str]]) -> list[Markup]:
    """Name the bars, the first and the last one surely, the others where there is room on a phone too."""
    last = len(places) - 1
    taken: list[tuple[float, float]] = []
    found: list[Markup] = []
    for index in sorted(range(len(places)), key=lambda index: (index not in (0, last), index)):
        x, text = places[index]
        wide = _LETTER * len(text)
        left, anchor = (x, "start") if x + wide <= _RIGHT else (_RIGHT - wide, "end")
        if all(left + wide < other or left > until for other, until in taken) or not found:
            taken.append((left, left + wide))
            found.append(
                tag(
                    "text",
                    text,
                    x=f"{left if anchor == 'start' else _RIGHT:g}%",
                    y=16,
                    text_anchor=anchor,
                )
            )
    return found


def _dots(told: Sequence[Moment], span: float, telling: int) -> list[Markup]:
    found = []
    for one, after, state in told:
        label = tag(
            "title",
            f"{one['purpose']} at {lasted(after)}: {state}, took {one['elapsed'] * 1000:.0f} ms",
        )
        x = _x(after, span)
        mark = f"mark {one['purpose']}" + (" telling" if one["number"] == telling else "")
        if one["purpose"] == "poll":
            found.append(tag("g", label, tag("circle", cx=f"{x}%", cy=_BAND + 7, r=3), class_=mark))
        else:
            found.append(
                tag(
                    "g",
                    label,
                    tag("line", x1=f"{x}%", x2=f"{x}%", y1=_BAND - 4, y2=_BAND + 22),
                    class_=mark,
                )
            )
    return found


def _scale(span: float) -> list[Markup]:
    ticks = [tag("line", x1="1%", x2="99%", y1=_HIGH - 22, y2=_HIGH - 22, class_="axis")]
    places = ((1, 0.0, "start"), (50, span / 2, "middle"), (99, span, "end"))
    return [
        *ticks,
        *(
            tag(
                "text",
                lasted(time) if time else "0 s",
                x=f"{x}%",
                y=_HIGH - 6,
                text_anchor=anchor,
                class_="soft",
            )
            for x, time, anchor in places
        ),
    ]


def _state(exchange: dict[str, Any], operations: Mapping[str, Any]) -> str:
    """Return what an answer says of its job: the status word, else the HTTP status or the failure."""
    answer = exchange["answer"]
    if "fault" in answer:
        return str(answer["fault"])
    facts = operations.get(exchange["operation"], {}).get("facts", {})
    pointer = next((pointer for pointer, name in facts.items() if name == "status"), None)
    try:
        found = at(json.loads(answer.get("text") or ""), pointer) if pointer else None
    except (ValueError, RecursionError):
        found = None
    return found if isinstance(found, str) else f"HTTP {answer['status']}"
