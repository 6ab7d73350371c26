"""How verdicts and decisions are ordered, worded and drawn.

One table for terminal, page and files.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.model.verdict import Decision, Outcome

if TYPE_CHECKING:
    from conformance.model.clause import Harm, Level


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictSign:
    """How readers meet one verdict, wherever they meet it."""

    outcome: Outcome
    glyph: str
    #: The colour on a terminal, as rich names it; the page has its own in `style.css`.
    colour: str
    #: Whether a reader has to look at it.
    finding: bool = False
    #: Whether the promise was decided, one way or the other.
    decides: bool = False
    #: The child of a JUnit test case; empty where the case passed.
    junit: str = ""

    @property
    def word(self) -> str:
        """The verdict for people."""
        return self.outcome.value.replace("_", " ")


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionSign:
    """How readers meet one decision."""

    decision: Decision
    glyph: str
    #: The style on a terminal, as rich names it.
    colour: str
    #: The colour of a badge, as shields.io names it.
    badge: str


#: Every verdict by its word, the gravest first.
VERDICTS: dict[str, VerdictSign] = {
    sign.outcome.value: sign
    for sign in (
        VerdictSign(
            outcome=Outcome.FAIL,
            glyph="✗",
            colour="red",
            finding=True,
            decides=True,
            junit="failure",
        ),
        VerdictSign(
            outcome=Outcome.ERROR, glyph="⚠", colour="magenta", finding=True, junit="error"
        ),
        # A promise that is kept now and then is not kept.
        VerdictSign(
            outcome=Outcome.FLAKY,
            glyph="~",
            colour="yellow",
            finding=True,
            decides=True,
            junit="failure",
        ),
        VerdictSign(outcome=Outcome.WARN, glyph="!", colour="yellow", finding=True, decides=True),
        VerdictSign(outcome=Outcome.UNTESTABLE, glyph="?", colour="dim", junit="skipped"),
        VerdictSign(outcome=Outcome.NOT_RUN, glyph="–", colour="dim", junit="skipped"),
        VerdictSign(outcome=Outcome.PASS, glyph="✓", colour="green", decides=True),
    )
}
#: Every decision by its word, the worst first.
DECISIONS: dict[str, DecisionSign] = {
    sign.decision.value: sign
    for sign in (
        DecisionSign(decision=Decision.NO_GO, glyph="✗", colour="bold red", badge="red"),
        DecisionSign(
            decision=Decision.UNKNOWN, glyph="?", colour="bold magenta", badge="lightgrey"
        ),
        DecisionSign(
            decision=Decision.CONDITIONAL, glyph="!", colour="bold yellow", badge="yellow"
        ),
        DecisionSign(decision=Decision.GO, glyph="✓", colour="bold green", badge="brightgreen"),
    )
}

_GRAVITY = {verdict: place for place, verdict in enumerate(VERDICTS)}


def gravity(verdict: str) -> int:
    """Return the place of a verdict, 0 for the gravest."""
    return _GRAVITY[verdict]


def is_finding(verdict: str) -> bool:
    """Say whether a reader has to look at a verdict."""
    return VERDICTS[verdict].finding


def decides_against(level: Level, harm: Harm, verdict: str) -> bool:
    """Say whether a buyer cannot live with what was found of a promise.

    One that is kept now and then is as good as broken where money, the video or privacy is at
    stake.
    """
    flaky = verdict == Outcome.FLAKY and harm.grave
    return level.binds and (flaky or verdict == Outcome.FAIL)


def is_decided(verdict: str) -> bool:
    """Say whether a verdict decides about its promise, one way or the other."""
    sign = VERDICTS.get(verdict)
    return sign is not None and sign.decides


def is_broken(verdict: str) -> bool:
    """Say whether a promise was seen to be broken."""
    return is_decided(verdict) and verdict != Outcome.PASS
