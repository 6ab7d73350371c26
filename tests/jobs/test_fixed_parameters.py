"""Parameters of address and header that every request needs, sent as the document writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from conformance.jobs.request_rendering import render
from conformance.model.inputs import Inputs
from conformance.model.verdict import Outcome
from conformance.model.witness import Case
from conformance.promises.registry import derive
from conformance.run.planning.plan import make_plan
from conformance.simulator import SimulatorOptions, simulate
from tests.runs import BASE, run_app
from tests.small import document, fields, spec_of

if TYPE_CHECKING:
    from conformance.model.exchange import Request

TEXT = {"type": "string"}
KEYS = ("test-key", "second-key")


def needing(*parameters: dict[str, Any]) -> dict[str, Any]:
    return document(fields(["prompt"], prompt=TEXT), parameters=list(parameters))


def sent(data: dict[str, Any], **given: str) -> Request:
    return render(spec_of(data), BASE, Case(operation="make", body={}, parameters=given))


def required(where: str, **shown: Any) -> dict[str, Any]:
    return {"name": "x-version", "in": where, "required": True, **shown}


@pytest.mark.parametrize(
    "shown",
    [
        {"example": 2, "schema": TEXT},
        {"examples": {"usual": {"value": "2"}}, "schema": TEXT},
        {"schema": {"const": "2"}},
        {"schema": {"enum": ["2", "1"]}},
        {"schema": {"type": "integer", "default": 2}},
        {"schema": {"x-values": ["2"]}},
    ],
)
def test_a_required_parameter_is_sent_with_the_value_that_the_document_writes(
    shown: dict[str, Any],
) -> None:
    assert sent(needing(required("query", **shown))).url.endswith("/make?x-version=2")
    assert ("x-version", "2") in sent(needing(required("header", **shown))).headers


def test_what_a_request_says_itself_goes_before_what_the_document_shows() -> None:
    data = needing(required("query", example="2", schema=TEXT))

    assert sent(data, **{"x-version": "3"}).url.endswith("?x-version=3")


@pytest.mark.parametrize("name", ["Authorization", "Content-Type", "Idempotency-Key"])
def test_keys_and_what_differs_each_time_are_never_copied_from_a_document(name: str) -> None:
    data = needing(required("header", example="shown", schema=TEXT) | {"name": name})

    assert "shown" not in dict(sent(data).headers).values()


def test_the_parameter_that_carries_the_key_is_left_to_it() -> None:
    data = needing(required("query", example="shown", schema=TEXT) | {"name": "key"})
    data["security"] = [{"key": []}]
    scheme = {"type": "apiKey", "in": "query", "name": "key"}
    data["components"] = {"securitySchemes": {"key": scheme}}

    assert "shown" not in sent(data).url


@pytest.mark.parametrize("where", ["query", "header"])
def test_a_run_is_taken_by_a_provider_that_needs_the_parameter(where: str) -> None:
    spec = spec_of(needing(required(where, schema={"const": "2"})))
    plan = make_plan(spec, derive(spec), Inputs.served_at(BASE))
    result = run_app(plan, lambda now: simulate(spec, SimulatorOptions(now=now, keys=KEYS)))

    assert "small.make.accepted" in result.having(Outcome.PASS)
    assert result.findings == set()


def test_a_run_that_does_not_send_it_is_refused() -> None:
    strict = spec_of(needing(required("query", schema={"const": "2"})))
    silent = spec_of(needing())
    plan = make_plan(silent, derive(silent), Inputs.served_at(BASE))
    result = run_app(plan, lambda now: simulate(strict, SimulatorOptions(now=now, keys=KEYS)))

    assert "small.make.accepted" in result.having(Outcome.FAIL)
