"""What an answer tells when it says no: the provider's code, its words, and how long to wait."""

from __future__ import annotations

import re
import time
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from conformance.client.errors import (
    AuthenticationFailed,
    NoBalance,
    RateLimited,
    RefusedByProvider,
)
from conformance.model.exchange import Response

if TYPE_CHECKING:
    from conformance.client.job_reference import Reference
    from conformance.model.exchange import Exchange, Json

#: Longer pauses are the caller's to decide.
LONGEST_PAUSE = 300.0
_MODERATED = re.compile(
    r"moderat|safety|content[_ -]?(policy|filter|violation)|nsfw|prohibited|sensitive",
    re.IGNORECASE,
)


def reason_of(body: Json) -> tuple[str, str]:
    """Return the code and the words of an error, wherever providers put them."""
    found: Any = body
    if isinstance(body, dict):
        found = body.get("error") or body.get("errors") or body
    if isinstance(found, list):
        found = found[0] if found else None
    if isinstance(found, str):
        return "", found[:400]
    if not isinstance(found, dict):
        return "", ""
    code = next(
        (
            found[name]
            for name in ("code", "type", "reason", "error_code")
            if isinstance(found.get(name), str | int)
        ),
        "",
    )
    words = next(
        (
            found[name]
            for name in ("message", "detail", "msg", "error", "description")
            if isinstance(found.get(name), str)
        ),
        "",
    )
    return str(code)[:80], words[:400]


def is_moderated(*told: str) -> bool:
    """Say whether a reason is about the content."""
    return any(_MODERATED.search(one) for one in told)


def retry_after(answer: Response) -> float | None:
    """Return the pause an answer asks for, in seconds, or None where it asks for none."""
    told = answer.header("retry-after").strip()
    if re.fullmatch(r"\d{1,9}(\.\d{1,3})?", told):
        return float(told)
    try:
        return max(0.0, parsedate_to_datetime(told).timestamp() - time.time())
    except (TypeError, ValueError):
        return None


def refusal(exchange: Exchange, job: Reference | None = None) -> RefusedByProvider:
    """Return the error for an answer that says no; the exchange has been cleaned of secrets."""
    answer = exchange.answer
    assert isinstance(answer, Response)  # a failure says nothing
    reason, message = reason_of(answer.json())
    match answer.status:
        case 401 | 403 | 407:
            return AuthenticationFailed(answer.status, reason, message, exchange, job)
        case 402:
            return NoBalance(answer.status, reason, message, exchange, job)
        case 429:
            return RateLimited(answer.status, reason, message, exchange, job, retry_after(answer))
        case _:
            return RefusedByProvider(answer.status, reason, message, exchange, job)
