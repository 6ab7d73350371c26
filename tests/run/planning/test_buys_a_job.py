"""Which clauses buy."""

from __future__ import annotations

import pytest

from conformance.model.inputs import Inputs
from conformance.promises.registry import derive
from conformance.run.planning.buys_a_job import buys
from conformance.run.planning.plan import make_plan
from tests.small import provider


@pytest.mark.parametrize("name", ["foxapi", "octopusx"])
def test_paid_clauses_are_those_whose_plan_has_a_job(name: str) -> None:
    found = provider(name)
    inputs = Inputs.served_at("http://samples.invalid")

    told = {clause.id: buys(found, clause) for clause in derive(found)}
    planned = {
        clause.id: bool(make_plan(found, (clause,), inputs).jobs) for clause in derive(found)
    }

    assert told == planned
