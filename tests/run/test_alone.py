"""A clause that is selected alone is decided as in a run of all: its run sends what it takes."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import pytest

from conformance.model.verdict import Outcome
from conformance.promises.sabotage import Reject
from conformance.promises.wish import Wish
from conformance.run.events import Noted
from conformance.run.open_target import TargetChoice
from conformance.run.planning.selection import Selection
from conformance.run.run_settings import Settings
from conformance.run.session import Session
from tests.small import PROVIDERS, document, fields, provider, spec_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.model.clause import Clause
    from conformance.model.verdict import Verdict
    from conformance.promises.sabotage import Sabotage
    from conformance.run.decision import Summary
    from conformance.run.events import Event
    from conformance.spec.document import Spec

#: Enough of a provider's sorts of clauses for a test; each clause was tried by hand.
MOST = 14


def run(spec: Spec, *only: str) -> Summary:
    """Run clauses against the simulator."""
    choice = TargetChoice(kind="simulator", direct=True)
    selection = Selection(only=only)
    return Session(spec=spec, choice=choice, selection=selection, settings=Settings()).start()


@lru_cache
def whole(name: str) -> tuple[tuple[Clause, Verdict], ...]:
    return run(provider(name)).verdicts


def one_of_each_sort(name: str) -> Iterator[tuple[Clause, Verdict]]:
    """Yield a clause of each rule, those of operations that only read first."""
    spec = provider(name)
    pairs = sorted(whole(name), key=lambda pair: spec.operation(pair[0].operation).submits)
    sorts: set[tuple[str, str, bool]] = set()
    for clause, verdict in pairs:
        sort = (clause.kind, clause.rule, spec.operation(clause.operation).submits)
        if sort not in sorts and len(sorts) < MOST:
            sorts.add(sort)
            yield clause, verdict


@pytest.mark.parametrize("name", PROVIDERS)
def test_a_clause_alone_is_decided_as_in_the_whole_run(name: str) -> None:
    spec = provider(name)

    for clause, verdict in one_of_each_sort(name):
        ((_, alone),) = run(spec, clause.id).verdicts
        assert alone.outcome is verdict.outcome, (clause.id, alone.reason)


def test_what_a_query_answers_is_seen_on_the_cheapest_job_that_leads_to_it() -> None:
    summary = run(provider("pixeldojo"), "pixeldojo.job.response.*")

    assert (summary.spend.jobs, summary.spend.credits) == (1, 10.0)
    assert {verdict.outcome for _, verdict in summary.verdicts} == {Outcome.PASS}


def test_refusals_are_sent_for_who_is_held_to_them() -> None:
    summary = run(provider("pixeldojo"), "pixeldojo.generate.response.refusal-is-4xx")

    ((_, verdict),) = summary.verdicts
    assert verdict.outcome is Outcome.PASS


def test_the_control_of_a_refusal_is_bought_where_no_other_job_is_one() -> None:
    body = fields(("prompt",), prompt={"type": "string"}, size={"type": "integer"})
    summary = run(spec_of(document(body)), "small.make.size.type")

    ((_, verdict),) = summary.verdicts
    assert verdict.outcome is Outcome.PASS


def test_a_run_with_nothing_to_send_blames_no_network() -> None:
    summary = run(provider("foxapi"), "foxapi.extend.billing.balance")

    ((_, verdict),) = summary.verdicts
    assert summary.spend.requests == 0
    assert (verdict.outcome, verdict.cause) == (Outcome.NOT_RUN, None)


def test_a_simulator_that_sells_nothing_is_said_to_have_sold_nothing() -> None:
    spec = provider("foxapi")
    choice = TargetChoice(kind="simulator", direct=True, sabotages=refusing_all(spec))
    events: list[Event] = []
    summary = Session(spec=spec, choice=choice).start(events.append)

    assert (summary.spend.jobs, summary.bought_nothing) == (0, True)
    assert any(isinstance(event, Noted) and "nothing was bought" in event.text for event in events)


def refusing_all(spec: Spec) -> tuple[Sabotage, ...]:
    """Return the sabotage of a provider that refuses whatever it is asked for."""
    return tuple(
        Reject(wish=Wish(operation=operation.id, scenario="")) for operation in spec.submits
    )
