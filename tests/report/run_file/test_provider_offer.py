"""What a run file says of a provider beside the run."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest

from conformance.model.run_records import MethodOffer
from conformance.report.html.matrix import bounds, cost
from conformance.report.run_file.provider_offer import excerpts, methods, operations, scenarios
from tests.report.written import changed
from tests.small import PROVIDERS, provider


@pytest.mark.parametrize("name", PROVIDERS)
def test_every_method_has_its_words_and_every_job_its_poll(name: str) -> None:
    spec = provider(name)

    assert {one.method for one in methods(spec)} == {one.method for one in scenarios(spec)}
    roles = [one.role for one in operations(spec).values()]
    assert "submit" in roles
    assert "poll" in roles
    assert all(
        "id" in one.facts.values()
        for one in operations(spec).values()
        if one.role in ("submit", "poll")
    )


def test_a_method_tells_its_bounds_in_the_shortest_words() -> None:
    line = {
        "method": "extend",
        "operation": "make",
        "scenario": "",
        "description": "",
        "required": [],
        "inputs": [],
        "words": {
            "duration": {
                "told": "",
                "minimum": 2.0,
                "maximum": 10.0,
                "values": [],
                "closed": False,
                "default": 6,
            },
            "resolution": {
                "told": "",
                "minimum": None,
                "maximum": None,
                "values": ["480p", "720p"],
                "closed": False,
                "default": None,
            },
        },
        "cost": 5.0,
        "cost_per_second": None,
        "cost_basis": "",
    }
    found = msgspec.convert(line, MethodOffer)

    assert bounds(found, "duration") == "2–10 s, default 6"
    assert bounds(found, "resolution") == "480p · 720p · …"
    assert bounds(found, "aspect_ratio") == "no choice"
    assert cost(found) == "5 a job, 0.5 a second at best"
    assert cost(changed(found, cost_per_second=0.4)) == "0.4 a second"
    assert cost(changed(found, cost=None, cost_basis="by length")) == "by length"
    assert (
        bounds(
            changed(
                found,
                words={
                    "n": {
                        "told": "",
                        "minimum": 1,
                        "maximum": None,
                        "values": [],
                        "closed": True,
                        "default": None,
                    }
                },
            ),
            "n",
        )
        == "from 1"
    )


def test_each_line_of_a_spec_can_be_shown_beside_its_clause() -> None:
    spec = provider("foxapi")

    assert "maximum: 10" in excerpts(spec)
    assert excerpts(replace(spec, file="gone.yaml")) == []
