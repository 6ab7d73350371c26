"""OctopusX: a video is made, then extended from a point in time, by either of two doors."""

from collections.abc import Sequence
from functools import partial
from typing import Any, ClassVar

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from .faults.octopusx import WRONG
from .job import Job, Order, Progress
from .options import Options
from .provider import Provider
from .read import length, ratio
from .refused import Moment, Refused
from .rule import Body, flag, least, listed, required, text, texts, whole
from .twist import Answer
from .wrong import twist_of

#: Upper case is recommended, lower case is shown too.
SIZES = ("720P", "1080P", "720p", "1080p")
#: The seconds of a clip that does not say how long.
CLIP = 6
#: Results are kept for a day.
DAY = 24 * 60 * 60

_COMMON = (
    required("model"),
    text("model"),
    required("prompt"),
    text("prompt"),
    texts("images"),
    text("aspect_ratio"),
)


class OctopusX(Provider):
    """The provider of row 5."""

    rules: ClassVar = {
        "create": (*_COMMON, text("size"), whole("duration"), least("duration", 1)),
        "extend": (
            *_COMMON,
            required("task_id"),
            text("task_id"),
            listed("size", SIZES),
            whole("start_time"),
            least("start_time", 0),
            flag("upscale"),
        ),
    }
    cost: ClassVar = {"create": 20, "path": 20, "body": 20}

    def routes(self) -> Sequence[BaseRoute]:
        """Give both ways to extend, the way to make an original, and both ways to follow."""
        take = {door: partial(self.submit, door=door) for door in self.cost}
        return [
            Route("/v1/videos/{id}/extend", take["path"], methods=["POST"]),
            Route("/v1/video/extend", take["body"], methods=["POST"]),
            Route("/v1/video/create", take["create"], methods=["POST"]),
            Route("/v1/video/query", self.query),
            Route("/v1/videos/{id}", self.poll),
            Route("/v1/videos/{id}/content", self.content),
        ]

    async def read(self, request: Request, door: str) -> Body:
        """Read the original's id from the path, where it stands there."""
        body = await super().read(request, door)
        return {**body, "task_id": request.path_params["id"]} if door == "path" else body

    def scenario(self, door: str, body: Body) -> str:
        """Tell by the endpoint."""
        return "create" if door == "create" else "extend"

    def admit(self, key: str, door: str, body: Body) -> None:
        """Refuse to extend what is not there, or not this account's."""
        if door == "create":
            return
        original = self.original(body)
        if original is None and self.odd("extends-nothing", door):
            return
        if original is None or (original.key != key and not self.odd("extends-foreign", door)):
            raise Refused(404, "there is no such original", door, "unknown")

    def original(self, body: Body) -> Job | None:
        """Find the job that is to be extended."""
        return self.jobs.get(str(body.get("task_id")))

    def order(self, scenario: str, body: Body) -> Order:
        """Read what is asked; an extension looks like its original unless it says otherwise."""
        source = self.original(body) if scenario == "extend" else None
        model = source.order if source else Order(seconds=CLIP)
        size = str(body.get("size") or f"{model.side}P").upper()
        seconds = length(body, "duration", default=CLIP) if scenario == "create" else CLIP
        joined = scenario == "extend" and self.options.extension_returns == "whole"
        return Order(
            seconds=seconds,
            side={"720P": 720, "1080P": 1080}.get(size, model.side),
            ratio=ratio(body.get("aspect_ratio"), model.ratio),
            lead=min(length(body, "start_time", default=model.seconds), model.seconds)
            if joined
            else 0,
        )

    def id(self, token: str) -> str:
        """Make an id."""
        return f"grok:{token[:8]}-{token[8:12]}-{token[12:]}"

    def facts(self, job: Job, body: Body) -> dict[str, Any]:
        """Keep the model, and the original's id."""
        return {"model": body.get("model"), "original": body.get("task_id")}

    def submitted(self, job: Job, base: str) -> Answer:
        """Write the answer to an accepted submit."""
        named = job.facts["original"] if self.repeats(job) else job.id
        return {"id": named, "status": "processing", "status_update_time": int(job.created)}

    def repeats(self, job: Job) -> bool:
        """Tell whether an extension wrongly goes by the id of its original."""
        return self.odd("repeats-id", job.door, job.scenario)

    def seen(self, request: Request, name: str, door: str) -> tuple[Job, Progress, Moment]:
        """Look at a job through one of the doors."""
        key = self.enter(request, door, "poll")
        job = self.known(name, key, door, "poll")
        look = self.look(job)
        return job, look, "done" if look.phase == "done" else "waiting"

    async def poll(self, request: Request) -> Response:
        """Answer how a job is doing, at length."""
        job, look, moment = self.seen(request, request.path_params["id"], "videos")
        done = moment == "done"
        answer = {
            "id": job.id,
            "object": "video",
            "model": job.facts["model"],
            "status": "completed" if done else "processing",
            "progress": look.percent,
            "created_at": int(job.created),
            "completed_at": int(job.created + self.options.job_seconds) if done else None,
            "expires_at": int(job.created) + DAY,
            "seconds": str(job.order.seconds),
            "size": f"{job.order.side}P",
            "error": None,
            "video_url": self.address(job, str(request.base_url)) if done else None,
        }
        return self.say(moment, answer, 200, door="videos", scenario=job.scenario)

    async def query(self, request: Request) -> Response:
        """Answer how a job is doing, in the unified form."""
        job, _, moment = self.seen(request, request.query_params.get("id", ""), "query")
        done = moment == "done"
        answer = {
            "id": job.id,
            "status": "completed" if done else "processing",
            "video_url": self.address(job, str(request.base_url)) if done else None,
            "status_update_time": int(self.options.now()),
        }
        return self.say(moment, answer, 200, door="query", scenario=job.scenario)

    async def content(self, request: Request) -> Response:
        """Give out the video of a job."""
        key = self.enter(request, "content", "content")
        job = self.known(request.path_params["id"], key, "content", "content")
        return self.film(request, job, door="content")


def app(options: Options = Options(), wrong: str | None = None) -> Starlette:  # noqa: B008
    """Make the faithful provider, or one that is wrong in the named way."""
    return OctopusX(options, twist_of(WRONG, wrong)).app
