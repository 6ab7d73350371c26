"""The small signs of a report.

Verdicts and decisions as glyph, word and colour together; times and numbers.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from conformance.model.clause import Harm, Level
from conformance.model.verdict_table import DECISIONS, VERDICTS
from conformance.report.comparing.background import NOTHING
from conformance.report.html.markup import Markup, block, tag

if TYPE_CHECKING:
    from collections.abc import Iterable

    from conformance.model.verdict import Outcome
    from conformance.report.comparing.background import Background
    from conformance.report.html.page_evidence import PageEvidence
    from conformance.report.run_file.run_file import RunRecord

#: Letters of a provider's name.
TITLE = 60
#: Letters of a command that is shown to be copied.
COMMAND = 20_000
LEVELS = tuple(Level)


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One run as one provider of a report."""

    run: RunRecord
    evidence: PageEvidence = field(repr=False)
    background: Background = field(default=NOTHING, repr=False)
    #: Which of the provider's runs in this report it is.
    copy: int = 1

    @property
    def name(self) -> str:
        """What its parts are addressed by; unique in a report."""
        return self.run.header.provider.replace(" ", "-") + self._suffix

    @property
    def _suffix(self) -> str:
        return f"~{self.copy}" if self.copy > 1 else ""

    @property
    def title(self) -> str:
        """The provider's name for readers; with the target where two runs are of one provider."""
        header = self.run.header
        title = header.title
        if len(title) > TITLE:
            title = f"{title[:TITLE]}…"
        if self.copy == 1:
            return title
        return f"{title} ({header.target}, {self.copy})"

    def outcome(self, clause: str) -> Outcome:
        """Return what the run says of a clause."""
        return self.run.outcome(clause)

    def harm(self, clause: str) -> Harm:
        """Return what a buyer loses by what the run found of a clause."""
        verdict = self.run.verdicts.get(clause)
        return (verdict.harm if verdict else None) or self.run.clauses[clause].harm

    def anchor(self, clause: str) -> str:
        """Return where in the page a clause stands."""
        return clause.replace(" ", "-") + self._suffix


def sign(outcome: str) -> Markup:
    """Return a verdict as readers meet it everywhere."""
    return tag(
        "b",
        tag("i", VERDICTS[outcome].glyph, aria_hidden="true"),
        " ",
        VERDICTS[outcome].word,
        class_=f"v {outcome}",
    )


def word(outcome: str) -> str:
    """Return a verdict's word for people."""
    return outcome.replace("_", " ")


def tally(outcomes: Iterable[str]) -> str:
    """Return how often each verdict was given, the gravest first."""
    counts = Counter(outcomes)
    return ", ".join(
        f"{counts[verdict]} {sign.word}" for verdict, sign in VERDICTS.items() if counts[verdict]
    )


def decided(decision: str) -> Markup:
    """Return a decision, large."""
    glyph = tag("i", DECISIONS[decision].glyph, aria_hidden="true")
    return tag("strong", glyph, " ", decision, class_=f"d {decision}")


def when(seconds: float | None) -> str:
    """Return a time as people read it, the same everywhere on earth."""
    if not isinstance(seconds, int | float):
        return "never"
    try:
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M UTC")
    except (ValueError, OverflowError, OSError):
        return "at no known time"


def lasted(seconds: float) -> str:
    """Return a length of time."""
    if seconds >= 120:
        return f"{seconds / 60:.1f} min"
    return f"{seconds:.1f} s" if seconds >= 1 else f"{seconds * 1000:.0f} ms"


def many(count: float, noun: str) -> str:
    """Return a number with its noun: `1 job`, `1,200 jobs`."""
    return f"{count:,g} {noun}" if count == 1 or noun.endswith("s") else f"{count:,g} {noun}s"


def copied(text: str) -> Markup:
    """Return a command beside its copy button, which shows where scripts run."""
    return tag(
        "div",
        tag("pre", block(text, COMMAND)),
        tag("button", "Copy", type="button", class_="copy", hidden=True),
        class_="copied",
    )
