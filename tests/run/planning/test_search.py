"""What a search draws: forbidden requests, and among them some that are nobody else's."""

from __future__ import annotations

import pytest

from conformance.promises.registry import derive
from conformance.run.planning.search import explored
from tests.small import provider


@pytest.mark.parametrize("seed", [0, 4])
def test_a_search_finds_something_of_its_own_whatever_the_first_draw_holds(seed: int) -> None:
    spec = provider("foxapi")

    drawn = explored(spec, derive(spec), count=24, seed=seed)

    assert 0 < len(drawn) <= 24
    assert "foxapi.extend.robustness.search" in {witness.clause for witness in drawn}
