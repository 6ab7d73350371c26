"""What a document leaves open is no finding, whichever way a server goes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from conformance.model.clause import Level
from conformance.model.inputs import Inputs
from conformance.model.verdict import Decision, Outcome
from conformance.promises.accepting import all_taken, numbers_taken
from conformance.promises.registry import derive
from conformance.run.events import Noted
from conformance.run.job_following import _looked_into as looked_into
from conformance.run.planning.plan import make_plan
from conformance.simulator.answers import refusal
from conformance.spec.schema.node import ANYTHING
from conformance.spec.schema.violations import valid
from conformance.video import probe as probing
from tests.miniatures import APPS, Options
from tests.run.test_faithful import DOUBTS
from tests.runs import BASE, SPECS, against, plan_of, run_app
from tests.small import document, fields, provider, small, spec_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from tests.runs import Result


class Otherwise:
    """A server that answers otherwise.

    Its JSON answers pass through a function of status and body.
    """

    def __init__(self, app: ASGIApp, change: Callable[[int, Any], tuple[int, Any]]) -> None:
        """Stand before an application."""
        self.app, self.change, self.state = app, change, getattr(app, "state", None)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Change what is sent."""
        start: Message = {}

        async def other(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = message
            elif (b"content-type", b"application/json") not in start["headers"]:
                await send(start)
                await send(message)
            else:
                status, body = self.change(start["status"], json.loads(message["body"]))
                raw = json.dumps(body).encode()
                headers = [
                    (name, value) for name, value in start["headers"] if name != b"content-length"
                ]
                await send(
                    {
                        **start,
                        "status": status,
                        "headers": [*headers, (b"content-length", str(len(raw)).encode())],
                    }
                )
                await send({**message, "body": raw})

        await self.app(scope, receive, other)


def otherwise(system: str, change: Callable[[int, Any], tuple[int, Any]]) -> Result:
    """Run a system's spec against its miniature, whose answers are changed."""
    return run_app(
        plan_of(SPECS[system]),
        lambda now: Otherwise(APPS[system](Options(now=now, job_seconds=2.0), None), change),
    )


@pytest.mark.parametrize("status", [400, 403, 404, 422])
def test_a_refusal_may_have_any_status_of_its_kind(status: int) -> None:
    result = otherwise("foxapi", lambda seen, body: (status if seen == 422 else seen, body))

    assert result.findings == set()
    assert result.summary.coverage.percent == 100.0


def test_a_key_that_is_turned_away_everywhere_breaks_no_promise_about_requests() -> None:
    result = otherwise(
        "foxapi", lambda _, __: (403, {"error": {"message": "no", "type": "denied"}})
    )

    assert {one for one in result.findings if ".extend." in one} == set()


def test_what_is_not_there_yet_may_be_null() -> None:
    result = otherwise(
        "pixeldojo-video",
        lambda seen, body: (
            seen,
            {"output": None, "error": None} | body if "jobId" in body else body,
        ),
    )

    assert result.findings == DOUBTS["pixeldojo"]


async def _extends_only_what_the_page_shows(request: Request) -> Response:
    if request.method == "GET":
        return JSONResponse({"error": "no such page"}, 404)
    if request.headers.get("authorization") not in ("Bearer test-key", "Bearer second-key"):
        return JSONResponse({"error": "a key is needed"}, 401)
    try:
        body = await request.json()
    except ValueError:
        body = None
    known = (
        request.path_params["id"] == "job_shown"
        and isinstance(body, dict)
        and isinstance(body.get("prompt"), str)
    )
    return JSONResponse({"id": "job_new"} if known else {"error": "no"}, 200 if known else 404)


def test_an_original_that_the_page_shows_serves_where_none_can_be_made() -> None:
    job = {"id": "/id", "status": "/status", "states": {"done": ["done"]}}
    body = {
        "content": {"application/json": {"schema": fields(["prompt"], prompt={"type": "string"})}}
    }
    made = {"x-job": job, "requestBody": body, "responses": {"2XX": {"description": "Taken."}}}
    data = document() | {
        "security": [{"key": []}],
        "components": {"securitySchemes": {"key": {"type": "http", "scheme": "bearer"}}},
    }
    needs = {"operation": "create", "parameter": "id", "known": "job_shown"}
    parameters = [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}]
    data["paths"] = {
        "/create": {"post": made | {"operationId": "create", "x-level": "companion"}},
        "/jobs/{id}/extend": {
            "post": made | {"operationId": "extend", "parameters": parameters, "x-needs": needs}
        },
    }
    spec = spec_of(data)
    plan = make_plan(spec, derive(spec), Inputs.served_at(BASE))

    result = run_app(
        plan,
        lambda _: Starlette(
            routes=[Route("/jobs/{id}/extend", _extends_only_what_the_page_shows, methods=["POST"])]
        ),
    )

    assert {
        "small.extend.accepted",
        "small.extend.prompt.type",
        "small.extend.auth.unknown-original",
    } <= result.having(Outcome.PASS)
    assert result.having(Outcome.FAIL) == set()
    assert "small.extend.auth.foreign-original" in result.having(
        Outcome.NOT_RUN, Outcome.UNTESTABLE
    )


