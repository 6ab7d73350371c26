from __future__ import annotations

import time

import pytest

from conformance.video.make_clip import MADE_FILES, Clip, joined, make
from conformance.video.probe import Probe, probe


@pytest.fixture(autouse=True)
def _nothing_at_hand() -> None:
    MADE_FILES.clear()


def seen(clip: Clip) -> Probe:
    found = probe(make(clip))
    assert isinstance(found, Probe)
    return found


@pytest.mark.parametrize(
    "clip",
    [
        Clip(seconds=1, width=848, height=480),
        Clip(seconds=5.1, width=406, height=720),
        Clip(seconds=0.125, width=16, height=16),
        Clip(seconds=2, width=64, height=64, fps=25),
    ],
    ids=["landscape", "portrait and a broken length", "one picture", "another rate"],
)
def test_a_clip_is_an_h264_mp4_of_just_that_length_and_size(clip: Clip) -> None:
    found = seen(clip)

    assert (found.container, found.codec, found.complete) == ("mp4", "h264", True)
    assert (found.width, found.height) == (clip.width, clip.height)
    assert found.seconds == pytest.approx(clip.seconds, abs=0.002)
    assert found.frames == round(clip.seconds * clip.fps)


def test_the_index_stands_before_the_pictures() -> None:
    data = make(Clip(seconds=1, width=64, height=64))

    assert 0 < data.index(b"moov") < data.index(b"mdat")


def test_equal_clips_have_equal_bytes_also_when_made_anew() -> None:
    first = make(Clip(seconds=1, width=320, height=180))
    MADE_FILES.clear()

    assert make(Clip(seconds=1, width=320, height=180)) == first


def test_a_file_at_hand_is_not_made_again() -> None:
    first = make(Clip(seconds=1, width=320, height=180))

    assert make(Clip(seconds=1, width=320, height=180)) is first


def test_the_files_at_hand_are_bounded_by_what_they_weigh_together() -> None:
    make(Clip(seconds=1, width=320, height=180))

    assert MADE_FILES.currsize == len(make(Clip(seconds=1, width=320, height=180)))
    assert MADE_FILES.maxsize == 64 * 1024 * 1024


def test_different_clips_have_different_bytes() -> None:
    assert make(Clip(seconds=1, width=64, height=64)) != make(Clip(seconds=2, width=64, height=64))


def test_odd_sizes_become_even() -> None:
    found = seen(Clip(seconds=1, width=641, height=361))

    assert (found.width, found.height) == (640, 360)


@pytest.mark.parametrize("seconds", [0, -3])
def test_a_clip_without_length_holds_one_picture(seconds: float) -> None:
    found = seen(Clip(seconds=seconds, width=64, height=64))

    assert (found.frames, found.complete) == (1, True)


def test_an_absurdly_long_clip_costs_little_and_is_an_hour() -> None:
    began = time.process_time()

    found = seen(Clip(seconds=10**9, width=1280, height=720))

    assert found.seconds == pytest.approx(3600)
    assert found.frames <= 480
    assert time.process_time() - began < 5


def test_an_absurdly_large_clip_is_cut_to_a_size_that_can_be_made() -> None:
    assert Clip(seconds=1, width=10**9, height=-5).size == (4096, 2)


def test_the_picture_moves() -> None:
    from conformance.video.decoder import bytes_of, opened

    with (
        bytes_of(make(Clip(seconds=2, width=64, height=64))) as file,
        opened(file, "mp4") as container,
    ):
        first, *_, last = [bytes(frame.planes[0]) for frame in container.decode(video=0)]

    assert first != last


def test_fifteen_seconds_of_720p_are_cheap() -> None:
    began = time.process_time()

    data = make(Clip(seconds=15, width=1280, height=720))

    assert time.process_time() - began < 2, "measured: 0.15 s alone; the rest is for a busy machine"
    assert len(data) < 60_000


def test_a_clip_is_made_once() -> None:
    clip = Clip(seconds=1, width=64, height=64)

    assert make(clip) is make(clip)


def test_a_joined_clip_is_as_long_as_both_in_the_form_of_the_second() -> None:
    whole = joined(
        Clip(seconds=8, width=640, height=360), Clip(seconds=6, width=1280, height=720, fps=10)
    )

    assert whole == Clip(seconds=14, width=1280, height=720, fps=10)
