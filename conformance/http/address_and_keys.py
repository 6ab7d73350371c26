"""What a user gives to a live run: an address and keys, checked before anything is sent, and never shown where secret."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from conformance.errors import Misuse

_PASSWORD = re.compile(r"//[^/@]*@")


@dataclass(eq=False)
class BadAddress(Misuse):
    """A base address that no request can be sent to."""

    given: str
    seen: str

    code = "bad-address"

    def __str__(self) -> str:
        """Say what is wrong with it, without a password that may stand in it."""
        return f"The base address {without_password(self.given)!r} {self.seen}. Expected one such as https://api.example.com or http://127.0.0.1:9000."


@dataclass(eq=False)
class BadKey(Misuse):
    """A key that no header can carry."""

    variable: str

    code = "bad-key"

    def __str__(self) -> str:
        """Say which variable to look at; the key itself is never shown."""
        return f"The key in {self.variable} has characters that no header can carry, such as a line break or a letter with an accent. Copy it again into {self.variable}."


def check_address(url: str) -> str:
    """Return a base address that requests can be sent to; raise `BadAddress` for anything else."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise BadAddress(url, f"is none ({error})") from None
    if parts.scheme not in ("http", "https") or not host:
        raise BadAddress(url, "does not begin with http:// or https:// and a host")
    if not url.isprintable() or " " in url or port == 0:
        raise BadAddress(url, "is none")
    if "@" in parts.netloc:
        raise BadAddress(
            url, "holds a name or a password; keys come from the environment (--key ENVVAR)"
        )
    if parts.query or parts.fragment:
        raise BadAddress(url, "has a query or a fragment; a base address ends with its path")
    return url


def check_key(key: str, variable: str) -> str:
    """Return a key that a header can carry; raise `BadKey` for any other."""
    if key.isascii() and key.isprintable():
        return key
    raise BadKey(variable)


def without_password(url: str) -> str:
    """Return an address as it may be shown."""
    return _PASSWORD.sub("//…@", url)
