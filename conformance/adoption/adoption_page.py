"""`adopt.html`: the decision on one page that asks nobody for anything. A pure function of the dossier."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from conformance.adoption.comparison import CapabilityRow
    from conformance.adoption.dossier import Dossier, DossierFinding, StageRecord

_STYLE = """
:root{color-scheme:light dark;--ink:#1c1f24;--soft:#59606b;--line:#d9dde3;--ground:#fff;--card:#f6f7f9;--good:#176b3a;--bad:#b3261e;--doubt:#8a5a00;--open:#5b4a99}
@media(prefers-color-scheme:dark){:root{--ink:#e8eaed;--soft:#a2a9b4;--line:#363b44;--ground:#15171b;--card:#1d2026;--good:#6fd49a;--bad:#ff8a80;--doubt:#f2bf5e;--open:#b9a9ff}}
*{box-sizing:border-box}body{margin:0 auto;max-width:68rem;padding:2rem 1.25rem 4rem;font:16px/1.55 system-ui,sans-serif;color:var(--ink);background:var(--ground)}
h1{font-size:1.6rem;margin:0}h2{font-size:1.2rem;margin:2.5rem 0 .5rem}p{margin:.25rem 0 1rem}.soft{color:var(--soft)}
.card{background:var(--card);border:1px solid var(--line);border-radius:.6rem;padding:1rem 1.25rem;margin:1.25rem 0}.card b{font-size:1.5rem;display:block}
.go,.pass,.gain{color:var(--good)}.no-go,.fail,.error,.lose{color:var(--bad)}.conditional,.warn,.flaky{color:var(--doubt)}.unknown,.untestable{color:var(--open)}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.92rem}th,td{text-align:left;vertical-align:top;padding:.4rem .9rem .4rem 0;border-top:1px solid var(--line);overflow-wrap:break-word}td.wide{min-width:14rem}td:first-child{white-space:nowrap}a{color:inherit}
th{color:var(--soft);font-weight:600}tr.method td,tr.method th{border-top:2px solid var(--line);font-weight:600;color:var(--ink)}ul{margin:.25rem 0 1rem;padding-left:1.2rem}li{overflow-wrap:anywhere}
code,pre{font:13px/1.5 ui-monospace,monospace}pre{background:var(--card);border:1px solid var(--line);border-radius:.4rem;padding:.5rem .75rem;white-space:pre-wrap;overflow-wrap:anywhere;margin:.25rem 0}
@media print{body{max-width:none}tr,li{break-inside:avoid}}
"""
_HASH = b64encode(sha256(_STYLE.encode()).digest()).decode()
#: Nothing but this very style: no script, no request, no form.
_POLICY = f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; form-action 'none'"
#: A text of a provider is cut here.
_LONGEST = 600


def page(data: Dossier) -> str:
    """Return the content of `adopt.html`."""
    title = _text(f"Adopt {data.title}?")
    parts = "".join(
        part
        for section in (_decision, _walk, _balance, _capabilities, _times, _findings, _cost)
        for part in section(data)
    )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(_POLICY, quote=True)}"><title>{title}</title><style>{_STYLE}</style></head>'
        f"<body><main><h1>{title}</h1>{parts}</main></body></html>\n"
    )


def _decision(data: Dossier) -> Iterator[str]:
    told = f' · <a href="{_text(data.report)}">every clause</a>' if data.report else ""
    yield f'<p class="soft">{_text(data.base_url)} · {_text(data.spec.file)}{told}</p>'
    yield f'<div class="card"><b class="{_text(data.decision)}">{_text(data.decision)}</b>{_text(data.why)}</div>'


def _walk(data: Dossier) -> Iterator[str]:
    yield "<h2>The walk</h2>"
    yield _table(("", "stage", "what was seen", "cost"), (_step(stage) for stage in data.stages))


def _step(stage: StageRecord) -> str:
    sign = '<b class="pass">✓</b>' if stage.passed else '<b class="fail">✗</b>'
    told = "<br>".join(_text(line) for line in stage.sentences)
    step = f"<br><b>Next:</b> {_text(stage.next)}" if stage.next else ""
    spend = stage.spend
    cost = f"{_many(spend.requests, 'request')}, {_many(spend.jobs, 'job')}"
    return f'<tr><td>{sign}</td><th>{_text(stage.name)}</th><td class="wide">{told}{step}</td><td>{cost}</td></tr>'


def _balance(data: Dossier) -> Iterator[str]:
    beside = ", ".join(data.against) or "no other provider"
    yield f'<h2>What our client would gain and lose</h2><p class="soft">Beside {_text(beside)}, as their documents say.</p>'
    for name, sign in (("gains", "gain"), ("loses", "lose")):
        items = (
            "".join(f"<li>{_text(text)}</li>" for text in getattr(data, name)) or "<li>nothing</li>"
        )
        yield f'<h3 class="{sign}">{name.capitalize()}</h3><ul>{items}</ul>'


def _capabilities(data: Dossier) -> Iterator[str]:
    names = data.against
    yield '<h2>Capability by capability</h2><p class="soft">Each provider has its own unit; what a unit costs stands in no spec.</p>'
    yield _table(
        ("", data.provider, *names), (_capability(row, names) for row in data.capabilities)
    )


def _capability(row: CapabilityRow, names: Sequence[str]) -> str:
    cells = "".join(f"<td>{_text(row.ours.get(name, '')) or '–'}</td>" for name in names)
    change = "".join(
        f'<br><span class="{sign}">{mark} {_text(getattr(row, name))}</span>'
        for name, sign, mark in (("gains", "gain", "+"), ("loses", "lose", "−"))
        if getattr(row, name) and row.word
    )
    name = _text(row.word.replace("_", " ") or row.method)
    return f'<tr class="{"word" if row.word else "method"}"><th>{name}</th><td>{_text(row.new) or "–"}{change}</td>{cells}</tr>'


def _times(data: Dossier) -> Iterator[str]:
    yield "<h2>Observed times</h2>"
    if not data.times:
        yield '<p class="soft">No run was kept from which they could be told.</p>'
        return
    rows = (
        f"<tr><th>{_text(one.provider)}</th><td>{one.jobs}</td><td>{_seconds(one.queued)}</td><td>{_seconds(one.seconds)}</td><td>{'observed' if one.real else 'on this machine: says nothing of the provider'}</td></tr>"
        for one in data.times
    )
    yield _table(("", "jobs", "queued", "whole job", ""), rows)


def _seconds(value: float | None) -> str:
    return "–" if value is None else f"{value:g} s"


def _findings(data: Dossier) -> Iterator[str]:
    yield "<h2>What diverges</h2>"
    if not data.findings:
        ran = any(stage.name == "run" and stage.passed for stage in data.stages)
        yield f'<p class="soft">{"Nothing." if ran else "Not known: the full run was not reached."}</p>'
        return
    yield _table(("", "promise", "received", "source"), (_finding(one) for one in data.findings))


def _finding(one: DossierFinding) -> str:
    source = ", ".join(part for part in (one.source.document, one.source.section) if part)
    again = f"<pre>{_text(one.curl)}</pre>" if one.curl else ""
    return f'<tr><td><b class="{_text(one.verdict)}">{_text(one.verdict)}</b></td><td class="wide">{_text(one.promise)}<br><code>{_text(one.clause)}</code></td><td class="wide">{_text(one.received)}{again}</td><td>{_text(source)}</td></tr>'


def _cost(data: Dossier) -> Iterator[str]:
    spend = data.spend
    yield f"<h2>What it cost to find out</h2><p>{_many(spend.requests, 'request')}, {_many(spend.jobs, 'job')}, {spend.credits:g} {_text(spend.unit)}.</p>"


def _table(heads: Iterable[str], rows: Iterable[str]) -> str:
    head = "".join(f"<th>{_text(name)}</th>" for name in heads)
    return f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table></div>'


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _text(text: object) -> str:
    """Return a text as it can do no harm: cut, escaped, invisible letters made visible."""
    told = str(text)
    shown = "".join(letter if letter.isprintable() else "�" for letter in told[:_LONGEST])
    return escape(shown + (" …" if len(told) > _LONGEST else ""), quote=True)
