"""PixelDojo: two models behind one account, followed at one address."""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from .faults.pixeldojo import WRONG
from .job import Job, Order
from .options import Options
from .provider import Provider
from .read import lead, length
from .rule import Body, least, listed, most, required, text, url, whole
from .twist import Answer
from .wrong import twist_of

if TYPE_CHECKING:
    from .refused import Moment

MODES = ("text-to-video", "image-to-video")
RESOLUTIONS = ("480p", "720p")
RATIOS = ("16:9", "4:3", "1:1", "9:16", "3:4", "3:2", "2:3")
#: Results and jobs are kept for a day.
DAY = 24 * 60 * 60

_VIDEO = (
    required("prompt"),
    text("prompt"),
    url("image_url"),
    listed("mode", MODES),
    listed("resolution", RESOLUTIONS),
    listed("aspect_ratio", RATIOS),
    whole("duration"),
    least("duration", 1),
    most("duration", 15),
)
_EXTEND = (
    required("prompt"),
    text("prompt"),
    required("video_url"),
    url("video_url"),
    whole("extension_duration"),
    least("extension_duration", 2),
    most("extension_duration", 10),
)


class PixelDojo(Provider):
    """The provider of rows 1 and 2."""

    rules: ClassVar = {"extend": _EXTEND, "text-to-video": _VIDEO, "image-to-video": _VIDEO}
    cost: ClassVar = {"extend": 12, "video": 10}
    success = 202

    def routes(self) -> Sequence[BaseRoute]:
        """Give one door for each model, and the jobs."""
        extend, video = partial(self.submit, door="extend"), partial(self.submit, door="video")
        return [
            Route("/api/v1/models/grok-video-extend/run", extend, methods=["POST"]),
            Route("/api/v1/models/xai-video/run", video, methods=["POST"]),
            Route("/api/v1/jobs/{id}", self.poll),
        ]

    def scenario(self, door: str, body: Body) -> str:
        """Tell the two uses of the video model apart by the picture."""
        if door == "extend":
            return "extend"
        picture = body.get("image_url") is not None or body.get("mode") == "image-to-video"
        return "image-to-video" if picture else "text-to-video"

    def order(self, scenario: str, body: Body) -> Order:
        """Read what is asked: 6 seconds more, or 5 seconds of 720p in 16:9."""
        if scenario == "extend":
            whole = self.options.extension_returns == "whole"
            before = lead(body.get("video_url")) if whole else 0
            return Order(seconds=length(body, "extension_duration", default=6), lead=before)
        return Order(
            seconds=length(body, "duration", default=5),
            side=480 if body.get("resolution") == "480p" else 720,
            ratio=body["aspect_ratio"] if body.get("aspect_ratio") in RATIOS else "16:9",
        )

    def id(self, token: str) -> str:
        """Make an id."""
        return f"job_{token}"

    def facts(self, job: Job, body: Body) -> dict[str, Any]:
        """Keep the balance that is left after this job."""
        return {"remaining": self.balances.get(job.key, 0)}

    def scope(self, door: str, job: Job) -> str:
        """Count a look at a job for the model that made it: the jobs share one address."""
        return job.door

    def submitted(self, job: Job, base: str) -> Answer:
        """Write the answer to an accepted submit."""
        return {
            "jobId": job.id,
            "status": "pending",
            "statusUrl": f"{base}api/v1/jobs/{job.id}",
            "creditCost": self.cost[job.door],
            "creditsRemaining": job.facts["remaining"],
            "expiresAt": _expiry(job),
        }

    async def poll(self, request: Request) -> Response:
        """Answer how a job is doing."""
        key = self.enter(request, self.twist.door, "poll")
        job = self.known(request.path_params["id"], key, self.twist.door, "poll")
        done = self.look(job).phase == "done"
        answer: Answer = {
            "jobId": job.id,
            "status": "completed" if done else "pending",
            "creditCost": self.cost[job.door],
            "expiresAt": _expiry(job),
        }
        if done:
            answer["output"] = {"video": self.address(job, str(request.base_url))}
        moment: Moment = "done" if done else "waiting"
        return self.say(moment, answer, 200, door=job.door, scenario=job.scenario)


def _expiry(job: Job) -> str:
    return datetime.fromtimestamp(job.created + DAY, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def app(options: Options = Options(), wrong: str | None = None) -> Starlette:  # noqa: B008
    """Make the faithful provider, or one that is wrong in the named way."""
    return PixelDojo(options, twist_of(WRONG, wrong)).app
