"""Say of a clause, without planning, whether its proof buys a job."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conformance.model.clause import Clause
    from conformance.spec.document import Spec


def buys(spec: Spec, clause: Clause) -> bool:
    """Say whether a plan of this clause alone has a job in it: its own, or an original."""
    operation = spec.operation(clause.operation)
    return operation.submits and (not clause.unobservable or operation.needs is not None)
