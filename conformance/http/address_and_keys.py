"""The address and keys that a user gives to a live run, checked before anything is sent."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from conformance.errors import BadAddress, BadKey

_PASSWORD = re.compile(r"//[^/@]*@")


def check_address(url: str) -> str:
    """Return a base address that requests can be sent to; raise `BadAddress` for anything else."""
    shown = without_password(url)
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise BadAddress(shown, f"is none ({error})") from None
    if parts.scheme not in ("http", "https") or not host:
        raise BadAddress(shown, "does not begin with http:// or https:// and a host")
    if not url.isprintable() or " " in url or port == 0:
        raise BadAddress(shown, "is none")
    if "@" in parts.netloc:
        raise BadAddress(
            shown, "holds a name or a password; keys come from the environment (--key ENVVAR)"
        )
    if parts.query or parts.fragment:
        raise BadAddress(shown, "has a query or a fragment; a base address ends with its path")
    return url


def check_key(key: str, variable: str) -> str:
    """Return a key that a header can carry; raise `BadKey` for any other."""
    if key.isascii() and key.isprintable():
        return key
    raise BadKey(variable)


def without_password(url: str) -> str:
    """Return an address as it may be shown."""
    return _PASSWORD.sub("//…@", url)
