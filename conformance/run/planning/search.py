"""Search beyond the planned proofs: forbidden requests, drawn by schemathesis from a seed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from conformance.model.json_place import drop, fields
from conformance.model.witness import Case, Side, Witness
from conformance.promises.kinds.constraint.keyword import ConstraintFacts
from conformance.promises.kinds.robustness import ForbiddenSearch
from conformance.spec.schema.violations import valid, violations

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conformance.model.clause import Clause
    from conformance.model.exchange import Json
    from conformance.spec.document import Spec
    from conformance.spec.operation import Operation

#: Drawn for each one that is wanted: many drawn bodies are allowed, or alike.
_SURPLUS = 4
#: How often is drawn at most until something is the search's own.
_DRAWS = 4


def explored(spec: Spec, clauses: Sequence[Clause], *, count: int, seed: int) -> list[Witness]:
    """Return forbidden requests for every operation that takes jobs, each with its clause."""
    return [
        witness
        for operation in spec.submits
        if not operation.same_as and not operation.needs
        for witness in _of(spec, operation, clauses, count, seed)
    ]


def attributed(operation: Operation, clauses: Sequence[Clause], body: Json) -> Clause | None:
    """Return the clause that a body breaks: the only one in a scenario, or the search's."""
    for scenario in operation.scenarios:
        broken = {(at, name) for at, name, _ in violations(scenario.schema, body)}
        if len(broken) != 1:
            continue
        for clause in clauses:
            here = (clause.operation, clause.scenario) == (operation.id, scenario.title)
            facts = clause.facts
            if here and isinstance(facts, ConstraintFacts) and facts.assertion.key in broken:
                return clause
    for clause in clauses:
        is_search = (clause.kind, clause.rule) == (ForbiddenSearch.kind, ForbiddenSearch.name)
        if is_search and clause.operation == operation.id:
            return clause
    return None


def smaller(body: Json) -> Iterator[Json]:
    """Yield copies of a body with one field less, the outermost first."""
    for path in sorted(fields(body), key=len):
        yield drop(body, path)


def _of(
    spec: Spec, operation: Operation, clauses: Sequence[Clause], count: int, seed: int
) -> Iterator[Witness]:
    texts: set[str] = set()
    whole = operation.scenarios[0].whole
    has_own = False
    # What is drawn depends on what else is imported: a draw may break nothing but single rules,
    # which are other clauses' business.
    for draw in range(_DRAWS):
        for body in _drawn(spec, operation, count * _SURPLUS, seed + draw):
            text = json.dumps(body, sort_keys=True)
            if text in texts or valid(whole, body) or len(texts) >= count:
                continue
            texts.add(text)
            clause = attributed(operation, clauses, body)
            if clause is not None:
                has_own = has_own or clause.rule == ForbiddenSearch.name
                yield _witness(operation, clause, body, text)
        if has_own or len(texts) >= count:
            return


def _witness(operation: Operation, clause: Clause, body: Json, text: str) -> Witness:
    case = Case(
        operation=operation.id,
        scenario=clause.scenario or operation.scenarios[0].title,
        body=body,
    )
    return Witness(
        clause=clause.id,
        side=Side.REFUSE,
        case=case,
        note=f"found by searching: {text[:120]}",
        explored=True,
    )


def _drawn(spec: Spec, operation: Operation, count: int, seed: int) -> list[Json]:
    """Return JSON bodies that schemathesis draws to be refused; it sends nothing."""
    import schemathesis
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis import seed as seeded
    from schemathesis.generation import GenerationMode

    drawn: list[Json] = []
    api_operation = schemathesis.openapi.from_dict(spec.tree.data)[operation.path][operation.method]

    @seeded(seed)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(api_operation.as_strategy(generation_mode=GenerationMode.NEGATIVE))
    def collect(case: Any) -> None:
        if isinstance(case.body, dict | list | str | int | float | bool | None):
            drawn.append(case.body)

    collect()
    return drawn
