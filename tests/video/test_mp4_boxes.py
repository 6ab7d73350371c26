from __future__ import annotations

import io
import time

import pytest

from conformance.video import mp4_boxes as boxes
from conformance.video.mp4_boxes import Survey, survey
from tests.video.films import box

WHOLE = box(b"ftyp", b"isom") + box(b"moov", b"") + box(b"mdat", b"pictures")


def surveyed(data: bytes) -> Survey:
    return survey(io.BytesIO(data), len(data))


def number(value: int) -> bytes:
    return value.to_bytes(4, "big")


def test_a_whole_file_is_neither_cut_nor_absurd() -> None:
    assert surveyed(WHOLE) == Survey(indexed=True, cut=False, absurd=False)


@pytest.mark.parametrize("missing", range(1, 8))
def test_a_file_that_ends_within_a_box_is_cut(missing: int) -> None:
    assert surveyed(WHOLE[:-missing]).cut


@pytest.mark.parametrize(
    "tail",
    [b"\0", b"\0" * 100, b"<html>litter</html>", b"\xff" * 99, b"\0\0\0\1litter\0\0\0\0\0\0\0\0"],
)
def test_litter_after_the_last_box_is_no_cut(tail: bytes) -> None:
    assert surveyed(WHOLE + tail) == Survey(indexed=True, cut=False, absurd=False)


def test_a_box_may_have_a_long_length_or_reach_to_the_end() -> None:
    long = number(1) + b"mdat" + (20).to_bytes(8, "big") + b"1234"

    assert not surveyed(WHOLE + long).cut
    assert surveyed(WHOLE + long[:-1]).cut
    assert not surveyed(WHOLE + number(0) + b"mdat" + b"anything").cut


def test_a_file_without_an_index_says_so() -> None:
    assert not surveyed(box(b"ftyp", b"isom") + box(b"mdat", b"x" * 100)).indexed


@pytest.mark.parametrize(
    "table",
    [
        box(b"trun", number(0) + number(100_000_000)),
        box(b"stsz", number(0) + number(1) + number(100_000_000)),
        box(b"stz2", number(0) + number(4) + number(100_000_000)),
        box(b"elst", number(0) + number(100_000_000) + number(0)),
        box(b"elst", number(0) + number(30_000) + number(0))
        + box(b"stsz", number(0) + number(1) + number(30_000)),
        box(b"cmov", b""),
    ],
    ids=["run", "sizes", "compact sizes", "edits", "edits times samples", "compressed index"],
)
@pytest.mark.parametrize(
    "place", [b"moov", b"moof", b"traf", b""], ids=["moov", "moof", "traf", "outermost"]
)
def test_a_table_that_announces_what_it_does_not_hold_is_absurd_wherever_it_stands(
    table: bytes, place: bytes
) -> None:
    assert surveyed(WHOLE + (box(place, table) if place else table)).absurd


def test_the_bytes_of_the_pictures_are_no_tables() -> None:
    assert not surveyed(WHOLE + box(b"mdat", box(b"trun", number(0) + number(100_000_000)))).absurd


def test_endless_boxes_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boxes, "MAX_BOXES", 1000)

    assert surveyed(box(b"free", b"") * 1001).absurd


def test_an_endless_index_is_not_read() -> None:
    began = time.perf_counter()

    assert surveyed(box(b"moov", bytes(boxes.MAX_DESCRIPTION + 1))).absurd
    assert time.perf_counter() - began < 2
