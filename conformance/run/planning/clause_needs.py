"""What the jobs must have that a clause is proved by, its own operation's or another's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.promises.job_price import for_comparing, price
from conformance.promises.registry import rule_of
from conformance.promises.wish import Wish
from conformance.run.planning.body_composing import BodyComposer
from conformance.spec.schema.smallest_value import MissingInput

if TYPE_CHECKING:
    from conformance.model.clause import Clause
    from conformance.model.exchange import Json
    from conformance.model.inputs import Inputs
    from conformance.spec.document import Spec
    from conformance.spec.operation import Operation


class NeededJobs:
    """Tells what the jobs that a clause is proved by must have."""

    def __init__(self, spec: Spec, inputs: Inputs) -> None:
        self.spec, self.inputs = spec, inputs
        self._leading: dict[str, Wish | None] = {}

    def wishes(self, clause: Clause) -> list[Wish]:
        """Return what jobs must have; who wishes for nothing takes any job of each scenario."""
        if clause.unobservable or rule_of(clause).needs_failed_job(clause):
            return []
        wishes = list(rule_of(clause).wishes(clause))
        if wishes:
            return wishes
        operation = self.spec.operation(clause.operation)
        if operation.submits:
            return [
                Wish(operation=operation.id, scenario=scenario.title)
                for scenario in operation.scenarios
                if clause.scenario in ("", scenario.title)
            ]
        if operation.id not in self._leading:
            self._leading[operation.id] = self._leading_to(operation)
        leading = self._leading[operation.id]
        return [leading] if leading else []

    def _leading_to(self, operation: Operation) -> Wish | None:
        """Return the cheapest job that an operation can be asked about; None where none can."""
        ranked: list[tuple[bool, bool, bool, float, Wish]] = []
        for submit in self.spec.submits:
            if operation.id not in submit.reads:
                continue
            for scenario in submit.scenarios:
                lacks_media, body = self._smallest(BodyComposer(scenario, self.inputs))
                wish = Wish(operation=submit.id, scenario=scenario.title)
                needs_another = submit.needs is not None
                another_way = submit.same_as is not None
                cost = for_comparing(price(submit, scenario, body))
                ranked.append((lacks_media, another_way, needs_another, cost, wish))
        return min(ranked, key=lambda rank: rank[:-1])[-1] if ranked else None

    def _smallest(self, composer: BodyComposer) -> tuple[bool, Json]:
        """Return whether the smallest body lacks an input that nobody gave, and the body."""
        try:
            return False, composer.build({}, None)
        except MissingInput:
            return True, None
