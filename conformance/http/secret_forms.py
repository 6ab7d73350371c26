"""The forms in which a secret may turn up: as it is, escaped, in an address, in base64, and one in the other."""

from __future__ import annotations

import base64
import html
import json
import re
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Shorter pieces of base64 stand for too many other things.
_PIECE = 8
_ESCAPE = re.compile("%[0-9A-F]{2}")


def forms(secret: str) -> tuple[str, ...]:
    """Return every form of a secret that is looked for, the longest first."""
    once = {secret, *_written(secret), *_encoded(secret.encode())}
    twice = {again for form in once for again in _written(form)}
    return tuple(sorted(once | twice, key=lambda form: (-len(form), form)))


def _written(text: str) -> Iterator[str]:
    """Yield a text as addresses, JSON, Python and HTML write it."""
    for address in (quote(text, safe=""), quote(text), quote_plus(text)):
        yield address
        yield _ESCAPE.sub(lambda found: found[0].lower(), address)
    inside = json.dumps(text)[1:-1]
    yield inside
    yield inside.replace("/", "\\/")
    yield json.dumps(text, ensure_ascii=False)[1:-1]
    yield repr(text)[1:-1]
    yield html.escape(text)
    yield html.escape(text, quote=False)


def _encoded(data: bytes) -> Iterator[str]:
    """Yield data as hexadecimal digits, and in base64 at each place where it may begin in a longer text."""
    yield data.hex()
    for offset in range(3):
        whole = base64.b64encode(b"\0" * offset + data).decode()
        # What its neighbours have a share in is left out.
        start = 0 if offset == 0 else offset + 1
        end = len(whole) - (4 if (len(data) + offset) % 3 else 0)
        piece = whole[start:end]
        if len(piece) >= _PIECE:
            yield piece
            yield piece.replace("+", "-").replace("/", "_")
