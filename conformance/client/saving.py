"""Fetch a result to disk: goes on after a break, checks what came, and only a whole video gets its final name."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from conformance.client import files_on_disk as disk
from conformance.client.client_core import words_of
from conformance.client.errors import DownloadBroken, Expired, JobLost, NotAVideo, UnexpectedAnswer
from conformance.client.refusal_answers import refusal
from conformance.client.results import finished
from conformance.client.steps import Call, Store, Wait
from conformance.client.waiting import looking
from conformance.jobs.job_life import download_request, retry_after
from conformance.model.exchange import Failure, Fault, Purpose, Response
from conformance.spec.job_words import Phase
from conformance.spec.reception import describe
from conformance.video.probe import NotMedia, Unprobed

if TYPE_CHECKING:
    from pathlib import Path

    from conformance.client.client_core import Core
    from conformance.client.files_on_disk import Saved
    from conformance.client.results import Result
    from conformance.client.steps import Steps
    from conformance.model.exchange import Answer, Request
    from conformance.video.probe import Probe

#: How often in a row a download may bring nothing new.
BARREN = 5
#: Answers that mean: not here, or not any more.
_GONE = frozenset({401, 403, 404, 410})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Way:
    """One address of a result."""

    request: Request
    operation: str


def saving(core: Core, result: Result, target: Path) -> Steps[Saved]:
    """Bring the result to `target`: from its address, else from the content operation, else from a fresh address."""
    yield Call(work=partial(disk.prepare, target))
    part = disk.part_of(target, result.reference.id)
    gone: Response | None = None
    for renewed in (False, True):
        if renewed:
            result = yield from _renewed(core, result, gone)
        for way in _ways(core, result):
            found = yield from _got(core, result, way, part)
            if not isinstance(found, Response):
                saved: Saved = yield Call(work=partial(disk.finish, part, target, found))
                return saved
            gone = found
    raise Expired(
        result.reference,
        result.expires_at,
        describe(gone) if gone else "no address is left to fetch it from",
    )


def _ways(core: Core, result: Result) -> list[_Way]:
    operation = core.operation(result.reference)
    words = words_of(operation)
    ways: dict[str, _Way] = {}
    for by_content in (False, True):
        found = download_request(
            core.spec, core.base_url, words, result.reference.id, result.url, by_content=by_content
        )
        if found:
            headers = tuple(pair for pair in found[0].headers if pair[0] != "accept")
            request = replace(
                found[0],
                headers=(*headers, ("accept", "video/mp4, */*"), ("accept-encoding", "identity")),
            )
            ways.setdefault(request.url, _Way(request=request, operation=found[1] or operation.id))
    return list(ways.values())


def _renewed(core: Core, result: Result, gone: Response | None) -> Steps[Result]:
    """Ask for the job once more: some providers give a fresh address with each look."""
    try:
        update, body = yield from looking(core, result.reference)
    except JobLost as error:
        raise Expired(
            result.reference, result.expires_at, describe(gone) if gone else str(error)
        ) from error
    return finished(core, result.reference, body, None) if update.phase is Phase.DONE else result


def _got(core: Core, result: Result, way: _Way, part: Path) -> Steps[Probe | Response]:
    """Return what the fetched file is, or the answer that says it is not here."""
    leftover: int = yield Call(work=partial(disk.size_of, part))
    while True:
        answer = yield from _fetched(result, way, part)
        if answer.status in _GONE:
            return answer
        try:
            return (yield from _whole(core, result, way, part, answer))
        except NotAVideo:
            # An earlier part may have been of another file: once more, from the start.
            if not leftover:
                raise
            leftover = 0


def _fetched(result: Result, way: _Way, part: Path) -> Steps[Response]:
    """Fetch until the file is whole, going on where the last attempt broke off; or return the answer that says no."""
    barren, pause = 0, 0.5
    while True:
        offset: int = yield Call(work=partial(disk.size_of, part))
        ranged = (("range", f"bytes={offset}-"),) if offset else ()
        request = replace(way.request, headers=(*way.request.headers, *ranged))
        answer: Answer = yield Store(
            request=request, path=part, offset=offset, operation=way.operation
        )
        if isinstance(answer, Failure) and answer.fault is Fault.STORAGE:
            raise disk.unsaved(part, answer.detail)
        if isinstance(answer, Response) and not _worth_repeating(answer):
            return answer
        size: int = yield Call(work=partial(disk.size_of, part))
        barren = barren + 1 if size <= offset else 0
        if isinstance(answer, Failure) and answer.fault in (
            Fault.TOO_LARGE,
            Fault.FORBIDDEN,
            Fault.TLS,
        ):
            barren = BARREN
        if isinstance(answer, Response) and answer.status == 416:
            yield Call(work=partial(disk.drop, part))  # what is there is no beginning of this file
        if barren >= BARREN:
            raise DownloadBroken(result.reference, part, describe(answer), size)
        yield Wait(seconds=max(pause, retry_after(answer)))
        pause = min(pause * 2, 10.0)


def _worth_repeating(answer: Response) -> bool:
    if answer.status < 300:
        return answer.cut
    return answer.status in (408, 416, 429) or answer.status >= 500


def _whole(core: Core, result: Result, way: _Way, part: Path, answer: Response) -> Steps[Probe]:
    """Return what the file is, once it is a whole video; anything else is removed and raised."""
    exchange = core.exchange(way.request, answer, Purpose.DOWNLOAD, way.operation)
    if answer.status >= 400:
        raise refusal(exchange, result.reference)
    if answer.status >= 300:
        raise UnexpectedAnswer("the file", describe(answer), exchange, result.reference)
    found: Probe | NotMedia | Unprobed = yield Call(work=partial(disk.check, part))
    if isinstance(found, Unprobed):
        raise disk.unsaved(part, found.reason)  # what was paid for stays where it is
    if isinstance(found, NotMedia) or not found.complete:
        yield Call(work=partial(disk.drop, part))
        detail = found.reason if isinstance(found, NotMedia) else "it announces more than it holds"
        raise NotAVideo(result.reference, detail, answer.content_type)
    return found
