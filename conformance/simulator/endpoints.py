"""What happens at the endpoints of a simulated provider: jobs are taken on, looked at, fetched and cancelled."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from conformance.promises.job_price import price
from conformance.promises.sabotage import Flaw, Habit
from conformance.simulator.admission import MAX_BODY, Gate, TurnedAway, usual
from conformance.simulator.answer_places import nodes_at
from conformance.simulator.file_serving import file_response
from conformance.simulator.job_store import Job, Store, names
from conformance.simulator.job_video import clip_of, film
from conformance.simulator.responses import Replies, said
from conformance.simulator.routes import address, parameters
from conformance.simulator.simulator_options import MAGIC
from conformance.spec.job_words import Phase, at
from conformance.spec.schema.violations import valid
from conformance.video.make_clip import make

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request
    from starlette.responses import Response

    from conformance.simulator.active_sabotage import Damage
    from conformance.simulator.simulator_options import Options
    from conformance.spec.document import Spec
    from conformance.spec.job_words import Link
    from conformance.spec.operation import Operation, Scenario

#: Where the files of finished jobs lie; whoever has the address has the file.
FILES = "/_files"
#: Where a job can be asked for whose document has no operation for it.
JOBS = "/_jobs"
#: What is read of a body, and thrown away, before its sender is cut off.
PATIENCE = 8 * MAX_BODY


class Desk:
    """Serves the endpoints of one provider."""

    def __init__(self, spec: Spec, options: Options, damage: Damage) -> None:
        self.spec, self.options, self.damage = spec, options, damage
        self.gate = Gate(spec=spec, keys=options.keys, damage=damage)
        self.store = Store(balances=dict.fromkeys(options.keys, options.balance))
        self.replies = Replies(spec, self.store, damage)
        linked = [
            (one, link)
            for one in spec.submits
            if one.job
            for link in (one.job.poll, one.job.content, one.job.cancel)
            if link
        ]
        #: How other operations name a job, and which operation made it first of all.
        self._links: dict[str, tuple[Operation, Link]] = {
            link.operation: (one, link) for one, link in linked
        }
        self._contents = {
            one.job.content.operation for one in spec.submits if one.job and one.job.content
        }
        self._one_at_a_time = asyncio.Semaphore(1)
        self._making: set[asyncio.Task[bytes]] = set()
        self._cancels = {
            one.job.cancel.operation for one in spec.submits if one.job and one.job.cancel
        }

    def endpoint(self, operation: Operation) -> Callable[[Request], Awaitable[Response]]:
        """Return what serves an operation."""

        async def serve(request: Request) -> Response:
            await self._pause()
            key = self.gate.key(operation, request.headers, request.query_params)
            if isinstance(key, TurnedAway):
                return self.replies.refuse(operation, key)
            if operation.submits:
                return await self._submit(operation, request, key)
            return self._read(operation, request, key)

        return serve

    async def job(self, request: Request) -> Response:
        """Answer about a job at the address that its first answer named."""
        await self._pause()
        job = self.store.jobs.get(request.path_params["id"])
        operation = job.operation if job else self.spec.submits[0]
        key = self.gate.key(operation, request.headers, request.query_params)
        if isinstance(key, TurnedAway):
            return self.replies.refuse(operation, key)
        return self._looked_at(operation, job, key, request)

    async def file(self, request: Request) -> Response:
        """Serve a result at its own address."""
        await self._pause()
        job = self.store.jobs.get(request.path_params["id"])
        if job is None or not job.done(self.options.now()) or self.damage.flaw(Flaw.GONE, job):
            return said(
                {"error": {"code": "not_found", "message": "no such file", "type": "not_found"}},
                404,
            )
        return file_response(
            *film(job, self.damage, extension=self.options.extension), request.headers.get("range")
        )

    async def _pause(self) -> None:
        self.store.requests += 1
        if self.options.latency:
            await asyncio.sleep(self.options.latency)

    async def _submit(self, operation: Operation, request: Request, key: str) -> Response:
        raw = await _read_body(request)
        found = self.gate.body(operation, raw, request.headers.get("content-type", ""))
        original = (
            found
            if isinstance(found, TurnedAway)
            else self._original(operation, request, found[1], key)
        )
        if isinstance(found, TurnedAway) or isinstance(original, TurnedAway):
            return self._refuse(
                operation, found if isinstance(found, TurnedAway) else original, key
            )
        scenario, body = found
        if not self.store.affords(key, price(operation, scenario, body)):
            return self._refuse(
                operation,
                TurnedAway(
                    status=402,
                    reason="the balance does not cover this job",
                    kind="insufficient_credits",
                ),
                key,
            )
        job = self._taken_on(operation, scenario, body, key, original)
        return self._about(operation, job, request, submitting=True)

    def _refuse(self, operation: Operation, why: Any, key: str) -> Response:
        if self.damage.habit(Habit.CHARGES_REFUSALS, operation.id):
            self.store.charge(key, price(operation, None, None))
        return self.replies.refuse(operation, why)

    def _original(
        self, operation: Operation, request: Request, body: Any, key: str
    ) -> Job | TurnedAway | None:
        """Return the finished job that a request builds on; nothing where it needs none."""
        needs = operation.needs
        if needs is None:
            return None
        named = (
            parameters(operation, request).get(needs.parameter)
            if needs.parameter
            else at(body, needs.field)
        )
        job = self.store.jobs.get(str(named))
        if job is None and self.damage.habit(Habit.ANY_ORIGINAL, operation.id):
            return None
        if job is None or (
            job.key != key and not self.damage.habit(Habit.SHARED_ORIGINALS, operation.id)
        ):
            return TurnedAway(status=404, reason="no such original", kind="not_found")
        if not job.done(self.options.now()):
            return TurnedAway(status=409, reason="the original is not finished", kind="not_ready")
        return job

    def _taken_on(
        self, operation: Operation, scenario: Scenario, body: Any, key: str, original: Job | None
    ) -> Job:
        name = self._name(operation)
        cost = price(operation, scenario, body)
        job = Job(
            id=name,
            shown=original.id
            if original and self.damage.habit(Habit.ID_REUSED, operation.id)
            else name,
            key=key,
            operation=operation,
            scenario=scenario,
            body=body,
            created=self.options.now(),
            seconds=self.options.job_seconds,
            price=cost + (5 if self.damage.habit(Habit.WRONG_PRICE, operation.id) else 0),
            original=original,
            fails=_doomed(body) or self.damage.habit(Habit.FAILS, operation.id, job=name),
        )
        self.store.add(job)
        if self.options.ahead:
            self._make_ahead(job)
        if not self.damage.habit(Habit.FREE_RIDE, operation.id):
            self.store.charge(
                key, cost * (2 if self.damage.habit(Habit.DOUBLE_CHARGE, operation.id) else 1)
            )
        return job

    def _make_ahead(self, job: Job) -> None:
        """Make a job's file while it works, so that nobody waits for it in the end."""
        clip = clip_of(job, self.damage, extension=self.options.extension)

        async def made() -> bytes:
            async with self._one_at_a_time:
                return await asyncio.to_thread(make, clip)

        task = asyncio.create_task(made())
        self._making.add(task)
        task.add_done_callback(self._making.discard)

    def _name(self, operation: Operation) -> str:
        """Return an id of the documented form, where a form is documented."""
        reply = next((one for one in operation.replies if one.success), None)
        words = operation.job
        nodes = (
            [
                node
                for pointer in words.id
                for node in nodes_at(reply.schema, words.envelope + pointer)
            ]
            if words and reply and reply.schema
            else []
        )
        known = list(names(self.options.seed, self.store.accepted + 1))
        return next(
            (name for name in known if all(valid(node, name) for node in nodes)),
            known[-1] if nodes else known[0],
        )

    def _read(self, operation: Operation, request: Request, key: str) -> Response:
        given = parameters(operation, request)
        submit, link = self._links.get(operation.id, (None, None))
        if link is None and not any("{" + name + "}" in operation.path for name in given):
            return self.replies.plain(operation, key)
        name = given.get(link.parameter if link else "", "") or next(iter(given.values()), "")
        job = self.store.jobs.get(name)
        if job is None and submit and self.damage.habit(Habit.FINDS_ANYTHING, operation.id):
            job = self._made_up(name, key, submit)
        return self._looked_at(operation, job, key, request)

    def _made_up(self, name: str, key: str, submit: Operation) -> Job:
        like = next(iter(self.store.jobs.values()), None)
        return Job(
            id=name,
            shown=name,
            key=key,
            operation=submit,
            scenario=usual(submit),
            body=like.body if like else {},
            created=self.options.now(),
            seconds=60.0,
            price=1.0,
        )

    def _looked_at(
        self, operation: Operation, job: Job | None, key: str, request: Request
    ) -> Response:
        if job is None or (
            job.key != key and not self.damage.habit(Habit.SHARED_JOBS, operation.id)
        ):
            return self.replies.refuse(
                operation, TurnedAway(status=404, reason="no such job", kind="not_found")
            )
        if operation.id in self._contents:
            return self._content(operation, job, request)
        if operation.id in self._cancels:
            job.cancel(self.options.now())
        return self._about(operation, job, request, submitting=False)

    def _content(self, operation: Operation, job: Job, request: Request) -> Response:
        if not job.done(self.options.now()) or self.damage.flaw(Flaw.NOT_SERVED, job):
            return self.replies.refuse(
                operation, TurnedAway(status=404, reason="the file is not there", kind="not_found")
            )
        data, content_type = (
            film(job, self.damage, extension=self.options.extension)[0],
            "video/mp4",
        )
        for one in self.damage.alterations(operation.id, 200, Phase.DONE):
            content_type = one.content_type or content_type
        return file_response(data, content_type, request.headers.get("range"))

    def _about(
        self, operation: Operation, job: Job, request: Request, *, submitting: bool
    ) -> Response:
        request.scope["job"] = job.id
        state = self.replies.state(operation, job, self.options.now())
        if not submitting:
            job.polls += 1
            job.polls_done += state.phase is not Phase.WAITING
        base = str(request.base_url).rstrip("/")
        return self.replies.about(
            operation,
            job,
            state,
            result=f"{base}{FILES}/{job.id}.mp4",
            address=base + self._address(job),
            submitting=submitting,
        )

    def _address(self, job: Job) -> str:
        poll = job.operation.job.poll if job.operation.job else None
        return (
            address(self.spec.operation(poll.operation), {poll.parameter: job.id})
            if poll
            else f"{JOBS}/{job.id}"
        )


def _doomed(body: Any) -> bool:
    """Say whether a text of a request asks for its failure."""
    inner = body.values() if isinstance(body, dict) else body if isinstance(body, list) else ()
    return MAGIC in body if isinstance(body, str) else any(_doomed(one) for one in inner)


async def _read_body(request: Request) -> bytes:
    """Return a body, or as much of it as shows that it is too long."""
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        chunks.append(chunk[: max(0, MAX_BODY + 1 - size)])
        size += len(chunk)
        if size > PATIENCE:
            break
    return b"".join(chunks)
