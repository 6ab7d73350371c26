"""Say of a clause, without planning, whether its proof buys a job."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conformance.model.clause import Clause
    from conformance.spec.document import Spec


def buys(spec: Spec, clause: Clause) -> bool:
    """Say whether a plan of this clause alone has a job in it: its own, or one to ask about."""
    if clause.unobservable:
        return False
    operation = spec.operation(clause.operation)
    if operation.submits:
        return bool(operation.scenarios)
    return any(operation.id in submit.reads for submit in spec.submits)
