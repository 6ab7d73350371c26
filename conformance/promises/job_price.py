"""What a job costs, as far as a document says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.promises.video_facets import FACETS, asked

if TYPE_CHECKING:
    from conformance.model.exchange import Json
    from conformance.spec.operation import Operation, Scenario

#: Counted for a job whose price no document gives.
UNKNOWN = 1.0


def price(operation: Operation, scenario: Scenario | None, body: Json) -> float:
    """Return the price of one job.

    Stated, or by its seconds, or one credit where nothing is known.
    """
    cost = operation.cost
    if cost is None or (cost.amount is None and cost.per_second is None):
        return UNKNOWN
    if cost.amount is not None:
        return cost.amount
    wanted = asked(FACETS["length"], scenario, body) if scenario else None
    return (cost.per_second or 0.0) * float(wanted.value if wanted else 1)
