"""Films of forms that the package itself does not make."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import av
from av.audio.stream import AudioStream
from av.video.stream import VideoStream

if TYPE_CHECKING:
    from collections.abc import Mapping


def film(
    form: str,
    codec: str,
    *,
    pictures: int = 16,
    rotation: int = 0,
    options: Mapping[str, str] | None = None,
    title: str = "",
) -> bytes:
    """Return a film of 64 × 48 at eight pictures a second."""
    file = io.BytesIO()
    with av.open(file, "w", format=form, options=dict(options or {})) as container:
        if title:
            container.metadata["title"] = title
        stream = container.add_stream(codec, rate=8)
        assert isinstance(stream, VideoStream)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        if rotation:
            stream.set_display_rotation(rotation)
        for index in range(pictures):
            frame = av.VideoFrame(64, 48, "yuv420p")
            for plane in frame.planes:
                plane.update(bytes([16 + 4 * index % 200]) * plane.buffer_size)
            frame.pts = index
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return file.getvalue()


def song() -> bytes:
    """Return an MP4 with half a second of silence and no picture."""
    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as container:
        stream = container.add_stream("aac", rate=8000, layout="mono")
        assert isinstance(stream, AudioStream)
        for index in range(4):
            frame = av.AudioFrame("fltp", "mono", 1024)
            frame.planes[0].update(bytes(frame.planes[0].buffer_size))
            frame.sample_rate, frame.pts = 8000, index * 1024
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return file.getvalue()


def box(name: bytes, content: bytes) -> bytes:
    """Return a box of an MP4."""
    return (len(content) + 8).to_bytes(4, "big") + name + content
