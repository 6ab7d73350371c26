"""The life of a job as a picture: its submit, each poll with time and status, its download."""

from __future__ import annotations

import json
from itertools import groupby
from typing import TYPE_CHECKING, Any

from conformance.reporting.glance import lasted
from conformance.reporting.markup import Markup, line, tag
from conformance.spec.job import at

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from conformance.reporting.glance import View

#: Positions are percent of the width, so that the picture fits a phone with its letters unshrunk.
_LEFT, _WIDE, _NARROW = 1.0, 98.0, 14.0
_BAND, _HIGH = 24, 74
#: Rows of the list below the picture.
_LISTED = 60


def timeline(view: View, number: int) -> Markup | None:
    """Return the life of the job that an exchange belongs to; None where it belongs to none."""
    job = view.evidence.jobs.get(number)
    made = view.evidence.moments.get(job["job"], []) if job else []
    if job is None or len(made) < 2:
        return None
    begun = made[0]["started"]
    span = max(made[-1]["started"] + made[-1]["elapsed"] - begun, 1e-6)
    told = [(one, (one["started"] - begun), _state(one, view.run.header.get("operations", {}))) for one in made]
    name = f"Job {job['job']}: {job['end']} after {lasted(span)}"
    picture = tag("svg", *_bands(told, span, job["end"]), *_dots(told, span, number), *_scale(span), role="img", aria_label=f"{name}, {len(made)} exchanges", width="100%", height=_HIGH, class_="time")
    rows = [tag("tr", tag("td", lasted(after) if after else "0"), tag("td", one["purpose"]), tag("td", state), tag("td", f"{one['elapsed'] * 1000:.0f} ms", class_="n")) for one, after, state in told[:_LISTED]]
    more = tag("p", f"{len(told) - _LISTED} more exchanges are left out.", class_="soft") if len(told) > _LISTED else None
    heads = tag("tr", *(tag("th", text, scope="col") for text in ("at", "what", "status", "took")))
    listed = tag("details", tag("summary", f"{len(made)} exchanges in a list"), tag("table", tag("thead", heads), tag("tbody", *rows), class_="list"), more, class_="sub")
    return tag("figure", tag("figcaption", name), picture, listed)


def _x(after: float, span: float) -> float:
    return round(_LEFT + _WIDE * after / span, 2)


def _bands(told: Sequence[tuple[dict[str, Any], float, str]], span: float, end: str) -> list[Markup]:
    """Draw a bar for as long as a status was seen, from its first sight to the next one's."""
    groups = [(state, [after for _, after, _ in group]) for state, group in groupby((one for one in told if one[0]["purpose"] != "download"), key=lambda one: one[2])]
    found = []
    for index, (state, times) in enumerate(groups):
        until = groups[index + 1][1][0] if index + 1 < len(groups) else told[-1][1]
        start, width = _x(times[0], span), max(_x(until, span) - _x(times[0], span), 0.6)
        last = index == len(groups) - 1
        kind = {"done": " pass", "failed": " fail"}.get(end, " untestable") if last else " wait"
        found.append(tag("rect", x=f"{start}%", y=_BAND, width=f"{width:.2f}%", height=14, rx=2, class_=f"band{kind}"))
        if width >= _NARROW or last:
            found.append(_label(state, start if not last else min(start, 100 - _LEFT), 16, end=last and start > 50))
    return found


def _label(text: str, x: float, y: int, *, end: bool = False) -> Markup:
    return tag("text", line(text, 24), x=f"{99 if end else x}%", y=y, text_anchor="end" if end else "start")


def _dots(told: Sequence[tuple[dict[str, Any], float, str]], span: float, telling: int) -> list[Markup]:
    found = []
    for one, after, state in told:
        label = tag("title", f"{one['purpose']} at {lasted(after)}: {state}, took {one['elapsed'] * 1000:.0f} ms")
        x = _x(after, span)
        mark = f"mark {one['purpose']}" + (" telling" if one["number"] == telling else "")
        if one["purpose"] == "poll":
            found.append(tag("g", label, tag("circle", cx=f"{x}%", cy=_BAND + 7, r=3), class_=mark))
        else:
            found.append(tag("g", label, tag("line", x1=f"{x}%", x2=f"{x}%", y1=_BAND - 4, y2=_BAND + 22), class_=mark))
    return found


def _scale(span: float) -> list[Markup]:
    ticks = [tag("line", x1="1%", x2="99%", y1=_HIGH - 22, y2=_HIGH - 22, class_="axis")]
    places = ((1, 0.0, "start"), (50, span / 2, "middle"), (99, span, "end"))
    return [*ticks, *(tag("text", lasted(time) if time else "0 s", x=f"{x}%", y=_HIGH - 6, text_anchor=anchor, class_="soft") for x, time, anchor in places)]


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
