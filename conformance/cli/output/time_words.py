"""Times as people read them: the same on every machine."""

from __future__ import annotations

import time
from datetime import UTC, datetime

_DAY = 86400.0


def moment(seconds: float | None) -> str:
    """Return a time by the minute, of the zone that logs use."""
    if seconds is None:
        return "not finished"
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M")


def day(seconds: float) -> str:
    """Return a date."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d")


def days_since(seconds: float) -> float:
    """Return how many days ago a time was."""
    return (time.time() - seconds) / _DAY


def too_old(provider: str, days: float) -> str:
    """Return the warning about a recording that is older than allowed."""
    return (
        f"{provider}: recorded {days:.0f} days ago. Record it anew: "
        f"conformance run {provider} --record, with the target it came from."
    )
