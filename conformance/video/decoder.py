"""Open the bytes of a file for decoding, and nothing else: no name, no address, no second file."""

from __future__ import annotations

import io
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Iterator

    from av.container import InputContainer
    from av.video.stream import VideoStream

#: What a decoder is told to read; both names of each family lead to the same reader.
_READERS = {"mp4": "mp4", "mov": "mov", "webm": "webm", "matroska": "matroska"}
#: Pictures of more pixels than 4096 × 4096 are not decoded.
MAX_PIXELS = 4096 * 4096


@contextmanager
def bytes_of(source: bytes | Path) -> Iterator[BinaryIO]:
    """Yield a file to read from, wherever the bytes lie."""
    with source.open("rb") if isinstance(source, Path) else io.BytesIO(source) as file:
        yield file


@contextmanager
def opened(file: BinaryIO, form: str) -> Iterator[InputContainer]:
    """Yield the file as a decoder sees it, with the form said beforehand.

    A decoder that may guess would follow what a playlist names; this one has neither the guess
    nor a protocol to follow it with.
    """
    import av

    file.seek(0)
    settings = {"protocol_whitelist": "none"}
    with av.open(
        file, "r", format=_READERS[form], container_options=settings, **_lenient()
    ) as container:
        yield container


@cache
def _lenient() -> dict[str, Any]:
    """Return what makes a decoder take labels in any encoding, as PyAV 19 does unasked."""
    import av

    return {"metadata_errors": "replace"} if int(av.__version__.partition(".")[0]) < 19 else {}


def picture_of(container: InputContainer) -> VideoStream | None:
    """Return the moving picture, ready to decode.

    A cover image is none, nor is what no decoder knows.
    """
    for stream in container.streams.video:
        # None where no decoder knows the codec, whatever the types say.
        codec: object = stream.codec_context
        if codec is not None and not stream.disposition & type(stream.disposition).attached_pic:
            stream.codec_context.options = {"max_pixels": str(MAX_PIXELS)}
            return stream
    return None
