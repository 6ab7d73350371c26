"""What a job costs, as far as a document says."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

from conformance.promises.video_facets import FACETS, asked

if TYPE_CHECKING:
    from conformance.model.exchange import Json
    from conformance.spec.operation import Operation, Scenario


def price(operation: Operation, scenario: Scenario | None, body: Json) -> float | None:
    """Return the stated price of one job; None where nobody can tell it before it is bought."""
    cost = operation.cost
    if cost is None or cost.amount is not None:
        return cost.amount if cost else None
    wanted = asked(FACETS["length"], scenario, body) if scenario else None
    if cost.per_second is None or wanted is None:
        return None
    return cost.per_second * float(wanted.value)


def for_comparing(price: float | None) -> float:
    """Return a price to choose the cheapest by: what nobody states is taken last."""
    return inf if price is None else price
