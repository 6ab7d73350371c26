"""Show a clause to a reader.

The requests that prove each side, and how a provider would break it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.model.inputs import Inputs
from conformance.model.json_place import dotted
from conformance.promises.registry import rule_of
from conformance.promises.sabotage import Permit
from conformance.spec.schema.smallest_value import ABSENT, PRESENT, MissingInput, Shape, build

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.model.clause import Clause
    from conformance.promises.wish import Wish
    from conformance.spec.document import Spec


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhibit:
    """One request as a reader wants to see it."""

    note: str
    body: Any


def accepted(spec: Spec, clause: Clause) -> tuple[Exhibit, ...]:
    """Return the requests that must be accepted: the smallest ones with what is wished for."""
    return tuple(_accepted(spec, clause))


def refused(clause: Clause) -> tuple[Exhibit, ...]:
    """Return the requests that must be refused."""
    rule = rule_of(clause)
    witnesses = list(rule.witnesses(clause, [], Inputs()))
    if not witnesses:
        # Some send what is otherwise accepted, with another key: they need something to send.
        witnesses = list(rule.witnesses(clause, _controls(clause), Inputs()))
    return tuple(Exhibit(note=witness.note, body=witness.case.body) for witness in witnesses)


def loss(clause: Clause) -> str:
    """Return what a buyer loses when a clause is broken, by the side on which that happens."""
    if_taken = clause.harm_if_taken or clause.harm
    if if_taken is clause.harm or clause.masked:
        return clause.harm.value
    return f"{if_taken} where what must be refused is taken, else {clause.harm}"


def breaches(clause: Clause) -> tuple[str, ...]:
    """Return the ways a provider would break a clause, each once; empty where none is known."""
    return tuple(dict.fromkeys(_breaches(clause)))


def _breaches(clause: Clause) -> Iterator[str]:
    rule = rule_of(clause)
    for sabotage in rule.sabotage(clause):
        witness = None
        if isinstance(sabotage, Permit):
            witness = next(iter(rule.witnesses(clause, [], Inputs())), None)
        if witness is None:
            yield str(sabotage)
        elif witness.lacks:
            alike = f", as {witness.repeats}" if witness.repeats else ""
            yield f"it takes a request without {witness.lacks}{alike}"
        else:
            yield f"it takes {witness.note}"


def _controls(clause: Clause) -> list[Any]:
    scenarios = rule_of(clause).facts(clause).operation.scenarios[:1]
    try:
        return [build(scenario.schema, {}, Inputs()) for scenario in scenarios]
    except MissingInput:
        return []


def _accepted(spec: Spec, clause: Clause) -> Iterator[Exhibit]:
    for wish in rule_of(clause).wishes(clause):
        scenarios = {
            scenario.title: scenario for scenario in spec.operation(wish.operation).scenarios
        }
        scenario = scenarios.get(wish.scenario) or next(iter(scenarios.values()), None)
        if scenario is None:
            continue
        try:
            body = build(scenario.schema, dict(wish.wants), Inputs())
        except MissingInput:
            body = None
        yield Exhibit(note=wish.note or _note(wish), body=body)


def _note(wish: Wish) -> str:
    return ", ".join(_wanted(path, value) for path, value in wish.wants) or "the smallest request"


def _wanted(path: tuple[str, ...], value: Any) -> str:
    name = dotted(path, item="[0]") or "the body"
    if value == ABSENT:
        return f"no {name}"
    if value == PRESENT:
        return f"with {name}"
    if isinstance(value, Shape):
        return f"{name} as {value.kind}"
    return f"{name} = {json.dumps(value, ensure_ascii=False)}"
