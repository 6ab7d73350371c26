"""Flatten a schema: no references, every node marked with its place and what it inherits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.model.json_place import escape, lookup
from conformance.spec.references import target
from conformance.spec.schema.node import SchemaNode

if TYPE_CHECKING:
    from conformance.spec.context import Context
    from conformance.spec.yaml_reader import Tree

#: What references may make of one schema before it is no schema that people wrote.
MAX_NODES = 20_000

#: Kept as it is where it is `false`: one assertion about the object, not one for each extra field.
_CLOSED = ("additionalProperties", "unevaluatedProperties")
#: The keywords that hold one schema, several, and several by name.
ONE = frozenset(
    {
        "not",
        "if",
        "then",
        "else",
        "items",
        "contains",
        "additionalProperties",
        "unevaluatedProperties",
        "propertyNames",
        "contentSchema",
    }
)
MANY = frozenset({"allOf", "anyOf", "oneOf", "prefixItems"})
NAMED = frozenset({"properties", "patternProperties", "dependentSchemas"})
#: Beside a `$ref` these look at what the reference says, too.
_ABOUT_ALL = ("unevaluatedProperties", "unevaluatedItems")


def flatten(tree: Tree, pointer: str, context: Context) -> SchemaNode:
    """Return the schema at `pointer` with its references resolved and its nodes marked.

    A definition stands inside itself once; below that it is left open, so that recursion ends.
    """
    return _Flattener(tree=tree).at(pointer, context, ())


@dataclass(slots=True, kw_only=True)
class _Flattener:
    """Counts what references multiply."""

    tree: Tree
    count: int = 0

    def at(self, pointer: str, context: Context, stack: tuple[str, ...]) -> SchemaNode:
        self.count += 1
        if self.count > MAX_NODES:
            seen = "a schema whose references multiply without end"
            raise self.tree.bad(stack[0] if stack else pointer, seen, f"at most {MAX_NODES} nodes")
        node = lookup(self.tree.data, pointer)
        if node is False:
            return SchemaNode({"not": {}}, at=pointer, context=context)
        if not isinstance(node, dict):
            node = {}
        if "$ref" in node:
            return self._referred(pointer, node, context, stack)
        return self._inside(pointer, node, context.within(node), stack)

    def _referred(
        self, pointer: str, node: dict[str, Any], context: Context, stack: tuple[str, ...]
    ) -> SchemaNode:
        found = self._definition(pointer, context.within(node), stack)
        # What the referring node says of itself is nearer to the reader than the definition.
        nearer = {key: value for key, value in node.items() if key.startswith("x-")}
        found = SchemaNode({**found, **nearer}, at=found.at, context=found.context.within(node))
        rules = {key: node[key] for key in node if key != "$ref" and not key.startswith("x-")}
        if not rules:
            return found
        extra = self._inside(pointer, rules, found.context, stack)
        about_all = {key: extra[key] for key in _ABOUT_ALL if key in extra}
        beside = extra.saying({key: extra[key] for key in extra if key not in _ABOUT_ALL})
        joined = {**about_all, "allOf": [found, beside] if beside else [found]}
        return SchemaNode(joined, at=pointer, context=found.context)

    def _definition(self, pointer: str, context: Context, stack: tuple[str, ...]) -> SchemaNode:
        at = target(self.tree, pointer)
        repeats = len(set(stack)) < len(stack)
        if at in stack and repeats:
            return SchemaNode({}, at=at, context=context)
        return self.at(at, context, (*stack, at))

    def _inside(
        self, pointer: str, node: dict[str, Any], context: Context, stack: tuple[str, ...]
    ) -> SchemaNode:
        def sub(key: str, token: str | int | None = None) -> SchemaNode:
            below = f"/{escape(key)}" + ("" if token is None else f"/{escape(token)}")
            return self.at(pointer + below, context, stack)

        found = dict(node)
        for key in node.keys() & ONE:
            if not isinstance(node[key], bool) or (node[key] is False and key not in _CLOSED):
                found[key] = sub(key)
        for key in node.keys() & MANY:
            found[key] = [sub(key, index) for index in range(len(node[key]))]
        for key in node.keys() & NAMED:
            found[key] = {name: sub(key, name) for name in node[key]}
        return SchemaNode(found, at=pointer, context=context)
