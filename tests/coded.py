"""A provider that says no with HTTP 200 and a code in the body, faithful or wrong in one way."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from conformance.model.inputs import Inputs
from conformance.promises.registry import derive
from conformance.run.planning.plan import make_plan
from tests.miniatures import clip
from tests.runs import BASE, run_app
from tests.small import fields, spec_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request

    from conformance.spec.document import Spec
    from tests.runs import Result

#: How the document says that it refuses.
REFUSAL = {
    "code": "/code",
    "good": [0],
    "message": "/msg",
    "means": {
        "unauthorized": [1001],
        "not-found": [1004],
        "invalid": ["12XX"],
        "no-balance": [1005],
        "rate-limited": [1006],
        "moderated": [1007],
    },
}
_TEXT = {"type": "string"}
_CODE = {"type": "integer", "const": 0}


def document(refusal: dict[str, Any] | None = REFUSAL, **job: Any) -> dict[str, Any]:
    """Return its document, with or without the word that says how it refuses."""
    status = {"enum": ["working", "done", "failed"]}
    data = fields(["id", "status"], id=_TEXT, status=status, url=_TEXT)
    envelope = fields(["code", "data"], code=_CODE, data=data)
    answer = {"description": "ok", "content": {"application/json": {"schema": envelope}}}
    body = fields(
        ["prompt"], prompt=_TEXT, seconds={"type": "integer", "minimum": 1, "maximum": 10}
    )
    link = {"poll": {"operationId": "get", "parameters": {"id": "$response.body#/data/id"}}}
    create = {
        "operationId": "create",
        "x-job": {
            "id": "/id",
            "status": "/status",
            "result": "/url",
            "envelope": "/data",
            "states": {"waiting": ["working"], "done": ["done"], "failed": ["failed"]},
            **job,
        },
        "x-cost": {"amount": 1},
        "requestBody": {"content": {"application/json": {"schema": body}}},
        "responses": {"200": {**answer, "links": link}},
    }
    get = {
        "operationId": "get",
        "parameters": [{"name": "id", "in": "path", "required": True, "schema": _TEXT}],
        "responses": {"200": answer},
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "Coded", "version": "1"},
        "x-provider": {"name": "coded", "title": "Coded", "documents": {"page": {"title": "Page"}}},
        "x-source": {"document": "page"},
        "security": [{"bearer": []}],
        "components": {"securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}}},
        "paths": {"/videos": {"post": create}, "/videos/{id}": {"get": get}},
        **({"x-refusal": refusal} if refusal else {}),
    }


def spec(refusal: dict[str, Any] | None = REFUSAL, **job: Any) -> Spec:
    """Return its spec."""
    return spec_of(document(refusal, **job))


@dataclass(kw_only=True)
class Coded:
    """The provider; `wrong` names the one promise that it breaks."""

    now: Callable[[], float]
    wrong: str = ""
    jobs: dict[str, tuple[str, float]] = field(default_factory=dict)

    def app(self) -> Starlette:
        """Return it as an application."""
        return Starlette(
            routes=[
                Route("/videos", self.create, methods=["POST"]),
                Route("/videos/{id}", self.get),
                Route("/files/{id}.mp4", self.file),
            ]
        )

    def key(self, request: Request) -> str:
        """Return the account of a request; nobody's is empty."""
        sent = request.headers.get("authorization", "").removeprefix("Bearer ")
        nobody = "test-key" if self.wrong == "open to anybody" else ""
        return sent if sent in ("test-key", "second-key") else nobody

    async def create(self, request: Request) -> Response:
        """Take a job on, or say no."""
        key = self.key(request)
        if not key:
            return no(1001, "a key is needed")
        try:
            body = json.loads(await request.body())
        except ValueError:
            return no(1200, "no JSON")
        if not isinstance(body, dict) or not isinstance(body.get("prompt"), str):
            return no(1201, "prompt is needed")
        seconds = body.get("seconds", 5)
        longest = 600 if self.wrong == "takes what is too long" else 10
        if type(seconds) is not int or not 1 <= seconds <= longest:
            return no(1202, "seconds is out of range")
        job = f"job_{len(self.jobs):08d}"
        self.jobs[job] = (key, self.now())
        return yes({"id": job, "status": "working"})

    async def get(self, request: Request) -> Response:
        """Tell of a job, or say no."""
        key = self.key(request)
        if not key:
            return no(1001, "a key is needed")
        job = request.path_params["id"]
        owner, _ = self.jobs.get(job, ("", 0.0))
        if not owner and self.wrong == "knows any id":
            return yes({"id": job, "status": "working"})
        if not owner or (owner != key and self.wrong != "shows the jobs of others"):
            return no(1004, "no such job")
        return self.state(job)

    def state(self, job: str) -> Response:
        """Return the answer about a job."""
        if self.now() - self.jobs[job][1] < 2:
            return yes({"id": job, "status": "working"})
        return yes({"id": job, "status": "done", "url": f"{BASE}/files/{job}.mp4"})

    async def file(self, request: Request) -> Response:
        """Hand out a file."""
        return Response(clip(2, 320, 180), media_type="video/mp4")


def yes(data: Any) -> Response:
    """Return a success."""
    return JSONResponse({"code": 0, "msg": "ok", "data": data})


def no(code: int, message: str) -> Response:
    """Return a refusal, which is a 200 like everything."""
    return JSONResponse({"code": code, "msg": message, "data": None})


def run(wrong: str = "", of: Spec | None = None, provider: type[Coded] = Coded) -> Result:
    """Run its spec against it."""
    of = of or spec()
    plan = make_plan(of, derive(of), Inputs.served_at(BASE))
    return run_app(plan, lambda now: provider(now=now, wrong=wrong).app())
