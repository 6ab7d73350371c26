"""Look at the bytes of a file: is it a video, is it whole, how long and how large is it."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

#: Larger files are not looked into.
MAX_BYTES = 256 * 1024 * 1024
#: Frames decoded at most; enough for a minute at 60 per second.
MAX_FRAMES = 4_000
#: The outermost boxes of an MP4; what follows them and is none of these is harmless litter.
_BOXES = frozenset({b"ftyp", b"styp", b"moov", b"moof", b"mdat", b"free", b"skip", b"wide", b"uuid", b"sidx", b"mfra", b"meta", b"emsg"})
#: How much of the announced length has to decode for a file to count as whole.
WHOLE = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """What a video file is."""

    container: str
    codec: str
    seconds: float
    width: int
    height: int
    frames: int
    has_video: bool = True
    #: Whether everything that the file announces is there.
    complete: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class NotMedia:
    """What a file is that is no video."""

    reason: str
    looks_like: str = ""


def probe(source: bytes | Path) -> Probe | NotMedia:
    """Return what the bytes are; never raises, and never opens anything that a file names."""
    data = _read(source)
    if isinstance(data, NotMedia):
        return data
    if data[4:8] != b"ftyp":
        return NotMedia(reason=f"the file is no MP4 but {_looks_like(data)}", looks_like=_looks_like(data))
    import av

    try:
        # An explicit format: a text that looks like a playlist is never followed.
        with av.open(io.BytesIO(data), "r", format="mp4") as file:
            return _measured(file, data)
    except (av.error.FFmpegError, ValueError, IndexError, OverflowError) as error:
        return NotMedia(reason=f"the file starts like an MP4 and cannot be read ({type(error).__name__})", looks_like="broken MP4")


def _measured(file: Any, data: bytes) -> Probe | NotMedia:
    if not file.streams.video:
        return NotMedia(reason="the file holds no picture", looks_like="audio or data")
    stream = file.streams.video[0]
    announced = float(stream.duration * stream.time_base) if stream.duration else float(file.duration or 0) / 1_000_000
    frames, end = _decoded(file, stream)
    seconds = announced or end
    whole = end >= WHOLE * seconds if frames < MAX_FRAMES else True
    return Probe(
        container="mp4",
        codec=stream.codec_context.name,
        seconds=seconds,
        width=stream.codec_context.width,
        height=stream.codec_context.height,
        frames=frames,
        complete=frames > 0 and whole and not _cut(data),
    )


def _decoded(file: Any, stream: Any) -> tuple[int, float]:
    """Return how many frames decode, and the time at which the last of them ends."""
    import av

    frames, end = 0, 0.0
    step = 1.0 / float(stream.average_rate or 8)
    try:
        for frame in file.decode(stream):
            frames += 1
            end = max(end, (frame.time or 0.0) + step)
            if frames >= MAX_FRAMES:
                break
    except av.error.FFmpegError:
        return frames, end
    return frames, end


def _cut(data: bytes) -> bool:
    """Say whether the file's own boxes announce more bytes than it has."""
    position = 0
    while position + 8 <= len(data) and data[position + 4 : position + 8] in _BOXES:
        size = int.from_bytes(data[position : position + 4], "big")
        if size == 1 and position + 16 <= len(data):
            size = int.from_bytes(data[position + 8 : position + 16], "big")
        if size == 0:
            return False
        if size < 8:
            return False
        position += size
    return position > len(data)


def _read(source: bytes | Path) -> bytes | NotMedia:
    if isinstance(source, Path):
        if source.stat().st_size > MAX_BYTES:
            return NotMedia(reason=f"the file is larger than {MAX_BYTES:,} bytes", looks_like="too large")
        source = source.read_bytes()
    return source or NotMedia(reason="the file is empty", looks_like="empty")


def _looks_like(data: bytes) -> str:
    head = data[:64].lstrip().lower()
    known = ((b"<", "HTML or XML"), (b"{", "JSON"), (b"[", "JSON"), (b"\x89png", "PNG"), (b"\xff\xd8", "JPEG"), (b"pk\x03\x04", "ZIP"), (b"#extm3u", "a playlist"))
    return next((name for magic, name in known if head.startswith(magic)), "unknown")
