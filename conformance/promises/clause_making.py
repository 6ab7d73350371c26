"""Make clauses: permanent ids and the common fields, the same for every kind."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from conformance.model.clause import Clause

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from conformance.model.clause import Level, Place
    from conformance.spec.context import Context
    from conformance.spec.document import Spec
    from conformance.spec.operation import Operation, Scenario


def make(
    spec: Spec,
    kind: str,
    rule: str,
    operation: Operation,
    *parts: str,
    promise: str,
    context: Context,
    place: Place | None = None,
    scenario: Scenario | None = None,
    level: Level | None = None,
    unobservable: str = "",
    **facts: Any,
) -> Clause:
    """Return a clause whose id is provider, operation, scenario where there are several, and `parts`."""
    where = [] if scenario is None or scenario.only else [scenario.title]
    return Clause(
        id=".".join([spec.name, operation.id, *where, *parts]),
        kind=kind,
        rule=rule,
        level=at_most(context.level, level),
        provider=spec.name,
        operation=operation.id,
        scenario=scenario.title if scenario else "",
        promise=promise,
        source=context.source,
        place=place or operation.place,
        reading=context.reading,
        unobservable=unobservable,
        facts={"spec": spec, "operation": operation, "scenario": scenario, **facts},
    )


def distinct(clauses: Iterable[Clause]) -> Iterator[Clause]:
    """Give each clause an id of its own: two rules of one field may say the same thing."""
    seen: Counter[str] = Counter()
    for clause in clauses:
        seen[clause.id] += 1
        count = seen[clause.id]
        yield clause if count == 1 else replace(clause, id=f"{clause.id}.{count}")


def at_most(known: Level, level: Level | None) -> Level:
    """Return the weaker of two levels: what is known from elsewhere never becomes binding."""
    order = ["must", "should", "companion"]
    return known if level is None or order.index(known) > order.index(level) else level
