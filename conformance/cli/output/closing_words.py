"""The last words of a run: the decision, what changed, the first findings, where to read on."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from conformance.model.clause import Harm
from conformance.model.money import bought
from conformance.model.verdict import Cause, Outcome
from conformance.model.verdict_table import (
    DECISIONS,
    VERDICTS,
    decides_against,
    gravity,
    is_finding,
)
from conformance.report.comparing.background import NOTHING, Change
from conformance.report.comparing.change import counted
from conformance.report.finding_words import fixed, waiver
from conformance.report.html.signs import many
from conformance.report.open_promises import hangs_on, open_promises
from conformance.report.safe_text import block, brief, plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from rich.console import Console
    from rich.text import Text

    from conformance.model.run_records import ClauseRecord, VerdictRecord
    from conformance.report.comparing.background import Background
    from conformance.report.run_file.run_file import RunRecord

#: Findings shown per provider; the report has them all.
FIRST = 5
#: Reasons for what was not decided, shown per provider.
_REASONS = 6
#: A command that is longer is copied from the report.
_COMMAND, _LINES = 2000, 5
#: Lines are broken here at the latest, on a terminal; a pipe gets whole lines.
_WIDEST = 100
_WORSE = (Change.REGRESSED, Change.NEW)


def closing(
    runs: Sequence[RunRecord],
    out: Path,
    backgrounds: Mapping[str, Background],
    *,
    quiet: bool,
    color: bool,
) -> None:
    """Print what was found for each provider, and the path of the report."""
    from rich.console import Console

    terminal = Console(no_color=not color, soft_wrap=True, highlight=False)
    for run in runs:
        _provider(terminal, run, backgrounds.get(run.header.provider, NOTHING), quiet=quiet)
    report = out / "index.html"
    terminal.print(f"Report: {report if report.exists() else out}", markup=False)


def _provider(terminal: Console, run: RunRecord, background: Background, *, quiet: bool) -> None:
    from rich.text import Text

    name = plain(run.header.provider)
    if nobody := _nobody(run):
        terminal.print(Text(f"{name}: unknown  {plain(nobody)}", style=DECISIONS["unknown"].colour))
        if run.header.target == "live":
            terminal.print(
                Text(
                    f"  Asked at {plain(run.header.base_url)}: "
                    "is the address right (--base-url), and the server up?"
                )
            )
        return
    head = Text.assemble((f"{name}: ", "bold"), *_head(run))
    for line in _with_reason(terminal, head, run):
        terminal.print(line)
    for about in _about(run):
        terminal.print(Text("\n".join(_folded(terminal, about, "  ", "  ")), style="dim"))
    if changed := counted(background.changes):
        terminal.print(
            Text(
                f"  since the last run: {changed}",
                style="red" if set(background.changes.values()) & set(_WORSE) else "",
            )
        )
    findings = _findings(run, background)
    for verdict in findings[:FIRST]:
        _finding(terminal, run.clauses[verdict.clause], verdict, background, quiet=quiet)
    if len(findings) > FIRST:
        terminal.print(Text(f"  … and {len(findings) - FIRST} more"))
    if not quiet:
        for line in _left_open(terminal, run):
            terminal.print(line)
    for verdict in run.verdicts.values():
        if kept_again := fixed(verdict.waived):
            terminal.print(Text(f"  {plain(verdict.clause)}: {kept_again}"))


def _head(run: RunRecord) -> Iterator[tuple[str, str]]:
    if run.footer is None:
        yield "unknown", DECISIONS["unknown"].colour
        return
    decision, counts = run.footer.decision, run.footer.counts
    yield decision, DECISIONS[decision].colour
    # What was decided first, then what was left open.
    shown = sorted(
        (sign for verdict, sign in VERDICTS.items() if counts.get(verdict)),
        key=lambda sign: not (sign.finding or sign.decides),
    )
    for index, sign in enumerate(shown):
        yield ", " if index else "  ", ""
        yield f"{counts[sign.outcome]} {sign.outcome}", sign.colour


def _with_reason(terminal: Console, head: Text, run: RunRecord) -> Iterator[Text]:
    """Yield the decision with what it hangs on: in one line, where that is wide enough."""
    from rich.text import Text

    why = brief(hangs_on(run))
    if not why:
        yield head
    elif not terminal.is_terminal or head.cell_len + len(why) + 3 <= _width(terminal):
        yield Text.assemble(head, f" — {why}")
    else:
        yield Text.assemble(head, " —")
        yield Text("\n".join(_folded(terminal, why, "  ", "  ")))


def _left_open(terminal: Console, run: RunRecord) -> Iterator[Text]:
    """Yield what was not decided, by reason, each with what can be done about it."""
    from rich.text import Text

    groups = open_promises(run)
    for group in groups[:_REASONS]:
        sign = VERDICTS[Outcome.UNTESTABLE if group.matters else Outcome.NOT_RUN]
        lines = _folded(terminal, f"{sign.glyph} {brief(str(group))}", "  ", "    ")
        if group.advice:
            lines += _folded(terminal, f"→ {group.advice}", "      ", "        ")
        yield Text("\n".join(lines), style="" if group.matters else "dim")
    if len(groups) > _REASONS:
        yield Text(f"  … and {len(groups) - _REASONS} more reasons", style="dim")


def _about(run: RunRecord) -> Iterator[str]:
    """Yield against whom, at what cost, and how much of what binds was decided."""
    if run.footer is None:
        return
    header, spend, coverage = run.header, run.footer.spend, run.footer.coverage
    origin = plain(header.recorded_from)
    against = header.target if origin in ("", header.target) else f"{header.target} of {origin}"
    spent = ", ".join(
        (
            many(spend.requests, "request"),
            bought(spend.jobs, spend.costs, plain(header.unit)),
        )
    )
    decided = f"{coverage.proved} of {coverage.observable} promises that bind were decided"
    if not coverage.observable:
        decided = "nothing that binds could be decided"
    yield f"{against}: {spent}; {decided}"


def _nobody(run: RunRecord) -> str:
    """Return why nothing at all was answered; empty where something was."""
    if any(verdict.outcome is not Outcome.ERROR for verdict in run.verdicts.values()):
        return ""
    reasons = {
        verdict.reason for verdict in run.verdicts.values() if verdict.cause is Cause.NETWORK
    }
    return reasons.pop() if len(reasons) == 1 else ""


def _findings(run: RunRecord, background: Background) -> list[VerdictRecord]:
    """Return the findings and the waivers that do not stand.

    What is not excused comes first, then what decides against the provider, by what a buyer loses,
    then the gravest, then the newest.
    """
    wanted = [
        verdict
        for verdict in run.verdicts.values()
        if is_finding(verdict.outcome) or waiver(verdict.waived)[1]
    ]

    def rank(verdict: VerdictRecord) -> tuple[bool, bool, int, int, bool]:
        clause = run.clauses[verdict.clause]
        harm = verdict.harm or clause.harm
        return (
            bool(waiver(verdict.waived)[0]),
            not decides_against(clause.level, harm, verdict.outcome),
            list(Harm).index(harm),
            gravity(verdict.outcome),
            background.changes.get(verdict.clause) not in _WORSE,
        )

    return sorted(wanted, key=rank)


def _finding(
    terminal: Console,
    clause: ClauseRecord,
    verdict: VerdictRecord,
    background: Background,
    *,
    quiet: bool,
) -> None:
    from rich.text import Text

    change = background.changes.get(verdict.clause)
    excuse, trouble = waiver(verdict.waived)
    mark = f"  ({change.value})" if change in _WORSE else "  (waived)" if excuse else ""
    sign = VERDICTS[verdict.outcome]
    # A waiver that does not stand is a fault, whatever became of its promise.
    drawn = sign if sign.finding else VERDICTS["fail"]
    style = "dim" if excuse else drawn.colour
    terminal.print(
        Text(
            f"  {drawn.glyph} {sign.outcome:<5} {plain(verdict.clause)}{mark}",
            style=style,
        )
    )
    for name, text in _told(clause, verdict, excuse or trouble):
        if text and (not quiet or name != "source"):
            terminal.print(
                Text("\n".join(_folded(terminal, brief(f"{name}: {text}"), "      ", "        ")))
            )
    if verdict.curl and not quiet:
        terminal.print(
            Text("\n".join(f"      {line}" for line in _command(verdict.curl)), style="dim")
        )


def _command(text: str) -> list[str]:
    """Return the lines of a command; a whole script is copied from the report."""
    lines = block(text, _COMMAND + 1).split("\n")
    if len(lines) > _LINES or len(text) > _COMMAND:
        what = "script" if len(lines) > _LINES else "command"
        return [f"The {what} that shows it again is long: copy it from the report."]
    return lines


def _told(clause: ClauseRecord, verdict: VerdictRecord, waived: str) -> Iterator[tuple[str, str]]:
    yield "promised", verdict.expected
    yield "received", verdict.received or verdict.reason
    yield "at stake", (verdict.harm or clause.harm).stake
    yield "source", f"{clause.source} ({clause.place.file}:{clause.place.line})"
    yield "waiver", waived


def _folded(terminal: Console, text: str, first: str, later: str) -> list[str]:
    if not terminal.is_terminal:
        return [first + text]
    return textwrap.wrap(
        text,
        _width(terminal),
        initial_indent=first,
        subsequent_indent=later,
        break_on_hyphens=False,
    ) or [first]


def _width(terminal: Console) -> int:
    return max(40, min(terminal.width, _WIDEST))
