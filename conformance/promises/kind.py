"""What every kind of promise has: it derives clauses, proves both sides, judges, and knows how to break."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from conformance.model.clause import Clause
    from conformance.model.exchange import Json
    from conformance.model.inputs import Inputs
    from conformance.model.verdict import Verdict
    from conformance.model.witness import Witness
    from conformance.promises.evidence import Evidence
    from conformance.promises.sabotage import Sabotage
    from conformance.promises.wish import Wish
    from conformance.spec.document import Spec


class Kind(Protocol):
    """One kind of promise. Every method is pure: none sends, prints or raises for a broken promise."""

    #: The kind's name, as clauses and reports carry it.
    name: str

    def derive(self, spec: Spec) -> Iterable[Clause]:
        """Return the clauses of this kind that a spec makes."""

    def wishes(self, clause: Clause) -> Iterable[Wish]:
        """Return what accepted jobs must contain to prove the clause; one job serves many wishes."""

    def witnesses(
        self, clause: Clause, controls: Sequence[Json], inputs: Inputs
    ) -> Iterable[Witness]:
        """Return requests that must be refused, each one edit away from one of the accepted `controls`."""

    def judge(self, clause: Clause, evidence: Evidence) -> Verdict:
        """Say what the evidence shows of the clause."""

    def sabotage(self, clause: Clause) -> Iterable[Sabotage]:
        """Return the ways a provider would break exactly this clause."""