def test_a_file_that_another_page_speaks_of_is_promised_by_that_page() -> None:
    levels = {clause.id: clause.level for clause in derive(provider("octopusx"))}

    assert levels["octopusx.extend.media.served"] is Level.COMPANION
    assert {clause.level for clause in derive(provider("uniall")) if clause.rule == "served"} == {
        Level.MUST
    }


def _of_submit(body: Any) -> bool:
    return isinstance(body, dict) and "statusUrl" in body


def _of_poll(body: Any) -> bool:
    return isinstance(body, dict) and "jobId" in body and not _of_submit(body)


def found(change: Callable[[int, Any], tuple[int, Any]]) -> set[str]:
    """Return what is found beside the document's own doubts."""
    return otherwise("pixeldojo-video", change).findings - DOUBTS["pixeldojo"]


def test_a_new_job_in_no_documented_word_is_found() -> None:
    assert found(
        lambda seen, body: (seen, body | {"status": "queued"} if _of_submit(body) else body)
    ) == {f"pixeldojo.{one}.lifecycle.begins" for one in ("extend", "generate")}


def test_an_end_in_another_case_is_found() -> None:
    def shout(seen: int, body: Any) -> tuple[int, Any]:
        done = _of_poll(body) and body["status"] == "completed"
        return seen, body | {"status": "COMPLETED"} if done else body

    assert found(shout) == {
        f"pixeldojo.{one}.lifecycle.completes" for one in ("extend", "generate")
    }


def test_an_address_that_leads_nowhere_is_found() -> None:
    assert found(
        lambda seen, body: (
            seen,
            body | {"statusUrl": f"{BASE}/nowhere/1"} if _of_submit(body) else body,
        )
    ) == {f"pixeldojo.{one}.lifecycle.address" for one in ("extend", "generate")}


def test_an_address_at_another_host_is_not_followed_and_no_finding() -> None:
    assert not found(
        lambda seen, body: (
            seen,
            body | {"statusUrl": body["statusUrl"].replace(BASE, "https://pixel.invalid")}
            if _of_submit(body)
            else body,
        )
    )


def test_a_query_that_is_not_there_is_found_once() -> None:
    assert found(
        lambda seen, body: (404, {"error": "nothing here"}) if _of_poll(body) else (seen, body)
    ) == {"pixeldojo.job.lifecycle.known-id"}


def test_a_result_that_is_taken_away_is_found() -> None:
    told: set[str] = set()

    def forget(seen: int, body: Any) -> tuple[int, Any]:
        if not _of_poll(body) or body["status"] != "completed":
            return seen, body
        again = body["jobId"] in told
        told.add(body["jobId"])
        return seen, body | {"output": {}} if again else body

    assert found(forget) == {
        f"pixeldojo.{one}.lifecycle.terminal" for one in ("extend", "generate")
    }


def test_an_unknown_id_that_trips_the_server_is_found() -> None:
    assert found(lambda seen, body: (500 if seen == 404 else seen, body)) == {
        "pixeldojo.job.lifecycle.unknown-id"
    }


def test_who_answers_for_no_job_at_all_shows_no_strangers_job() -> None:
    empty = {"jobId": "job_0", "status": "pending"}

    assert found(lambda seen, body: (200, empty) if seen == 404 else (seen, body)) == {
        "pixeldojo.job.lifecycle.unknown-id"
    }


@pytest.mark.parametrize(
    ("body", "blameless"),
    [
        ({"length": 1}, True),
        ({"length": 3}, True),
        ({"length": 0}, False),
        ({"length": True}, False),
        ({"text": "b"}, False),
        ({"text": "a", "length": 5}, True),
    ],
)
def test_a_request_is_to_blame_where_each_of_its_values_was_taken(
    body: dict[str, Any], blameless: bool
) -> None:
    assert all_taken(body, [{"text": "a", "length": 1}, {"length": 5}]) is blameless


def test_only_a_number_that_was_never_taken_speaks_for_a_bound() -> None:
    taken: list[Any] = [{"text": "a", "length": 2}, {"length": 5}, {"length": "3"}]

    assert numbers_taken({"text": "b", "length": 3}, taken)
    assert not numbers_taken({"length": "2"}, taken)
    assert not numbers_taken({"text": "a", "length": 1}, taken)


class _ByAddress:
    """A server whose answer to a submit names where to ask.

    It says other things than the answers there.
    """

    def __init__(self, *, leads: str = "/state") -> None:
        self.leads, self.asked = leads, 0
        self.routes = [
            Route("/make", self.make, methods=["POST"]),
            Route("/state/{id}", self.state),
        ]

    async def make(self, request: Request) -> Response:
        self.asked += 1
        return JSONResponse(
            {"id": f"job_{self.asked}", "at": f"{self.leads}/job_{self.asked}", "price": 4}
        )

    async def state(self, request: Request) -> Response:
        return JSONResponse({"status": "done", "url": f"{BASE}/nothing.mp4"})


