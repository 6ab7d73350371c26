from __future__ import annotations

import io
import socket
import zipfile
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.video import probe as module
from conformance.video.make_clip import Clip, make
from conformance.video.make_png import png
from conformance.video.probe import NotMedia, Probe, Unprobed, probe
from tests.video.films import box, film, song

if TYPE_CHECKING:
    from pathlib import Path

CLIP = make(Clip(seconds=2, width=320, height=180))
FEW = settings(derandomize=True, max_examples=60, deadline=None, database=None)


def seen(data: bytes) -> Probe:
    found = probe(data)
    assert isinstance(found, Probe), found
    return found


def refused(data: bytes) -> NotMedia:
    found = probe(data)
    assert isinstance(found, NotMedia), found
    return found


def test_a_label_in_any_encoding_is_no_fault_of_the_video() -> None:
    data = film("mp4", "libx264", title="a fox in snow").replace(
        b"a fox in snow", b"\xff\xfe fox in snow"
    )

    assert seen(data).complete


def test_a_mistake_of_our_own_says_nothing_of_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise TypeError("open() got an unexpected keyword argument")

    monkeypatch.setattr(module, "opened", broken)

    assert probe(CLIP) == Unprobed(
        reason=(
            "the file could not be looked into (TypeError: open() got an unexpected keyword "
            "argument)"
        )
    )


def test_a_whole_clip_is_measured() -> None:
    assert seen(CLIP) == Probe(
        container="mp4", codec="h264", seconds=2.0, width=320, height=180, frames=16
    )


def test_a_file_is_measured_like_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / "result"
    path.write_bytes(CLIP)

    assert probe(path) == probe(CLIP)


@pytest.mark.parametrize("part", [index / 40 for index in range(40)])
def test_a_file_cut_off_anywhere_is_not_whole(part: float) -> None:
    found = probe(CLIP[: int(len(CLIP) * part)])

    assert isinstance(found, NotMedia) or (isinstance(found, Probe) and not found.complete)


@pytest.mark.parametrize("missing", [1, 2, 7, 50])
def test_a_file_that_lacks_its_last_bytes_is_not_whole(missing: int) -> None:
    assert not seen(CLIP[:-missing]).complete


