"""Times as people read them: the same on every machine."""

from __future__ import annotations

from datetime import UTC, datetime


def moment(seconds: float | None) -> str:
    """Return a time by the minute, of the zone that logs use."""
    return (
        datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M")
        if seconds is not None
        else "not finished"
    )


def day(seconds: float | None) -> str:
    """Return a date."""
    return (
        datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d")
        if seconds is not None
        else "never"
    )
