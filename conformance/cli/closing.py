"""The last words of a run: the decision, the first findings with source and command, where to read on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

#: Findings shown per provider; the report has them all.
FIRST = 5
_STYLE = {"go": "bold green", "conditional": "bold yellow", "no-go": "bold red", "unknown": "bold magenta"}
_GLYPH = {"fail": "✗", "warn": "!", "flaky": "~", "error": "?"}


def closing(runs: list[Any], out: Path, *, quiet: bool, color: bool) -> None:
    """Print what was found for each provider, and the path of the report."""
    from rich.console import Console
    from rich.text import Text

    terminal = Console(no_color=not color, soft_wrap=True, highlight=False)
    for spec, summary, run in runs:
        if nobody := _nobody(run):
            terminal.print(Text(f"{spec.name}: unknown  {nobody}", style="bold magenta"))
            continue
        decision = summary.decision.value
        line = Text.assemble((f"{spec.name}: ", "bold"), (decision, _STYLE[decision]))
        counts = ", ".join(f"{count} {outcome.value}" for outcome, count in summary.counts.items())
        line.append(f"  {counts}; {summary.spend.requests} requests, {summary.spend.jobs} jobs, {summary.spend.credits:g} {spec.provider.unit}")
        terminal.print(line)
        for verdict in _findings(run)[:FIRST]:
            _finding(terminal, run.clauses[verdict["clause"]], verdict, quiet=quiet)
        hidden = len(_findings(run)) - FIRST
        if hidden > 0:
            terminal.print(f"  … and {hidden} more")
    report = out / "index.html"
    terminal.print(f"Report: {report if report.exists() else out}")


def _nobody(run: Any) -> str:
    """Return why nothing at all was answered; empty where something was."""
    told = {one["reason"] for one in run.verdicts.values() if one["verdict"] == "error" and one["cause"] == "network"}
    return next(iter(told)) if len(told) == 1 and all(one["verdict"] == "error" for one in run.verdicts.values()) else ""


def _findings(run: Any) -> list[dict[str, Any]]:
    order = ("fail", "error", "flaky", "warn")
    return sorted((one for one in run.verdicts.values() if one["verdict"] in order), key=lambda one: order.index(one["verdict"]))


def _finding(terminal: Any, clause: dict[str, Any], verdict: dict[str, Any], *, quiet: bool) -> None:
    from rich.text import Text

    source = ", ".join(part for part in (clause["source"]["document"], clause["source"]["section"]) if part)
    terminal.print(Text(f"  {_GLYPH[verdict['verdict']]} {verdict['verdict']:<5} {verdict['clause']}", style="red" if verdict["verdict"] == "fail" else "yellow"))
    terminal.print(Text(_plain(f"      promised: {verdict['expected']}  ({source})")))
    terminal.print(Text(_plain(f"      received: {verdict['received'] or verdict['reason']}")))
    if verdict["curl"] and not quiet:
        terminal.print(Text(_plain(f"      {verdict['curl'][:400]}"), style="dim"))


def _plain(text: str) -> str:
    """Take out what a hostile provider could do to a terminal."""
    return "".join(letter if letter.isprintable() else "�" for letter in text)
