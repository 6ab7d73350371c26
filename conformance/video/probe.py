"""Look at the bytes of a file: is it a video, is it whole, how long and how large is it."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from conformance.video.decoder import bytes_of, opened, picture_of
from conformance.video.file_type import HEAD, form_of, looks_like
from conformance.video.mp4_boxes import survey

if TYPE_CHECKING:
    from collections.abc import Iterator
    from fractions import Fraction
    from pathlib import Path

    from av import VideoFrame
    from av.container import InputContainer
    from av.video.stream import VideoStream

#: Larger files are not looked into.
MAX_BYTES = 256 * 1024 * 1024
#: Where decoding stops: enough for a minute at 60 pictures per second. What was seen until then
#: decides.
MAX_FRAMES, MAX_SECONDS = 4_000, 10.0
#: How much of what is announced has to be there; muxers count the last picture differently.
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
    #: Whether every picture that the file announces is there and decodes; never where it holds
    #: none.
    complete: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class NotMedia:
    """What a file is that is no video."""

    reason: str
    looks_like: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unprobed:
    """A file that could not be looked into for a reason of ours; it says nothing of the file."""

    reason: str


#: What a decoder raises at bytes that are wrong; anything else is a mistake on our side.
_BAD_BYTES = (ValueError, ArithmeticError, LookupError, EOFError, MemoryError)


def probe(data: bytes | Path) -> Probe | NotMedia | Unprobed:
    """Return what the bytes are; never raises, and never opens anything that a file names."""
    try:
        with bytes_of(data) as file:
            return _probed(file)
    except _BAD_BYTES as error:
        return NotMedia(
            reason=f"the file cannot be read as a video ({type(error).__name__})",
            looks_like="unreadable",
        )
    # Whatever is wrong with our decoder must not lose a run, nor accuse anybody.
    except Exception as error:  # noqa: BLE001
        return Unprobed(
            reason=f"the file could not be looked into ({type(error).__name__}: {error})"
        )


def _probed(file: BinaryIO) -> Probe | NotMedia:
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    head = file.read(HEAD)
    form = form_of(head)
    if not form or size > MAX_BYTES:
        return _refused(head, size)
    if form not in ("mp4", "mov"):
        return _measured(file, form, cut=False)
    boxes = survey(file, size)
    if boxes.absurd:
        return NotMedia(
            reason="the file announces far more pictures than a clip can hold, so it was not "
            "decoded",
            looks_like="broken MP4",
        )
    if not boxes.indexed:
        return NotMedia(
            reason="the file starts like an MP4, and the index of its pictures is missing or "
            "breaks off",
            looks_like="cut off MP4",
        )
    return _measured(file, form, cut=boxes.cut)


def _refused(head: bytes, size: int) -> NotMedia:
    if not head:
        return NotMedia(reason="the file is empty", looks_like="empty")
    if size > MAX_BYTES:
        return NotMedia(
            reason=f"the file is larger than {MAX_BYTES // 1024 // 1024} MB, more than is "
            "looked into",
            looks_like="too large",
        )
    form = looks_like(head)
    description = "nothing that is known" if form == "unknown" else form
    reason = f"the file is no video: its first bytes are {description}"
    return NotMedia(reason=reason, looks_like=form)


def _measured(file: BinaryIO, form: str, *, cut: bool) -> Probe | NotMedia:
    import av

    try:
        with opened(file, form) as container:
            picture = picture_of(container)
            if picture is None:
                return _without_picture(container, form)
            return _with_picture(container, picture, form, cut=cut)
    except av.error.FFmpegError as error:
        return NotMedia(
            reason=f"the file starts like a video and cannot be opened ({error.strerror})",
            looks_like=f"broken {form}",
        )


def _without_picture(container: InputContainer, form: str) -> Probe:
    codec = next((stream.codec_context.name for stream in container.streams.audio), "")
    return Probe(
        container=form,
        codec=codec,
        seconds=_length(container),
        width=0,
        height=0,
        frames=0,
        has_video=False,
        complete=False,
    )


def _with_picture(
    container: InputContainer, picture: VideoStream, form: str, *, cut: bool
) -> Probe:
    seconds = _seconds(picture.duration, picture.time_base) or _length(container)
    counted = _FrameCount(picture)
    for frame in counted.frames_of(container):
        counted.add(frame)
    # A file whose pictures go on after its announced end is as long as its pictures.
    if counted.seconds * WHOLE > seconds:
        seconds = counted.seconds
    return Probe(
        container=form,
        codec=picture.codec_context.name,
        seconds=seconds,
        width=counted.width or picture.codec_context.width,
        height=counted.height or picture.codec_context.height,
        frames=counted.frames,
        complete=not cut and counted.whole(seconds, picture.frames),
    )


def _seconds(duration: int | None, time_base: Fraction | None) -> float:
    """Return a length in seconds; 0 where it is not said."""
    return float(duration * time_base) if duration and time_base else 0.0


def _length(container: InputContainer) -> float:
    return (container.duration or 0) / 1_000_000


class _FrameCount:
    """Counts what really decodes, within a budget of pictures and time."""

    def __init__(self, picture: VideoStream) -> None:
        self._picture = picture
        self._frame_seconds = 1.0 / float(picture.average_rate or 8)
        self._first: float | None = None
        self._end = 0.0
        self.width = self.height = self.frames = self.packets = self._damaged = 0
        self._broken = self._stopped = False

    @property
    def seconds(self) -> float:
        """From the first picture that decoded to the end of the last."""
        return self._end - (self._first or 0.0)

    def frames_of(self, container: InputContainer) -> Iterator[VideoFrame]:
        """Yield the pictures; a decoder's complaint ends them."""
        import av

        deadline = time.monotonic() + MAX_SECONDS
        try:
            for packet in container.demux(self._picture):
                self.packets += packet.size > 0
                self._damaged += packet.is_corrupt
                yield from packet.decode()
                if self.frames >= MAX_FRAMES or time.monotonic() > deadline:
                    self._stopped = True
                    return
        except av.error.FFmpegError:
            self._broken = True

    def add(self, frame: VideoFrame) -> None:
        """Take one picture into account."""
        if not self.frames:
            self.width, self.height = frame.width, frame.height
            if frame.rotation % 180:
                self.width, self.height = frame.height, frame.width
        start = self._end if frame.pts is None else frame.time
        duration = _seconds(frame.duration, frame.time_base) or self._frame_seconds
        self._first = start if self._first is None else min(self._first, start)
        self._end = max(self._end, start + duration)
        self.frames += 1
        self._damaged += frame.is_corrupt

    def whole(self, seconds: float, announced: int) -> bool:
        """Say whether everything announced was there, as far as the budget let us see."""
        if self._broken or self._damaged or not self.frames:
            return False
        return self._stopped or (
            self.seconds >= WHOLE * seconds and self.packets >= WHOLE * announced
        )
