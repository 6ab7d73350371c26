"""`index.html`: one page that asks nobody for anything: the decision, the findings, every clause."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from conformance.reporting.summary import decision_of, findings_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conformance.reporting.runfile import RunRecord

_GLYPH = {"pass": "✓", "fail": "✗", "warn": "!", "flaky": "~", "untestable": "?", "not_run": "–", "error": "⚠"}
_STYLE = """
:root{color-scheme:light dark;--ink:#1c1f24;--soft:#59606b;--line:#d9dde3;--ground:#fff;--card:#f6f7f9;--good:#176b3a;--bad:#b3261e;--doubt:#8a5a00;--open:#5b4a99}
@media(prefers-color-scheme:dark){:root{--ink:#e8eaed;--soft:#a2a9b4;--line:#363b44;--ground:#15171b;--card:#1d2026;--good:#6fd49a;--bad:#ff8a80;--doubt:#f2bf5e;--open:#b9a9ff}}
*{box-sizing:border-box}body{margin:0 auto;max-width:68rem;padding:2rem 1.25rem 4rem;font:16px/1.55 system-ui,sans-serif;color:var(--ink);background:var(--ground)}
h1{font-size:1.6rem;margin:0 0 .25rem}h2{font-size:1.2rem;margin:2.5rem 0 .5rem}h3{font-size:1rem;margin:1.5rem 0 .25rem;color:var(--soft);font-weight:600}
p{margin:.25rem 0 1rem}.soft{color:var(--soft)}.cards{display:grid;gap:1rem;grid-template-columns:repeat(auto-fill,minmax(14rem,1fr));margin:1.5rem 0}
.card{background:var(--card);border:1px solid var(--line);border-radius:.6rem;padding:1rem;text-decoration:none;color:inherit;display:block}
.card b{display:block;font-size:1.35rem;margin:.2rem 0}.go,.pass{color:var(--good)}.no-go,.fail,.error{color:var(--bad)}.conditional,.warn,.flaky{color:var(--doubt)}.unknown,.untestable,.not_run{color:var(--open)}
details{border-top:1px solid var(--line)}details:last-of-type{border-bottom:1px solid var(--line)}summary{padding:.45rem 0;cursor:pointer;display:flex;gap:.75rem;align-items:baseline}
summary>b{flex:0 0 6.2rem;font-weight:600;font-size:.9rem}summary>code{overflow-wrap:anywhere}summary>span{color:var(--soft);margin-left:auto;font-size:.85rem;white-space:nowrap}
dl{margin:.25rem 0 1rem;display:grid;grid-template-columns:7rem 1fr;gap:.3rem 1rem}dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}code,pre{font:13px/1.5 ui-monospace,monospace}
pre{background:var(--card);border:1px solid var(--line);border-radius:.4rem;padding:.6rem .8rem;overflow:auto;white-space:pre-wrap;overflow-wrap:anywhere;margin:0}
@media(max-width:34rem){dl{grid-template-columns:1fr}dt{margin-top:.4rem}summary>span{display:none}summary>b{flex-basis:5.4rem}}
@media print{details{break-inside:avoid}body{max-width:none}}
"""
#: Nothing but the style in the page itself; no script, no request, no form.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def page(runs: Sequence[RunRecord]) -> str:
    """Return the content of `index.html`."""
    body = "".join(_card(run) for run in runs)
    parts = "".join(part for run in runs for part in _provider(run))
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}"><title>Conformance</title><style>{_STYLE}</style></head><body>'
        f'<main><h1>Conformance</h1><p class="soft">Every promise that a provider documents, proved from both sides.</p><div class="cards">{body}</div>{parts}</main></body></html>\n'
    )


def _card(run: RunRecord) -> str:
    decision = decision_of(run)
    counts = (run.footer or {}).get("counts", {})
    told = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in counts.items() if count) or "incomplete"
    return f'<a class="card" href="#{_id(run.header["provider"])}">{escape(run.header["title"])}<b class="{decision}">{decision}</b><span class="soft">{escape(told)}</span></a>'


def _provider(run: RunRecord) -> Iterator[str]:
    header = run.header
    yield f'<h2 id="{_id(header["provider"])}">{escape(header["title"])}: <span class="{decision_of(run)}">{decision_of(run)}</span></h2>'
    yield f'<p class="soft">{escape(_about(run))}</p>'
    found = findings_of(run)
    if found:
        yield "<h3>Findings</h3>" + "".join(_clause(run.clauses[one["clause"]], one, opened=one["verdict"] == "fail") for one in found)
    rest = [clause for name, clause in run.clauses.items() if name not in {one["clause"] for one in found}]
    for kind in dict.fromkeys(clause["kind"] for clause in rest):
        mine = [clause for clause in rest if clause["kind"] == kind]
        yield f"<h3>{escape(kind)} ({len(mine)})</h3>" + "".join(_clause(clause, run.verdicts.get(clause["id"], {}), opened=False) for clause in mine)


def _about(run: RunRecord) -> str:
    header, footer = run.header, run.footer or {}
    spend = footer.get("spend", {})
    told = [f"target: {header['target']}", f"answers from: {header['recorded_from'] or header['base_url']}", f"spec: {header['spec']['file']} ({header['spec']['digest'][:12]})", f"seed {header['seed']}"]
    told += [f"{spend['requests']} requests, {spend['jobs']} jobs, {spend['credits']:g} {header['unit']}"] if spend else ["the run did not come to its end"]
    return " · ".join([*told, f"again: {' '.join(header['command'])}"])


def _clause(clause: dict[str, Any], verdict: dict[str, Any], *, opened: bool) -> str:
    outcome = verdict.get("verdict", "not_run")
    source = ", ".join(part for part in (clause["source"]["document"], clause["source"]["section"]) if part)
    rows = [("promised", clause["promise"]), ("source", f"{source} — {clause['place']['file']}:{clause['place']['line']}")]
    rows += [("expected", verdict.get("expected", "")), ("received", verdict.get("received", "")), ("why open", verdict.get("reason", ""))]
    rows += [("accepted", "; ".join(clause["accept"])), ("refused", "; ".join(clause["refuse"])), ("difference", "; ".join(verdict.get("difference", ())))]
    if reading := clause["reading"]:
        rows.append(("reading", f"taken: {reading['taken']}; or: {reading['other']}; because {reading['why']}"))
    told = "".join(f"<dt>{name}</dt><dd>{escape(str(text))}</dd>" for name, text in rows if text)
    command = f"<dt>again</dt><dd><pre>{escape(verdict['curl'])}</pre></dd>" if verdict.get("curl") else ""
    label = f'<b class="{outcome}">{_GLYPH[outcome]} {outcome.replace("_", " ")}</b><code>{escape(clause["id"])}</code><span>{escape(clause["level"])}</span>'
    return f'<details id="{_id(clause["id"])}"{" open" if opened else ""}><summary>{label}</summary><dl>{told}{command}</dl></details>'


def _id(name: str) -> str:
    return escape(name.replace(" ", "-"), quote=True)
