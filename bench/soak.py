"""Thousands of jobs on bad days.

Runs and clients against simulators with random faults, for a bounded time: `nox -s soak`.
"""

from __future__ import annotations

import asyncio
import gc
import os
import sys
import threading
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from bench.table import Figures, keep
from conformance.client import AsyncVideoClient
from conformance.errors import ConformanceError
from conformance.http.in_process import asgi_door
from conformance.http.keyring import Keyring
from conformance.http.virtual_clock import run_virtual
from conformance.model.exchange import Failure
from conformance.model.inputs import Inputs
from conformance.model.verdict import Cause
from conformance.promises.registry import derive
from conformance.run.events import VerdictReached
from conformance.run.open_target import DEMO_KEY, DEMO_SECOND, INSIDE
from conformance.run.planning.plan import make_plan
from conformance.run.provider_run import Run
from conformance.run.run_settings import Settings
from conformance.run.target import Target
from conformance.simulator import SimulatorOptions, simulate
from conformance.simulator.server import Server
from conformance.spec.catalog import find, names
from conformance.spec.document import load

if TYPE_CHECKING:
    from conformance.promises.evidence import Attempt
    from conformance.run.events import Event
    from conformance.run.planning.plan import Plan
    from conformance.simulator.job_store import JobStore

SECONDS = 120.0
HOW = (
    "In rounds: a whole run of one provider on a clock that jumps, then a client's jobs over real "
    "connections, each round against a new simulator in which one request in twenty "
    "is slow, put off with a 429, answered with a 5xx, or cut off before or after it was served. "
    "Memory is what this process holds, measured once every provider had its first round."
)
#: The share of requests that meet a fault.
FAULTS = 0.05
#: Jobs that one client asks for at a time, and in one round.
BESIDE, ROUND = 40, 80
#: How much more memory the last quarter may hold than the first, in MiB.
BOUND = 24.0


@dataclass(slots=True, kw_only=True)
class Tally:
    """What a soak has seen."""

    seconds: float = 0.0
    rounds: int = 0
    jobs: int = 0
    requests: int = 0
    #: Videos that a client was given, and errors of ours that it was told.
    videos: int = 0
    errors: int = 0
    #: Answers to submits that never came: nobody can know of those jobs, and nobody may ask for
    #: them again.
    unanswered: int = 0
    #: What must not happen, in words.
    wrong: list[str] = field(default_factory=list)
    #: MiB held at the end of each quarter.
    memory: list[float] = field(default_factory=list)

    @property
    def growth(self) -> float:
        """How much more memory the last quarter held than the first, in MiB."""
        return self.memory[-1] - self.memory[0] if self.memory else 0.0


def soak(seconds: float, *, seed: int = 0) -> Tally:
    """Go on for so many seconds.

    Each round is a run of one provider, then a round of a client's jobs.
    """
    begun, tally = time.monotonic(), Tally()
    plans = [_plan(name) for name in names()]
    threads, files = threading.active_count(), _open_files()
    while (spent := time.monotonic() - begun) < seconds or not tally.rounds:
        plan = plans[tally.rounds % len(plans)]
        _run(plan, seed + tally.rounds, tally)
        asyncio.run(_clients(plan, seed + tally.rounds, tally))
        tally.rounds += 1
        # What is remembered of a provider is remembered in its first round.
        if tally.rounds >= len(plans) and len(tally.memory) < int(4 * spent / seconds):
            tally.memory.append(resident())
    tally.memory.append(resident())
    tally.seconds = time.monotonic() - begun
    if threading.active_count() > threads:
        tally.wrong.append(f"{threading.active_count() - threads} threads were left behind")
    if _open_files() > files:
        tally.wrong.append(f"{_open_files() - files} open files were left behind")
    if tally.growth > BOUND:
        tally.wrong.append(f"memory grew by {tally.growth:.0f} MiB, more than {BOUND:.0f}")
    return tally


def resident() -> float:
    """Return the memory that this process holds, in MiB; 0 where the system does not tell."""
    gc.collect()
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    except OSError:
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def _open_files() -> int:
    folder = Path("/proc/self/fd")
    return len(list(folder.iterdir())) if folder.exists() else 0


def _plan(name: str) -> Plan:
    spec = load(find(name))
    return make_plan(spec, derive(spec), Inputs.served_at(INSIDE))


