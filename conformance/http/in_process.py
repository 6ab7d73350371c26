"""A door to an application in this very process: the same requests, without a network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx

from conformance.http.async_door import LiveDoor

if TYPE_CHECKING:
    from conformance.http.keyring import Keyring


def inside(app: Any, keys: Keyring) -> LiveDoor:
    """Return a door whose requests are answered by an ASGI application."""
    return LiveDoor(keys, transport=httpx.ASGITransport(app=app, raise_app_exceptions=False))
