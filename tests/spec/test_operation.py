"""An operation knows its scenarios and which answers it documents."""

from __future__ import annotations

import pytest

from conformance.spec.operation import Reply
from tests.small import PROVIDERS, fields, provider, small


@pytest.mark.parametrize(
    ("documented", "status", "covers"),
    [
        ("200", 200, True),
        ("200", 201, False),
        ("2XX", 299, True),
        ("2xx", 204, True),
        ("2XX", 300, False),
        ("4XX", 422, True),
        ("default", 500, True),
    ],
)
def test_a_reply_covers_its_status_or_range(documented: str, status: int, covers: bool) -> None:
    made = small(fields()).operation("make").replies[0]
    reply = Reply(
        status=documented, schema=None, content_types=(), context=made.context, place=made.place
    )

    assert reply.covers(status) is covers


def test_a_scenario_is_found_by_its_title() -> None:
    create = provider("uniall").operation("create")

    assert create.scenario("edit").title == "edit"
    assert create.submits


def test_every_scenario_of_the_four_specs_tells_the_client_what_it_serves() -> None:
    for name in PROVIDERS:
        for operation in provider(name).submits:
            assert all(scenario.client for scenario in operation.scenarios)