def _run(plan: Plan, seed: int, tally: Tally) -> None:
    """Run a provider on a jumping clock.

    Every job that was answered has to be followed to an end.
    """
    events: list[Event] = []

    async def work() -> tuple[list[Attempt], JobStore]:
        loop = asyncio.get_running_loop()
        app = simulate(
            plan.spec,
            SimulatorOptions(
                keys=(DEMO_KEY, DEMO_SECOND),
                seed=seed,
                faults=FAULTS,
                now=lambda: 1.8e9 + loop.time(),
            ),
        )
        keys = Keyring(
            base_url=INSIDE, carrier=plan.spec.provider.carrier, own=DEMO_KEY, second=DEMO_SECOND
        )
        async with asgi_door(app, keys) as door:
            target = Target(
                kind="simulator",
                base_url=INSIDE,
                door=door,
                inputs=Inputs.served_at(INSIDE),
                second_key=True,
                knows_samples=True,
                brisk=True,
            )
            run = Run(
                plan=plan,
                target=target,
                settings=Settings(job_timeout=60, seed=seed),
                emit=events.append,
            )
            run.sender.begin(1.8e9)
            await run.go()
            return run.purchasing.attempts, app.state.store

    attempts, store = run_virtual(work())
    tally.jobs += store.accepted
    tally.requests += store.requests
    followable = [attempt for attempt in attempts if attempt.accepted]
    tally.unanswered += store.accepted - len(followable)
    tally.wrong += [
        f"{plan.spec.name}, seed {seed}: job {bought.exchange.number} was not followed"
        for bought in followable
        if bought.track is None
    ]
    tally.wrong += [
        f"{plan.spec.name}, seed {seed}: {event.clause.id}: {event.verdict.reason}"
        for event in events
        if isinstance(event, VerdictReached) and event.verdict.cause is Cause.OURS
    ]
    doubtful = sum(
        isinstance(attempt.exchange.answer, Failure)
        or attempt.exchange.answer.status >= 500
        or _cut(attempt)
        for attempt in attempts
    )
    if store.accepted > len(followable) + doubtful:
        tally.wrong.append(
            f"{plan.spec.name}, seed {seed}: {store.accepted} jobs were made, {len(followable)} "
            f"known, {doubtful} unanswered"
        )


def _cut(attempt: Attempt) -> bool:
    return (
        not isinstance(attempt.exchange.answer, Failure) and attempt.exchange.answer.json() is None
    )


async def _clients(plan: Plan, seed: int, tally: Tally) -> None:
    """Ask for videos over real connections; each call ends in a video or in an error of ours."""
    app = simulate(plan.spec, SimulatorOptions(job_seconds=0.05, seed=seed, faults=FAULTS))
    gate = asyncio.Semaphore(BESIDE)
    with Server(app) as server:
        async with AsyncVideoClient(
            plan.spec,
            api_key=DEMO_KEY,
            base_url=server.url,
            poll_interval=0.05,
            timeout=30,
            request_timeout=10,
        ) as client:
            ask = client.generate if "generate" in client.capabilities else client.extend

            async def one(number: int) -> None:
                words = (
                    {}
                    if ask == client.generate
                    else {"video": f"{server.url}/samples/video-5s.mp4"}
                )
                async with gate:
                    try:
                        await ask(f"a fox, number {number}", **words)
                    except ConformanceError:
                        tally.errors += 1
                    except Exception as error:  # noqa: BLE001 - what a soak is for
                        tally.wrong.append(f"{plan.spec.name}: {type(error).__name__}: {error}")
                    else:
                        tally.videos += 1

            await asyncio.gather(*(one(number) for number in range(ROUND)))
    tally.jobs += app.state.store.accepted
    tally.requests += app.state.store.requests


def measure() -> Figures:
    """Soak for two minutes."""
    return figures(soak(SECONDS))


def figures(tally: Tally) -> Figures:
    """Return what was seen as a table."""
    known = {
        "rounds": f"{tally.rounds}",
        "jobs made": f"{tally.jobs:,}",
        "requests": f"{tally.requests:,}",
        "videos that clients were given": f"{tally.videos:,}",
        "errors of ours that clients were told": f"{tally.errors:,}",
        "jobs whose answer was lost": f"{tally.unanswered}",
        (
            "jobs lost from sight, foreign errors, mistakes of ours, threads and files left behind"
        ): f"{len(tally.wrong)}",
        "memory at the quarters": ", ".join(f"{one:.0f} MiB" for one in tally.memory),
        "growth": f"{tally.growth:.1f} MiB, at most {BOUND:.0f}",
    }
    raw = {**asdict(tally), "growth": tally.growth, "bound": BOUND}
    return Figures(
        title=f"Soak: {tally.seconds:.0f} seconds of bad days",
        how=HOW,
        columns=["what", "seen"],
        rows=list(known.items()),
        notes=[*tally.wrong],
        raw=raw,
    )


if __name__ == "__main__":
    seen = soak(float(sys.argv[1]) if len(sys.argv) > 1 else SECONDS)
    print(keep("soak", figures(seen)))
    sys.exit(1 if seen.wrong else 0)
