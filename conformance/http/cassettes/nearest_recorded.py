"""The recorded request that comes closest to one that was not recorded, and what differs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conformance.model.exchange import Request

#: How many recorded requests are looked at.
MOST = 2000
#: How many differences are told.
TOLD = 4


def nearest_to(request: Request, recorded: Sequence[Request]) -> str:
    """Return in words which recorded request comes closest."""
    best: tuple[int, list[str], Request] | None = None
    for other in recorded[:MOST]:
        found = list(differences(request, other))
        if best is None or _weight(request, other, found) < best[0]:
            best = (_weight(request, other, found), found, other)
    if best is None:
        return "nothing was recorded"
    more = f" and {len(best[1]) - TOLD} more" if len(best[1]) > TOLD else ""
    return f"nearest recorded: {best[2].method} {best[2].url}, where {'; '.join(best[1][:TOLD]) or 'it was asked less often'}{more}"


def differences(request: Request, other: Request) -> Iterator[str]:
    """Yield what a recorded request has otherwise, in words."""
    if request.method != other.method:
        yield f"the method was {other.method}"
    if urlsplit(request.url)[:3] != urlsplit(other.url)[:3]:
        yield "the address was another"
    elif request.url != other.url:
        yield "the query was another"
    if request.auth != other.auth:
        yield f"the key was: {other.auth}"
    for name in ("content-type", "range"):
        mine, theirs = (
            {key.lower(): value for key, value in one.headers}.get(name) for one in (request, other)
        )
        if mine != theirs:
            yield f"{name} was {theirs or 'absent'}"
    yield from _bodies(_json(request.body), _json(other.body))


def _weight(request: Request, other: Request, found: list[str]) -> int:
    return (
        len(found)
        + 5 * (request.method != other.method)
        + 3 * (urlsplit(request.url).path != urlsplit(other.url).path)
    )


def _json(body: bytes) -> Any:
    try:
        return json.loads(body) if body else None
    except (ValueError, RecursionError):
        return body


def _bodies(mine: Any, theirs: Any) -> Iterator[str]:
    if not isinstance(mine, dict) or not isinstance(theirs, dict):
        if mine != theirs or type(mine) is not type(theirs):
            yield "the body was another"
        return
    for name in {**mine, **theirs}:
        if name not in theirs:
            yield f"{name} was absent"
        elif name not in mine:
            yield f"{name} was {_short(theirs[name])}"
        elif mine[name] != theirs[name] or type(mine[name]) is not type(theirs[name]):
            yield f"{name} was {_short(theirs[name])}, not {_short(mine[name])}"


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:59]}…"
