"""The life of a job as a picture: its submit, each poll with time and status, its download."""

from __future__ import annotations

import json
from contextlib import suppress
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from conformance.model.exchange import Purpose
from conformance.model.json_place import at
from conformance.report.html.markup import Markup, line, tag
from conformance.report.html.signs import lasted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from conformance.model.run_records import ExchangeRecord, JobRecord, OperationRole
    from conformance.report.html.signs import View

#: Positions are percent of the width, so that the picture fits a phone with its letters unshrunk.
_LEFT, _WIDE, _RIGHT = 1.0, 98.0, 99.0
#: What a letter takes of a phone's width.
_LETTER = 1.9
_BAND, _HIGH = 24, 74
#: Rows of the list below the picture.
_LISTED = 60
_ENDS = {"done": "pass", "failed": "fail"}


class Moment(NamedTuple):
    """An exchange of a job's life."""

    exchange: ExchangeRecord
    #: Seconds since the first one.
    after: float
    #: What it said of the job.
    state: str


def timeline(view: View, number: int) -> Markup | None:
    """Return the life of the job that an exchange belongs to; None where it belongs to none."""
    job = view.evidence.jobs.get(number)
    exchanges = view.evidence.moments.get(job.job, []) if job else []
    if job is None or len(exchanges) < 2:
        return None
    begun = exchanges[0].started
    span = max(exchanges[-1].started + exchanges[-1].elapsed - begun, 1e-6)
    moments = [
        Moment(exchange, exchange.started - begun, _state(exchange, view.run.header.operations))
        for exchange in exchanges
    ]
    name = f"Job {job.job}: {job.end} after {lasted(span)}"
    picture = tag(
        "svg",
        *_bands(moments, span, job),
        *_dots(moments, span, number),
        *_scale(span),
        role="img",
        aria_label=f"{name}, {len(moments)} exchanges",
        width="100%",
        height=_HIGH,
        class_="time",
    )
    return tag("figure", tag("figcaption", name), picture, _listed(moments))


def _listed(moments: Sequence[Moment]) -> Markup:
    rows = [
        tag(
            "tr",
            tag("td", lasted(after) if after else "0"),
            tag("td", exchange.purpose),
            tag("td", state),
            tag("td", f"{exchange.elapsed * 1000:.0f} ms", class_="n"),
        )
        for exchange, after, state in moments[:_LISTED]
    ]
    heads = tag("tr", *(tag("th", text, scope="col") for text in ("at", "what", "status", "took")))
    more = None
    if len(moments) > _LISTED:
        more = tag("p", f"{len(moments) - _LISTED} more exchanges are left out.", class_="soft")
    return tag(
        "details",
        tag("summary", f"{len(moments)} exchanges in a list"),
        tag("table", tag("thead", heads), tag("tbody", *rows), class_="list"),
        more,
        class_="sub",
    )


def _x(after: float, span: float) -> float:
    return round(_LEFT + _WIDE * after / span, 2)


def _bands(moments: Sequence[Moment], span: float, job: JobRecord) -> list[Markup]:
    """Draw a bar for as long as a status was seen, from its first sight to the next one's."""
    asked = [moment for moment in moments if moment.exchange.purpose is not Purpose.DOWNLOAD]
    starts = []
    for state, group in groupby(asked, key=lambda moment: moment.state):
        starts.append((state, next(group).after))
    final = _final(asked, job.ended_by)
    ends = [*(after for _, after in starts), moments[-1].after][1:]
    bars = []
    for (state, after), until in zip(starts, ends, strict=True):
        x = _x(after, span)
        kind = _ENDS.get(job.end, "untestable") if state == final else "wait"
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
    return [*bars, *_labels([(_x(after, span), line(state, 24)) for state, after in starts])]


def _final(asked: Sequence[Moment], ended_by: int | None) -> str:
    """Return the state that a job ended in: later polls only show whether it stays so."""
    for moment in asked:
        if moment.exchange.number == ended_by:
            return moment.state
    return asked[-1].state if asked else ""


def _labels(places: Sequence[tuple[float, str]]) -> list[Markup]:
    """Name the first and the last bar, and the others where a phone has room."""
    last = len(places) - 1
    in_order = sorted(range(len(places)), key=lambda index: (index not in (0, last), index))
    taken: list[tuple[float, float]] = []
    labels: list[Markup] = []
    for index in in_order:
        x, text = places[index]
        wide = _LETTER * len(text)
        fits = x + wide <= _RIGHT
        left = x if fits else _RIGHT - wide
        has_room = all(left + wide < start or left > end for start, end in taken)
        if not has_room:
            continue
        taken.append((left, left + wide))
        if fits:
            labels.append(tag("text", text, x=f"{x:g}%", y=16, text_anchor="start"))
        else:
            labels.append(tag("text", text, x=f"{_RIGHT:g}%", y=16, text_anchor="end"))
    return labels


def _dots(moments: Sequence[Moment], span: float, telling: int) -> list[Markup]:
    dots = []
    for exchange, after, state in moments:
        took = f"took {exchange.elapsed * 1000:.0f} ms"
        label = tag("title", f"{exchange.purpose} at {lasted(after)}: {state}, {took}")
        x = f"{_x(after, span)}%"
        if exchange.purpose is Purpose.POLL:
            shape = tag("circle", cx=x, cy=_BAND + 7, r=3)
        else:
            shape = tag("line", x1=x, x2=x, y1=_BAND - 4, y2=_BAND + 22)
        mark = f"mark {exchange.purpose}"
        if exchange.number == telling:
            mark += " telling"
        dots.append(tag("g", label, shape, class_=mark))
    return dots


def _scale(span: float) -> list[Markup]:
    marks = [tag("line", x1="1%", x2="99%", y1=_HIGH - 22, y2=_HIGH - 22, class_="axis")]
    for x, time, anchor in ((1, 0.0, "start"), (50, span / 2, "middle"), (99, span, "end")):
        text = lasted(time) if time else "0 s"
        marks.append(tag("text", text, x=f"{x}%", y=_HIGH - 6, text_anchor=anchor, class_="soft"))
    return marks


def _state(exchange: ExchangeRecord, operations: Mapping[str, OperationRole]) -> str:
    """Return what an answer says of its job.

    The status word, else the HTTP status or the failure.
    """
    answer = exchange.answer
    if answer.fault is not None:
        return answer.fault
    operation = operations.get(exchange.operation)
    facts = operation.facts if operation else {}
    pointer = next((pointer for pointer, name in facts.items() if name == "status"), None)
    status = None
    if pointer is not None:
        with suppress(ValueError, RecursionError):
            status = at(json.loads(answer.text or ""), pointer)
    return status if isinstance(status, str) else f"HTTP {answer.status}"
