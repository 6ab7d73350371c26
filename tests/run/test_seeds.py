"""A provider that keeps its promises is not accused.

Whatever its ids, its times and its reading of the document are.

Three seeds here; `nox -s faithful` takes twenty.
"""

from __future__ import annotations

import pytest

from bench.faithful import simulated_alarms, written_alarms
from conformance.spec.catalog import names
from tests.runs import SPECS

#: Seed 0, the plain case, is everywhere else.
SEEDS = (1, 2, 3)


@pytest.mark.parametrize("name", names())
def test_a_simulated_provider_is_not_accused(name: str) -> None:
    assert simulated_alarms(name, SEEDS) == [[], [], []]


@pytest.mark.parametrize("system", SPECS)
def test_a_hand_written_provider_is_not_accused(system: str) -> None:
    assert written_alarms(system, SEEDS) == [[], [], []]
