"""UniAll: five shapes of request at three families of endpoints, over one store."""

from collections.abc import Sequence
from functools import partial
from typing import ClassVar

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from .faults.uniall import WRONG
from .job import Job, Order
from .options import Options
from .provider import Provider
from .read import lead, length, ratio
from .refused import Moment, Refused
from .rule import (
    Body,
    Rule,
    absent,
    either,
    exclusive,
    find,
    is_digits,
    is_url,
    is_whole,
    least,
    listed,
    most,
    required,
    text,
    texts,
    typed,
    url,
    whole,
)
from .twist import Answer
from .wrong import twist_of

MODEL = "grok-imagine"
#: The capability that names a shape of request.
OPERATIONS = {
    "text_to_video": "text",
    "image_to_video": "image",
    "reference_to_video": "reference",
    "edit_video": "edit",
    "video_extend": "extend",
}
STATES = {"queued": "queued", "working": "in_progress", "done": "completed", "failed": "failed"}
#: The paths of the three families; the first is the recommended one.
FAMILIES = {
    "videos": "/v1/videos",
    "videos-generations": "/v1/videos/generations",
    "video-generations": "/v1/video/generations",
}


def _is_media(value: object) -> bool:
    return is_url(value["url"] if isinstance(value, dict) and "url" in value else value)


_COMMON = (
    required("model"),
    listed("model", (MODEL,)),
    required("prompt"),
    text("prompt"),
    typed("image", _is_media),
    url("image_url"),
    texts("images"),
    texts("image_urls"),
    typed("video", _is_media),
    texts("videos"),
    listed("size", ("480p", "720p")),
    text("aspect_ratio"),
    typed("extra_body", lambda value: isinstance(value, dict)),
    listed("extra_body.operation", tuple(OPERATIONS)),
    whole("extra_body.input_video_seconds"),
    least("extra_body.input_video_seconds", 1),
)
_PICTURES = ("image", "image_url", "images", "image_urls")


def _timed(shortest: int, longest: int) -> tuple[Rule, ...]:
    return (
        either("duration", "seconds"),
        exclusive("duration", "seconds"),
        typed("duration", lambda value: is_whole(value) or is_digits(value)),
        typed("seconds", is_digits),
        *(least(field, shortest) for field in ("duration", "seconds")),
        *(most(field, longest) for field in ("duration", "seconds")),
    )


def _without(*fields: str) -> tuple[Rule, ...]:
    return tuple(absent(field) for field in fields)


class UniAll(Provider):
    """The provider of row 4."""

    rules: ClassVar = {
        "text": (*_COMMON, *_timed(1, 15), *_without(*_PICTURES[:2], "video")),
        "image": (*_COMMON, *_timed(1, 15), either("image", "image_url"), absent("video")),
        "reference": (*_COMMON, *_timed(1, 10), either("images", "image_urls"), absent("video")),
        "edit": (*_COMMON, required("video"), *_without("duration", "seconds", *_PICTURES)),
        "extend": (*_COMMON, *_timed(2, 10), required("video"), *_without("size", *_PICTURES)),
    }
    cost: ClassVar = dict.fromkeys(FAMILIES, 10)

    def routes(self) -> Sequence[BaseRoute]:
        """Give the three families alike, and the file download of the first."""
        # The longer paths first: an id must not swallow them.
        return [
            route
            for door, path in reversed(FAMILIES.items())
            for route in (
                Route(path, partial(self.submit, door=door), methods=["POST"]),
                Route(f"{path}/{{id}}", partial(self.poll, door=door)),
            )
        ] + [Route("/v1/videos/{id}/content", self.content)]

    def scenario(self, door: str, body: Body) -> str:
        """Go by the operation; without one, by the form of the input."""
        operation = find(body, "extra_body.operation")
        if isinstance(operation, str) and operation in OPERATIONS:
            return OPERATIONS[operation]
        if body.get("video") is not None:
            timed = any(body.get(field) is not None for field in ("duration", "seconds"))
            return "extend" if timed else "edit"
        if body.get("images") or body.get("image_urls"):
            return "reference"
        pictured = body.get("image") is not None or body.get("image_url") is not None
        return "image" if pictured else "text"

    def order(self, scenario: str, body: Body) -> Order:
        """Read what is asked; an edited video keeps the length of its source."""
        source = body.get("video")
        before = lead(source.get("url") if isinstance(source, dict) else source)
        edited = scenario == "edit"
        told = ("extra_body.input_video_seconds",) if edited else ()
        joined = scenario == "extend" and self.options.extension_returns == "whole"
        return Order(
            seconds=length(body, "duration", "seconds", *told, default=before if edited else 6),
            side=480 if body.get("size") == "480p" else 720,
            ratio=ratio(body.get("aspect_ratio")),
            lead=before if joined else 0,
        )

    def id(self, token: str) -> str:
        """Make an id."""
        return f"task_{token}"

    def submitted(self, job: Job, base: str) -> Answer:
        """Write the answer to an accepted submit."""
        return _video(job, "queued", 0)

    async def poll(self, request: Request, door: str) -> Response:
        """Answer how a task is doing."""
        key = self.enter(request, door, "poll")
        job = self.known(request.path_params["id"], key, door, "poll")
        if job.door != door and self.odd("keeps-apart", door, job.scenario):
            raise Refused(404, "there is no such task here", door, "unknown")
        look = self.look(job)
        answer = _video(job, STATES[look.phase], look.percent)
        moment: Moment = "waiting"
        if look.phase == "done":
            answer, moment = {**answer, **self.result(job, str(request.base_url))}, "done"
        if look.phase == "failed":
            answer, moment = self.failure(job, answer), "failed"
        return self.say(moment, answer, 200, door=door, scenario=job.scenario)

    def result(self, job: Job, base: str) -> Answer:
        """Write what a completed task has more."""
        return {
            "completed_at": int(job.created + self.options.job_seconds),
            "size": f"{job.order.side}p",
            "metadata": {"url": self.address(job, base)},
        }

    def failure(self, job: Job, answer: Answer) -> Answer:
        """Write the answer of a failed task, which names the id only once."""
        kept = {name: answer[name] for name in answer if name not in {"task_id", "seconds"}}
        if job.odd and self.twist.flag == "fails-bare":
            return kept
        return {**kept, "error": {"code": "task_failed", "message": "the task was turned down"}}

    async def content(self, request: Request) -> Response:
        """Give out the video of a task."""
        key = self.enter(request, "content", "content")
        job = self.known(request.path_params["id"], key, "content", "content")
        return self.film(request, job, door="content")


def _video(job: Job, status: str, percent: int) -> Answer:
    return {
        "id": job.id,
        "task_id": job.id,
        "object": "video",
        "model": MODEL,
        "status": status,
        "progress": percent,
        "created_at": int(job.created),
        "seconds": str(job.order.seconds),
    }


def app(options: Options = Options(), wrong: str | None = None) -> Starlette:  # noqa: B008
    """Make the faithful provider, or one that is wrong in the named way."""
    return UniAll(options, twist_of(WRONG, wrong)).app
