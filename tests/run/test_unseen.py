"""A provider that is unlike all others needs one file and no Python."""

from __future__ import annotations

import pytest

from conformance.http.virtual_clock import run_virtual
from conformance.model.verdict import Outcome
from conformance.promises.registry import derive, rule_of
from conformance.run.events import VerdictReached
from conformance.run.open_target import TargetChoice, open_target
from conformance.run.planning.plan import make_plan
from conformance.run.provider_run import Run
from conformance.run.run_settings import Settings
from conformance.spec.document import load

SPEC = load("tests/data/specs/odd.yaml")
CLAUSES = {clause.id: clause for clause in derive(SPEC)}


def findings(*broken: str) -> set[str]:
    """Run against the provider made from its spec, with some clauses broken."""
    found: set[str] = set()

    def listen(event: object) -> None:
        if isinstance(event, VerdictReached) and event.verdict.outcome in (
            Outcome.FAIL,
            Outcome.WARN,
            Outcome.FLAKY,
            Outcome.ERROR,
        ):
            found.add(event.clause.id)

    async def work() -> None:
        sabotages = tuple(
            next(iter(rule_of(CLAUSES[name]).sabotage(CLAUSES[name]))) for name in broken
        )
        async with open_target(SPEC, TargetChoice(kind="simulator", sabotages=sabotages)) as (
            target,
            _,
        ):
            plan = make_plan(SPEC, tuple(CLAUSES.values()), target.inputs)
            await Run(plan=plan, target=target, settings=Settings(job_timeout=20), emit=listen).go()

    run_virtual(work())
    return found


def test_a_faithful_one_has_no_findings() -> None:
    assert findings() == set()


@pytest.mark.parametrize(
    "broken",
    [
        "odd.make.draft.length.multipleOf",
        "odd.make.draft.length.exclusiveMinimum",
        "odd.make.draft.tags.items.pattern",
        "odd.make.draft.tags.max-items",
        "odd.make.draft.text.min-length",
        "odd.make.draft.additional",
        "odd.make.draft.length.default",
        "odd.make.final.loop-with-loops.dependent",
        "odd.make.final.ratio-or-loop.both",
        "odd.make.final.media.aspect",
        "odd.make.response.status",
        "odd.make.response.4XX.message.required",
        "odd.look.response.data.task.percent.maximum",
        "odd.make.auth.no-key",
        "odd.make.billing.balance",
        "odd.make.lifecycle.id",
    ],
)
def test_one_broken_promise_is_one_finding(broken: str) -> None:
    assert broken in CLAUSES
    assert findings(broken) == {broken}


def test_one_finding_does_not_hide_another() -> None:
    pair = {"odd.make.draft.text.min-length", "odd.make.final.media.length"}

    assert findings(*pair) == pair
