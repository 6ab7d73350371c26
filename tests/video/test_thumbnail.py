from __future__ import annotations

import io

import av
import pytest

from conformance.video.make_clip import Clip, make
from conformance.video.thumbnail import thumbnail
from tests.video.films import film, song


def size_of(picture: bytes) -> tuple[int, int]:
    with av.open(io.BytesIO(picture), "r", format="mjpeg") as container:
        frame = next(container.decode(video=0))
    return frame.width, frame.height


@pytest.mark.parametrize(
    ("clip", "size"),
    [
        (Clip(seconds=1, width=1280, height=720), (320, 180)),
        (Clip(seconds=1, width=720, height=1280), (320, 568)),
        (Clip(seconds=1, width=64, height=64), (320, 320)),
    ],
    ids=["landscape", "portrait", "smaller than the still"],
)
def test_a_still_is_a_small_jpeg_of_the_same_shape(clip: Clip, size: tuple[int, int]) -> None:
    picture = thumbnail(make(clip))

    assert picture.startswith(b"\xff\xd8\xff")
    assert len(picture) < 20_000
    assert size_of(picture) == size


def test_a_still_has_the_width_that_was_asked() -> None:
    assert size_of(thumbnail(film("webm", "libvpx"), 100)) == (100, 76)


def test_equal_films_have_equal_stills() -> None:
    data = make(Clip(seconds=1, width=64, height=64))

    assert thumbnail(data) == thumbnail(data)


@pytest.mark.parametrize(
    "data",
    [b"", b"<html>", b"\0\0\0\x18ftypisom" + bytes(99), song()],
    ids=["empty", "HTML", "broken", "no picture"],
)
def test_what_shows_nothing_has_no_still(data: bytes) -> None:
    assert thumbnail(data) == b""
