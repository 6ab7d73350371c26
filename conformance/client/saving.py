"""Fetch a result to disk: resumed, checked; only a whole video gets its final name."""

from __future__ import annotations

import errno
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING

from conformance.client.client_core import words_of
from conformance.client.errors import (
    DiskFull,
    DownloadBroken,
    Expired,
    JobLost,
    NotAVideo,
    NotSaved,
    UnexpectedAnswer,
)
from conformance.client.results import finished, refusal
from conformance.client.steps import Call, Download, Wait
from conformance.client.waiting import looking
from conformance.jobs.job_life import download_request, retry_after
from conformance.model.exchange import Failure, Fault, Purpose, Response
from conformance.spec.job_words import Phase
from conformance.spec.reception import describe
from conformance.video.probe import NotMedia, Probe, Unprobed, probe

if TYPE_CHECKING:
    from pathlib import Path

    from conformance.client.client_core import Core
    from conformance.client.results import Result
    from conformance.client.steps import Steps
    from conformance.model.exchange import Answer, Request

#: How often in a row a download may bring nothing new.
BARREN = 5
#: Answers that mean: not here, or not any more.
_GONE = frozenset({401, 403, 404, 410})


@dataclass(frozen=True, slots=True, kw_only=True)
class _ResultAddress:
    """One address of a result."""

    request: Request
    operation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """A file that was saved and looked at; usable wherever a path is."""

    path: Path
    size: int
    #: What the file really is, measured.
    seconds: float
    width: int
    height: int

    def __fspath__(self) -> str:
        """Return the path."""
        return str(self.path)


def saving(core: Core, result: Result, target: Path) -> Steps[Saved]:
    """Bring the result to `target`.

    It comes from its address, else from the content operation, else from a fresh address.
    """
    yield Call(work=partial(prepare, target))
    part = part_of(target, result.reference.id)
    gone: Response | None = None
    for renewed in (False, True):
        if renewed:
            result = yield from _renewed(core, result, gone)
        for address in _addresses(core, result):
            fetched = yield from _got(core, result, address, part)
            if not isinstance(fetched, Response):
                saved: Saved = yield Call(work=partial(finish, part, target, fetched))
                return saved
            gone = fetched
    raise Expired(
        result.reference,
        result.expires_at,
        describe(gone) if gone else "no address is left to fetch it from",
    )


def _addresses(core: Core, result: Result) -> list[_ResultAddress]:
    operation = core.operation(result.reference)
    words = words_of(operation)
    addresses: dict[str, _ResultAddress] = {}
    for by_content in (False, True):
        download = download_request(
            core.spec, core.base_url, words, result.reference.id, result.url, by_content=by_content
        )
        if download is None:
            continue
        request, content_operation = download
        headers = tuple(pair for pair in request.headers if pair[0] != "accept")
        request = replace(
            request,
            headers=(*headers, ("accept", "video/mp4, */*"), ("accept-encoding", "identity")),
        )
        address = _ResultAddress(request=request, operation=content_operation or operation.id)
        addresses.setdefault(request.url, address)
    return list(addresses.values())


def _renewed(core: Core, result: Result, gone: Response | None) -> Steps[Result]:
    """Ask for the job once more: some providers give a fresh address with each look."""
    try:
        update, body = yield from looking(core, result.reference)
    except JobLost as error:
        raise Expired(
            result.reference, result.expires_at, describe(gone) if gone else str(error)
        ) from error
    return finished(core, result.reference, body, None) if update.phase is Phase.DONE else result


def _got(
    core: Core, result: Result, address: _ResultAddress, part: Path
) -> Steps[Probe | Response]:
    """Return what the fetched file is, or the answer that says it is not here."""
    leftover: int = yield Call(work=partial(size_of, part))
    while True:
        answer = yield from _fetched(result, address, part)
        if answer.status in _GONE:
            return answer
        try:
            return (yield from _whole(core, result, address, part, answer))
        except NotAVideo:
            # An earlier part may have been of another file: once more, from the start.
            if not leftover:
                raise
            leftover = 0


