"""The endpoints of a simulated provider: jobs are taken on, asked for, fetched and cancelled."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from conformance.model.json_place import at
from conformance.promises.job_price import price
from conformance.promises.sabotage import Flaw, Habit
from conformance.simulator.admission import MAX_BODY, Admission, TurnedAway, usual_scenario
from conformance.simulator.answer_places import fact_nodes
from conformance.simulator.file_serving import file_response
from conformance.simulator.job_store import JobStore, SimulatedJob, job_ids, opening_balance
from conformance.simulator.job_video import clip_of, video_of
from conformance.simulator.responses import Replies, error_response
from conformance.simulator.routes import address, parameters
from conformance.simulator.simulator_options import FAILING_PROMPT
from conformance.spec.job_words import Phase
from conformance.spec.schema.violations import valid
from conformance.video.make_clip import make

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request
    from starlette.responses import Response

    from conformance.simulator.active_sabotage import ActiveSabotage
    from conformance.simulator.simulator_options import SimulatorOptions
    from conformance.spec.document import Spec
    from conformance.spec.job_words import Link
    from conformance.spec.operation import Operation, Scenario

#: What a job costs whose price no document states.
UNSTATED = 1.0
#: Where the files of finished jobs lie; whoever has the address has the file.
FILES = "/_files"
#: Where a job can be asked for whose document has no operation for it.
JOBS = "/_jobs"
#: What is read of a body, and thrown away, before its sender is cut off.
MOST_READ = 8 * MAX_BODY


class Endpoints:
    """Serves the endpoints of one provider."""

    def __init__(self, spec: Spec, options: SimulatorOptions, sabotage: ActiveSabotage) -> None:
        self.spec, self.options, self.sabotage = spec, options, sabotage
        self.admission = Admission(spec=spec, keys=options.keys, sabotage=sabotage)
        balance = opening_balance(spec) if options.balance is None else options.balance
        self.store = JobStore(balances=dict.fromkeys(options.keys, balance))
        self.replies = Replies(spec, self.store, sabotage)
        #: How other operations name a job, and which operation made it first of all.
        self._links: dict[str, tuple[Operation, Link]] = {}
        self._content_operations: set[str] = set()
        self._cancel_operations: set[str] = set()
        for submit in spec.submits:
            words = submit.job
            assert words is not None
            for link in (words.poll, words.content, words.cancel):
                if link:
                    self._links[link.operation] = (submit, link)
            if words.content:
                self._content_operations.add(words.content.operation)
            if words.cancel:
                self._cancel_operations.add(words.cancel.operation)
        self._one_at_a_time = asyncio.Semaphore(1)
        self._making: set[asyncio.Task[bytes]] = set()

    def serving(self, operation: Operation) -> Callable[[Request], Awaitable[Response]]:
        """Return what serves an operation."""

        async def serve(request: Request) -> Response:
            await self._pause()
            try:
                key = self.admission.key(operation, request)
                self.admission.parameters(operation, parameters(operation, request))
                if operation.submits:
                    return await self._submit(operation, request, key)
                return self._read(operation, request, key)
            except TurnedAway as why:
                return self.replies.refuse(operation, why)

        return serve

    async def job(self, request: Request) -> Response:
        """Answer about a job at the address that its first answer named."""
        await self._pause()
        job = self.store.jobs.get(request.path_params["id"])
        operation = job.operation if job else self.spec.submits[0]
        try:
            key = self.admission.key(operation, request)
            return self._known_job(operation, job, key, request)
        except TurnedAway as why:
            return self.replies.refuse(operation, why)

    async def file(self, request: Request) -> Response:
        """Serve a result at its own address."""
        await self._pause()
        job = self.store.jobs.get(request.path_params["id"])
        if job is None or not job.done(self.options.now()) or Flaw.GONE in job.sabotage.flaws:
            return error_response(404, "not_found", "no such file")
        video, content_type = video_of(job, extension=self.options.extension)
        return file_response(video, content_type, request.headers.get("range"))

    async def _pause(self) -> None:
        self.store.requests += 1
        if self.options.latency:
            await asyncio.sleep(self.options.latency)

    async def _submit(self, operation: Operation, request: Request, key: str) -> Response:
        raw = await _read_body(request)
        try:
            job = self._new_job(operation, request, raw, key)
        except TurnedAway:
            if self.sabotage.has(Habit.CHARGES_REFUSALS, operation.id):
                self.store.charge(key, _charged(operation, None, None))
            raise
        self.store.add(job)
        if self.options.ahead:
            self._make_ahead(job)
        if not self.sabotage.has(Habit.FREE_RIDE, operation.id):
            cost = _charged(operation, job.scenario, job.body)
            twice = self.sabotage.has(Habit.DOUBLE_CHARGE, operation.id)
            self.store.charge(key, cost * 2 if twice else cost)
        return self._about_job(operation, job, request, submitting=True)

    def _original(
        self, operation: Operation, request: Request, body: Any, key: str
    ) -> SimulatedJob | None:
        """Return the finished job that a request builds on; nothing where it needs none."""
        needs = operation.needs
        if needs is None:
            return None
        job_id = at(body, needs.field)
        if needs.parameter:
            job_id = parameters(operation, request).get(needs.parameter)
        job = self.store.jobs.get(str(job_id))
        if job is None and self.sabotage.has(Habit.ANY_ORIGINAL, operation.id):
            return None
        if job is None or (
            job.key != key and not self.sabotage.has(Habit.SHARED_ORIGINALS, operation.id)
        ):
            raise TurnedAway(404, "no such original", "not_found")
        if not job.done(self.options.now()):
            raise TurnedAway(409, "the original is not finished", "not_ready")
        return job

    def _new_job(
        self, operation: Operation, request: Request, raw: bytes, key: str
    ) -> SimulatedJob:
        """Return the job that a request asks for, or turn the request away."""
        content_type = request.headers.get("content-type", "")
        scenario, body = self.admission.body(operation, raw, content_type)
        original = self._original(operation, request, body, key)
        cost = _charged(operation, scenario, body)
        if not self.store.affords(key, cost):
            raise TurnedAway(402, "the balance does not cover this job", "insufficient_credits")
        job_id = self._next_id(operation)
        job = SimulatedJob(
            id=job_id,
            shown=job_id,
            key=key,
            operation=operation,
            scenario=scenario,
            body=body,
            created=self.options.now(),
            seconds=self.options.job_seconds,
            price=cost,
            original=original,
        )
        job.sabotage = self.sabotage.of_job(job)
        job.fails = self._is_to_fail(job) or Habit.FAILS in job.sabotage.habits
        if original and self.sabotage.has(Habit.ID_REUSED, operation.id):
            job.shown = original.id
        if self.sabotage.has(Habit.WRONG_PRICE, operation.id):
            job.price += 5
        return job

    def _is_to_fail(self, job: SimulatedJob) -> bool:
        """Say whether a job is asked to fail: as the document tells, or by our own prompt."""
        words = job.operation.job
        failing = words.fails_on if words else None
        if failing and failing.is_met_by(job.scenario.title, job.body):
            return Habit.NEVER_FAILS not in job.sabotage.habits
        return _asks_to_fail(job.body)

    def _made_up_job(self, job_id: str, key: str, submit: Operation) -> SimulatedJob:
        """Return a job that nobody asked for, much like one that somebody did."""
        real_job = next(iter(self.store.jobs.values()), None)
        job = SimulatedJob(
            id=job_id,
            shown=job_id,
            key=key,
            operation=submit,
            scenario=usual_scenario(submit),
            body=real_job.body if real_job else {},
            created=self.options.now(),
            seconds=60.0,
            price=UNSTATED,
        )
        job.sabotage = self.sabotage.of_job(job)
        return job

    def _make_ahead(self, job: SimulatedJob) -> None:
        """Make a job's file while it works, so that nobody waits for it in the end."""
        clip = clip_of(job, extension=self.options.extension)

        async def make_in_turn() -> bytes:
            async with self._one_at_a_time:
                return await asyncio.to_thread(make, clip)

        task = asyncio.create_task(make_in_turn())
        self._making.add(task)
        task.add_done_callback(self._making.discard)

    def _next_id(self, operation: Operation) -> str:
        """Return an id of the documented form, where a form is documented."""
        assert operation.job is not None
        nodes = fact_nodes(operation.success_reply, operation.job, "id")
        job_id = ""
        for job_id in job_ids(self.options.seed, self.store.accepted + 1):
            if all(valid(node, job_id) for node in nodes):
                return job_id
        return job_id

    def _read(self, operation: Operation, request: Request, key: str) -> Response:
        values = parameters(operation, request)
        submit, link = self._links.get(operation.id, (None, None))
        in_path = any("{" + name + "}" in operation.path for name in values)
        if link is None and not in_path:
            return self.replies.about_account(operation, key)
        job_id = values.get(link.parameter, "") if link else ""
        job_id = job_id or next(iter(values.values()), "")
        job = self.store.jobs.get(job_id)
        if job is None and submit and self.sabotage.has(Habit.FINDS_ANYTHING, operation.id):
            job = self._made_up_job(job_id, key, submit)
        return self._known_job(operation, job, key, request)

    def _known_job(
        self, operation: Operation, job: SimulatedJob | None, key: str, request: Request
    ) -> Response:
        if job is None or (
            job.key != key and not self.sabotage.has(Habit.SHARED_JOBS, operation.id)
        ):
            raise TurnedAway(404, "no such job", "not_found")
        if operation.id in self._content_operations:
            return self._content(operation, job, request)
        if operation.id in self._cancel_operations:
            job.cancel(self.options.now())
        return self._about_job(operation, job, request, submitting=False)

    def _content(self, operation: Operation, job: SimulatedJob, request: Request) -> Response:
        if not job.done(self.options.now()) or Flaw.NOT_SERVED in job.sabotage.flaws:
            raise TurnedAway(404, "the file is not there", "not_found")
        video, _ = video_of(job, extension=self.options.extension)
        content_type = "video/mp4"
        for alteration in self.sabotage.alterations(operation.id, 200, Phase.DONE):
            content_type = alteration.content_type or content_type
        return file_response(video, content_type, request.headers.get("range"))

    def _about_job(
        self, operation: Operation, job: SimulatedJob, request: Request, *, submitting: bool
    ) -> Response:
        request.scope["job"] = job.id
        state = self.replies.state(operation, job, self.options.now())
        if state.phase is Phase.FAILED:
            self._give_back(job)
        if not submitting:
            job.polls += 1
            job.polls_done += state.phase is not Phase.WAITING
        base = str(request.base_url).rstrip("/")
        poll = job.operation.job.poll if job.operation.job else None
        path = f"{JOBS}/{job.id}"
        if poll:
            path = address(self.spec.operation(poll.operation), {poll.parameter: job.id})
        return self.replies.about_job(
            operation,
            job,
            state,
            result=f"{base}{FILES}/{job.id}.mp4",
            address=base + path,
            submitting=submitting,
        )

    def _give_back(self, job: SimulatedJob) -> None:
        """Charge a failed job as the document says, once."""
        cost = job.operation.cost
        charges = Habit.CHARGES_FAILURES in job.sabotage.habits
        if cost and cost.failed is not None and not charges:
            self.store.charge(job.key, cost.failed - job.price)
            job.price = float(cost.failed)


def _charged(operation: Operation, scenario: Scenario | None, body: Any) -> float:
    """Return what a job is charged with: a price of our own where no document states one."""
    stated = price(operation, scenario, body)
    return UNSTATED if stated is None else stated


def _asks_to_fail(body: Any) -> bool:
    """Say whether a text of a request asks for its failure."""
    if isinstance(body, str):
        return FAILING_PROMPT in body
    if isinstance(body, dict):
        body = list(body.values())
    return isinstance(body, list) and any(map(_asks_to_fail, body))


async def _read_body(request: Request) -> bytes:
    """Return a body, or as much of it as shows that it is too long."""
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        chunks.append(chunk[: max(0, MAX_BODY + 1 - size)])
        size += len(chunk)
        if size > MOST_READ:
            break
    return b"".join(chunks)
