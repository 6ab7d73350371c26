"""How long and how large an exchange may become."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds of one exchange; a hostile server meets them and no more."""

    connect: float = 10.0
    #: Seconds between two bytes.
    read: float = 30.0
    #: Seconds for the whole exchange: a server that drips ends here.
    total: float = 60.0
    max_bytes: int = 8 * 1024 * 1024
    #: For files, which are larger and take longer.
    total_file: float = 600.0
    max_file: int = 512 * 1024 * 1024
    redirects: int = 5
