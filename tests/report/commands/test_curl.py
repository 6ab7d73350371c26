"""The command of a finding carries the key where the spec says, and to the provider alone."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from conformance.jobs.request_rendering import render
from conformance.model.exchange import Auth, Exchange, Purpose, Request, Response
from conformance.model.witness import Case
from conformance.report.commands.curl import curl
from conformance.run.open_target import DEMO_KEY
from conformance.simulator import simulate
from conformance.simulator.server import Server
from tests.small import document, fields, spec_of

if TYPE_CHECKING:
    from conformance.spec.document import Spec

PLACES: dict[str, dict[str, Any]] = {
    "a bearer key": {"type": "http", "scheme": "bearer"},
    "a header of its own": {"type": "apiKey", "in": "header", "name": "X-Secret"},
    "the address": {"type": "apiKey", "in": "query", "name": "api key"},
    "a cookie": {"type": "apiKey", "in": "cookie", "name": "session"},
}

needs_curl = pytest.mark.skipif(
    not (shutil.which("bash") and shutil.which("curl")), reason="bash and curl are not both here"
)


def secured(scheme: dict[str, Any], prefix: str = "") -> Spec:
    data = document(fields(["prompt"], prompt={"type": "string"}), tags=[])
    data["x-provider"]["key"] = {"env": "SMALL_KEY", "prefix": prefix}
    data["security"] = [{"key": []}]
    data["components"] = {"securitySchemes": {"key": scheme}}
    named = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
    look = {"operationId": "look", "responses": {"200": {"description": "The job."}}}
    data["paths"]["/jobs/{id}"] = {"parameters": [named], "get": look}
    link = {"operationId": "look", "parameters": {"id": "$response.body#/id"}}
    data["paths"]["/make"]["post"]["responses"]["200"]["links"] = {"poll": link}
    return spec_of(data)


def sent(spec: Spec, base_url: str, **case: Any) -> Exchange:
    request = render(spec, base_url, Case(**case))
    return exchange(request, operation=case["operation"], purpose=Purpose.SUBMIT)


def exchange(request: Request, **facts: Any) -> Exchange:
    return Exchange(
        number=1, request=request, answer=Response(status=200), started=0.0, elapsed=0.0, **facts
    )


def answered(command: str) -> dict[str, Any]:
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", command],
        env={**os.environ, "SMALL_KEY": DEMO_KEY},
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


@needs_curl
@pytest.mark.parametrize("prefix", ["", "Key "])
@pytest.mark.parametrize("scheme", PLACES.values(), ids=PLACES)
def test_a_submit_and_a_poll_are_let_in_again(scheme: dict[str, Any], prefix: str) -> None:
    spec = secured(scheme, prefix)
    with Server(simulate(spec)) as server:
        submit = sent(spec, server.url, operation="make", body={"prompt": "a fox"})
        job = answered(curl(submit, spec.provider, server.url))
        poll = sent(spec, server.url, operation="look", parameters={"id": job["id"]})
        state = answered(curl(poll, spec.provider, server.url))

    assert "error" not in job
    assert "error" not in state


@needs_curl
@pytest.mark.parametrize("scheme", PLACES.values(), ids=PLACES)
def test_a_wrong_key_is_turned_away(scheme: dict[str, Any]) -> None:
    spec = secured(scheme)
    with Server(simulate(spec)) as server:
        submit = sent(spec, server.url, operation="make", body={"prompt": "a fox"}, auth=Auth.WRONG)
        answer = answered(curl(submit, spec.provider, server.url))

    assert "error" in answer


@pytest.mark.parametrize("scheme", PLACES.values(), ids=PLACES)
def test_a_file_elsewhere_is_fetched_without_the_key(scheme: dict[str, Any]) -> None:
    file = Request(method="GET", url="https://files.example/1.mp4", auth=Auth.OWN)
    download = exchange(file, operation="", purpose=Purpose.DOWNLOAD)

    command = curl(download, secured(scheme).provider, "https://api.example.com")

    assert "SMALL_KEY" not in command


def test_where_nobody_knows_the_address_an_operation_of_the_spec_is_the_providers() -> None:
    spec = secured(PLACES["a bearer key"])
    recorded = sent(spec, "https://api.example.com", operation="make", body={})
    file = Request(method="GET", url="https://files.example/1.mp4", auth=Auth.OWN)
    download = exchange(file, operation="", purpose=Purpose.DOWNLOAD)

    assert "$SMALL_KEY" in curl(recorded, spec.provider, "")
    assert "$SMALL_KEY" not in curl(download, spec.provider, "")
