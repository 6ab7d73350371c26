"""Hand out bytes as a web server would, whole or in part."""

from __future__ import annotations

import re

from starlette.responses import Response


def file_response(data: bytes, content_type: str, range_header: str | None = None) -> Response:
    """Return a response with a file, or the one range of it that was asked for."""
    headers = {"accept-ranges": "bytes"}
    found = re.fullmatch(r"bytes=(\d*)-(\d*)", (range_header or "").strip())
    if not found or found.groups() == ("", ""):
        return Response(data, media_type=content_type, headers=headers)
    first, last = _span(found[1], found[2], len(data))
    if first >= len(data) or first > last:
        return Response(status_code=416, headers=headers | {"content-range": f"bytes */{len(data)}"})
    headers["content-range"] = f"bytes {first}-{last}/{len(data)}"
    return Response(data[first : last + 1], status_code=206, media_type=content_type, headers=headers)


def _span(first: str, last: str, size: int) -> tuple[int, int]:
    if not first:
        return max(0, size - int(last)), size - 1
    return int(first), min(int(last), size - 1) if last else size - 1
