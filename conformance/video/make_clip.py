"""Make small, real, playable MP4 files."""

from __future__ import annotations

import io
import threading
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from cachetools import LRUCache, cached

if TYPE_CHECKING:
    from collections.abc import Iterator

    import av

#: Nothing that is asked for in earnest is longer, and a server that takes 99999 must not choke on
#: it.
MAX_SECONDS = 3600
#: The longest side of a picture that is made.
MAX_SIDE = 4096
#: How many pixels a file may hold in all; beyond it, pictures stand longer and the length stays.
MAX_PIXELS = 480 * 1280 * 720
#: The strip at the foot whose light part grows with time, so that an eye sees both motion and a
#: missing end.
STRIP = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip:
    """What a file should be; odd sizes become even, as the codec wants them."""

    seconds: float
    width: int
    height: int
    fps: int = 8

    @property
    def size(self) -> tuple[int, int]:
        """The width and height that are really made."""
        return _side(self.width), _side(self.height)

    @property
    def length(self) -> Fraction:
        """The length that is really made: at least one picture, at most an hour."""
        wanted = Fraction(self.seconds).limit_denominator(1000)
        return min(max(wanted, Fraction(1, self.fps)), Fraction(MAX_SECONDS))

    @property
    def pictures(self) -> int:
        """How many pictures the file holds."""
        width, height = self.size
        return max(1, min(round(self.length * self.fps), MAX_PIXELS // (width * height)))


def joined(first: Clip, second: Clip) -> Clip:
    """Return a clip as long as both, in the form of the second.

    An extension that returns the whole.
    """
    return Clip(
        seconds=first.seconds + second.seconds,
        width=second.width,
        height=second.height,
        fps=second.fps,
    )


#: The files last asked for, as many as are not too heavy together.
MADE_FILES: LRUCache[Clip, bytes] = LRUCache(64 * 1024 * 1024, getsizeof=len)


@cached(MADE_FILES, lock=threading.Lock())
def make(clip: Clip) -> bytes:
    """Return an H.264 MP4 of that length and size, the same bytes each time."""
    import av

    file = io.BytesIO()
    # Room for the index is left at the front, so that no temporary file is needed to move it there.
    options = {"fflags": "+bitexact", "moov_size": str(4096 + 16 * clip.pictures)}
    with av.open(file, "w", format="mp4", options=options) as container:
        # No B-frames and one thread: the same bytes on every machine.
        stream = container.add_stream(
            "libx264",
            rate=clip.pictures / clip.length,
            options={"preset": "ultrafast", "crf": "30", "tune": "zerolatency"},
        )
        stream.width, stream.height = clip.size
        stream.pix_fmt = "yuv420p"
        stream.codec_context.thread_count = 1
        for picture in _pictures(clip):
            container.mux(stream.encode(picture))
        container.mux(stream.encode())
    return file.getvalue()


def _pictures(clip: Clip) -> Iterator[av.VideoFrame]:
    import av

    ground = b""
    for index in range(clip.pictures):
        frame = av.VideoFrame(*clip.size, "yuv420p")
        light, *colours = frame.planes
        ground = ground or _ground(light.line_size, frame.height)
        light.update(ground + _strip(clip, light.line_size, index))
        for shade, plane in zip((110, 120), colours, strict=True):
            plane.update(bytes([shade]) * plane.buffer_size)
        frame.pts = index
        yield frame


def _ground(row: int, height: int) -> bytes:
    """Return the rows that stand still, darker above.

    What does not move costs next to nothing to encode.
    """
    rows = height - max(2, height // STRIP)
    return b"".join(bytes([40 + 150 * number // height]) * row for number in range(rows))


def _strip(clip: Clip, row: int, index: int) -> bytes:
    width, height = clip.size
    done = width * (index + 1) // clip.pictures
    return (bytes([220]) * done + bytes([30]) * (row - done)) * max(2, height // STRIP)


def _side(wanted: int) -> int:
    return min(max(wanted - wanted % 2, 2), MAX_SIDE)
