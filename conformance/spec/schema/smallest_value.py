"""Build the smallest value that a schema accepts and that has what is wanted of it."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from conformance.model.json_place import EACH, INSIDE, MISSING
from conformance.spec.schema.json_types import (
    choice_of,
    holds_json,
    never,
    parts_of,
    takes,
    types_of,
    union_of,
)
from conformance.spec.schema.smallest_scalar import bound, number, text
from conformance.spec.schema.value_building import ValueBuilder, below, part_of
from conformance.spec.schema.violations import valid
from conformance.spec.words.promise_words import RequiredWord
from conformance.spec.words.request_words import MediaWord, ValuesWord

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from conformance.model.inputs import Inputs
    from conformance.model.json_place import Path
    from conformance.spec.schema.node import SchemaNode


@dataclass(frozen=True, slots=True)
class Shape:
    """A wish for any value of one JSON type."""

    kind: str


#: Wishes that name no value: the field is there, or it is not.
PRESENT = Shape("")
ABSENT = Shape("absent")


class MissingInput(LookupError):
    """A field needs media that the run was not given."""


def build(schema: SchemaNode, wants: Mapping[Path, Any], inputs: Inputs) -> Any:
    """Return the smallest valid value with what is wanted, or None where there is none.

    What is wanted is a literal or a `Shape`, by path.
    """
    value = _SmallestValue(wants=wants, inputs=inputs).inside(schema).value(schema)
    return value if valid(schema, value) and not _says_it_twice(schema, value) else None


def _says_it_twice(schema: SchemaNode, value: Any) -> bool:
    """Say whether a value takes two of the ways to say the same thing.

    No document says what that means, so nobody sends it.
    """
    for part in parts_of(schema):
        _, options = choice_of(part) or ("", ())
        if isinstance(value, dict) and sum(value.keys() >= {*option} for option in options) > 1:
            return True
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class _SmallestValue(ValueBuilder):
    """The smallest value at one place with what is wanted there and below."""

    wants: Mapping[Path, Any]
    inputs: Inputs
    #: The media role of this place, or of what it stands in.
    role: str = ""
    #: The choices between forms that have been made on the way here.
    decided: frozenset[SchemaNode] = frozenset()

    @property
    def own(self) -> Any:
        """What is wanted of the value as a whole."""
        return self.wants.get((), PRESENT)

    def inside(self, node: SchemaNode) -> _SmallestValue:
        """Return the same with the media role of a node, where it has one."""
        media = MediaWord.on(node)
        return replace(self, role=media.role) if media and media.role else self

    def offered(self, node: SchemaNode) -> Any:
        """Return the wanted literal, else a value that the spec shows, else a branch's value."""
        if not isinstance(self.own, Shape):
            return self.own
        if not self.wants.keys() - {()}:
            for shown in self._shown(node):
                if not self.own.kind or takes((self.own.kind,), shown):
                    return shown
        if union := union_of(node):
            branch = self._branch(union[1])
            return self.inside(branch).value(branch)
        return self._of_one_form(node)

    def _of_one_form(self, node: SchemaNode) -> Any:
        """Return a value of the first of several documented forms that suits the whole node."""
        for part in parts_of(node):
            forms = (*part.get("oneOf", ()), *part.get("anyOf", ()))
            if not forms or part in self.decided or union_of(part) or choice_of(part):
                continue
            decided = replace(self, decided=self.decided | {part})
            for form in forms:
                value = decided.value(node.joined([form]))
                if valid(node, value):
                    return value
        return MISSING

    def is_object(self, node: SchemaNode) -> bool:
        """Go by the wanted type, or by the first documented one."""
        return self._kind(node) == "object"

    def plain(self, node: SchemaNode) -> Any:
        """Return the smallest value of its type."""
        match self._kind(node):
            case "array":
                return self._items(node)
            case "string" if any(map(holds_json, parts_of(node))):
                content = part_of(parts_of(node), "contentSchema")
                document = self._below(INSIDE, content).value(content)
                return json.dumps(document, ensure_ascii=False)
            case "string":
                return self.addresses()[0] if self.role else text(node)
            case "integer" | "number":
                return number(node)
            case "boolean":
                return True
            case _:
                return None

    def names(self, parts: Sequence[SchemaNode]) -> list[str]:
        """Return what is or may be required, one way of each choice, and what is wanted."""
        refused = {
            path[0] for path, value in self.wants.items() if len(path) == 1 and value == ABSENT
        }
        wanted = {path[0] for path in self.wants if path} - refused
        names = [name for part in parts for name in part.get("required", ())]
        for part in parts:
            fields = part.get("properties", {})
            names += [name for name, node in fields.items() if _in_doubt(node)]
        for part in parts:
            _, options = choice_of(part) or ("", ())
            fitting = [option for option in options if not refused & set(option)]
            chosen = [option for option in fitting if wanted & set(option)] or fitting[:1]
            names += [name for option in chosen for name in option]
        names += sorted(wanted)
        for part in parts:
            needed = part.get("dependentRequired", {})
            names += [name for trigger in tuple(names) for name in needed.get(trigger, ())]
        chosen_names = [name for name in dict.fromkeys(names) if name not in refused]
        least = max(part.get("minProperties", 0) for part in parts)
        for part in parts:
            for name, node in part.get("properties", {}).items():
                if len(chosen_names) >= least:
                    break
                if name not in (*chosen_names, *refused) and not never(node):
                    chosen_names.append(name)
        return chosen_names

    def field_value(self, name: str, node: SchemaNode, parts: Sequence[SchemaNode]) -> Any:
        """Return the smallest value of the field."""
        return self._below(name, node).value(node)

    def _below(self, key: str, node: SchemaNode) -> _SmallestValue:
        return replace(self, wants=below(self.wants, key)).inside(node)

    def _kind(self, node: SchemaNode) -> str:
        typed = (part for part in parts_of(node) if "type" in part or "properties" in part)
        kind: str = self.own.kind or types_of(next(typed, node))[0]
        return kind

    def _shown(self, node: SchemaNode) -> Iterator[Any]:
        for part in parts_of(node):
            if "const" in part:
                yield part["const"]
            media = MediaWord.on(part)
            if media and media.seconds_of and self.inputs.usual:
                yield self.inputs.usual
            yield from part.get("enum", ())[:1]
            if self.role or union_of(part):
                continue
            yield from (ValuesWord.listed_on(part) or part.get("examples") or ())[:1]
            if "default" in part:
                yield part["default"]

    def _branch(self, branches: tuple[SchemaNode, ...]) -> SchemaNode:
        kind = self.own.kind
        if not kind and any(path and path[0] != EACH for path in self.wants):
            kind = "object"
        return next((branch for branch in branches if kind in types_of(branch)), branches[0])

    def _items(self, node: SchemaNode) -> list[Any]:
        item = part_of(parts_of(node), "items")
        item_value = self._below(EACH, item)
        least = bound(node, "minItems", 1)
        wants_any = all(isinstance(wanted, Shape) for wanted in item_value.wants.values())
        if item_value.role and wants_any:
            return list(item_value.addresses()[: max(2, least)])
        items = [item_value.value(item) for _ in range(max(1, least))]
        if least > 1 and any(part.get("uniqueItems") for part in parts_of(node)):
            return _different(item, items)
        return items

    def addresses(self) -> tuple[str, ...]:
        """Return the addresses of media for the role, or raise `MissingInput`."""
        addresses = self.inputs.media(self.role)
        if not addresses:
            raise MissingInput(self.role)
        return addresses


def _different(item: SchemaNode, items: list[Any]) -> list[Any]:
    """Return as many items, no two alike, where that is easily said."""
    first = items[0]
    others: list[Any] = [value for part in parts_of(item) for value in part.get("enum", ())]
    if isinstance(first, str):
        others += [f"{first}{number}" for number in range(2, len(items) + 1)]
    elif type(first) is int:
        others += [first + number for number in range(1, len(items))]
    fitting = [other for other in others if other != first and valid(item, other)]
    return [first, *fitting, *items][: len(items)]


def _in_doubt(node: SchemaNode) -> bool:
    """Say whether it is in doubt that a field may be left out, or one inside it.

    Then it is sent.
    """
    if RequiredWord.in_doubt(node):
        return True
    return any(
        _in_doubt(inner) for part in parts_of(node) for inner in part.get("properties", {}).values()
    )
