"""What a second of video cost."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from conformance.report.html.page_evidence import gather
from conformance.report.run_file.seconds_prices import Prices
from tests.report.staged import exchange, staged


def test_a_second_costs_what_its_jobs_cost_by_the_seconds_they_asked_for() -> None:
    assert gather(staged()).per_second == {"make.plain": pytest.approx(5 / 11)}


@pytest.mark.parametrize(
    ("sent", "seconds"),
    [
        ({"duration": "10"}, 10.0),
        ({"prompt": "x"}, 6.0),
        ({"duration": True}, 0.0),
        ({"duration": ["long"]}, 0.0),
        ({"duration": "long"}, 0.0),
        ({"duration": "nan"}, 0.0),
        ({"duration": -5}, 0.0),
        ({"duration": 10**400}, 0.0),
        (None, 0.0),
    ],
)
def test_seconds_are_read_as_they_were_sent_or_as_they_are_without(
    sent: Any, seconds: float
) -> None:
    run = staged()
    prices = Prices(run.header, run.jobs)

    prices.add(exchange(1, sent=sent))
    prices.add(exchange(7, sent=sent))

    assert prices.per_second() == ({"make.plain": pytest.approx(5 / seconds)} if seconds else {})


def test_where_no_price_is_documented_none_is_told() -> None:
    run = staged()
    (method,) = run.header.methods
    header = replace(run.header, methods=(replace(method, cost=None),))
    prices = Prices(header, run.jobs)

    prices.add(run.exchanges[1])

    assert prices.per_second() == {}
