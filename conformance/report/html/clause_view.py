"""One clause for readers: the promise, what was expected and received, and the proof below."""

from __future__ import annotations

import base64
from collections import Counter
from typing import TYPE_CHECKING

from conformance.model.verdict_table import is_finding
from conformance.model.waiver import Standing
from conformance.report.comparing.background import Change, PastVerdict
from conformance.report.html.clause_past import past
from conformance.report.html.exchange_text import message
from conformance.report.html.job_timeline import timeline
from conformance.report.html.markup import Markup, join, tag
from conformance.report.html.signs import View, copied, sign
from conformance.report.safe_text import shortened

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conformance.model.run_records import ClauseRecord, VerdictRecord, WaivedRecord
    from conformance.model.verdict import Difference, Outcome

#: Differences that are listed, and exchanges that are linked.
DIFFERENCES, LINKS = 12, 12
#: What a JPEG begins with.
_JPEG = b"\xff\xd8\xff"
_RECENT = (Change.NEW, Change.REGRESSED)


def promise(view: View, clause: ClauseRecord, *, opened: bool = False) -> Markup:
    """Return a clause that opens."""
    outcome = view.outcome(clause.id)
    change = view.background.changes.get(clause.id)
    marks = [tag("span", clause.level, class_="level")]
    if change:
        marks.append(tag("span", change.value, class_="change"))
    if clause.id in view.background.waivers:
        marks.append(tag("span", "waived", class_="change"))
    head = tag(
        "summary", sign(outcome), tag("code", clause.id), tag("span", *marks, class_="marks")
    )
    proof = tag("div", *_parts(view, clause, outcome), class_="proof", id=view.anchor(clause.id))
    return tag(
        "details",
        head,
        proof,
        class_="clause",
        open=opened,
        data_l=clause.level,
        data_v=outcome,
        data_k=clause.kind,
        data_p=view.name,
        data_n=change in _RECENT,
    )


def _parts(view: View, clause: ClauseRecord, outcome: Outcome) -> Iterator[Markup | None]:
    verdict = view.run.verdicts.get(clause.id)
    finding = verdict if is_finding(outcome) else None
    yield tag("p", _sentence(shortened(clause.promise)), class_="promise")
    if finding:
        yield _contrast(finding)
        yield _still(view, finding)
        yield _differences(finding)
    yield _facts(view, clause, verdict)
    if verdict and verdict.curl:
        yield tag("div", tag("h4", "See it again"), copied(verdict.curl), class_="again")
    exchange = view.evidence.exemplar(finding) if finding else None
    if exchange:
        yield message(exchange)
        yield timeline(view, exchange.number)
    waived = view.background.waivers.get(clause.id)
    if waived:
        yield _waiver(waived)
    earlier = view.background.past.get(clause.id, ())
    if earlier:
        footer = view.run.footer
        finished = footer.finished if footer else view.run.header.started
        now = PastVerdict(run="", finished=finished, verdict=outcome)
        yield tag("div", tag("h4", "History"), past(earlier, now))


def _contrast(verdict: VerdictRecord) -> Markup:
    promised = shortened(verdict.expected)
    expected = tag("div", tag("h4", "Expected"), tag("p", promised), class_="expected")
    received = shortened(verdict.received or verdict.reason or "nothing")
    came = tag("div", tag("h4", "Received"), tag("p", received), class_="received")
    return tag("div", expected, came, class_="pair contrast")


def _still(view: View, verdict: VerdictRecord) -> Markup | None:
    number = next((number for number in verdict.exchanges if number in view.run.stills), None)
    jpeg = view.run.stills[number] if number is not None else b""
    # A run file may come from anywhere: what is no JPEG is no picture of ours.
    if not jpeg.startswith(_JPEG):
        return None
    picture = tag(
        "img",
        src=f"data:image/jpeg;base64,{base64.b64encode(jpeg).decode('ascii')}",
        alt="The first frame of the video that came",
        loading="lazy",
    )
    caption = tag("figcaption", f"First frame of what came (exchange {number})")
    return tag("figure", picture, caption, class_="still")


