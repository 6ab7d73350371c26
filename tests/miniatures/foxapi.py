"""FoxAPI: a continuation of an input video, followed as a task."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from .faults.foxapi import WRONG
from .job import Job, Order
from .options import Options
from .provider import Provider
from .read import input_length, lead, length
from .rule import Body, Rule, find, least, listed, most, required, text, url, whole
from .twist import Answer
from .wrong import twist_of

if TYPE_CHECKING:
    from .refused import Moment

MODEL = "grok-imagine-video-extension"
STATES = {"queued": "pending", "working": "processing", "done": "completed", "failed": "failed"}
#: The seconds that an input video may last.
SHORTEST, LONGEST = 2, 15


def _fitting(body: Body) -> bool:
    seconds = input_length(find(body, "video_url"))
    return seconds is None or SHORTEST <= seconds <= LONGEST


class FoxAPI(Provider):
    """The provider of row 3."""

    rules: ClassVar = {
        "extend": (
            required("model"),
            listed("model", (MODEL,)),
            required("prompt"),
            text("prompt"),
            required("video_url"),
            url("video_url"),
            Rule(name="video_url.length", holds=_fitting),
            whole("duration"),
            least("duration", 2),
            most("duration", 10),
        )
    }
    cost: ClassVar = {"generations": 10}

    def routes(self) -> Sequence[BaseRoute]:
        """Give the submit, and the companion that follows a task."""
        submit = partial(self.submit, door="generations")
        return [
            Route("/v1/videos/generations", submit, methods=["POST"]),
            Route("/v1/tasks/{id}", self.poll),
        ]

    def scenario(self, door: str, body: Body) -> str:
        """Know only one shape."""
        return "extend"

    def order(self, scenario: str, body: Body) -> Order:
        """Read what is asked: 6 seconds more."""
        whole = self.options.extension_returns == "whole"
        before = lead(body.get("video_url")) if whole else 0
        return Order(seconds=length(body, "duration", default=6), lead=before)

    def id(self, token: str) -> str:
        """Make an id."""
        return f"task-unified-{int(self.options.now())}-{token[:8]}"

    def submitted(self, job: Job, base: str) -> Answer:
        """Write the answer to an accepted submit."""
        return {**_task(job, "pending", 0), "usage": {"credits_reserved": self.cost[job.door]}}

    async def poll(self, request: Request) -> Response:
        """Answer how a task is doing."""
        key = self.enter(request, "tasks", "poll")
        job = self.known(request.path_params["id"], key, "tasks", "poll")
        look = self.look(job)
        answer = _task(job, STATES[look.phase], look.percent)
        answer |= self.result(job, str(request.base_url) if look.phase == "done" else "")
        if look.phase == "failed":
            answer["error"] = {
                "code": "task_failed",
                "message": "the task could not be done",
                "type": "task_error",
            }
        waiting = look.phase in {"queued", "working"}
        moment: Moment = "waiting" if waiting else "done" if look.phase == "done" else "failed"
        return self.say(moment, answer, 200, door="tasks", scenario=job.scenario)

    def result(self, job: Job, base: str) -> Answer:
        """Write the result in the shape of the edition; without a base there is none yet."""
        if self.options.edition == "results":
            return {"results": [{"url": self.address(job, base)}] if base else None}
        if not base:
            return {"output": None}
        width, height = job.order.frame
        address, seconds = self.address(job, base), job.order.seconds + job.order.lead
        output = {"url": address, "urls": [address], "duration": seconds}
        return {"output": {**output, "width": width, "height": height}}


def _task(job: Job, status: str, percent: int) -> Answer:
    return {
        "created": int(job.created),
        "id": job.id,
        "model": MODEL,
        "object": "video.generation.task",
        "progress": percent,
        "status": status,
        "task_info": {"can_cancel": status == "pending", "estimated_time": 45},
        "type": "video",
    }


def app(options: Options = Options(), wrong: str | None = None) -> Starlette:  # noqa: B008
    """Make the faithful provider, or one that is wrong in the named way."""
    return FoxAPI(options, twist_of(WRONG, wrong)).app
