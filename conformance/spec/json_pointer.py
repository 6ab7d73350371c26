"""JSON pointers: write one, follow one."""

from __future__ import annotations

from typing import Any


def escape(token: str | int) -> str:
    """Return a token as a part of a JSON pointer."""
    return str(token).replace("~", "~0").replace("/", "~1")


def unescape(token: str) -> str:
    """Return a part of a JSON pointer as the key it names."""
    return token.replace("~1", "/").replace("~0", "~")


def lookup(data: Any, pointer: str) -> Any:
    """Return what stands at a JSON pointer that is known to exist."""
    for token in pointer.split("/")[1:]:
        data = data[int(token)] if isinstance(data, list) else data[unescape(token)]
    return data
