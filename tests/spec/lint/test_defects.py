"""What is wrong with a spec of ours, though it is valid OpenAPI."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from conformance.spec.lint.defects import check
from conformance.spec.lint.findings import Severity
from tests.small import PROVIDERS, fields, provider, small

if TYPE_CHECKING:
    from conformance.spec.document import Spec


def codes(spec: Spec) -> list[str]:
    return [one.code for one in check(spec)]


@pytest.mark.parametrize("name", PROVIDERS)
def test_the_specs_of_this_repository_have_none(name: str) -> None:
    assert codes(provider(name)) == []


def test_a_scenario_that_nobody_can_ask_for_is_an_error() -> None:
    spec = small(fields(["a"], a={"not": {}}))
    (found,) = check(spec)

    assert found.code == "unreachable-scenario"
    assert found.severity is Severity.ERROR


def test_a_scenario_whose_smallest_request_is_also_another_one_is_an_error() -> None:
    text = fields(["prompt"], prompt={"type": "string"}) | {"title": "text"}
    image = fields(["prompt", "image"], prompt={"type": "string"}, image={"type": "string"})
    (found,) = check(small({"anyOf": [text, image | {"title": "image"}]}))

    assert found.code == "ambiguous-scenario"
    assert (
        found.sentence
        == "the smallest request of the scenario image of make is one of text as well"
    )


@pytest.mark.parametrize(
    ("pattern", "bounds", "told"),
    [
        ("^([1-9]|1[0-5])$", {"minimum": 1, "maximum": 15}, ""),
        ("^([2-9]|10)$", {"minimum": 2, "maximum": 10}, ""),
        ("^([1-9]|10)$", {"minimum": 2, "maximum": 10}, "forbids “1”, which matches it"),
        ("^([2-9])$", {"minimum": 2, "maximum": 10}, "takes “10”, which does not match it"),
        ("^[0-9]+$", {"minimum": 0}, ""),
        ("^[1-9]$", {"minimum": 1}, "takes “10”, which does not match it"),
        ("[2-9]|10", {"minimum": 2, "maximum": 10}, "matches it"),
    ],
)
def test_a_pattern_and_the_bounds_beside_it_have_to_agree(
    pattern: str, bounds: dict[str, int], told: str
) -> None:
    spec = small(fields(size={"type": "string", "pattern": pattern, "x-integer": bounds}))
    found = list(check(spec))

    assert [one.code for one in found] == (["bounds-disagree"] if told else [])
    assert all(told in one.sentence for one in found)


def test_a_format_that_no_validator_asserts_is_an_error() -> None:
    assert codes(small(fields(at={"type": "string", "format": "hostname"}))) == [
        "format-not-asserted"
    ]


@pytest.mark.parametrize(
    ("job", "code"),
    [
        ({"result": "/url"}, "job-without-poll"),
        ({"address": "/at"}, "job-without-result"),
        (
            {"result": "/url", "address": "/at", "states": {"done": ["ok"], "failed": ["OK"]}},
            "status-in-two-phases",
        ),
    ],
)
def test_a_job_that_cannot_be_followed_is_an_error(job: dict[str, Any], code: str) -> None:
    words = {"id": "/id", "states": {"done": ["done"]}} | job

    assert codes(small(fields(), **{"x-job": words})) == [code]


@pytest.mark.parametrize(
    ("fails_on", "found"),
    [
        ({"fields": {"/prompt": "fail"}}, []),
        ({"fields": {"/prompt": 7}}, ["unreachable-failure"]),
        ({"fields": {"/text": "fail"}}, ["unreachable-failure"]),
        ({"scenario": "other", "fields": {"/prompt": "fail"}}, ["unreachable-failure"]),
    ],
)
def test_a_request_to_fail_that_nobody_can_send_is_an_error(
    fails_on: dict[str, Any], found: list[str]
) -> None:
    states = {"done": ["done"], "failed": ["failed"]}
    job = {"id": "/id", "result": "/url", "address": "/at", "states": states, "fails-on": fails_on}
    body = fields(prompt={"type": "string"}) | {"additionalProperties": False}

    assert codes(small(body, **{"x-job": job})) == found
