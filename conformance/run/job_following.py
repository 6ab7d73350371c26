"""Follow one job to its end, and its file to disk: drives the flow with the run's sender."""

from __future__ import annotations

import asyncio
import tempfile
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import structs

from conformance.jobs.job_life import (
    Ended,
    Pacing,
    Send,
    Update,
    Wait,
    download_request,
    follow,
    poll_request,
)
from conformance.model.exchange import Auth, Purpose, Response
from conformance.promises.evidence import Track, body_of
from conformance.run.events import JobMoved
from conformance.run.job_pace import Pace
from conformance.run.planning.request_ceiling import AFTER, POLLS
from conformance.run.sender import missing
from conformance.spec.job_words import End

if TYPE_CHECKING:
    from conformance.jobs.request_recognition import Recogniser
    from conformance.model.exchange import Exchange, Request
    from conformance.promises.evidence import Attempt
    from conformance.run.money.request_book import JobAllowance
    from conformance.run.run_settings import Settings
    from conformance.run.sender import Sender
    from conformance.run.target import Target
    from conformance.spec.document import Spec
    from conformance.spec.operation import Operation
    from conformance.video.probe import NotMedia, Probe, Unprobed

#: On a loopback target nobody is kept busy by asking more often.
BRISK = (0.1, 0.4)
#: Multiples of it lie evenly between two whole numbers, however many there are.
GOLDEN = 0.618


