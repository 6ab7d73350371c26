"""A provider made from its spec: an ASGI application that keeps, or on request breaks, every promise of it."""

from __future__ import annotations

import asyncio
import hashlib
import json
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from conformance.clauses.price import price
from conformance.clauses.sabotage import Flaw, Habit
from conformance.simulator import answer
from conformance.simulator.damage import Damage
from conformance.simulator.files import file_response
from conformance.simulator.film import film
from conformance.simulator.gate import MAX_BODY, Gate, TurnedAway
from conformance.simulator.life import State, state_of
from conformance.simulator.options import MAGIC, Options
from conformance.simulator.samples import serve_sample
from conformance.simulator.store import Job, Store
from conformance.spec.job import Phase, at

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from starlette.requests import Request

    from conformance.clauses.sabotage import Sabotage
    from conformance.spec.document import Spec
    from conformance.spec.operation import Operation, Reply, Scenario

#: Where the files of finished jobs lie; whoever has the address has the file.
FILES = "/_files"


def simulate(spec: Spec, options: Options | None = None, sabotages: Sequence[Sabotage] = (), sometimes: int = 1) -> Starlette:
    """Return an application that behaves as the spec says; its `state.store` counts what happened."""
    provider = _Provider(spec, options or Options(), Damage(sabotages, sometimes=sometimes))
    routes = [Route(operation.path, provider.endpoint(operation), methods=[operation.method]) for operation in _by_precision(spec)]
    routes += [Route(f"{FILES}/{{id}}.mp4", provider.file), Route("/samples/{name}", serve_sample, methods=["GET", "HEAD"])]
    app = Starlette(routes=routes, exception_handlers={404: _nothing, 405: _wrong_method, Exception: _our_fault})
    app.state.store = provider.store
    return app


def _by_precision(spec: Spec) -> list[Operation]:
    # A path of fixed words goes before one that takes anything in their place.
    return sorted(spec.operations, key=lambda operation: operation.path.count("{"))


