"""What all miniature providers share: the door, the jobs, the account, the files."""

import json
import math
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Any, ClassVar

from starlette.applications import Starlette
from starlette.datastructures import State
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from .clip import clip
from .delivery import deliver
from .job import Job, Order, Progress
from .options import Options
from .refused import Moment, Refused
from .rule import Body, Rule
from .twist import Answer, Twist

#: Departures that a job keeps for life, once it has them.
LASTING = {
    "never-ends",
    "revives",
    "progress-falls",
    "status-falls",
    "fails-bare",
    "file-missing",
    "file-garbage",
    "file-truncated",
    "file-type",
}


class Provider(ABC):
    """A faithful provider, and the one way in which it may be wrong."""

    #: The rules of each shape of request.
    rules: ClassVar[Mapping[str, tuple[Rule, ...]]]
    #: The price of a job at each endpoint.
    cost: ClassVar[Mapping[str, int]]
    #: What an accepted submit answers with.
    success: ClassVar[int] = 200

    def __init__(self, options: Options, twist: Twist) -> None:
        """Open the house: no jobs yet, every account full."""
        self.options, self.twist = options, twist
        self.jobs: dict[str, Job] = {}
        self.polls: Counter[str] = Counter()
        self.endings: Counter[str] = Counter()
        self.balances = dict.fromkeys(options.keys, options.balance)
        self.chances = 0
        self.app = Starlette(
            routes=[*self.routes(), Route("/files/{name}", self.file)],
            exception_handlers={Refused: self.refuse, HTTPException: self.lost},
        )
        self.state = self.app.state
        self.state.submits = self.state.requests = self.state.charged = 0
        self.app.user_middleware.append(Middleware(_Counted, state=self.state))

    # What each provider says for itself.

    @abstractmethod
    def routes(self) -> Sequence[BaseRoute]:
        """Give the endpoints."""

    @abstractmethod
    def scenario(self, door: str, body: Body) -> str:
        """Tell which shape of request it is."""

    @abstractmethod
    def order(self, scenario: str, body: Body) -> Order:
        """Read what is asked, defaults filled in."""

    @abstractmethod
    def id(self, token: str) -> str:
        """Make the id of a job."""

    @abstractmethod
    def submitted(self, job: Job, base: str) -> Answer:
        """Write the answer to an accepted submit."""

    def error(self, refused: Refused) -> Answer:
        """Write the answer to a refusal."""
        return {"error": {"message": refused.says, "type": f"{refused.moment}_error"}}

    def scope(self, door: str, job: Job) -> str:
        """Tell at which endpoint a look at a job counts: where it happens."""
        return door

    # Being wrong.

    def odd(self, flag: str, door: str, scenario: str = "") -> bool:
        """Tell whether the named departure is this provider's, here and this time."""
        twist = self.twist
        here = twist.flag == flag and twist.concerns(door, scenario or twist.scenario)
        return here and self.shows()

    def shows(self) -> bool:
        """Take one chance to be wrong."""
        self.chances += 1
        return (self.chances - 1) % self.options.flaky_every == 0

    def say(
        self, moment: Moment, answer: Answer, status: int, *, door: str, scenario: str = ""
    ) -> Response:
        """Send an answer, or the wrong one."""
        twist, right = self.twist, (answer, status, "application/json")
        wrong = right
        if moment in twist.moments and twist.concerns(door, scenario or twist.scenario):
            other = twist.answer(answer) if twist.answer else answer
            wrong = (other, twist.status or status, twist.kind or right[2])
        body, code, kind = wrong if wrong != right and self.shows() else right
        return Response(json.dumps(body), status_code=code, media_type=kind)

    # Taking an order.

    async def submit(self, request: Request, door: str) -> Response:
        """Take an order, or refuse it."""
        key = self.enter(request, door, "submit")
        try:
            body = await self.read(request, door)
            scenario = self.scenario(door, body)
            late = self.check(scenario, body, door)
            self.admit(key, door, body)
            self.afford(key, door)
        except Refused:
            if self.odd("charges-refusals", door):
                self.charge(key, door)
            raise
        job = self.begin(key, door, scenario, body, doomed=late)
        answer = self.submitted(job, str(request.base_url))
        return self.say("submitted", answer, self.success, door=door, scenario=scenario)

    def enter(self, request: Request, door: str, act: str) -> str:
        """Give the key that a request carries."""
        header = request.headers.get("authorization", "")
        scheme, _, key = header.partition(" ")
        if scheme.lower() == "bearer" and key in self.options.keys:
            return key
        if self.odd(f"{act}-any-key" if header else f"{act}-open", door):
            return self.options.keys[0]
        raise Refused(401, "a valid key is needed", door, "denied")

    async def read(self, request: Request, door: str) -> Body:
        """Give the body of a request, if it is a JSON object."""
        raw = await request.body()
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/json":
            crash = self.odd("type-crashes", door)
            raise Refused(500 if crash else 415, "send application/json", door)
        try:
            body = json.loads(raw)
        except (ValueError, RecursionError):
            crash = self.odd("json-crashes", door)
            raise Refused(500 if crash else 400, "the body is not JSON", door) from None
        if not isinstance(body, dict):
            crash = self.odd("array-crashes", door)
            raise Refused(500 if crash else 400, "the body is not an object", door)
        return body

    def check(self, scenario: str, body: Body, door: str) -> bool:
        """Refuse what breaks a rule; tell whether it is only found out later."""
        prompt = str(body.get("prompt"))
        if (len(prompt) > 4000 and self.odd("long-crashes", door)) or (
            not prompt.isascii() and self.odd("unicode-crashes", door)
        ):
            raise Refused(500, "something went wrong", door)
        broken = self.broken(scenario, body, door)
        if broken and self.odd("refuses-late", door, scenario):
            return True
        if broken:
            raise Refused(422, f"{broken} is not kept", door)
        return False

    def afford(self, key: str, door: str) -> None:
        """Refuse what the account cannot pay."""
        if self.balances[key] < self.cost[door]:
            raise Refused(402, "the balance does not cover this job", door)

    # Not abstract: most providers have nothing to add here.
    def admit(self, key: str, door: str, body: Body) -> None:  # noqa: B027
        """Refuse what only the account can tell."""

    def broken(self, scenario: str, body: Body, door: str) -> str:
        """Name the first rule that a request breaks, by the right rules or the wrong ones."""
        right = _broken(self.rules[scenario], body)
        if not self.twist.concerns(door, scenario):
            return right
        wrong = _broken(self.twist.bend(self.rules[scenario]), body)
        return wrong if bool(wrong) != bool(right) and self.shows() else right

    def begin(self, key: str, door: str, scenario: str, body: Body, *, doomed: bool) -> Job:
        """Make the job, and the account pay for it."""
        order, odd = self.order(scenario, body), False
        if self.twist.concerns(door, scenario):
            misread = self.order(scenario, self.twist.body(body)) if self.twist.body else order
            lasting = misread != order or self.twist.film or self.twist.flag in LASTING
            odd = bool(lasting) and self.shows()
            order = misread if odd else order
        token = sha256(f"{len(self.jobs)} {door}".encode()).hexdigest()[:24]
        job = Job(
            id=self.id(token),
            key=key,
            door=door,
            scenario=scenario,
            order=order,
            created=self.options.now(),
            odd=odd,
            doomed=doomed or (odd and self.twist.flag == "fails-bare"),
        )
        self.charge(key, door)
        job = replace(job, facts=self.facts(job, body))
        self.jobs[job.id] = job
        self.state.submits += 1
        return job

    def facts(self, job: Job, body: Body) -> dict[str, Any]:
        """Give what else the answers about a job repeat."""
        return {}

    def charge(self, key: str, door: str) -> None:
        """Take the price of a job from an account."""
        times = 2 if self.odd("pays-twice", door) else 1
        times = 0 if self.odd("pays-nothing", door) else times
        self.balances[key] -= times * self.cost[door]
        self.state.charged += times * self.cost[door]

    # Following a job.

    def known(self, name: str, key: str, door: str, act: str) -> Job:
        """Give the job of that id, if it is this account's."""
        job = self.jobs.get(name)
        if job is None and self.odd(f"{act}-ghosts", self.twist.door):
            return self.ghost(name, key)
        if job is None or (
            job.key != key and not self.odd(f"{act}-foreign", self.scope(door, job))
        ):
            raise Refused(404, "there is no such job", door, "unknown")
        return job

    def ghost(self, name: str, key: str) -> Job:
        """Make up a job that nobody asked for."""
        return Job(
            id=name,
            key=key,
            door=next(iter(self.cost)),
            scenario=next(iter(self.rules)),
            order=Order(seconds=6),
            created=self.options.now(),
            facts=self.facts(_NOBODY, {}),
        )

    def look(self, job: Job) -> Progress:
        """Tell how far a job is, as one more poll sees it."""
        self.polls[job.id] += 1
        progress = self.progress(job)
        self.endings[job.id] += progress.phase in {"done", "failed"}
        flag = self.twist.flag if job.odd else ""
        if flag == "revives" and self.endings[job.id] > 1:
            return Progress(phase="working", percent=80)
        if flag == "progress-falls" and progress.phase in {"queued", "working"}:
            return replace(progress, percent=100 - progress.percent)
        if flag == "status-falls" and progress.phase in {"queued", "working"}:
            other = {"queued": "working", "working": "queued"}[progress.phase]
            return replace(progress, phase=other)  # type: ignore[arg-type]
        return progress

    def progress(self, job: Job) -> Progress:
        """Tell how far a job is: by the clock, and by no more than its polls allow."""
        elapsed = max(self.options.now() - job.created, 0.0)
        share = elapsed / self.options.job_seconds if self.options.job_seconds else 1.0
        allowed = self.polls[job.id] / (self.options.least_polls + 1)
        if self.options.least_polls:
            share = min(share, allowed)
        if job.odd and self.twist.flag == "never-ends":
            share = min(share, 0.9)
        if share >= 1 or math.isclose(share, 1):
            return Progress(phase="failed" if job.doomed else "done", percent=100)
        working = share > 0.34
        return Progress(phase="working" if working else "queued", percent=int(share * 100))

    # Giving out the result.

    def address(self, job: Job, base: str) -> str:
        """Give the address of the file of a job."""
        return f"{base}files/{_file_name(job)}"

    async def file(self, request: Request) -> Response:
        """Give out a file to whoever knows its address."""
        for job in self.jobs.values():
            if request.path_params["name"] == _file_name(job):
                return self.film(request, job)
        raise Refused(404, "there is no such file", moment="unknown")

    def film(self, request: Request, job: Job, door: str = "files") -> Response:
        """Give out the video of a job."""

        def spoilt(how: str) -> bool:
            mine = job.odd and self.twist.flag == f"file-{how}"
            return mine or self.odd(f"{door}-{how}", door, job.scenario)

        if self.progress(job).phase != "done" or spoilt("missing"):
            raise Refused(404, "there is no file yet", door, "unknown")
        order = self.twist.film(job.order) if job.odd and self.twist.film else job.order
        content = clip(order.seconds + order.lead, *order.frame)
        if spoilt("garbage"):
            content = b"<!doctype html><title>Please wait</title>" * 64
        if spoilt("truncated"):
            content = content[: len(content) // 2]
        kind = "text/plain" if spoilt("type") else "video/mp4"
        return deliver(content, request.headers.get("range"), kind)

    # Saying no.

    async def refuse(self, _request: Request, refused: Exception) -> Response:
        """Answer with the error of a refusal."""
        assert isinstance(refused, Refused)
        error = self.error(refused)
        return self.say(refused.moment, error, refused.status, door=refused.door)

    async def lost(self, _request: Request, error: Exception) -> Response:
        """Answer a request for an endpoint that does not exist."""
        assert isinstance(error, HTTPException)
        refused = Refused(error.status_code, error.detail, moment="unknown")
        return JSONResponse(self.error(refused), error.status_code, headers=error.headers)


class _Counted:
    """Counts the requests that come in."""

    def __init__(self, app: ASGIApp, state: State) -> None:
        self.app, self.state = app, state

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.state.requests += scope["type"] == "http"
        await self.app(scope, receive, send)


_NOBODY = Job(id="", key="", door="", scenario="", order=Order(seconds=6), created=0.0)


def _file_name(job: Job) -> str:
    return sha256(job.id.encode()).hexdigest()[:20] + ".mp4"


def _broken(rules: tuple[Rule, ...], body: Body) -> str:
    return next((rule.name for rule in rules if not rule.holds(body)), "")
