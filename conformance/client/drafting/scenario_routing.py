"""Which scenario serves a call: the first documented one that takes all words given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.client.client_words import METHODS
from conformance.client.drafting.allowed_values import node_at
from conformance.client.drafting.own_fields import listed_fields, shown, unknown_fields
from conformance.client.errors import NoSuchWord, NotOffered
from conformance.model.clause import Level
from conformance.model.json_place import path_of
from conformance.spec.did_you_mean import nearest
from conformance.spec.schema.json_types import never
from conformance.spec.words.promise_words import DistinguishesWord

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from conformance.model.exchange import JsonObject
    from conformance.model.json_place import Path
    from conformance.spec.document import Spec
    from conformance.spec.operation import Operation, Scenario
    from conformance.spec.schema.node import SchemaNode


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One scenario that serves a method."""

    operation: Operation
    scenario: Scenario

    @property
    def fields(self) -> Mapping[str, str]:
        """Pointer or parameter by word."""
        return self.scenario.client.fields if self.scenario.client else {}

    def pointer(self, word: str) -> str | None:
        """Return where a word goes: a pointer into the body, a parameter's name, or None."""
        if word in self.fields:
            return self.fields[word]
        return self._refusing(word) or self._own(word)

    def lacks(self, words: Iterable[str], extra: JsonObject) -> Iterator[Path]:
        """Yield words that have no place here, and extra fields that this provider lacks."""
        for word in words:
            if self.pointer(word) is None:
                yield (word,)
        yield from unknown_fields(self.scenario.schema, extra)

    def node(self, word: str) -> SchemaNode | None:
        """Return the schema of the field that a word goes to, where it goes into the body."""
        return self._node(self.fields.get(word, ""))

    def _node(self, pointer: str) -> SchemaNode | None:
        if not pointer.startswith("/"):
            return None
        return node_at(self.scenario.schema, path_of(pointer))

    def _refusing(self, word: str) -> str | None:
        """Return where sibling scenarios put the word, if this one promises to refuse it there."""
        for sibling in self.operation.scenarios:
            pointer = sibling.client.fields.get(word, "") if sibling.client else ""
            node = self._node(pointer)
            if node is not None and never(node) and not DistinguishesWord.on(node):
                return pointer
        return None

    def _own(self, word: str) -> str | None:
        """Return the pointer of a field that goes by this very name at this provider."""
        taken = {path_of(pointer)[0] for pointer in self.fields.values() if pointer.startswith("/")}
        node = node_at(self.scenario.schema, (word,))
        if node is None or word in taken or DistinguishesWord.on(node):
            return None
        return f"/{word}"


def offers(spec: Spec, method: str) -> tuple[Offer, ...]:
    """Return the scenarios that serve a method, the documented and recommended ones first."""
    serving = [
        Offer(operation=operation, scenario=scenario)
        for operation in spec.submits
        for scenario in operation.scenarios
        if scenario.client and scenario.client.method == method
    ]
    return tuple(sorted(serving, key=lambda offer: preference(offer.operation)))


def preference(submit: Operation) -> tuple[bool, bool]:
    """Return what sorts the documented and recommended operations before others."""
    return submit.same_as is not None, submit.context.level is Level.COMPANION


def offered(spec: Spec) -> tuple[str, ...]:
    """Return the methods that a provider has."""
    return tuple(method for method in METHODS if offers(spec, method))


def route(spec: Spec, method: str, words: Iterable[str], extra: JsonObject | None = None) -> Offer:
    """Return the first offer that has a place for every word, or name the one without.

    `extra` are fields by the provider's own names.
    """
    method_offers = offers(spec, method)
    if not method_offers:
        raise NotOffered(method, spec.provider.title, offered(spec))
    wanted, own = tuple(words), extra or {}
    for offer in method_offers:
        if not any(offer.lacks(wanted, own)):
            return offer
    first = method_offers[0]
    place = next(first.lacks(wanted, own))
    word = shown(place)
    fields = tuple(first.fields)
    if word not in wanted:
        fields = listed_fields(first.scenario.schema, place)
    raise NoSuchWord(
        word,
        method,
        spec.provider.title,
        fields,
        nearest(word, fields),
        tuple(_elsewhere(spec, method, word)),
    )


def _elsewhere(spec: Spec, method: str, word: str) -> Iterator[str]:
    for elsewhere in offered(spec):
        if elsewhere != method and any(word in offer.fields for offer in offers(spec, elsewhere)):
            yield elsewhere
