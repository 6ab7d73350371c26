"""What is raised inside this room where recorded data is no exchange; readers add the file and the place."""

from __future__ import annotations

from urllib.parse import urlsplit


class Malformed(ValueError):
    """An entry that is no exchange, and why."""


def whole_address(url: str) -> str:
    """Return an address that can be taken apart; raise `Malformed` for any other."""
    try:
        urlsplit(url).port  # noqa: B018 - a wrong port is only noticed when it is asked for
    except ValueError as error:
        raise Malformed(f"{url[:80]!a} is no address ({error})") from error
    return url
