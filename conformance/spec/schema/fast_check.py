"""Whether a value keeps a schema, and nothing else: the same answer as the validator's, many times sooner.

A schema becomes functions once. A node with a keyword that is rare here is left to the validator itself.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeAlias

from conformance.spec.schema.validator import format_named, keywords, validator_of, whole_within

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.spec.schema.flatten import Schema

Node: TypeAlias = "Schema | bool"
Check: TypeAlias = "Callable[[Any], bool]"

#: How many nodes are remembered; the largest spec has some ten thousand.
_KEPT = 50_000
#: Functions by the identity of their node, which is kept alive beside them.
_KNOWN: dict[int, tuple[Node, Check]] = {}


def keeps(schema: Node, value: Any) -> bool:
    """Say whether a value keeps a schema."""
    return _check(schema)(value)


def _check(node: Node) -> Check:
    known = _KNOWN.get(id(node))
    if known is None:
        if len(_KNOWN) >= _KEPT:
            _KNOWN.clear()
        known = _KNOWN[id(node)] = (node, _made(node))
    return known[1]


def _made(node: Node) -> Check:
    if isinstance(node, bool):
        return lambda _: node
    if not _asserted(node) <= _MAKERS.keys() | _WITH_OTHERS:
        return lambda value: bool(validator_of(node).is_valid(value))
    checks = tuple(_MAKERS[keyword](node) for keyword in _MAKERS if keyword in node)
    if len(checks) == 1:
        return checks[0]
    # Written out rather than `all(...)`: this is the innermost loop of everything.
    return lambda value: not _any_fails(checks, value)


def _any_fails(checks: tuple[Check, ...], value: Any) -> bool:
    for check in checks:  # noqa: SIM110 - a generator would take twice as long
        if not check(value):
            return True
    return False


def _asserted(node: Schema) -> set[str]:
    return node.keys() & keywords()


# -- one maker for each keyword ---------------------------------------------------------


def _type(node: Schema) -> Check:
    named = node["type"]
    tests = tuple(_TYPES[name] for name in ([named] if isinstance(named, str) else named))
    if len(tests) == 1:
        return tests[0]
    return lambda value: any(test(value) for test in tests)


def _is_integer(value: Any) -> bool:
    return (isinstance(value, int) and not isinstance(value, bool)) or (
        isinstance(value, float) and value.is_integer()
    )


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_TYPES: dict[str, Check] = {
    "string": lambda value: isinstance(value, str),
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
    "integer": _is_integer,
    "number": _is_number,
}


def _alike(one: Any, other: Any) -> bool:
    """Compare as JSON does: 1 is 1.0, and neither is true."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_alike, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_alike(one[key], other[key]) for key in one)
    return bool(one == other)


def _enum(node: Schema) -> Check:
    known = tuple(node["enum"])
    return lambda value: any(_alike(one, value) for one in known)


def _const(node: Schema) -> Check:
    known = node["const"]
    return lambda value: _alike(known, value)


def _number(keyword: str, beyond: Callable[[Any, Any], bool]) -> Callable[[Schema], Check]:
    def make(node: Schema) -> Check:
        bound = node[keyword]
        return lambda value: not _is_number(value) or not beyond(value, bound)

    return make


def _size(
    keyword: str, kind: type[str | list[Any]], beyond: Callable[[Any, Any], bool]
) -> Callable[[Schema], Check]:
    def make(node: Schema) -> Check:
        bound = node[keyword]
        return lambda value: not isinstance(value, kind) or not beyond(len(value), bound)

    return make


def _pattern(node: Schema) -> Check:
    if "x-integer" in node:  # which says the same thing again
        return lambda _: True
    pattern = node["pattern"]
    return lambda value: not isinstance(value, str) or re.search(pattern, value) is not None


def _format(node: Schema) -> Check:
    holds = format_named(node["format"])
    return lambda value: not isinstance(value, str) or holds(value)


def _whole(node: Schema) -> Check:
    bounds = node["x-integer"]
    return lambda value: not isinstance(value, str) or not whole_within(bounds, value)


def _properties(node: Schema) -> Check:
    checks = tuple((name, _check(child)) for name, child in node["properties"].items())

    def check(value: Any) -> bool:
        if isinstance(value, dict):
            for name, inner in checks:
                if name in value and not inner(value[name]):
                    return False
        return True

    return check


def _additional(node: Schema) -> Check:
    known, inner = frozenset(node.get("properties", ())), _check(node["additionalProperties"])
    return lambda value: (
        not isinstance(value, dict)
        or all(inner(one) for name, one in value.items() if name not in known)
    )


def _required(node: Schema) -> Check:
    names = tuple(node["required"])
    return lambda value: not isinstance(value, dict) or all(name in value for name in names)


def _dependent(node: Schema) -> Check:
    needed = {trigger: tuple(names) for trigger, names in node["dependentRequired"].items()}
    return lambda value: (
        not isinstance(value, dict)
        or all(
            name in value for trigger in needed.keys() & value.keys() for name in needed[trigger]
        )
    )


def _items(node: Schema) -> Check:
    inner = _check(node["items"])
    return lambda value: not isinstance(value, list) or all(map(inner, value))


def _all_of(node: Schema) -> Check:
    checks = tuple(map(_check, node["allOf"]))
    return lambda value: not _any_fails(checks, value)


def _any_of(node: Schema) -> Check:
    checks = tuple(map(_check, node["anyOf"]))
    return lambda value: any(check(value) for check in checks)


def _one_of(node: Schema) -> Check:
    checks = tuple(map(_check, node["oneOf"]))
    return lambda value: sum(check(value) for check in checks) == 1


def _not(node: Schema) -> Check:
    inner = _check(node["not"])
    return lambda value: not inner(value)


def _if(node: Schema) -> Check:
    met, then, other = (
        _check(node["if"]),
        _check(node.get("then", True)),
        _check(node.get("else", True)),
    )
    return lambda value: then(value) if met(value) else other(value)


#: The cheap ones first: one that fails saves the others.
_MAKERS: dict[str, Callable[[Schema], Check]] = {
    "type": _type,
    "const": _const,
    "enum": _enum,
    "required": _required,
    "minimum": _number("minimum", lambda value, bound: value < bound),
    "maximum": _number("maximum", lambda value, bound: value > bound),
    "exclusiveMinimum": _number("exclusiveMinimum", lambda value, bound: value <= bound),
    "exclusiveMaximum": _number("exclusiveMaximum", lambda value, bound: value >= bound),
    "minLength": _size("minLength", str, lambda size, bound: size < bound),
    "maxLength": _size("maxLength", str, lambda size, bound: size > bound),
    "minItems": _size("minItems", list, lambda size, bound: size < bound),
    "maxItems": _size("maxItems", list, lambda size, bound: size > bound),
    "pattern": _pattern,
    "format": _format,
    "x-integer": _whole,
    "dependentRequired": _dependent,
    "additionalProperties": _additional,
    "properties": _properties,
    "items": _items,
    "not": _not,
    "if": _if,
    "allOf": _all_of,
    "anyOf": _any_of,
    "oneOf": _one_of,
}
#: Looked at where another keyword is.
_WITH_OTHERS = frozenset({"then", "else"})
