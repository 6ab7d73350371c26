"""Serve a file that lies in memory, whole or one range of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from starlette.responses import Response

if TYPE_CHECKING:
    from collections.abc import Mapping

#: One range of bytes; several at once, other units and nonsense are passed over (RFC 9110).
_RANGE = re.compile(r"bytes=[ \t]*([0-9]{0,18})-([0-9]{0,18})[ \t]*", re.IGNORECASE)


def file_response(
    data: bytes,
    content_type: str,
    range_header: str | None,
    *,
    head: bool = False,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return the answer to a request for a file.

    200 whole, 206 one range, 416 where the range lies beyond the end. A HEAD is answered with the
    length and no bytes; a range means nothing to it.
    """
    size = len(data)
    headers = {"accept-ranges": "bytes", **(headers or {})}
    if head:
        headers["content-length"] = str(size)
        return Response(b"", media_type=content_type, headers=headers)
    wanted = _byte_range(range_header, size)
    if wanted is None:
        return Response(data, media_type=content_type, headers=headers)
    first, last = wanted
    if first > last:
        return Response(b"", 416, headers=headers | {"content-range": f"bytes */{size}"})
    headers["content-range"] = f"bytes {first}-{last}/{size}"
    return Response(data[first : last + 1], 206, media_type=content_type, headers=headers)


def _byte_range(header: str | None, size: int) -> tuple[int, int] | None:
    """Return the first and last byte asked for; None asks for all.

    An empty range asks for what is not there.
    """
    match = _RANGE.fullmatch(header.strip()) if header else None
    if match is None or not any(match.groups()):
        return None
    start, end = match.groups()
    if not start:
        return max(0, size - int(end)), size - 1
    if end and int(end) < int(start):
        return None
    return int(start), min(int(end or size), size - 1)
