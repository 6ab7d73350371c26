"""What a second of video cost: the prices of a run's jobs beside the seconds that were asked."""

from __future__ import annotations

import json
from collections import defaultdict
from math import isfinite
from typing import TYPE_CHECKING, Any

from conformance.spec.job_words import at

if TYPE_CHECKING:
    from collections.abc import Mapping


class Prices:
    """Adds up jobs, by operation and scenario, as their submits come by."""

    def __init__(self, header: Mapping[str, Any], jobs: tuple[dict[str, Any], ...]) -> None:
        # Where no price is documented, jobs are only counted.
        priced = {
            (one["operation"], one["scenario"])
            for one in header.get("methods", ())
            if one["cost"] is not None or one["cost_per_second"] is not None
        }
        self._jobs = {
            job["exchange"]: job for job in jobs if (job["operation"], job["scenario"]) in priced
        }
        self._pointers = {
            (one["operation"], one["scenario"]): [
                pointer for pointer, word in one["fields"].items() if word == "duration"
            ]
            for one in header.get("scenarios", ())
        }
        self._usual = {
            (one["operation"], one["scenario"]): (one["words"].get("duration") or {}).get("default")
            for one in header.get("methods", ())
        }
        self._sums: dict[str, tuple[float, float]] = defaultdict(lambda: (0.0, 0.0))

    def add(self, number: int, exchange: Mapping[str, Any]) -> None:
        """Take an exchange into account, if it submitted a job."""
        job = self._jobs.get(number)
        if job is None:
            return
        group = (job["operation"], job["scenario"])
        asked = _asked(
            exchange["request"].get("text", ""),
            self._pointers.get(group, ()),
            self._usual.get(group),
        )
        if asked:
            price, seconds = self._sums[".".join(group)]
            self._sums[".".join(group)] = (price + job["price"], seconds + asked)

    def per_second(self) -> dict[str, float]:
        """Return the price of a second, by operation and scenario, where it is known."""
        return {name: price / seconds for name, (price, seconds) in self._sums.items()}


def _asked(text: str, pointers: Any, usual: Any) -> float:
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):
        return 0.0
    value: Any = next(
        (found for pointer in pointers if (found := at(body, pointer)) is not None), usual
    )
    try:
        seconds = 0.0 if isinstance(value, bool) else float(value)
    except (TypeError, ValueError, OverflowError):
        return 0.0
    return seconds if isfinite(seconds) and seconds > 0 else 0.0