def by_address(leads: str) -> Result:
    """Run a spec whose jobs are followed by an address alone."""
    shown = fields(
        ["id", "at", "price"],
        id={"type": "string"},
        at={"type": "string"},
        price={"type": "integer"},
    )
    job = {"id": "/id", "status": "/status", "address": "/at", "states": {"done": ["done"]}}
    spec = small(
        fields(),
        **{
            "x-job": job,
            "responses": {
                "200": {"description": "Taken.", "content": {"application/json": {"schema": shown}}}
            },
        },
    )
    return run_app(
        make_plan(spec, derive(spec), Inputs.served_at(BASE)),
        lambda _: Starlette(routes=_ByAddress(leads=leads).routes),
    )


def test_what_an_address_answers_is_not_held_to_the_answer_of_the_submit() -> None:
    result = by_address("/state")

    assert {
        "small.make.response.at.required",
        "small.make.response.price.required",
        "small.make.lifecycle.address",
    } <= result.having(Outcome.PASS)


def test_an_address_that_is_the_only_way_and_leads_nowhere_is_a_failure() -> None:
    assert "small.make.lifecycle.address" in by_address("/nowhere").having(Outcome.FAIL)


def test_both_languages_that_a_page_supports_are_tried() -> None:
    prompts = {
        str(job.case.body["prompt"])
        for job in plan_of("foxapi").jobs
        if isinstance(job.case.body, dict)
    }

    assert {text.isascii() for text in prompts} == {True, False}


@pytest.mark.parametrize(
    "field",
    [
        "foxapi.extend.response.created",
        "uniall.create.response.created_at",
        "octopusx.extend.response.status_update_time",
    ],
)
def test_seconds_are_told_from_milliseconds(field: str) -> None:
    clauses = {clause.id for clause in derive(provider(field.partition(".")[0]))}

    assert {f"{field}.minimum", f"{field}.maximum"} <= clauses


class _Wavering:
    """A server that now and then refuses the longest length."""

    def __init__(self) -> None:
        self.turn = 0
        self.routes = [Route("/make", self.make, methods=["POST"]), Route("/state", self.state)]

    async def make(self, request: Request) -> Response:
        try:
            body = await request.json()
        except ValueError:
            body = None
        length = body.get("length", 1) if isinstance(body, dict) else 0
        right = (
            isinstance(length, int) and 1 <= length <= 9 and isinstance(body.get("text"), str)
            if length
            else False
        )
        self.turn += length == 9
        wavers = length == 9 and self.turn % 2 == 1
        return (
            JSONResponse({"error": "no"}, 400)
            if wavers or not right
            else JSONResponse({"id": f"job_{self.turn}", "at": "/state"})
        )

    async def state(self, request: Request) -> Response:
        return JSONResponse({"status": "done", "url": f"{BASE}/nothing.mp4"})


def test_a_server_that_wavers_about_one_value_wavers_about_no_other() -> None:
    job = {"id": "/id", "status": "/status", "address": "/at", "states": {"done": ["done"]}}
    spec = small(
        fields(
            ["text"],
            text={"type": "string"},
            length={"type": "integer", "minimum": 1, "maximum": 9},
        ),
        **{"x-job": job},
    )
    plan = make_plan(spec, derive(spec), Inputs.served_at(BASE))

    assert run_app(plan, lambda _: Starlette(routes=_Wavering().routes)).having(Outcome.FLAKY) == {
        "small.make.length.maximum"
    }


def test_a_key_that_is_turned_away_is_told_in_a_sentence() -> None:
    result = otherwise(
        "foxapi", lambda _, __: (401, {"error": {"message": "no", "type": "denied"}})
    )

    notes = [event.text for event in result.events if isinstance(event, Noted)]
    assert any("FOXAPI_API_KEY" in note for note in notes)


def test_a_result_in_a_list_is_a_result() -> None:
    def listed(seen: int, body: Any) -> tuple[int, Any]:
        done = _of_poll(body) and body["status"] == "completed"
        return seen, body | {"output": {"video": [body["output"]["video"]]}} if done else body

    assert found(listed) == {"pixeldojo.job.response.output.video.type"}


@pytest.mark.parametrize(
    "detail",
    [
        {"type": "array", "items": {"type": "object"}},
        {"type": "object"},
        {"type": "integer"},
        {"type": "string"},
    ],
)
def test_a_made_provider_refuses_in_the_documented_form(detail: dict[str, Any]) -> None:
    content = {"application/json": {"schema": fields(["detail"], detail=detail)}}
    reply = (
        small(fields(), responses={"422": {"description": "No.", "content": content}})
        .operation("make")
        .replies[0]
    )

    assert valid(reply.schema or ANYTHING, refusal(reply, "the length is too long", "invalid"))


def test_a_decoder_of_ours_that_does_not_work_accuses_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*_: object) -> None:
        raise TypeError("open() got an unexpected keyword argument")

    monkeypatch.setattr(probing, "opened", broken)
    looked_into.cache_clear()
    try:
        result = against("foxapi")
    finally:
        looked_into.cache_clear()

    assert result.findings == result.having(Outcome.ERROR)
    assert "foxapi.extend.media.plays" in result.findings
    assert result.summary.decision is Decision.UNKNOWN
