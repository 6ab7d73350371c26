"""Which promises the client relies on: what it sends, in its form, and what it reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.client.client_core import words_of
from conformance.client.drafting.fill_in import fill
from conformance.client.drafting.scenario_routing import offered, offers
from conformance.client.results import echoes
from conformance.model.json_place import EACH, path_of, within
from conformance.promises.kinds.constraint.keyword import ConstraintFacts
from conformance.promises.registry import derive, rule_of
from conformance.promises.rule import Reliance
from conformance.spec.schema.node import ANYTHING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from conformance.client.drafting.scenario_routing import Offer
    from conformance.model.clause import Clause
    from conformance.model.json_place import Path
    from conformance.spec.document import Spec
    from conformance.spec.operation import Operation

#: Facts of a job that decide something in the client; progress is only shown.
_FACTS = ("status", "result", "error", "expires")


def relied_on(spec: Spec, clauses: Iterable[Clause] | None = None) -> frozenset[str]:
    """Return the ids of the clauses whose breach would break a call of the client."""
    used = _Used.of(spec)
    if clauses is None:
        clauses = derive(spec)
    return frozenset(clause.id for clause in clauses if used.needs(clause))


def sent(spec: Spec) -> tuple[Offer, ...]:
    """Return the offers that calls go to: each method's first, others for words it lacks."""
    offers_sent: list[Offer] = []
    for method in offered(spec):
        first, *further = offers(spec, method)
        offers_sent.append(first)
        offers_sent += [offer for offer in further if set(offer.fields) - set(first.fields)]
    return tuple(offers_sent)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Used:
    """What the client uses of one spec."""

    #: The body fields that it sends, by operation and scenario.
    fields: dict[tuple[str, str], frozenset[Path]]
    #: The answer fields that it reads, by operation.
    facts: dict[str, frozenset[Path]]

    @classmethod
    def of(cls, spec: Spec) -> _Used:
        fields: dict[tuple[str, str], frozenset[Path]] = {}
        facts: dict[str, frozenset[Path]] = {}
        for offer in sent(spec):
            fields[offer.operation.id, offer.scenario.title] = _fields(offer)
            for operation in _operations(spec, offer.operation):
                facts[operation.id] = facts.get(operation.id, frozenset()) | _facts(
                    offer.operation, operation
                )
        return cls(fields=fields, facts=facts)

    def needs(self, clause: Clause) -> bool:
        rule, scenario = rule_of(clause), (clause.operation, clause.scenario)
        if clause.operation not in self.facts or (clause.scenario and scenario not in self.fields):
            return False
        if rule.client is not Reliance.FIELD:
            return rule.client is Reliance.ALWAYS
        facts = clause.facts
        if isinstance(facts, ConstraintFacts):
            path, shape = facts.assertion.path, facts.assertion.shape
            return not shape and _touches(path, self.fields[scenario])
        read_paths = self.facts[clause.operation]
        return any(_touches(path, read_paths) for path in rule.compared(clause))


def _touches(path: Path, used: frozenset[Path]) -> bool:
    """Say whether a field is used, or holds one that is; a list's elements count as the list."""
    path = _without_items(path)
    return bool(path) and any(within(used_path, path) for used_path in used)


def _without_items(path: Path) -> Path:
    return tuple(token for token in path if token != EACH)


def _fields(offer: Offer) -> frozenset[Path]:
    pointers = [pointer for pointer in offer.fields.values() if pointer.startswith("/")]
    mapped = {_without_items(path_of(pointer)) for pointer in pointers}
    return frozenset(mapped | {(name,) for name in fill(offer.scenario.schema, {})})


def _operations(spec: Spec, operation: Operation) -> Iterator[Operation]:
    yield operation
    words = words_of(operation)
    for link in (words.poll, words.content, words.cancel):
        if link:
            yield spec.operation(link.operation)


def _facts(submit: Operation, operation: Operation) -> frozenset[Path]:
    """Return what is read from the answers of an operation that serves a submit."""
    words = words_of(submit)
    names = (*_FACTS, "address") if words.by_address else _FACTS
    inner_pointers = {pointer for name in names for pointer in getattr(words, name)}
    if operation is submit:
        inner_pointers |= set(words.id[:1])  # the others stand in for it in other editions
    pointers = {f"{words.envelope}{pointer}" for pointer in inner_pointers}
    if submit.cost and submit.cost.observed:
        pointers.add(submit.cost.observed)
    paths = {
        tuple(token for token in path_of(pointer) if not token.isdecimal()) for pointer in pointers
    }
    return frozenset(paths | _echoed(submit, operation))


def _echoed(submit: Operation, operation: Operation) -> set[Path]:
    """Return the fields of an answer that repeat what shapes the video."""
    shaping: set[str] = set()
    for scenario in submit.scenarios:
        media = scenario.media
        shaping |= {*media.length, media.resolution, media.aspect} - {""}
    return {
        path
        for reply in operation.replies
        for path, fields in echoes(reply.schema or ANYTHING)
        if shaping & set(fields)
    }
