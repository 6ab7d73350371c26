"""The recorded request that comes closest to one that was not recorded, and what differs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conformance.model.exchange import Request

#: How many recorded requests are looked at.
MAX_COMPARED_WITH = 2000
#: How many differences are told.
MAX_TOLD = 4
#: How much of a value is shown.
MAX_SHOWN = 60


def nearest_to(request: Request, recorded: Sequence[Request]) -> str:
    """Return in words which recorded request comes closest."""
    if not recorded:
        return "nothing was recorded"
    candidates = recorded[:MAX_COMPARED_WITH]
    nearest = min(candidates, key=lambda candidate: _distance(request, candidate))
    facts = list(differences(request, nearest)) or ["it was asked less often"]
    text = f"nearest recorded: {nearest.method} {nearest.url}, where {'; '.join(facts[:MAX_TOLD])}"
    return f"{text} and {len(facts) - MAX_TOLD} more" if len(facts) > MAX_TOLD else text


def differences(request: Request, recorded: Request) -> Iterator[str]:
    """Yield what a recorded request has otherwise, in words."""
    if request.method != recorded.method:
        yield f"the method was {recorded.method}"
    if urlsplit(request.url)[:3] != urlsplit(recorded.url)[:3]:
        yield "the address was another"
    elif request.url != recorded.url:
        yield "the query was another"
    if request.auth != recorded.auth:
        yield f"the key was: {recorded.auth}"
    for name in ("content-type", "range"):
        value = _header(recorded, name)
        if value != _header(request, name):
            yield f"{name} was {value or 'absent'}"
    yield from _bodies(_json(request.body), _json(recorded.body))


def _distance(request: Request, recorded: Request) -> int:
    distance = sum(1 for _ in differences(request, recorded))
    if request.method != recorded.method:
        distance += 5
    if urlsplit(request.url).path != urlsplit(recorded.url).path:
        distance += 3
    return distance


def _header(request: Request, name: str) -> str | None:
    return {key.lower(): value for key, value in request.headers}.get(name)


def _json(body: bytes) -> Any:
    try:
        return json.loads(body) if body else None
    except (ValueError, RecursionError):
        return body


def _bodies(sent: Any, recorded: Any) -> Iterator[str]:
    if not isinstance(sent, dict) or not isinstance(recorded, dict):
        if _differ(sent, recorded):
            yield "the body was another"
        return
    for name in {**sent, **recorded}:
        if name not in recorded:
            yield f"{name} was absent"
        elif name not in sent:
            yield f"{name} was {_short(recorded[name])}"
        elif _differ(sent[name], recorded[name]):
            yield f"{name} was {_short(recorded[name])}, not {_short(sent[name])}"


def _differ(sent: Any, recorded: Any) -> bool:
    # 1 equals 1.0 and true, and no server takes one for the other.
    return sent != recorded or type(sent) is not type(recorded)


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= MAX_SHOWN else f"{text[: MAX_SHOWN - 1]}…"
