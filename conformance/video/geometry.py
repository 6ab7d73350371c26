"""Sizes in words and in pixels, made and judged without looking at a file."""

from __future__ import annotations

import math
import re

#: How far a measured size or ratio may be from the named one: encoders round to multiples of 16,
#: so that 16:9 at 480 lines is 854, 848 or 832 wide.
SLACK = 0.04
#: No side is longer than this, whatever a request says.
LONGEST_SIDE = 8192

_PIXELS = re.compile(r"\s*(\d{1,5})\s*[x×*]\s*(\d{1,5})\s*", re.IGNORECASE)


def size_for(resolution: str, aspect: str) -> tuple[int, int]:
    """Return width and height, even, for words such as `720p` and `9:16`.

    The tier names the short side.
    """
    if pixels := _PIXELS.fullmatch(resolution):
        return _even(int(pixels[1])), _even(int(pixels[2]))
    short = lines(resolution) or 720
    wide, high = ratio(aspect) or (16, 9)
    if wide >= high:
        return _even(short * wide / high), _even(short)
    return _even(short), _even(short * high / wide)


def lines(resolution: str) -> int | None:
    """Return the number in a tier's name: `480p` and `480P` give 480, `4K` gives 2160."""
    text = resolution.strip().lower()
    if text in ("4k", "2160p"):
        return 2160
    number = re.search(r"\d{3,4}", text)
    return int(number[0]) if number else None


def ratio(aspect: str) -> tuple[int, int] | None:
    """Return the two numbers of a ratio; None for `auto` and other words."""
    match = re.fullmatch(r"\s*(\d{1,4})\s*[:x/]\s*(\d{1,4})\s*", aspect)
    if match is None:
        return None
    width, height = int(match[1]), int(match[2])
    return (width, height) if width and height else None


def matches_resolution(width: int, height: int, resolution: str) -> bool:
    """Say whether a size can be called by a tier's name.

    No document says whether a tier names the short side, the height, or as many pixels as a picture
    of 16:9 with that height has, so any may be meant; pixel sizes are taken at their word.
    """
    if pixels := _PIXELS.fullmatch(resolution):
        return _near(width, int(pixels[1])) and _near(height, int(pixels[2]))
    wanted = lines(resolution)
    if wanted is None or _near(min(width, height), wanted) or _near(height, wanted):
        return True
    return _near(math.sqrt(width * height), wanted * 4 / 3)


def matches_aspect(width: int, height: int, aspect: str) -> bool:
    """Say whether a size has a ratio, as nearly as encoders keep it.

    A word such as `auto` asks for none.
    """
    wanted = ratio(aspect)
    return wanted is None or height == 0 or _near(width / height, wanted[0] / wanted[1])


def matches_length(seconds: float, wanted: float, tolerance: float) -> bool:
    """Say whether a length is the wanted one, within a tolerance in seconds.

    Encoders work in whole pictures and sound in whole blocks, so no file is exact.
    """
    return abs(seconds - wanted) <= tolerance


def _near(measured: float, wanted: float) -> bool:
    return abs(measured - wanted) <= SLACK * wanted


def _even(value: float) -> int:
    return min(max(2, round(value / 2) * 2), LONGEST_SIDE)