def _differences(verdict: VerdictRecord) -> Markup | None:
    # A run file of before has the lines alone.
    counts: Counter[Difference | str] = Counter(verdict.differences or verdict.difference)
    if not counts:
        return None
    heads = tag("tr", *(tag("th", text, scope="col") for text in ("where", "promised", "was")))
    rows = [
        _difference(difference, f" ×{count}" if count > 1 else "")
        for difference, count in list(counts.items())[:DIFFERENCES]
    ]
    more = None
    if len(counts) > DIFFERENCES:
        more = tag("p", f"and {len(counts) - DIFFERENCES} other differences", class_="soft")
    return tag(
        "div",
        tag("h4", "Difference"),
        tag("table", tag("thead", heads), tag("tbody", *rows), class_="list"),
        more,
    )


def _difference(difference: Difference | str, times: str) -> Markup:
    if isinstance(difference, str):
        return tag("tr", tag("td", shortened(difference) + times, colspan=3))
    received = shortened(difference.received)
    if difference.verb != "was":
        received = f"{difference.verb} {received}"
    return tag(
        "tr",
        tag("th", tag("code", shortened(difference.at)), times, scope="row"),
        tag("td", tag("del", shortened(difference.promised))),
        tag("td", tag("ins", received)),
    )


def _facts(view: View, clause: ClauseRecord, verdict: VerdictRecord | None) -> Markup:
    place = tag("code", f"{clause.place.file}:{clause.place.line}")
    rows: list[tuple[str, Markup | str | None]] = [
        ("source", str(clause.source)),
        ("spec", join((place, " ", tag("code", _said(clause), class_="excerpt")))),
    ]
    if clause.reading:
        reading = clause.reading
        also = f"it could also mean: {reading.other}; because {reading.why}"
        rows.append(("read as", f"{reading.taken}; {also}"))
    rows.append(("must accept", _witnesses(clause.accept)))
    rows.append(("must refuse", _witnesses(clause.refuse)))
    reason = shortened(verdict.reason) if verdict else "the run did not come to it"
    rows.append(("why open", reason or clause.masked or clause.unobservable))
    if verdict:
        rows.append(("cause", verdict.cause or ""))
        if verdict.rate:
            rows.append(("broken", f"{verdict.rate[0]} of {verdict.rate[1]} times"))
    if clause.client:
        rows.append(("our client", "relies on it"))
    if verdict:
        rows.append(("exchanges", _links(view, verdict.exchanges)))
    return tag("dl", *(join((tag("dt", name), tag("dd", text))) for name, text in rows if text))


def _said(clause: ClauseRecord) -> str:
    """Return the line of the spec; where that only names a node, the way to it."""
    if not clause.excerpt or clause.excerpt.endswith(":"):
        return clause.place.pointer
    return clause.excerpt


def _witnesses(notes: Sequence[str]) -> Markup | None:
    if not notes:
        return None
    return join((tag("code", shortened(note)) for note in notes[:DIFFERENCES]), ", ")


def _links(view: View, numbers: Sequence[int]) -> Markup | None:
    recorded = [number for number in numbers if number in view.run.exchanges]
    if not recorded:
        return None
    section = f"#{view.name}~exchanges"
    links = [
        tag("a", f"#{number}", href=section, data_exchange=f"{view.name}:{number}")
        for number in recorded[:LINKS]
    ]
    if len(recorded) <= LINKS:
        return join(links, " ")
    return join((join(links, " "), f" and {len(recorded) - LINKS} more"))


#: The kind of box around a waiver, and what it says.
_WAIVERS = {
    Standing.VALID: ("doubt", "Accepted until {}."),
    Standing.EXPIRED: ("bad", "Accepted until {}: that is past, so it counts again."),
    Standing.FIXED: ("soft", "Fixed: the promise is kept again. Delete this waiver."),
    Standing.DIFFERENT: (
        "bad",
        "Accepted, but it is broken in another way now: the waiver does not cover it.",
    ),
}


def _waiver(waived: WaivedRecord) -> Markup:
    kind, sentence = _WAIVERS[waived.standing]
    why = f" {waived.reason} ({waived.owner}, {waived.created})"
    return tag(
        "div",
        tag("h4", "Waiver"),
        tag("p", tag("b", sentence.format(waived.expires)), why),
        class_=f"waiver {kind}",
    )


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")
