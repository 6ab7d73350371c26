"""The clauses that the simulator is to break, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.promises.registry import derive, kind_of
from conformance.run.planning.selection import NothingSelected
from conformance.spec.did_you_mean import nearest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from conformance.promises.sabotage import Sabotage
    from conformance.spec.document import Spec


def sabotages_of(spec: Spec, ids: Collection[str]) -> tuple[Sabotage, ...]:
    """Return the first way to break each clause that is named and is this provider's."""
    broken = [clause for clause in derive(spec) if clause.id in ids] if ids else []
    return tuple(way for clause in broken for way in list(kind_of(clause).sabotage(clause))[:1])


def check_known(specs: Iterable[Spec], ids: Collection[str]) -> None:
    """Raise `NothingSelected` for a name that no clause of any spec has."""
    known = [clause.id for spec in specs for clause in derive(spec)] if ids else []
    for name in ids:
        if name not in known:
            raise NothingSelected(name, nearest(name, known))
