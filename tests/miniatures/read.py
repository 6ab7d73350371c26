"""Reading an accepted request, leniently: what is odd got past a rule on purpose."""

import re
from urllib.parse import urlsplit

from .rule import Body, find, is_url, number

#: No film is longer, whatever was let in.
LONGEST = 30
#: The length of an input video whose address does not tell it.
UNKNOWN = 8


def length(body: Body, *paths: str, default: int) -> int:
    """Give the seconds asked for by the first of some fields that says so."""
    asked = (number(find(body, path)) for path in paths)
    seconds = next((value for value in asked if value is not None), default)
    return int(min(max(seconds, 1), LONGEST))


def input_length(address: object) -> int | None:
    """Give the length that an address carries, as `-16s.mp4` does."""
    if not is_url(address):
        return None
    match = re.search(r"-([0-9]{1,4})s\.mp4$", urlsplit(str(address)).path)
    return int(match[1]) if match else None


def lead(address: object) -> int:
    """Give the length of an input video, known or supposed."""
    seconds = input_length(address)
    return UNKNOWN if seconds is None else min(seconds, LONGEST)


def ratio(value: object, default: str = "16:9") -> str:
    """Give an aspect ratio that can be filmed."""
    usable = isinstance(value, str) and re.fullmatch(r"[1-9][0-9]?:[1-9][0-9]?", value)
    return str(value) if usable else default
