"""Flatten a schema: references in place, every node marked with where it stands and what it inherits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from conformance.exceptions import BadSpec
from conformance.spec.nearest import nearest
from conformance.spec.reader import escape

if TYPE_CHECKING:
    from conformance.spec.context import Context
    from conformance.spec.reader import Tree

#: A schema without `$ref`. `x-at` is its JSON pointer, `x-context` what it inherits.
Schema: TypeAlias = dict[str, Any]

#: How often one definition may stand inside itself before the rest is left open.
RECURSION = 2

_ONE = ("not", "if", "then", "else", "items", "contains", "additionalProperties", "propertyNames")
_MANY = ("allOf", "anyOf", "oneOf", "prefixItems")
_NAMED = ("properties", "patternProperties", "dependentSchemas")


def flatten(tree: Tree, pointer: str, context: Context, stack: tuple[str, ...] = ()) -> Schema:
    """Return the schema at `pointer` with its references resolved and its nodes marked."""
    node = lookup(tree, pointer)
    if node is False:
        node = {"not": {}}
    if not isinstance(node, dict):
        node = {}
    if "$ref" not in node:
        return _inside(tree, pointer, node, context.within(node), stack)
    target = _target(tree, pointer, node["$ref"], stack)
    found: Schema = {"x-at": target}
    if stack.count(target) < RECURSION:
        # What the referring node says of itself is nearer to the reader than the definition.
        outer = context.within(node)
        found = flatten(tree, target, outer, (*stack, target))
        found["x-context"] = found["x-context"].within(node)
    else:
        found["x-context"] = context
    beside = {key: value for key, value in node.items() if key != "$ref"}
    words = {key: value for key, value in beside.items() if key.startswith("x-")}
    rules = {key: value for key, value in beside.items() if not key.startswith("x-")}
    found = found | words
    if rules:
        extra = _inside(tree, pointer, rules, found["x-context"], stack)
        return {"allOf": [found, extra], "x-at": pointer, "x-context": found["x-context"]}
    return found


def lookup(tree: Tree, pointer: str) -> Any:
    """Return what stands at a JSON pointer of the tree; the pointer is known to exist."""
    value: Any = tree.data
    for token in pointer.split("/")[1:]:
        name = token.replace("~1", "/").replace("~0", "~")
        value = value[int(name)] if isinstance(value, list) else value[name]
    return value


def _inside(tree: Tree, pointer: str, node: Schema, context: Context, stack: tuple[str, ...]) -> Schema:
    def sub(*tokens: str | int) -> Schema:
        return flatten(tree, pointer + "".join(f"/{escape(token)}" for token in tokens), context, stack)

    found: Schema = dict(node)
    for key in _ONE:
        if key in node and node[key] is not True:
            found[key] = sub(key)
    for key in _MANY:
        if key in node:
            found[key] = [sub(key, index) for index in range(len(node[key]))]
    for key in _NAMED:
        if key in node:
            found[key] = {name: sub(key, name) for name in node[key]}
    return found | {"x-at": pointer, "x-context": context}


def _target(tree: Tree, pointer: str, reference: Any, stack: tuple[str, ...]) -> str:
    line = tree.line(f"{pointer}/$ref")
    target = str(reference).removeprefix("#")
    if not str(reference).startswith("#/"):
        raise BadSpec(tree.file, line, f"the reference {reference!r}", "a reference into this file: '#/…'")
    if target not in tree.lines:
        close = nearest(target, tree.lines)
        raise BadSpec(tree.file, line, f"the reference {reference!r} leads to nothing", "something in this file", f"#{close}" if close else "")
    if _only_itself(tree, target, (pointer,)):
        raise BadSpec(tree.file, line, f"the reference {reference!r} leads only to itself", "a schema")
    return target


def _only_itself(tree: Tree, target: str, seen: tuple[str, ...]) -> bool:
    node = lookup(tree, target)
    reference = node.get("$ref") if isinstance(node, dict) else None
    if not isinstance(reference, str) or reference.removeprefix("#") not in tree.lines:
        return False
    return target in seen or _only_itself(tree, reference.removeprefix("#"), (*seen, target))