class _Provider:
    """The parts of a provider, and what happens at its endpoints."""

    def __init__(self, spec: Spec, options: Options, damage: Damage) -> None:
        self.spec, self.options, self.damage = spec, options, damage
        self.gate = Gate(spec=spec, keys=options.keys, damage=damage)
        self.store = Store(balances=dict.fromkeys(options.keys, options.balance))
        self._reads = {link.operation: one for one in spec.submits if one.job for link in (one.job.poll, one.job.content, one.job.cancel) if link}

    def endpoint(self, operation: Operation) -> Callable[[Request], Awaitable[Response]]:
        """Return what serves an operation."""

        async def serve(request: Request) -> Response:
            self.store.requests += 1
            if self.options.latency:
                await asyncio.sleep(self.options.latency)
            key = self.gate.key(operation, request.headers, request.query_params)
            if isinstance(key, TurnedAway):
                return self._refuse(operation, key, charged_to=None)
            if operation.submits:
                return await self._submit(operation, request, key)
            return self._read(operation, request, key)

        return serve

    async def _submit(self, operation: Operation, request: Request, key: str) -> Response:
        raw = await _read_body(request)
        found = self.gate.body(operation, raw, request.headers.get("content-type", ""))
        if isinstance(found, TurnedAway):
            return self._refuse(operation, found, charged_to=key)
        scenario, body = found
        original = self._original(operation, request, body, key)
        if isinstance(original, TurnedAway):
            return self._refuse(operation, original, charged_to=key)
        job = self._taken_on(operation, scenario, body, key, original)
        return self._about(operation, job, request, submitting=True)

    def _original(self, operation: Operation, request: Request, body: Any, key: str) -> str | TurnedAway:
        """Return the id of the job that a request builds on; empty where it needs none."""
        needs = operation.needs
        if needs is None:
            return ""
        named = request.path_params.get(needs.parameter) if needs.parameter else at(body, needs.field)
        job = self.store.jobs.get(str(named))
        if job is None or job.key != key:
            return TurnedAway(status=404, reason="no such original", kind="not_found")
        return job.id

    def _taken_on(self, operation: Operation, scenario: Scenario, body: Any, key: str, original: str) -> Job:
        number = self.store.accepted + 1
        name = "job_" + hashlib.sha256(f"{self.options.seed} {number}".encode()).hexdigest()[:20]
        shown = original if original and self.damage.habit(Habit.ID_REUSED, operation.id) else name
        cost = price(operation, scenario, body)
        job = Job(
            id=name, shown=shown, key=key, operation=operation, scenario=scenario, body=body, created=self.options.now(),
            seconds=self.options.job_seconds, price=cost + (5 if self.damage.habit(Habit.WRONG_PRICE, operation.id) else 0),
            fails=MAGIC in json.dumps(body),
        )  # fmt: skip
        self.store.add(job)
        if not self.damage.habit(Habit.FREE_RIDE, operation.id):
            self.store.charge(key, cost * (2 if self.damage.habit(Habit.DOUBLE_CHARGE, operation.id) else 1))
        return job

    def _read(self, operation: Operation, request: Request, key: str) -> Response:
        submit = self._reads.get(operation.id)
        name = next(iter({**request.query_params, **request.path_params}.values()), "")
        job = self.store.jobs.get(name)
        if job is None and submit and self.damage.habit(Habit.FINDS_ANYTHING, operation.id):
            like = next(iter(self.store.jobs.values()), None)
            body = like.body if like else {}
            job = Job(id=name, shown=name, key=key, operation=submit, scenario=submit.scenarios[0], body=body, created=self.options.now(), seconds=60.0, price=1.0)
        if job is None or (job.key != key and not self.damage.habit(Habit.SHARED_JOBS, operation.id)):
            return self._refuse(operation, TurnedAway(status=404, reason="no such job", kind="not_found"), charged_to=None)
        words = job.operation.job
        if words and words.content and words.content.operation == operation.id:
            return self._content(operation, job, request)
        return self._about(operation, job, request, submitting=False)

    def _content(self, operation: Operation, job: Job, request: Request) -> Response:
        gone = self.damage.flaw(Flaw.NOT_SERVED, job.operation.id, job.scenario.title, job.body)
        if gone or job.fails or self.options.now() < job.created + job.seconds:
            return self._refuse(operation, TurnedAway(status=404, reason="the file is not there", kind="not_found"), charged_to=None)
        data, content_type = film(job, self.damage, extension=self.options.extension)[0], "video/mp4"
        for one in self.damage.alterations(operation.id, 200, Phase.DONE):
            content_type = one.content_type or content_type
        return file_response(data, content_type, request.headers.get("range"))

    async def file(self, request: Request) -> Response:
        """Serve a result at its own address."""
        job = self.store.jobs.get(request.path_params["id"])
        if job is None or self.damage.flaw(Flaw.GONE, job.operation.id, job.scenario.title, job.body):
            return _json({"error": {"message": "no such file"}}, 404)
        return file_response(*film(job, self.damage, extension=self.options.extension), request.headers.get("range"))

    def _about(self, operation: Operation, job: Job, request: Request, *, submitting: bool) -> Response:
        """Answer with a job's state in the form that the operation documents."""
        moment = self.options.now()
        state = state_of(self.spec, job, moment, self.damage)
        if not submitting:
            job.polls += 1
            job.polls_done += state.phase is not Phase.WAITING
        reply = next((one for one in operation.replies if one.success), None)
        status = int(reply.status) if reply and reply.status.isdecimal() else 200
        body = self._told(operation, job, state, reply, moment, request, submitting=submitting)
        return self._altered(operation, body, status, state.phase)

    def _told(self, operation: Operation, job: Job, state: State, reply: Reply | None, moment: float, request: Request, *, submitting: bool) -> Any:
        words = job.operation.job
        assert words is not None
        base = str(request.base_url).rstrip("/")
        expired = self.damage.habit(Habit.EXPIRED, job.operation.id)
        facts = answer.facts_of(
            words, job, state, moment=moment - (172_800 if expired else 0), result=f"{base}{FILES}/{job.id}.mp4", address=self._address(base, job),
        )  # fmt: skip
        if not submitting and self.damage.habit(Habit.CHANGES_ID, job.operation.id):
            facts |= dict.fromkeys(words.id, f"{job.id}-{job.polls}")
        money = _money(job, self.store.balances.get(job.key, 0.0))
        return answer.write(reply, words, facts, money, job.body)

    def _address(self, base: str, job: Job) -> str:
        words = job.operation.job
        if words is None or words.poll is None:
            return f"{base}{FILES}/{job.id}"
        return base + self.spec.operation(words.poll.operation).path.replace("{" + words.poll.parameter + "}", job.id)

    def _altered(self, operation: Operation, body: Any, status: int, phase: Phase | None) -> Response:
        content_type = "application/json"
        for one in self.damage.alterations(operation.id, status, phase):
            if one.pointer:
                body = answer.remove(body, one.pointer) if one.remove else answer.place(body, one.pointer, one.value)
            elif one.status is None and one.content_type is None:
                body = one.value
            status, content_type = one.status or status, one.content_type or content_type
        return _json(body, status, content_type)

    def _refuse(self, operation: Operation, why: TurnedAway, *, charged_to: str | None) -> Response:
        if charged_to and self.damage.habit(Habit.CHARGES_REFUSALS, operation.id):
            self.store.charge(charged_to, price(operation, None, None))
        reply = next((one for one in operation.replies if not one.success and one.covers(why.status)), None)
        body = answer.refusal(reply, why.reason, why.kind)
        status = why.status
        if operation.submits and why.status not in (401, 403):
            if self.damage.habit(Habit.ERROR_INSIDE, operation.id):
                return _json({"error": {"code": why.kind, "message": why.reason}}, 200)
            status = 500 if self.damage.habit(Habit.REFUSALS_5XX, operation.id) else status
        return self._altered(operation, body, status, None)


def _money(job: Job, balance: float) -> answer.Facts:
    """Return what an answer says of cost and balance, by pointer."""
    cost = job.operation.cost
    known = ((cost.observed, job.price), (cost.balance, balance)) if cost else ()
    return {pointer: value for pointer, value in known if pointer}


async def _read_body(request: Request) -> bytes:
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        chunks.append(chunk[: max(0, MAX_BODY + 1 - size)])
        size += len(chunk)
    return b"".join(chunks)


def _json(body: Any, status: int, content_type: str = "application/json") -> Response:
    return Response(json.dumps(body, ensure_ascii=False), status_code=status, headers={"content-type": content_type})


async def _nothing(request: Request, _: Exception) -> Response:
    return _json({"error": {"code": "not_found", "message": f"nothing is at {request.url.path}", "type": "not_found"}}, 404)


async def _wrong_method(request: Request, _: Exception) -> Response:
    return _json({"error": {"code": "method_not_allowed", "message": f"not with {request.method}", "type": "invalid_request_error"}}, 405)


async def _our_fault(_: Request, error: Exception) -> Response:
    return _json({"error": {"code": "simulator_error", "message": f"a mistake in the simulator: {type(error).__name__}", "type": "server_error"}}, 500)
