"""What an answer says: the result of a job, why it failed, why a request was refused."""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from conformance.client.client_core import words_of
from conformance.client.errors import (
    AuthenticationFailed,
    FinishedWithoutResult,
    JobCancelled,
    JobFailed,
    JobModerated,
    NoBalance,
    RateLimited,
    RefusedByProvider,
    UnexpectedAnswer,
)
from conformance.jobs.job_life import result_of
from conformance.model.exchange import Response
from conformance.model.json_place import MISSING, at, get
from conformance.spec.answer_meaning import AnswerMeaning, meaning, told_code
from conformance.spec.schema.node import ANYTHING
from conformance.spec.words.answer_words import EchoWord

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.client.client_core import Core
    from conformance.client.job_reference import Reference
    from conformance.model.exchange import Exchange, Json
    from conformance.model.json_place import Path
    from conformance.spec.operation import Operation
    from conformance.spec.schema.node import SchemaNode
    from conformance.spec.words.refusal_word import RefusalWord

#: Longer pauses are the caller's to decide.
LONGEST_PAUSE = 300.0
_MODERATED = re.compile(
    r"moderat|safety|content[_ -]?(policy|filter|violation)|nsfw|prohibited|sensitive",
    re.IGNORECASE,
)
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
    address = result_of(words, body)
    if not address and not words.content:
        raise _resultless(core, reference, body, exchange)
    url = _absolute(core.base_url, address)
    if address and not url:
        raise UnexpectedAnswer(
            "the web address of the result", repr(address[:120]), exchange, reference
        )
    scenarios = {scenario.title: scenario for scenario in reversed(operation.scenarios)}
    media = scenarios.get(reference.scenario, operation.scenarios[0]).media
    charged = core.charged(operation, body)
    return Result(
        reference=reference,
        url=url,
        body=body,
        duration=_number(_echoed(core, operation, body, media.length)) or reference.duration,
        size=str(_echoed(core, operation, body, (media.resolution,)) or reference.size),
        aspect_ratio=str(_echoed(core, operation, body, (media.aspect,)) or reference.aspect_ratio),
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
            time_told = datetime.fromisoformat(value)
            return time_told if time_told.tzinfo else time_told.replace(tzinfo=UTC)
        units_per_second = 1000 if times == "milliseconds" else 1
        return datetime.fromtimestamp(float(value) / units_per_second, UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return None


def _resultless(
    core: Core, reference: Reference, body: Json, exchange: Exchange | None
) -> JobFailed | FinishedWithoutResult:
    # Some providers call a job finished and tell in the same answer why there is no video.
    if words_of(core.operation(reference)).find("error", body):
        return failed(core, reference, "finished with an error", body)
    return FinishedWithoutResult("the result of a finished job", "none", exchange, reference)


def _echoed(core: Core, operation: Operation, body: Json, pointers: tuple[str, ...]) -> Any:
    """Return what an answer says about a request field, where the document makes it an echo."""
    poll = words_of(operation).poll
    replies = core.spec.operation(poll.operation).replies if poll else operation.replies
    for reply in replies:
        for path, fields in echoes(reply.schema or ANYTHING):
            value = get(body, path)
            if set(fields) & set(pointers) and value is not MISSING:
                return value
    return None


def echoes(schema: SchemaNode) -> Iterator[tuple[Path, tuple[str, ...]]]:
    """Yield each field of an answer that repeats request fields, and their pointers."""
    for name, node in schema.get("properties", {}).items():
        if echo := EchoWord.on(node):
            yield (name,), echo.fields
    for part in schema.get("allOf", ()):
        yield from echoes(part)


def _number(value: Any) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def _absolute(base_url: str, address: str) -> str:
    """Return the whole web address that a provider's words name, or nothing."""
    try:
        said, url = urlsplit(address), urljoin(base_url.rstrip("/") + "/", address)
        whole = urlsplit(url)
    except ValueError:
        return ""
    named = not said.scheme or bool(said.netloc)
    return url if address and named and whole.scheme in ("http", "https") and whole.hostname else ""


def reason_of(body: Json) -> tuple[str, str]:
    """Return the code and the words of an error, wherever providers put them."""
    error: Any = body
    if isinstance(body, dict):
        error = body.get("error") or body.get("errors") or body
    if isinstance(error, list):
        error = error[0] if error else None
    if isinstance(error, str):
        return "", error[:400]
    if not isinstance(error, dict):
        return "", ""
    codes = map(error.get, ("code", "type", "reason", "error_code"))
    messages = map(error.get, ("message", "detail", "msg", "error", "description"))
    code = next((code for code in codes if isinstance(code, str | int)), "")
    message = next((message for message in messages if isinstance(message, str)), "")
    return str(code)[:80], message[:400]


def _told_reason(word: RefusalWord, answer: Response) -> tuple[str, str]:
    """Return the code and the words of a refusal, from where its spec says that they stand."""
    body = answer.json()
    reason, message = reason_of(body)
    code = told_code(word, answer)
    texts = [text for text in (at(body, pointer) for pointer in word.message) if text]
    if code is not None:
        reason = str(code)[:80]
    if texts and isinstance(texts[0], str):
        message = texts[0][:400]
    return reason, message


def is_moderated(*texts: str) -> bool:
    """Say whether a reason is about the content."""
    return any(map(_MODERATED.search, texts))


def retry_after(answer: Response) -> float | None:
    """Return the pause an answer asks for, in seconds, or None where it asks for none."""
    pause = answer.header("retry-after").strip()
    if re.fullmatch(r"\d{1,9}(\.\d{1,3})?", pause):
        return float(pause)
    try:
        return max(0.0, parsedate_to_datetime(pause).timestamp() - time.time())
    except (TypeError, ValueError):
        return None


def refusal(
    asked: Operation, exchange: Exchange, job: Reference | None = None
) -> RefusedByProvider:
    """Return the error for an answer that says no; the exchange has been cleaned of secrets."""
    answer = exchange.answer
    assert isinstance(answer, Response)  # a failure says nothing
    reason, message = _told_reason(asked.refusal_at(answer.status), answer)
    match meaning(asked, answer):
        case AnswerMeaning.UNAUTHORIZED | AnswerMeaning.FORBIDDEN:
            return AuthenticationFailed(answer.status, reason, message, exchange, job)
        case AnswerMeaning.NO_BALANCE:
            return NoBalance(answer.status, reason, message, exchange, job)
        case AnswerMeaning.RATE_LIMITED:
            return RateLimited(answer.status, reason, message, exchange, job, retry_after(answer))
        case _:
            return RefusedByProvider(answer.status, reason, message, exchange, job)
