"""An address in an answer is judged by the operation that it leads to, or by none."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse, Response

from conformance.model.inputs import Inputs
from conformance.promises.registry import derive
from conformance.run.planning.plan import make_plan
from conformance.simulator import SimulatorOptions, simulate
from tests.runs import BASE, run_app
from tests.small import fields, spec_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Receive, Scope, Send

    from conformance.spec.document import Spec
    from tests.runs import Result

TEXT = {"type": "string"}
JOB = fields(("id", "status"), id=TEXT, status=TEXT, url=TEXT, at=TEXT)
OTHER_FORM = {"job": {"number": 7}}


def reply(schema: dict[str, Any]) -> dict[str, Any]:
    return {"200": {"description": "So.", "content": {"application/json": {"schema": schema}}}}


def documented() -> Spec:
    """Return a spec with two queries: one for the polls, one that only an address leads to."""
    link = {"poll": {"operationId": "look", "parameters": {"id": "$response.body#/id"}}}
    taken = reply(JOB)
    taken["200"]["links"] = link
    submit = {
        "operationId": "make",
        "x-job": {
            "id": "/id",
            "status": "/status",
            "result": "/url",
            "address": "/at",
            "states": {"waiting": ["working"], "done": ["done"], "failed": ["failed"]},
        },
        "requestBody": {
            "content": {"application/json": {"schema": fields(("prompt",), prompt=TEXT)}}
        },
        "responses": taken,
    }
    by_id = [{"name": "id", "in": "path", "required": True, "schema": TEXT}]
    other = fields(("job",), job=fields(("number",), number={"type": "integer"}))
    return spec_of(
        {
            "openapi": "3.1.0",
            "info": {"title": "Two", "version": "1"},
            "x-provider": {
                "name": "two",
                "title": "Two",
                "documents": {"page": {"title": "Page"}},
            },
            "paths": {
                "/make": {"post": submit},
                "/jobs/{id}": {
                    "parameters": by_id,
                    "get": {"operationId": "look", "responses": reply(JOB)},
                },
                "/v2/jobs/{id}": {
                    "parameters": by_id,
                    "get": {"operationId": "other", "responses": reply(other)},
                },
            },
        }
    )


class Leading:
    """A faithful provider whose addresses lead to a path of its own."""

    def __init__(self, app: ASGIApp, path: str, answer: Any) -> None:
        self._app, self._path, self._answer = app, path, answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif scope["path"].startswith(self._path):
            await JSONResponse(self._answer)(scope, receive, send)
        elif scope["path"] == "/make":
            await self._redirected(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _redirected(self, scope: Scope, receive: Receive, send: Send) -> None:
        start: dict[str, Any] = {}
        body = b""

        async def heard(message: Any) -> None:
            nonlocal body
            start.update(message)
            body += message.get("body", b"")

        await self._app(scope, receive, heard)
        answer = json.loads(body)
        if "at" in answer:
            answer["at"] = f"{BASE}{self._path}/{answer['id']}"
        response = Response(
            json.dumps(answer), status_code=start["status"], media_type="application/json"
        )
        await response(scope, receive, send)


def run(path: str, answer: Any) -> Result:
    spec = documented()
    plan = make_plan(spec, derive(spec), Inputs.served_at(BASE))

    def build(now: Callable[[], float]) -> Any:
        options = SimulatorOptions(keys=("test-key", "second-key"), now=now)
        return Leading(simulate(spec, options), path, answer)

    return run_app(plan, build)


def test_an_address_to_another_operation_accuses_nothing_of_the_polls() -> None:
    result = run("/v2/jobs", OTHER_FORM)

    assert result.findings == set()


def test_an_address_to_another_operation_is_held_to_its_form() -> None:
    result = run("/v2/jobs", {"job": {"number": "seven"}})

    assert result.findings == {"two.other.response.job.number.type"}


def test_an_address_to_no_operation_is_held_to_no_form() -> None:
    result = run("/elsewhere", {"whatever": 1})

    assert result.findings == set()
