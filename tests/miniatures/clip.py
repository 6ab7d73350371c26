"""Real, small, playable H.264 files, made the same way every time."""

from collections.abc import Iterator
from functools import lru_cache
from io import BytesIO
from typing import Final

import av
from av.video.frame import VideoFrame

#: Frames a second: few enough to be cheap, enough to decode as motion.
FPS: Final = 8
#: The luma levels from black to white, as one row of a soft ramp.
RAMP: Final = bytes(16 + step // 4 * 3 for step in range(256))
#: The rows in which the ramp moves; the others stand still, which is quick to encode.
MOVING: Final = 32


@lru_cache(maxsize=128)
def clip(seconds: int, width: int, height: int) -> bytes:
    """Give the bytes of an MP4 of that length and frame."""
    file = BytesIO()
    with av.open(file, mode="w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=FPS, options={"preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        # One encoder thread: the bytes must not depend on the machine.
        stream.codec_context.thread_count = 1
        for frame in _frames(seconds * FPS, width, height):
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return file.getvalue()


def _frames(count: int, width: int, height: int) -> Iterator[VideoFrame]:
    for index in range(count):
        frame = VideoFrame(width, height, "yuv420p")
        luma, *chroma = frame.planes
        still, moving = _row(0, luma.line_size), _row(index, luma.line_size)
        luma.update(moving * MOVING + still * (luma.height - MOVING))
        for plane in chroma:
            plane.update(bytes([128]) * plane.buffer_size)
        frame.pts = index
        yield frame


def _row(index: int, size: int) -> bytes:
    shift = index * 4 % 256
    return ((RAMP[shift:] + RAMP[:shift]) * (size // 256 + 1))[:size]
