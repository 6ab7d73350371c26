"""A small still of a video, for reports."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from conformance.video.decoder import bytes_of, opened, picture_of
from conformance.video.file_type import HEAD, form_of

if TYPE_CHECKING:
    from pathlib import Path

    from av import VideoFrame


def thumbnail(data: bytes | Path, width: int = 320) -> bytes:
    """Return the first picture as a JPEG of that width; empty where there is none to show."""
    try:
        return _still(data, width)
    except Exception:  # noqa: BLE001 - a report is written whatever a decoder thinks of hostile bytes
        return b""


def _still(data: bytes | Path, width: int) -> bytes:
    with bytes_of(data) as file:
        form = form_of(file.read(HEAD))
        if not form:
            return b""
        with opened(file, form) as container:
            picture = picture_of(container)
            frame = next(container.decode(picture), None) if picture else None
            return _jpeg(frame, width) if frame else b""


def _jpeg(frame: VideoFrame, width: int) -> bytes:
    import av

    height = max(2, round(frame.height * width / frame.width / 2) * 2)
    small = frame.reformat(width=width, height=height, format="yuvj420p")
    encoder = av.CodecContext.create("mjpeg", "w")
    encoder.width, encoder.height, encoder.pix_fmt = small.width, small.height, "yuvj420p"
    encoder.time_base = Fraction(1, 1)  # a still has no time, and an encoder insists on one
    small.pts, small.time_base = 0, encoder.time_base
    return b"".join(bytes(packet) for packet in (*encoder.encode(small), *encoder.encode(None)))
