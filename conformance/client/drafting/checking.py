"""Hold a request to the provider's own promises before it leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from conformance.client.drafting.allowed_values import allowed, node_at
from conformance.client.errors import RefusedHere
from conformance.model.json_place import EACH, MISSING, get
from conformance.promises.kinds.constraint import KEYWORDS, Constraint, facts_of
from conformance.promises.wish import field_name
from conformance.spec.schema.assertions import assertions
from conformance.spec.schema.violations import violations

if TYPE_CHECKING:
    from conformance.client.drafting.scenario_routing import Offer
    from conformance.model.clause import Clause
    from conformance.model.json_place import Path
    from conformance.spec.document import Spec
    from conformance.spec.schema.assertions import Assertion
    from conformance.spec.schema.violations import Violation

#: Pointer and name of an assertion, and the field it governs.
_RuleKey: TypeAlias = "tuple[str, str, Path]"


def check(spec: Spec, offer: Offer, body: Any) -> None:
    """Raise `RefusedHere` where the provider promises to refuse this body."""
    broken = violations(offer.scenario.schema, body)
    if broken:
        # The rules of a field come before those of the whole body.
        raise _refused(spec, offer, body, sorted(broken, key=lambda rule: (not rule[2], str(rule))))


def clauses_of(spec: Spec, offer: Offer) -> dict[_RuleKey, Clause]:
    """Return the constraint clauses of an offer by the assertion and field they speak of.

    An alias has those of its original.
    """
    operation = offer.operation.same_as.operation if offer.operation.same_as else offer.operation.id
    clauses = {}
    for clause in Constraint().derive(spec):
        here = (clause.operation, clause.scenario) == (operation, offer.scenario.title)
        if here and not KEYWORDS[clause.rule].one_sided:
            clauses[_rule_key(facts_of(clause).assertion)] = clause
    return clauses


def _refused(spec: Spec, offer: Offer, body: Any, broken: list[Violation]) -> RefusedHere:
    rules = {_rule_key(rule): rule for rule in assertions(offer.scenario.schema)}
    broken_keys = [(at, name, _schema_path(path)) for at, name, path in broken]
    broken_rules = [rules[key] for key in broken_keys if key in rules]
    if not broken_rules:  # a rule that no single assertion carries
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
    first, *others = broken_rules
    clause = clauses_of(spec, offer).get(_rule_key(first))
    value = get(body, first.path) if first.path and first.rule != "required" else MISSING
    return RefusedHere(
        promise=clause.promise if clause else _promise(offer, first),
        clause=clause.id if clause else "",
        source=clause.source if clause else first.context.source,
        place=clause.place if clause else spec.place(first.at),
        field=field_name(KEYWORDS[first.rule].governed(first)),
        given=None if value is MISSING else value,
        allowed=_allowed(offer, first),
        others=tuple(_promise(offer, rule) for rule in others if rule.key != first.key),
    )


def _rule_key(rule: Assertion) -> _RuleKey:
    # Two fields may share one definition, and so the pointer of its rules.
    return rule.at, rule.name, rule.path


def _schema_path(path: tuple[str | int, ...]) -> Path:
    return tuple(EACH if isinstance(token, int) else token for token in path)


def _promise(offer: Offer, rule: Assertion) -> str:
    return KEYWORDS[rule.rule].says(offer.scenario, rule)


def _allowed(offer: Offer, rule: Assertion) -> str:
    """Say what would be taken in place of what was given."""
    match rule.rule:
        case "forbidden":
            return "leave it out"
        case "both":
            return "one of them"
        case "neither":
            return " or ".join("+".join(option) for option in rule.value)
        case "additional":
            return ", ".join(rule.value)
        case _:
            pass
    path = (*rule.path, rule.name) if rule.rule == "required" else rule.path
    node = node_at(offer.scenario.schema, path) if path and EACH not in path else None
    return str(allowed(rule.node if node is None else node))
