"""One clause for readers: the promise, what was expected and received, and the proof below."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from conformance.model.verdict_table import is_finding
from conformance.report.comparing.background import Change, Past, Standing, Waived
from conformance.report.html.clause_past import past
from conformance.report.html.exchange_text import message
from conformance.report.html.job_timeline import timeline
from conformance.report.html.markup import LINE, Markup, join, tag
from conformance.report.html.page_evidence import exemplar
from conformance.report.html.signs import View, copied, sign

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

#: Differences that are listed, and exchanges that are linked.
DIFFERENCES, LINKS = 12, 12
_DIFFERENCE = re.compile(r"(?s)(.+?): (?:promised )?(.*), was (.*)")
_RECENT = (Change.NEW, Change.REGRESSED)


def promise(view: View, clause: dict[str, Any], *, opened: bool = False) -> Markup:
    """Return a clause that opens."""
    name, outcome = clause["id"], view.outcome(clause["id"])
    change = view.background.changes.get(name)
    marks = [
        tag("span", str(clause["level"]), class_="level"),
        tag("span", change.value, class_="change") if change else None,
    ]
    if name in view.background.waivers:
        marks.append(tag("span", "waived", class_="change"))
    head = tag("summary", sign(outcome), tag("code", name), tag("span", *marks, class_="marks"))
    facts = {
        "data_l": clause["level"],
        "data_v": outcome,
        "data_k": clause["kind"],
        "data_p": view.name,
        "data_n": change in _RECENT,
    }
    return tag(
        "details",
        head,
        tag("div", *_parts(view, clause, outcome), class_="proof", id=view.anchor(name)),
        class_="clause",
        open=opened,
        **facts,
    )


def _parts(view: View, clause: dict[str, Any], outcome: str) -> Iterable[Markup | None]:
    verdict = view.verdict(clause["id"])
    yield tag("p", _sentence(clause["promise"]), class_="promise")
    if is_finding(outcome):
        yield _contrast(verdict)
        yield _still(view, verdict)
        yield _differences(verdict.get("difference", ()))
    yield _facts(view, clause, verdict)
    if verdict.get("curl"):
        yield tag("div", tag("h4", "See it again"), copied(verdict["curl"]), class_="again")
    if is_finding(outcome):
        yield from _proof(view, verdict)
    waiver = view.background.waivers.get(clause["id"])
    if waiver:
        yield _waiver(waiver)
    earlier = view.background.past.get(clause["id"], ())
    if earlier:
        now = Past(
            run="",
            finished=(view.run.footer or {}).get("finished") or view.run.header["started"],
            verdict=outcome,
        )
        yield tag("div", tag("h4", "History"), past(earlier, now))


def _contrast(verdict: dict[str, Any]) -> Markup:
    expected = tag(
        "div",
        tag("h4", "Expected"),
        tag("p", str(verdict.get("expected") or "")),
        class_="expected",
    )
    received = tag(
        "div",
        tag("h4", "Received"),
        tag("p", str(verdict.get("received") or verdict.get("reason") or "nothing")),
        class_="received",
    )
    return tag("div", expected, received, class_="pair contrast")


def _still(view: View, verdict: dict[str, Any]) -> Markup | None:
    number = next(
        (number for number in verdict.get("exchanges", ()) if number in view.run.stills), None
    )
    data = view.run.stills[number] if number is not None else ""
    if not re.fullmatch("[A-Za-z0-9+/=]+", data):
        return None
    picture = tag(
        "img",
        src=f"data:image/jpeg;base64,{data}",
        alt="The first frame of the video that came",
        loading="lazy",
    )
    return tag(
        "figure",
        picture,
        tag("figcaption", f"First frame of what came (exchange {number})"),
        class_="still",
    )


def _differences(lines: Sequence[str]) -> Markup | None:
    counted = Counter(lines)
    rows = []
    for text, count in list(counted.items())[:DIFFERENCES]:
        times = f" ×{count}" if count > 1 else ""
        found = _DIFFERENCE.fullmatch(text) if len(text) <= LINE else None
        cells = (
            [
                tag("th", tag("code", found[1]), times, scope="row"),
                tag("td", tag("del", found[2])),
                tag("td", tag("ins", found[3])),
            ]
            if found
            else [tag("td", text + times, colspan=3)]
        )
        rows.append(tag("tr", *cells))
    if not rows:
        return None
    heads = tag("tr", *(tag("th", text, scope="col") for text in ("where", "promised", "was")))
    more = (
        tag("p", f"and {len(counted) - DIFFERENCES} other differences", class_="soft")
        if len(counted) > DIFFERENCES
        else None
    )
    return tag(
        "div",
        tag("h4", "Difference"),
        tag("table", tag("thead", heads), tag("tbody", *rows), class_="list"),
        more,
    )


def _facts(view: View, clause: dict[str, Any], verdict: dict[str, Any]) -> Markup:
    place, rate, reading = clause["place"], verdict.get("rate"), clause.get("reading")
    rows: list[tuple[str, Markup | str | None]] = [
        (
            "source",
            ", ".join(
                part for part in (clause["source"]["document"], clause["source"]["section"]) if part
            ),
        ),
        (
            "spec",
            join(
                (
                    tag("code", f"{place['file']}:{place['line']}"),
                    " ",
                    tag("code", _said(clause), class_="excerpt"),
                )
            ),
        ),
        (
            "read as",
            f"{reading['taken']}; it could also mean: {reading['other']}; because {reading['why']}"
            if reading
            else None,
        ),
        ("must accept", _witnesses(clause["accept"])),
        ("must refuse", _witnesses(clause["refuse"])),
        (
            "why open",
            str(verdict.get("reason") or clause["masked"] or clause["unobservable"] or ""),
        ),
        ("cause", str(verdict.get("cause") or "")),
        ("broken", f"{rate[0]} of {rate[1]} times" if rate else None),
        ("our client", "relies on it" if clause.get("client") else None),
        ("exchanges", _links(view, verdict.get("exchanges", ()))),
    ]
    return tag("dl", *(join((tag("dt", name), tag("dd", text))) for name, text in rows if text))


def _said(clause: dict[str, Any]) -> str:
    """Return the line of the spec; where that only names a node, the way to it."""
    said = str(clause.get("excerpt") or "")
    return str(clause["place"]["pointer"]) if not said or said.endswith(":") else said


def _witnesses(notes: Sequence[str]) -> Markup | None:
    return join((tag("code", note) for note in notes[:DIFFERENCES]), ", ") if notes else None


def _links(view: View, numbers: Sequence[int]) -> Markup | None:
    known = [number for number in numbers if number in view.run.exchanges]
    if not known:
        return None
    links = [
        tag(
            "a", f"#{number}", href=f"#{view.name}~exchanges", data_exchange=f"{view.name}:{number}"
        )
        for number in known[:LINKS]
    ]
    return join(
        [join(links, " "), f" and {len(known) - LINKS} more" if len(known) > LINKS else None]
    )


def _proof(view: View, verdict: dict[str, Any]) -> Iterable[Markup | None]:
    number = exemplar(verdict)
    exchange = view.evidence.kept.get(number) if number is not None else None
    if number is not None and exchange is not None:
        yield message(exchange)
        yield timeline(view, number)


def _waiver(one: Waived) -> Markup:
    kind = {
        Standing.VALID: "doubt",
        Standing.STALE: "bad",
        Standing.EXPIRED: "bad",
        Standing.DIFFERENT: "bad",
    }[one.standing]
    told = {
        Standing.VALID: f"Accepted until {one.expires}.",
        Standing.EXPIRED: f"Accepted until {one.expires}: that is past, so it counts again.",
        Standing.STALE: "Accepted, but the promise is kept now: remove the waiver.",
        Standing.DIFFERENT: "Accepted, but it is broken in another way now: the waiver does not cover it.",
    }[one.standing]
    return tag(
        "div",
        tag("h4", "Waiver"),
        tag("p", tag("b", told), f" {one.reason} ({one.owner}, {one.created})"),
        class_=f"waiver {kind}",
    )


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")