def _fetched(result: Result, address: _ResultAddress, part: Path) -> Steps[Response]:
    """Fetch until the file is whole, going on where the last attempt broke off.

    An answer that says no is returned instead.
    """
    barren, pause = 0, 0.5
    while True:
        offset: int = yield Call(work=partial(size_of, part))
        ranged = (("range", f"bytes={offset}-"),) if offset else ()
        request = replace(address.request, headers=(*address.request.headers, *ranged))
        answer: Answer = yield Download(
            request=request, path=part, offset=offset, operation=address.operation
        )
        if isinstance(answer, Failure) and answer.fault is Fault.STORAGE:
            raise unsaved(part, answer.detail)
        if isinstance(answer, Response) and not _worth_repeating(answer):
            return answer
        size: int = yield Call(work=partial(size_of, part))
        barren = barren + 1 if size <= offset else 0
        if isinstance(answer, Failure) and answer.fault in (
            Fault.TOO_LARGE,
            Fault.FORBIDDEN,
            Fault.TLS,
        ):
            barren = BARREN
        if isinstance(answer, Response) and answer.status == 416:
            yield Call(work=partial(drop, part))  # what is there is no beginning of this file
        if barren >= BARREN:
            raise DownloadBroken(result.reference, part, describe(answer), size)
        yield Wait(seconds=max(pause, retry_after(answer)))
        pause = min(pause * 2, 10.0)


def _worth_repeating(answer: Response) -> bool:
    if answer.status < 300:
        return answer.cut
    return answer.status in (408, 416, 429) or answer.status >= 500


def _whole(
    core: Core, result: Result, address: _ResultAddress, part: Path, answer: Response
) -> Steps[Probe]:
    """Return what the file is, once it is a whole video; anything else is removed and raised."""
    exchange = core.exchange(address.request, answer, Purpose.DOWNLOAD, address.operation)
    if answer.status >= 400:
        asked = core.spec.operation(address.operation)
        raise refusal(asked, exchange, result.reference)
    if answer.status >= 300:
        raise UnexpectedAnswer("the file", describe(answer), exchange, result.reference)
    content: Probe | NotMedia | Unprobed = yield Call(work=partial(probe, part))
    if isinstance(content, Unprobed):
        raise unsaved(part, content.reason)  # what was paid for stays where it is
    if isinstance(content, Probe) and content.complete:
        return content
    yield Call(work=partial(drop, part))
    detail = content.reason if isinstance(content, NotMedia) else "it announces more than it holds"
    raise NotAVideo(result.reference, detail, answer.content_type)


def part_of(target: Path, job: str) -> Path:
    """Return where a file grows until it is whole.

    That is beside the target, and never mixed up with another job's.
    """
    return target.with_name(f"{target.name}.{sha256(job.encode()).hexdigest()[:8]}.part")


def prepare(target: Path) -> None:
    """Raise where the target can never be written, before anything is fetched."""
    if target.is_dir():
        raise NotSaved(target, "it is a folder; give a file name")
    if not target.parent.is_dir():
        raise NotSaved(target, f"the folder {target.parent} does not exist")


def size_of(part: Path) -> int:
    """Return how much of a file is there already."""
    try:
        return part.stat().st_size
    except FileNotFoundError:
        return 0
    except OSError as error:
        raise _unsaved(part, error) from error


def drop(part: Path) -> None:
    """Remove what is of no use."""
    try:
        part.unlink(missing_ok=True)
    except OSError as error:
        raise _unsaved(part, error) from error


def finish(part: Path, target: Path, content: Probe) -> Saved:
    """Give a whole file its final name, in one step."""
    try:
        size = part.stat().st_size
        part.replace(target)
    except OSError as error:
        raise _unsaved(target, error) from error
    return Saved(
        path=target, size=size, seconds=content.seconds, width=content.width, height=content.height
    )


def unsaved(target: Path, detail: str) -> NotSaved:
    """Return the error for a file that our disk did not take."""
    full = "no space" in detail.lower() or "quota" in detail.lower()
    return (DiskFull if full else NotSaved)(target, detail)


def _unsaved(path: Path, error: OSError) -> NotSaved:
    kind = DiskFull if error.errno in (errno.ENOSPC, errno.EDQUOT) else NotSaved
    return kind(path, error.strerror or type(error).__name__)
