"""What the entries of every recording share: values that are checked before they are used."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from conformance.model.exchange import Auth, Purpose

if TYPE_CHECKING:
    from conformance.model.exchange import Headers, Request

_KEY_HEADERS = ("authorization", "x-api-key", "api-key")


class Malformed(ValueError):
    """An entry that is no exchange, and why; readers add the file and the place."""


def whole_address(url: str) -> str:
    """Return an address that can be taken apart; raise `Malformed` for any other."""
    try:
        urlsplit(url).port  # noqa: B018 - a wrong port is only noticed when it is asked for
    except ValueError as error:
        raise Malformed(f"{url[:80]!a} is no address ({error})") from error
    return url


def status_code(value: object, missing: str) -> int:
    """Return the status of an answer; raise `Malformed` for what is none."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise Malformed(missing)
    return value


def text_bytes(text: str) -> bytes:
    """Return the bytes of a body that is kept as text, also where it has half a character."""
    return text.encode("utf-8", errors="surrogatepass")


def auth_of(headers: Headers) -> Auth:
    """Return whose key a request shows, where its recorder does not say it."""
    shows_key = any(name.lower() in _KEY_HEADERS for name, _ in headers)
    return Auth.OWN if shows_key else Auth.NONE


def purpose_of(request: Request) -> Purpose:
    """Return what a request is for, where its recorder does not say it."""
    return Purpose.SUBMIT if request.method == "POST" else Purpose.POLL
