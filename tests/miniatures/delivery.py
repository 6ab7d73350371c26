"""Giving out a file, whole or in part."""

import re

from starlette.responses import Response


def deliver(content: bytes, wanted: str | None, kind: str) -> Response:
    """Answer with the file, or with the range of it that a `Range` header names."""
    match = re.fullmatch(r"bytes=([0-9]{0,18})-([0-9]{0,18})", wanted or "")
    headers = {"accept-ranges": "bytes"}
    if match is None or not any(match.groups()):
        return Response(content, media_type=kind, headers=headers)
    first, last = _span(match[1], match[2], len(content))
    if first > last:
        headers["content-range"] = f"bytes */{len(content)}"
        return Response(status_code=416, headers=headers)
    headers["content-range"] = f"bytes {first}-{last}/{len(content)}"
    return Response(content[first : last + 1], status_code=206, media_type=kind, headers=headers)


def _span(first: str, last: str, size: int) -> tuple[int, int]:
    if not first:
        return max(size - int(last), 0), size - 1
    return int(first), min(int(last), size - 1) if last else size - 1
