"""Run the harness against an application in this process, on a clock that jumps."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from conformance.http.in_process import asgi_door
from conformance.http.keyring import Keyring
from conformance.http.virtual_clock import run_virtual
from conformance.model.inputs import Inputs
from conformance.model.verdict import Outcome, Verdict
from conformance.promises.registry import derive
from conformance.run.events import VerdictReached
from conformance.run.planning.plan import make_plan
from conformance.run.provider_run import Run
from conformance.run.run_settings import Settings
from conformance.run.target import Target
from conformance.simulator import SimulatorOptions, simulate
from conformance.spec.document import load
from tests.miniatures import APPS, Options
from tests.small import spec_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.model.clause import Clause
    from conformance.promises.sabotage import Sabotage
    from conformance.run.decision import Summary
    from conformance.run.events import Event
    from conformance.run.planning.plan import Plan

#: Nothing resolves it; every request stays in this process.
BASE = "http://mini.invalid"
#: The systems by spec: two of the five are one provider.
SPECS = {
    "pixeldojo-extend": "pixeldojo",
    "pixeldojo-video": "pixeldojo",
    "foxapi": "foxapi",
    "uniall": "uniall",
    "octopusx": "octopusx",
}
#: Where the clock of a miniature starts.
_EPOCH = 1_800_000_000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a run said."""

    summary: Summary
    verdicts: dict[str, tuple[Clause, Verdict]]
    events: list[Event] = field(repr=False)
    app: Any

    def having(self, *outcomes: Outcome) -> set[str]:
        """Return the clauses with one of the outcomes."""
        return {name for name, (_, verdict) in self.verdicts.items() if verdict.outcome in outcomes}

    @property
    def findings(self) -> set[str]:
        """The clauses that are broken, in whatever way."""
        return self.having(Outcome.FAIL, Outcome.WARN, Outcome.FLAKY, Outcome.ERROR)


@lru_cache(maxsize=8)
def plan_of(name: str) -> Plan:
    """Return the plan for a spec; it is the same for every run against it."""
    spec = load(f"specs/{name}.yaml")
    return make_plan(spec, derive(spec), Inputs.served_at(BASE))


def against(
    system: str, wrong: str | None = None, *, settings: Settings | None = None, **options: Any
) -> Result:
    """Run a system's spec against its miniature, faithful or wrong in one way."""

    def build(now: Callable[[], float]) -> Any:
        return APPS[system](Options(now=now, job_seconds=2.0, **options), wrong)

    return run_app(plan_of(SPECS[system]), build, settings=settings)


def run_app(
    plan: Plan,
    build: Callable[[Callable[[], float]], Any],
    *,
    settings: Settings | None = None,
    key: str = "test-key",
) -> Result:
    """Run a plan against an application that takes its time from the clock it is given."""
    return run_virtual(_run(plan, build, settings or Settings(job_timeout=20), key))


def found_broken(document: dict[str, Any], *sabotages: Sabotage) -> set[str]:
    """Return what a run finds broken, of a provider made from a small document."""
    spec = spec_of(document)
    plan = make_plan(spec, derive(spec), Inputs.served_at(BASE))

    def build(now: Callable[[], float]) -> Any:
        options = SimulatorOptions(now=now, keys=("test-key", "second-key"))
        return simulate(spec, options, sabotages)

    found = run_app(plan, build).findings
    return {name.removeprefix(f"{spec.name}.") for name in found}


async def _run(
    plan: Plan, build: Callable[[Callable[[], float]], Any], settings: Settings, key: str
) -> Result:
    loop = asyncio.get_running_loop()
    app = build(lambda: _EPOCH + loop.time())
    keys = Keyring(base_url=BASE, carrier=plan.spec.provider.carrier, own=key, second="second-key")
    events: list[Event] = []
    async with asgi_door(app, keys) as door:
        target = Target(
            kind="simulator",
            base_url=BASE,
            door=door,
            inputs=Inputs.served_at(BASE),
            second_key=True,
            knows_samples=True,
            brisk=True,
        )
        run = Run(plan=plan, target=target, settings=settings, emit=events.append)
        run.sender.begin(_EPOCH)
        summary = await run.go()
    verdicts = {
        event.clause.id: (event.clause, event.verdict)
        for event in events
        if isinstance(event, VerdictReached)
    }
    return Result(summary=summary, verdicts=verdicts, events=events, app=app)
