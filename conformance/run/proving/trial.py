"""One run against a provider that breaks a clause on purpose, and what became of it."""

from __future__ import annotations

import random
from dataclasses import dataclass
from enum import StrEnum


class Fate(StrEnum):
    """What became of a sabotage."""

    KILLED = "killed"
    #: Found, and so was something that it need not have broken.
    SPREAD = "spread"
    #: Not found, though the run says that the promise was kept, or says nothing of why.
    SURVIVED = "survived"
    #: Found, and yet the decision would let a buyer sign.
    EXCUSED = "excused"
    #: Noticed, but seen through an operation that only others document: nobody is accused.
    DOUBTED = "doubted"
    #: Of two, one took away what shows the other; the run says so and claims nothing.
    OBSCURED = "obscured"
    #: Not to be observed from outside, or not to be broken alone.
    OUT_OF_SIGHT = "out of sight"
    #: A faithful provider, of which nothing was said.
    QUIET = "quiet"
    #: A faithful provider, of which something was said.
    FALSE_ALARM = "false alarm"


#: Fates that are a defect of ours.
DEFECTS = (Fate.SPREAD, Fate.SURVIVED, Fate.EXCUSED, Fate.FALSE_ALARM)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One run against a provider that breaks one clause, or two; or none."""

    clauses: tuple[str, ...]
    #: Which of the ways to break it.
    way: int = 0
    seed: int = 0
    fate: Fate
    #: What a buyer loses by it, and what the run decided; empty where nothing was run.
    harm: str = ""
    decision: str = ""
    reason: str = ""
    #: What else was found broken.
    others: tuple[str, ...] = ()
    requests: int = 0
    jobs: int = 0
    credits: float = 0.0
    #: Of computing; nothing is waited for on a clock that jumps.
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Weather:
    """What may differ between two providers that both keep every promise."""

    seed: int = 0
    job_seconds: float = 2.0
    latency: float = 0.0
    #: Whether the file of an extension is the new `clip` alone, or the `whole`.
    extension: str = "clip"


def weather(seed: int) -> Weather:
    """Return the conditions of a seed: other ids, times, and reading; seed 0 is the plain case."""
    if seed == 0:
        return Weather()
    draw = random.Random(seed)  # noqa: S311 - the same for the same seed
    return Weather(
        seed=seed,
        job_seconds=round(draw.uniform(0.3, 5.0), 2),
        latency=round(draw.uniform(0.0, 0.3), 3),
        extension=draw.choice(("clip", "whole")),
    )
