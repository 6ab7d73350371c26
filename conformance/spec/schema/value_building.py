"""Build a value from a schema: the one walk over fields and conditions.

Who builds says what a value should hold where a schema leaves it open: the smallest request, an
answer about a job, a request that somebody began.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, TypeVar

from conformance.model.json_place import MISSING
from conformance.spec.schema.json_types import parts_of
from conformance.spec.schema.node import ANYTHING, SchemaNode
from conformance.spec.schema.violations import valid

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from conformance.model.json_place import Path

V = TypeVar("V")

#: How often the conditions of an object are asked again: what one brings in may meet another.
_MOST_ROUNDS = 4


class ValueBuilder(ABC):
    """What a value should hold at one place."""

    def value(self, node: SchemaNode) -> Any:
        """Return the value that a node describes, `MISSING` where nothing is to stand there."""
        offered = self.offered(node)
        if offered is not MISSING:
            return offered
        if self.is_object(node):
            return self._object(node)
        return self.plain(node)

    @abstractmethod
    def offered(self, node: SchemaNode) -> Any:
        """Return the value that is ready for this place, `MISSING` where the schema decides."""

    @abstractmethod
    def is_object(self, node: SchemaNode) -> bool:
        """Say whether the value is an object."""

    @abstractmethod
    def plain(self, node: SchemaNode) -> Any:
        """Return a value that is no object."""

    @abstractmethod
    def names(self, parts: Sequence[SchemaNode]) -> Iterable[str]:
        """Return the names of the fields that the object should have; `parts` are its rules."""

    @abstractmethod
    def field_value(self, name: str, node: SchemaNode, parts: Sequence[SchemaNode]) -> Any:
        """Return the value of a field, `MISSING` where it is left out."""

    def fields(self, parts: Sequence[SchemaNode]) -> dict[str, Any]:
        """Return the fields of the object."""
        fields: dict[str, Any] = {}
        for name in self.names(parts):
            node = field_node(parts, name)
            value = self.field_value(name, ANYTHING if node is None else node, parts)
            if value is not MISSING:
                fields[name] = value
        return fields

    def _object(self, node: SchemaNode) -> dict[str, Any]:
        parts = list(parts_of(node))
        fields: dict[str, Any] = {}
        for _ in range(_MOST_ROUNDS):
            fields = self.fields(parts)
            added = [part for part in _conditional(parts, fields) if part not in parts]
            if not added:
                break
            parts += added
        return fields


def field_node(parts: Iterable[SchemaNode], name: str) -> SchemaNode | None:
    """Return what the parts of an object say of a field, None where all are silent."""
    nodes = [part["properties"][name] for part in parts if name in part.get("properties", {})]
    return nodes[0].joined(nodes[1:]) if nodes else None


def part_of(parts: Iterable[SchemaNode], keyword: str) -> SchemaNode:
    """Return what the parts of a node say of its items or its content together."""
    nodes = [part[keyword] for part in parts if keyword in part]
    return nodes[0].joined(nodes[1:]) if nodes else ANYTHING


def below(values: Mapping[Path, V], key: str) -> dict[Path, V]:
    """Return the values at the places below a key, by the rest of their path."""
    return {path[1:]: value for path, value in values.items() if path and path[0] == key}


def _conditional(parts: Iterable[SchemaNode], fields: Mapping[str, Any]) -> Iterator[SchemaNode]:
    """Yield the rules that the conditions of an object add in its present state."""
    for part in parts:
        if "if" not in part:
            continue
        branch = part.get("then" if valid(part["if"], fields) else "else")
        if isinstance(branch, SchemaNode):
            yield from parts_of(branch)
