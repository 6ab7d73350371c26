"""Every kind of promise, by name; the one place that knows them all."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from conformance.promises.kinds.alias import Alias
from conformance.promises.kinds.auth import Keys
from conformance.promises.kinds.billing import Billing
from conformance.promises.kinds.constraint import Constraint
from conformance.promises.kinds.echo import Echo
from conformance.promises.kinds.lifecycle import Lifecycle
from conformance.promises.kinds.media import Media
from conformance.promises.kinds.response import Answers
from conformance.promises.kinds.robustness import Robustness
from conformance.promises.rule import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.model.clause import Clause
    from conformance.promises.rule import Rule
    from conformance.spec.document import Spec

_KINDS: tuple[Any, ...] = (
    Constraint(),
    Answers(),
    Lifecycle(),
    Echo(),
    Alias(),
    Billing(),
    Media(),
    Keys(),
    Robustness(),
)

#: The kinds by name. A name used twice would hide one of them.
KINDS: Mapping[str, Any] = MappingProxyType({kind.name: kind for kind in _KINDS})
assert len(KINDS) == len(_KINDS), "two kinds have one name"


def derive(spec: Spec) -> tuple[Clause, ...]:
    """Return every clause of a spec, kind by kind, each id once."""
    found: dict[str, Clause] = {}
    for kind in _KINDS:
        for clause in kind.derive(spec):
            if clause.id in found:
                other = found[clause.id]
                message = f"the id {clause.id} is derived twice: {other.place.file}:{other.place.line} and :{clause.place.line}"
                raise ValueError(message)
            found[clause.id] = clause
    return tuple(found.values())


def rule_of(clause: Clause) -> Rule[Any]:
    """Return the rule that a clause belongs to."""
    kind: Any = KINDS[clause.kind]
    return kind.rule(clause.rule) if isinstance(kind, Kind) else kind
