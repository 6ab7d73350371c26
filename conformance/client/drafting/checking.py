"""Hold a request to the provider's own promises before it leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from conformance.client.drafting.allowed_values import allowed, node_at
from conformance.client.errors import RefusedHere
from conformance.promises.kinds.constraint import KEYWORDS, Constraint, facts_of
from conformance.promises.wish import field_name
from conformance.spec.schema.assertions import EACH, assertions
from conformance.spec.schema.json_edit import MISSING, get
from conformance.spec.schema.violations import violations

if TYPE_CHECKING:
    from collections.abc import Iterable

    from conformance.client.drafting.scenario_routing import Offer
    from conformance.model.clause import Clause
    from conformance.spec.document import Spec
    from conformance.spec.schema.assertions import Assertion, Path
    from conformance.spec.schema.violations import Violation

#: Pointer and name of an assertion, and the field it governs.
_Where: TypeAlias = "tuple[str, str, Path]"


def check(spec: Spec, offer: Offer, body: Any) -> None:
    """Raise `RefusedHere` where the provider promises to refuse this body."""
    broken = sorted(violations(offer.scenario.schema, body), key=lambda one: (not one[2], str(one)))
    if broken:
        raise _refused(spec, offer, body, broken)


def clauses_of(spec: Spec, offer: Offer) -> dict[_Where, Clause]:
    """Return the constraint clauses of an offer by the assertion and field they speak of; an alias has those of its original."""
    operation = offer.operation.same_as.operation if offer.operation.same_as else offer.operation.id
    clauses = {}
    for clause in Constraint().derive(spec):
        here = (clause.operation, clause.scenario) == (operation, offer.scenario.title)
        if here and not KEYWORDS[clause.rule].one_sided:
            clauses[_where(facts_of(clause).assertion)] = clause
    return clauses


def _refused(spec: Spec, offer: Offer, body: Any, broken: list[Violation]) -> RefusedHere:
    known = clauses_of(spec, offer)
    rules = {_where(one): one for one in assertions(offer.scenario.schema)}
    found = [rules[one] for at, name, path in broken if (one := (at, name, _path(path))) in rules]
    if not found:  # a rule that no single assertion carries
        at = broken[0][0]
        return RefusedHere(
            "the request keeps all rules of its scenario",
            "",
            offer.scenario.context.source,
            spec.place(at),
            "",
            None,
            "see the place",
        )
    first = found[0]
    clause = known.get(_where(first))
    where = field_name(KEYWORDS[first.rule].governed(first))
    value = get(body, first.path) if first.path and first.rule != "required" else MISSING
    return RefusedHere(
        promise=clause.promise if clause else _promise(offer, first),
        clause=clause.id if clause else "",
        source=clause.source if clause else first.context.source,
        place=clause.place if clause else spec.place(first.at),
        field=where,
        given=None if value is MISSING else value,
        allowed=_allowed(offer, first),
        others=tuple(_others(offer, first, found[1:])),
    )


def _where(found: Assertion) -> _Where:
    # Two fields may share one definition, and so the pointer of its rules.
    return found.at, found.name, found.path


def _path(path: tuple[str | int, ...]) -> Path:
    return tuple(EACH if isinstance(token, int) else token for token in path)


def _others(offer: Offer, first: Assertion, rest: Iterable[Assertion]) -> list[str]:
    return [_promise(offer, other) for other in rest if other.key != first.key]


def _promise(offer: Offer, assertion: Assertion) -> str:
    return KEYWORDS[assertion.rule].promise(offer.scenario, assertion)


def _allowed(offer: Offer, found: Assertion) -> str:
    """Say what would be taken in place of what was given."""
    match found.rule:
        case "forbidden":
            return "leave it out"
        case "both":
            return "one of them"
        case "neither":
            return " or ".join("+".join(option) for option in found.value)
        case "additional":
            return ", ".join(found.value)
        case _:
            pass
    path = (*found.path, found.name) if found.rule == "required" else found.path
    node = node_at(offer.scenario.schema, path) if path and "*" not in path else found.node
    return str(allowed(node if node is not None else found.node))