def test_a_file_whose_index_stands_last_is_measured_and_lost_when_cut() -> None:
    data = film("mp4", "libx264")

    assert seen(data).complete
    assert refused(data[: len(data) // 2]).looks_like == "cut off MP4"


def test_a_file_that_breaks_off_in_its_index_is_called_cut_off() -> None:
    assert refused(CLIP[: CLIP.index(b"stsd")]).looks_like == "cut off MP4"


def test_a_file_whose_pictures_are_gone_is_not_whole() -> None:
    found = seen(CLIP[: CLIP.index(b"mdat") - 4])

    assert (found.frames, found.complete) == (0, False)


def test_pictures_that_are_overwritten_make_a_file_not_whole() -> None:
    middle = CLIP.index(b"mdat") + 900
    data = CLIP[:middle] + bytes(range(250)) * 2 + CLIP[middle + 500 :]

    assert not seen(data).complete


@pytest.mark.parametrize(
    "tail", [b"\0" * 999, b"<html>", b"\xde\xad\xbe\xef" * 500], ids=["zeros", "text", "noise"]
)
def test_litter_after_a_whole_file_does_no_harm(tail: bytes) -> None:
    assert seen(CLIP + tail) == seen(CLIP)


def test_a_film_in_fragments_is_measured() -> None:
    data = film(
        "mp4", "libx264", options={"movflags": "frag_keyframe+empty_moov+default_base_moof"}
    )

    assert seen(data) == Probe(
        container="mp4", codec="h264", seconds=2.0, width=64, height=48, frames=16
    )
    assert not seen(data[:-20]).complete


@pytest.mark.parametrize(
    ("form", "codec", "seen_codec"),
    [("webm", "libvpx", "vp8"), ("webm", "libvpx-vp9", "vp9"), ("mov", "libx264", "h264")],
)
def test_films_of_other_forms_are_measured(form: str, codec: str, seen_codec: str) -> None:
    found = seen(film(form, codec))

    assert (found.container, found.codec, found.frames, found.complete) == (
        form,
        seen_codec,
        16,
        True,
    )
    assert found.seconds == pytest.approx(2, abs=0.1)


def test_a_webm_cut_in_half_is_not_whole() -> None:
    data = film("webm", "libvpx")

    assert not seen(data[: len(data) // 2]).complete


def test_a_film_on_its_side_is_measured_as_it_is_shown() -> None:
    found = seen(film("mp4", "libx264", rotation=90))

    assert (found.width, found.height) == (48, 64)


def test_a_film_without_pictures_is_none() -> None:
    found = seen(song())

    assert (found.has_video, found.complete, found.codec) == (False, False, "aac")


def test_a_film_of_no_length_is_not_whole() -> None:
    found = probe(film("mp4", "libx264", pictures=0))

    if isinstance(found, Probe):
        assert (found.frames, found.seconds, found.complete) == (0, 0.0, False)
    else:
        assert isinstance(found, NotMedia)


def packed() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("clip.mp4", CLIP)
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "looks_like"),
    [
        (b"", "empty"),
        (b"<!doctype html><title>503</title>", "HTML"),
        (b'{"error": "expired"}', "JSON"),
        (png(8, 8, 1), "PNG"),
        (packed(), "ZIP"),
        (b"#EXTM3U\n#EXTINF:5,\nhttp://127.0.0.1/clip.mp4\n", "a playlist"),
        (b"file 'clip.mp4'\n", "unknown"),
        (bytes(1000), "unknown"),
        (box(b"ftyp", b"avif" + bytes(12)) + CLIP[32:], "an AVIF or HEIF picture"),
        (box(b"ftyp", b"isom") + box(b"moov", bytes(100)), "broken mp4"),
    ],
    ids=[
        "nothing",
        "HTML",
        "JSON",
        "PNG",
        "zip",
        "playlist",
        "concat",
        "zeros",
        "AVIF",
        "ftyp alone",
    ],
)
def test_what_is_no_video_is_told_in_one_plain_sentence(data: bytes, looks_like: str) -> None:
    found = refused(data)

    assert found.looks_like == looks_like
    assert found.reason.startswith("the file ")
    assert "\n" not in found.reason


@pytest.mark.parametrize("path", ["missing", "."])
def test_a_path_that_cannot_be_read_is_a_matter_of_ours(path: str, tmp_path: Path) -> None:
    found = probe(tmp_path / path)

    assert isinstance(found, Unprobed)


def test_a_file_of_any_size_is_only_looked_into_up_to_a_limit(tmp_path: Path) -> None:
    path = tmp_path / "huge"
    with path.open("wb") as file:
        file.write(CLIP)
        file.truncate(module.MAX_BYTES + 1)

    found = probe(path)

    assert isinstance(found, NotMedia)
    assert (found.looks_like, "256 MB" in found.reason) == ("too large", True)


def test_decoding_stops_at_its_budget_of_pictures_and_of_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "MAX_FRAMES", 4)
    assert (seen(CLIP).frames, seen(CLIP).seconds, seen(CLIP).complete) == (4, 2.0, True)

    monkeypatch.setattr(module, "MAX_SECONDS", -1.0)
    assert seen(CLIP).frames <= 1


def test_a_file_that_asks_for_gigabytes_is_not_decoded() -> None:
    run = box(
        b"traf",
        box(b"tfhd", bytes(3) + b"\0\0\0\0\1")
        + box(b"trun", bytes(4) + (10**8).to_bytes(4, "big")),
    )

    assert "far more" in refused(CLIP + box(b"moof", run)).reason


@pytest.mark.parametrize(
    "disguise", [b"", b"\0\0\0\x10ftypisom\0\0\0\0"], ids=["open", "behind an ftyp"]
)
@pytest.mark.parametrize(
    "words", ["#EXTM3U\n#EXTINF:1,\n{url}\n", "ffconcat version 1.0\nfile '{url}'\n", "{url}\n"]
)
def test_no_address_in_a_file_is_ever_called(words: str, disguise: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/clip.mp4"

        refused(disguise + words.format(url=url).encode())

        with pytest.raises(BlockingIOError):
            listener.accept()


def test_an_index_that_names_another_file_is_not_followed(tmp_path: Path) -> None:
    other = tmp_path / "other.mp4"
    other.write_bytes(CLIP)
    here = box(b"url ", b"\0\0\0\1")
    there = box(b"url ", bytes(4) + b"file://" + str(other).encode() + b"\0")
    grown = len(there) - len(here)
    data = CLIP.replace(here, there, 1)
    for name in (b"dref", b"dinf", b"minf", b"mdia", b"trak", b"moov"):
        at = data.index(name) - 4
        data = (
            data[:at]
            + (int.from_bytes(data[at : at + 4], "big") + grown).to_bytes(4, "big")
            + data[at + 4 :]
        )

    assert not seen(data[: data.index(b"mdat") - 4]).frames


def test_nothing_is_printed_about_broken_files(capfd: pytest.CaptureFixture[str]) -> None:
    probe(CLIP[:-500])
    probe(CLIP[:600])

    assert capfd.readouterr() == ("", "")


@FEW
@given(st.binary(max_size=2000), st.sampled_from([b"", b"\0\0\0\x18ftypisom", b"\x1a\x45\xdf\xa3"]))
def test_no_bytes_make_it_raise(data: bytes, start: bytes) -> None:
    assert isinstance(probe(start + data), Probe | NotMedia)


@FEW
@given(
    st.lists(
        st.tuples(st.integers(32, len(CLIP) - 1), st.integers(0, 255)), min_size=1, max_size=20
    ),
    st.integers(0, 900),
)
def test_no_change_of_single_bytes_makes_it_raise(
    changes: list[tuple[int, int]], nearer: int
) -> None:
    data = bytearray(CLIP)
    for at, value in changes:
        data[max(32, at % 1200 - nearer)] = value  # mostly in the index, where it hurts

    assert isinstance(probe(bytes(data)), Probe | NotMedia)
