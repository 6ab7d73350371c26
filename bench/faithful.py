"""False alarms.

Providers that keep every promise, under the conditions of many seeds, the simulated and the
hand-written ones.
"""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING, Any

from bench.table import Figures
from conformance.model.verdict import Cause, Outcome
from conformance.run.proving.proof import Prover
from conformance.run.proving.trial import Fate, weather
from conformance.spec.catalog import find, names
from conformance.spec.document import load
from tests.miniatures import APPS, Options
from tests.runs import SPECS, plan_of, run_app

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

SEEDS = 20
HOW = (
    "Each system runs against a provider that keeps every promise, once per seed. A seed changes "
    "the ids, how long jobs work, how slow answers are, "
    "and whether the file of an extension is the clip alone or the whole; of the hand-written "
    "ones also which documented shape a result has. "
    "A finding about a document that contradicts itself is no alarm: it is shown as what it is."
)


def measure() -> Figures:
    """Run every system as often as there are seeds."""
    begun = time.perf_counter()
    simulated = {name: simulated_alarms(name, range(SEEDS)) for name in names()}
    written = {system: written_alarms(system, range(SEEDS)) for system in SPECS}
    rows = [["simulated", *_row(name, alarms)] for name, alarms in simulated.items()] + [
        ["hand-written", *_row(name, alarms)] for name, alarms in written.items()
    ]
    raw: dict[str, Any] = {
        "seeds": SEEDS,
        "simulated": simulated,
        "hand-written": written,
        "seconds": time.perf_counter() - begun,
    }
    return Figures(
        title=f"Faithful providers: false alarms in {SEEDS} seeds",
        how=HOW,
        columns=["", "system", "runs", "runs with an alarm", "alarms"],
        rows=rows,
        raw=raw,
    )


def _row(name: str, alarms: list[list[str]]) -> list[str]:
    told = ", ".join(f"`{one}`" for one in sorted({one for found in alarms for one in found}))
    return [name, str(len(alarms)), str(sum(bool(found) for found in alarms)), told or "none"]


def simulated_alarms(name: str, seeds: Iterable[int]) -> list[list[str]]:
    """Return what is said of the simulated provider of a spec, for each seed."""
    proof = Prover(load(find(name)))
    trials = []
    for seed in seeds:
        proof = proof.under(seed)
        trials.append(proof.faithful())
    return [list(trial.others) if trial.fate is Fate.FALSE_ALARM else [] for trial in trials]


def written_alarms(system: str, seeds: Iterable[int]) -> list[list[str]]:
    """Return what is said of a hand-written provider, for each seed."""
    return [_written(system, seed) for seed in seeds]


def _written(system: str, seed: int) -> list[str]:
    draw, sky = random.Random(seed), weather(seed)

    def build(now: Callable[[], float]) -> Any:
        told = Options(
            now=now,
            job_seconds=sky.job_seconds,
            extension_returns="whole" if sky.extension == "whole" else "clip",
            least_polls=draw.choice((0, 1, 2, 3)),
            edition=draw.choice(("results", "output")),
            balance=draw.choice((5_000, 100_000)),
        )
        return APPS[system](told, None)

    found = run_app(plan_of(SPECS[system]), build)
    loud = found.having(Outcome.FAIL, Outcome.WARN, Outcome.FLAKY, Outcome.ERROR)
    return sorted(name for name in loud if found.verdicts[name][1].cause is not Cause.DOCUMENTATION)
