"""The harness's own sample inputs: pictures, and videos of any whole length."""

from __future__ import annotations

import re
import struct
import zlib
from functools import lru_cache

from conformance.media.clip import Clip, make

#: Lengths that samples come in, in seconds.
LENGTHS = range(1, 61)
_VIDEO = re.compile(r"video-(\d{1,2})s\.mp4")
_IMAGE = re.compile(r"image-(\d{1,2})\.png")


def length_of(url: str) -> int | None:
    """Return the length of one of our sample videos, told from its address; None for any other."""
    found = re.search(r"/samples/video-(\d{1,2})s\.mp4$", url.partition("?")[0])
    return int(found[1]) if found and int(found[1]) in LENGTHS else None


def sample(name: str) -> tuple[bytes, str] | None:
    """Return a sample's bytes and content type, or None where there is none of that name."""
    if (found := _VIDEO.fullmatch(name)) and int(found[1]) in LENGTHS:
        return make(Clip(seconds=int(found[1]), width=426, height=240)), "video/mp4"
    if found := _IMAGE.fullmatch(name):
        return picture(int(found[1])), "image/png"
    return None


@lru_cache(maxsize=16)
def picture(number: int) -> bytes:
    """Return a small PNG: a gradient whose colour depends on the number."""
    width, height = 320, 180
    rows = b"".join(b"\0" + bytes(part for x in range(width) for part in ((x + 40 * number) % 256, y, 128)) for y in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(rows)) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
