"""The clauses that the simulator is to break, by name; `ID#2` names the second way to break one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.errors import NothingSelected
from conformance.promises.registry import derive, rule_of
from conformance.spec.did_you_mean import nearest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from conformance.promises.sabotage import Sabotage
    from conformance.spec.document import Spec


def sabotages_of(spec: Spec, ids: Collection[str]) -> tuple[Sabotage, ...]:
    """Return a way to break each clause that is named and is this provider's."""
    clauses = {clause.id: clause for clause in derive(spec)} if ids else {}
    sabotages = []
    for text in ids:
        name, _, which = text.partition("#")
        ways = list(rule_of(clauses[name]).sabotage(clauses[name])) if name in clauses else []
        if ways:
            sabotages.append(ways[min(int(which or 1), len(ways)) - 1])
    return tuple(sabotages)


def check_known(specs: Iterable[Spec], ids: Collection[str]) -> None:
    """Raise `NothingSelected` for a name that no clause of any spec has."""
    clauses = [clause.id for spec in specs for clause in derive(spec)] if ids else []
    for text in ids:
        name = text.partition("#")[0]
        if name not in clauses:
            raise NothingSelected(name, nearest(name, clauses))
