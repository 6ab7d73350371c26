"""How a simulated provider is set up; none of this is a promise to its users."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

#: A prompt with this word in it makes a job fail.
FAILING_PROMPT = "simulate:fail"


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatorOptions:
    """Keys, time and money of a simulated provider."""

    job_seconds: float = 2.0
    #: Seconds before each answer.
    latency: float = 0.0
    #: Each key is an account of its own.
    keys: tuple[str, ...] = ("simulator-key", "second-key")
    #: What each account begins with; where None, more than anybody spends at the spec's prices.
    balance: float | None = None
    seed: int = 0
    #: The share of requests, from 0 to 1, that meet a fault of which no spec speaks.
    faults: float = 0.0
    #: Whether the file of an extension is the new `clip` alone, or the `whole`: input and clip.
    extension: str = "clip"
    #: Seconds since 1970; a run on a jumping clock brings its own.
    now: Callable[[], float] = time.time
    #: Make files on a thread while jobs work: for a server whose clock is real.
    ahead: bool = False
