"""What a finished job gave, told from its last answer and from what was asked."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from conformance.client.client_core import words_of
from conformance.client.errors import (
    FinishedWithoutResult,
    JobCancelled,
    JobFailed,
    JobModerated,
    UnexpectedAnswer,
)
from conformance.client.refusal_answers import is_moderated, reason_of
from conformance.jobs.job_life import result_of
from conformance.spec.schema.json_edit import MISSING, get
from conformance.spec.schema.node import ANYTHING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.client.client_core import Core
    from conformance.client.job_reference import Reference
    from conformance.model.exchange import Exchange, Json
    from conformance.spec.operation import Operation
    from conformance.spec.schema.assertions import Path
    from conformance.spec.schema.node import Schema

_CANCELLED = frozenset({"cancelled", "canceled", "aborted", "stopped"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A finished video, before anything of it is fetched."""

    reference: Reference
    #: Where the file is; empty where the provider serves it by the job's id alone.
    url: str
    #: Seconds, resolution and ratio: as the provider tells them, else as they were asked for.
    duration: float | None = None
    size: str = ""
    aspect_ratio: str = ""
    cost: float | None = None
    expires_at: datetime | None = None
    #: The provider's last answer, with everything that it tells.
    body: Json = None


def finished(core: Core, reference: Reference, body: Json, exchange: Exchange | None) -> Result:
    """Return the result of a job that is done, or raise where there is none after all."""
    operation = core.operation(reference)
    words = words_of(operation)
    found = result_of(words, body)
    if not found and not words.content:
        raise _resultless(core, reference, body, exchange)
    url = _absolute(core.base_url, found)
    if found and not url:
        raise UnexpectedAnswer(
            "the web address of the result", repr(found[:120]), exchange, reference
        )
    media = next(
        (one.media for one in operation.scenarios if one.title == reference.scenario),
        operation.scenarios[0].media,
    )
    charged = core.charged(operation, body)
    return Result(
        reference=reference,
        url=url,
        body=body,
        duration=_number(_told(core, operation, body, media.length)) or reference.duration,
        size=str(_told(core, operation, body, (media.resolution,)) or reference.size),
        aspect_ratio=str(_told(core, operation, body, (media.aspect,)) or reference.aspect_ratio),
        cost=charged if charged is not None else reference.cost,
        expires_at=moment(words.find("expires", body), words.times),
    )


def failed(core: Core, reference: Reference, status: str, body: Json) -> JobFailed:
    """Return the error for a job that failed, as precise as its reason allows."""
    body = json.loads(core.clean.text(json.dumps(body)))
    error = words_of(core.operation(reference)).find("error", body)
    reason, message = reason_of({"error": error} if error else None)
    kind = JobFailed
    if is_moderated(status, reason, message):
        kind = JobModerated
    elif status.lower() in _CANCELLED:
        kind = JobCancelled
    return kind(reference, status, reason, message, body)


def moment(value: Any, times: str) -> datetime | None:
    """Return a point in time as providers write it: seconds, milliseconds or ISO text."""
    try:
        if isinstance(value, str) and not value.isdecimal():
            found = datetime.fromisoformat(value)
            return found if found.tzinfo else found.replace(tzinfo=UTC)
        seconds = float(value)
        return datetime.fromtimestamp(seconds / 1000 if times == "milliseconds" else seconds, UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return None


def _resultless(
    core: Core, reference: Reference, body: Json, exchange: Exchange | None
) -> JobFailed | FinishedWithoutResult:
    # Some providers call a job finished and tell in the same answer why there is no video.
    if words_of(core.operation(reference)).find("error", body):
        return failed(core, reference, "finished with an error", body)
    return FinishedWithoutResult("the result of a finished job", "none", exchange, reference)


def _told(core: Core, operation: Operation, body: Json, pointers: tuple[str, ...]) -> Any:
    """Return what an answer says about the request field at one of the pointers, where the document makes it an echo."""
    poll = words_of(operation).poll
    replies = core.spec.operation(poll.operation).replies if poll else operation.replies
    for reply in replies:
        for path, fields in echoes(reply.schema or ANYTHING):
            value = get(body, path)
            if set(fields) & set(pointers) and value is not MISSING:
                return value
    return None


def echoes(schema: Schema) -> Iterator[tuple[Path, tuple[str, ...]]]:
    """Yield each field of an answer that repeats request fields, and their pointers."""
    for name, node in schema.get("properties", {}).items():
        told = node.get("x-echo", {}).get("fields", ())
        if told:
            yield (name,), (told,) if isinstance(told, str) else tuple(told)
    for part in schema.get("allOf", ()):
        yield from echoes(part)


def _number(value: Any) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def _absolute(base_url: str, address: str) -> str:
    """Return the whole web address that a provider's words name, or nothing where they name none."""
    try:
        said, url = urlsplit(address), urljoin(base_url.rstrip("/") + "/", address)
        whole = urlsplit(url)
    except ValueError:
        return ""
    named = not said.scheme or bool(said.netloc)
    return url if address and named and whole.scheme in ("http", "https") and whole.hostname else ""
