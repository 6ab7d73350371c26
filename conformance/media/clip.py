"""Make small, real, playable MP4 files."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip:
    """What a file should be."""

    seconds: float
    width: int
    height: int
    fps: int = 8


def joined(first: Clip, second: Clip) -> Clip:
    """Return a clip as long as both, in the form of the second: an extension that returns the whole."""
    return Clip(seconds=first.seconds + second.seconds, width=second.width, height=second.height, fps=second.fps)


@lru_cache(maxsize=64)
def make(clip: Clip) -> bytes:
    """Return an H.264 MP4 of that length and size: a picture whose brightness drifts."""
    # The index can be moved to the front only of a real file.
    with tempfile.TemporaryDirectory(prefix="conformance-") as folder:
        path = Path(folder) / "clip.mp4"
        _write(clip, path)
        return path.read_bytes()


def _write(clip: Clip, path: Path) -> None:
    import av

    # One thread and no B-frames: the same clip gives the same bytes on every machine.
    with av.open(str(path), "w", format="mp4", options={"movflags": "faststart", "fflags": "+bitexact"}) as out:
        stream: Any = out.add_stream("libx264", rate=clip.fps)
        stream.width, stream.height, stream.pix_fmt = clip.width // 2 * 2, clip.height // 2 * 2, "yuv420p"
        stream.codec_context.thread_count = 1
        stream.options = {"preset": "ultrafast", "crf": "40", "tune": "zerolatency"}
        for index in range(max(1, round(clip.seconds * clip.fps))):
            for packet in stream.encode(_frame(stream.width, stream.height, index)):
                out.mux(packet)
        for packet in stream.encode():
            out.mux(packet)


def _frame(width: int, height: int, index: int) -> Any:
    import av

    frame = av.VideoFrame(width, height, "yuv420p")
    shades = (60 + index * 3 % 120, 110 + index % 40, 140 - index % 40)
    for plane, shade in zip(frame.planes, shades, strict=True):
        plane.update(bytes([shade]) * plane.buffer_size)
    frame.pts = index
    return frame
