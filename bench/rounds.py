"""Things timed in turn, so that a busy moment of the machine hits all of them alike."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """The medians of what one thing took."""

    wall: float
    #: Of this process alone; a child's time is not in it.
    cpu: float


def in_turn(
    works: Mapping[str, Callable[[], object]], *, rounds: int, warm: int = 1
) -> dict[str, Timed]:
    """Time each work once a round, every other round in reverse; the first rounds only warm up."""
    names, found = list(works), {name: ([], []) for name in works}
    for number in range(warm + rounds):
        for name in names if number % 2 else reversed(names):
            wall, cpu = time.perf_counter(), time.process_time()
            works[name]()
            if number >= warm:
                found[name][0].append(time.perf_counter() - wall)
                found[name][1].append(time.process_time() - cpu)
    return {
        name: Timed(wall=statistics.median(walls), cpu=statistics.median(cpus))
        for name, (walls, cpus) in found.items()
    }
