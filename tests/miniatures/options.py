"""The settings that every miniature provider takes."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a provider is set up; none of this is a promise to its users."""

    #: How long a job works.
    job_seconds: float = 0.3
    #: A job shows at least so many waiting polls, however late they come; 0 leaves it to the clock.
    least_polls: int = 2
    #: Each key is an account of its own.
    keys: tuple[str, ...] = ("test-key", "second-key")
    #: The credits that each account starts with.
    balance: int = 100_000
    #: The only source of time, in Unix seconds.
    now: Callable[[], float] = time.time
    #: Whether the file of an extension is the new clip alone, or the input and the clip.
    extension_returns: Literal["clip", "whole"] = "clip"
    #: Which of the two documented result shapes FoxAPI gives.
    edition: Literal["results", "output"] = "results"
    #: The wrongness shows at the first of so many chances, and again after as many.
    flaky_every: int = 1
