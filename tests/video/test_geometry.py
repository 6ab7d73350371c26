from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.video.geometry import (
    LONGEST_SIDE,
    matches_aspect,
    matches_length,
    matches_resolution,
    size_for,
)

ASPECTS = ("16:9", "9:16", "1:1", "4:3", "3:4", "3:2", "2:3")


@pytest.mark.parametrize(
    ("resolution", "aspect", "size"),
    [
        ("480p", "16:9", (854, 480)),
        ("720P", "16:9", (1280, 720)),
        ("1080p", "9:16", (1080, 1920)),
        ("720p", "1:1", (720, 720)),
        ("480p", "4:3", (640, 480)),
        ("480p", "3:4", (480, 640)),
        ("720p", "3:2", (1080, 720)),
        ("720p", "2:3", (720, 1080)),
        ("720p", "21:9", (1680, 720)),
        ("720p", "auto", (1280, 720)),
        ("720p", "0:0", (1280, 720)),
        ("", "", (1280, 720)),
        ("4K", "16:9", (3840, 2160)),
        ("1280x720", "1:1", (1280, 720)),
        ("721 X 1281", "auto", (720, 1280)),
        ("720p", "1:9999", (720, LONGEST_SIDE)),
    ],
)
def test_a_size_follows_from_tier_and_ratio(
    resolution: str, aspect: str, size: tuple[int, int]
) -> None:
    assert size_for(resolution, aspect) == size


@pytest.mark.parametrize("aspect", ASPECTS)
@pytest.mark.parametrize("resolution", ["480p", "720p", "1080p"])
def test_a_size_that_was_made_is_judged_to_match(resolution: str, aspect: str) -> None:
    width, height = size_for(resolution, aspect)

    assert matches_resolution(width, height, resolution)
    assert matches_aspect(width, height, aspect)


@settings(derandomize=True, max_examples=200, deadline=None, database=None)
@given(st.text(), st.text())
def test_any_words_give_an_even_size_that_can_be_made(resolution: str, aspect: str) -> None:
    width, height = size_for(resolution, aspect)

    assert (width % 2, height % 2) == (0, 0)
    assert 2 <= width <= LONGEST_SIDE
    assert 2 <= height <= LONGEST_SIDE


@pytest.mark.parametrize(
    ("width", "height", "resolution", "matches"),
    [
        (848, 480, "480p", True),
        (832, 464, "480p", True),
        (480, 848, "480p", True),
        (406, 720, "720p", True),
        (720, 1280, "720p", True),
        (960, 960, "720p", True),
        (784, 1168, "720p", True),
        (740, 554, "480p", True),
        (960, 960, "480p", False),
        (720, 720, "480p", False),
        (640, 640, "720p", False),
        (848, 480, "720p", False),
        (720, 480, "720p", False),
        (1280, 720, "480p", False),
        (1280, 720, "1080P", False),
        (1280, 720, "1280x720", True),
        (1264, 708, "1280x720", True),
        (720, 1280, "1280x720", False),
        (640, 360, "auto", True),
    ],
)
def test_a_tier_names_the_short_side_the_height_or_as_many_pixels_and_pixels_name_themselves(
    width: int, height: int, resolution: str, matches: bool
) -> None:
    assert matches_resolution(width, height, resolution) is matches


@pytest.mark.parametrize(
    ("width", "height", "aspect", "matches"),
    [
        (854, 480, "16:9", True),
        (832, 480, "16:9", True),
        (480, 854, "16:9", False),
        (640, 480, "3:2", False),
        (720, 720, "1:1", True),
        (720, 690, "1:1", False),
        (123, 456, "auto", True),
        (0, 0, "16:9", True),
    ],
)
def test_a_ratio_may_be_off_by_what_encoders_round(
    width: int, height: int, aspect: str, matches: bool
) -> None:
    assert matches_aspect(width, height, aspect) is matches


@pytest.mark.parametrize(
    ("seconds", "matches"), [(6.0, True), (6.5, True), (5.5, True), (6.51, False), (5.4, False)]
)
def test_a_length_matches_within_its_tolerance(seconds: float, matches: bool) -> None:
    assert matches_length(seconds, 6, 0.5) is matches