@dataclass(frozen=True, slots=True, kw_only=True)
class JobFollowing:
    """The following of one job."""

    spec: Spec
    target: Target
    sender: Sender
    settings: Settings
    #: The requests that were set aside for it before the job was bought.
    allowance: JobAllowance
    recognise: Recogniser
    pace: Pace = field(default_factory=Pace)
    #: The ways to take the file, one after the other: from the content operation where True, from
    #: the address in the answer where not.
    by_content: tuple[bool, ...] = (False,)

    async def follow(self, attempt: Attempt, job_id: str, label: str) -> Track:
        """Return the job's polls, its end, what it said afterwards, and its file."""
        polls: list[Exchange] = []
        ended = await self._poll(attempt, job_id, label, polls)
        track = Track(
            id=job_id,
            polls=tuple(poll for poll in polls if not missing(poll)),
            end=ended.end,
            fetched=self._fetched(),
        )
        if ended.end not in (End.DONE, End.FAILED):
            return track
        after, filed = await asyncio.gather(
            self._after(attempt, job_id, label), self._file(attempt, track, ended, label)
        )
        return replace(filed, after=tuple(after), fetched=self._fetched())

    async def _poll(
        self, attempt: Attempt, job_id: str, label: str, polls: list[Exchange]
    ) -> Ended:
        first, longest = self._every(attempt.operation)
        pacing = Pacing(
            first=first,
            least=self._least(attempt.operation),
            longest=longest,
            limit=self.settings.job_timeout,
            now=self.sender.now,
            most_polls=POLLS,
        )
        kind, begun = f"{attempt.operation.id} {attempt.case.scenario}", self.sender.now()
        steps = follow(
            self.spec,
            self.target.base_url,
            attempt.operation,
            job_id,
            body_of(attempt.exchange),
            pacing,
        )
        answer = None
        # Jobs that began together are asked for apart: the first finished tells of the others.
        apart = (longest - first) * (attempt.exchange.number * GOLDEN % 1)
        try:
            while True:
                match steps.send(answer):
                    case Send() as step:
                        operation = step.operation
                        if attempt.operation.job and attempt.operation.job.poll is None:
                            operation = self._owner(step.request, attempt)
                        self.allowance.use()
                        exchange = await self.sender.send(
                            step.request, operation=operation, purpose=step.purpose, job=label
                        )
                        polls.append(exchange)
                        answer = exchange.answer
                    case Wait(seconds=most, least=least):
                        await self.pace.sleep(
                            kind, age=self.sender.now() - begun, least=least, most=most + apart
                        )
                        answer, apart = None, 0.0
                    case Update() as update:
                        self.sender.emit(
                            JobMoved(
                                job=label,
                                status=update.status,
                                progress=update.progress,
                                unknown=update.unknown,
                            )
                        )
                        answer = None
        except StopIteration as stop:
            ended: Ended = stop.value
            if ended.end is End.DONE:
                self.pace.finished(kind, self.sender.now() - begun)
            return ended

    def _every(self, operation: Operation) -> tuple[float, float]:
        if self.settings.poll_interval is not None:
            return self.settings.poll_interval, self.settings.poll_interval
        if self.target.brisk:
            return BRISK
        assert operation.job is not None
        return operation.job.every

    def _least(self, operation: Operation) -> float:
        """Return how soon a job may be asked for again, where there is a reason to."""
        first = self._every(operation)[0]
        return first / 2 if self.target.brisk and self.settings.poll_interval is None else first

    async def _after(self, attempt: Attempt, job_id: str, label: str) -> list[Exchange]:
        words = attempt.operation.job
        assert words is not None
        request = poll_request(
            self.spec, self.target.base_url, words, job_id, body_of(attempt.exchange), Auth.OWN
        )
        if request is None:
            return []
        polled = words.poll.operation if words.poll else self._owner(request, attempt)
        by_address = poll_request(
            self.spec,
            self.target.base_url,
            structs.replace(words, poll=None),
            "",
            body_of(attempt.exchange),
            Auth.OWN,
        )
        again = [(request, polled)] * AFTER
        if by_address is not None:
            again[-1] = by_address, self._owner(by_address, attempt)
        looks: list[Exchange] = []
        for asked, operation in again:
            await asyncio.sleep(self._least(attempt.operation) if looks else 0.0)
            self.allowance.use()
            exchange = await self.sender.send(
                asked, operation=operation, purpose=Purpose.POLL, job=label, note="after its end"
            )
            if missing(exchange):
                break
            looks.append(exchange)
        return looks

    def _owner(self, request: Request, attempt: Attempt) -> str:
        """Return the operation that an address in an answer belongs to.

        Where it is none of the document, the look counts as the submit's own, and is held to no
        form.
        """
        recognised = self.recognise(request)
        if recognised is None or recognised.base_url != self.target.base_url.rstrip("/"):
            return attempt.operation.id
        return recognised.operation.id

    async def _file(self, attempt: Attempt, track: Track, ended: Ended, label: str) -> Track:
        words = attempt.operation.job
        assert words is not None
        if ended.end is not End.DONE:
            return track
        for by_content in self.by_content:
            download = download_request(
                self.spec,
                self.target.base_url,
                words,
                track.id,
                ended.result,
                by_content=by_content,
            )
            if download and download[1] not in [taken.operation for taken in track.downloads]:
                track = await self._take(track, *download, label)
        return track

    async def _take(self, track: Track, request: Request, operation: str, label: str) -> Track:
        with tempfile.TemporaryDirectory(prefix="conformance-") as folder:
            path = Path(folder) / "result"
            self.allowance.use()
            exchange = await self.sender.send(
                request, operation=operation, purpose=Purpose.DOWNLOAD, job=label, into=path
            )
            if missing(exchange):
                return track
            # Decoding takes a while; a real clock goes on meanwhile, one that jumps must not.
            # The simulator, and a recording of it, hands out the same bytes for equal wishes.
            live = self.target.kind == "live"
            probe = (
                await asyncio.to_thread(probed, exchange) if live else probed(exchange, once=True)
            )
            return replace(
                track, downloads=(*track.downloads, exchange), probes=(*track.probes, probe)
            )

    def _fetched(self) -> frozenset[str]:
        return self.target.fetched()


def probed(exchange: Exchange, *, once: bool = False) -> Probe | NotMedia | Unprobed | None:
    """Look into the file that an exchange brought, if any; with `once`, into equal bytes once."""
    from conformance.video.probe import probe

    answer = exchange.answer
    if not isinstance(answer, Response) or answer.status >= 300:
        return None
    if once:
        return _looked_into(answer.file.read_bytes() if answer.file is not None else answer.body)
    return probe(answer.file if answer.file is not None else answer.body)


@lru_cache(maxsize=128)
def _looked_into(data: bytes) -> Probe | NotMedia | Unprobed:
    from conformance.video.probe import probe

    return probe(data)
