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
from conformance.promises.kinds.media import VideoFiles
from conformance.promises.kinds.response import Answers
from conformance.promises.kinds.robustness import Robustness
from conformance.promises.rule import distinct

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.model.clause import Clause
    from conformance.promises.rule import Kind, Rule
    from conformance.spec.document import Spec

_KINDS: tuple[Kind, ...] = (
    Constraint(),
    Answers(),
    Lifecycle(),
    Echo(),
    Alias(),
    Billing(),
    VideoFiles(),
    Keys(),
    Robustness(),
)

#: The kinds by name. A name used twice would hide one of them.
KINDS: Mapping[str, Kind] = MappingProxyType({kind.name: kind for kind in _KINDS})
assert len(KINDS) == len(_KINDS), "two kinds have one name"


def derive(spec: Spec) -> tuple[Clause, ...]:
    """Return every clause of a spec, kind by kind, each id once."""
    return tuple(distinct(clause for kind in _KINDS for clause in kind.derive(spec)))


def rule_of(clause: Clause) -> Rule[Any]:
    """Return the rule that a clause belongs to."""
    return KINDS[clause.kind].rule(clause.rule)
