"""What a second of video cost: the prices of a run's jobs beside the seconds that were asked."""

from __future__ import annotations

import json
from collections import defaultdict
from math import isfinite
from typing import TYPE_CHECKING, Any

from conformance.model.json_place import at

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.model.run_records import ExchangeRecord, JobRecord, RunHeader


class Prices:
    """Adds up jobs, by operation and scenario, as their submits come by."""

    def __init__(self, header: RunHeader, jobs: Sequence[JobRecord]) -> None:
        methods = {(method.operation, method.scenario): method for method in header.methods}
        # Where no price is documented, jobs are only counted.
        priced = {
            group
            for group, method in methods.items()
            if method.cost is not None or method.cost_per_second is not None
        }
        self._jobs = {job.exchange: job for job in jobs if (job.operation, job.scenario) in priced}
        self._pointers = {
            (scenario.operation, scenario.scenario): [
                pointer for pointer, word in scenario.fields.items() if word == "duration"
            ]
            for scenario in header.scenarios
        }
        self._usual = {
            group: method.words["duration"].default
            for group, method in methods.items()
            if "duration" in method.words
        }
        self._sums: dict[str, tuple[float, float]] = defaultdict(lambda: (0.0, 0.0))

    def add(self, exchange: ExchangeRecord) -> None:
        """Take an exchange into account, if it submitted a job."""
        job = self._jobs.get(exchange.number)
        if job is None:
            return
        group = (job.operation, job.scenario)
        asked = _asked(
            exchange.request.text or "", self._pointers.get(group, ()), self._usual.get(group)
        )
        if asked and job.price is not None:
            price, seconds = self._sums[".".join(group)]
            self._sums[".".join(group)] = (price + job.price, seconds + asked)

    def per_second(self) -> dict[str, float]:
        """Return the price of a second, by operation and scenario, where it is known."""
        return {name: price / seconds for name, (price, seconds) in self._sums.items()}


def _asked(text: str, pointers: Sequence[str], usual: Any) -> float:
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
