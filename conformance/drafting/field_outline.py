"""What a schema says of each field, in one flat table, to lay two schemas side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.drafting.draft import Pad
from conformance.drafting.schema_upgrade import converted
from conformance.errors import TooWide

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

#: Rules by name, of one field; `required` and `type` among them.
Rules = dict[str, Any]
#: By the way to the field: `("film", "url")`; `*` is each item of a list.
Outline = dict[tuple[str, ...], Rules]

_LOW = ("minimum", "exclusiveMinimum", "minLength", "minItems")
_HIGH = ("maximum", "exclusiveMaximum", "maxLength", "maxItems")
_SAME = ("pattern", "format", "multipleOf", "default")
#: What is said of a field itself, and not of what is inside it.
_LEAF = frozenset({*_LOW, *_HIGH, *_SAME, "type", "enum", "const", "nullable"})
#: More than this is no schema that people wrote.
MOST = 20_000


def outline(schema: Any, follow: Callable[[Any], dict[str, Any]]) -> Outline:
    """Return the rules of every field of a schema, of 3.0 or 3.1, ours or anybody's."""
    found = _Reader(follow=follow).of(schema, ())
    found.pop((), None)
    return found


@dataclass(slots=True, kw_only=True)
class _Reader:
    """Reads a schema and counts what references multiply."""

    follow: Callable[[Any], dict[str, Any]]
    count: int = 0

    def of(self, schema: Any, stack: tuple[Any, ...]) -> Outline:
        """Return the rules of a schema and all inside it; a definition in itself is left open."""
        self.count += 1
        if self.count > MOST:
            raise TooWide(MOST)
        reference = schema.get("$ref") if isinstance(schema, dict) else None
        node = self.follow(schema)
        if (reference is not None and reference in stack) or node.get("not") == {}:
            return {}
        inner = (*stack, reference) if reference is not None else stack
        found: Outline = {
            (): _rules(converted({key: node[key] for key in node if key in _LEAF}, "", Pad()), node)
        }
        found |= self._fields(node, inner)
        for part in node.get("allOf") or ():
            found = _both(found, self.of(part, inner))
        for keyword in ("oneOf", "anyOf"):
            if branches := [self.of(branch, inner) for branch in node.get(keyword) or ()]:
                found = _both(found, _either(branches))
        return _named(found, node)

    def _fields(self, node: dict[str, Any], stack: tuple[Any, ...]) -> Outline:
        found: Outline = {}
        for name, item in _mapping(node.get("properties")).items():
            below = self.of(item, stack)
            if below:
                below[()] = {**below[()], "required": name in (node.get("required") or ())}
            found |= {(str(name), *path): rules for path, rules in below.items()}
        if isinstance(node.get("items"), dict):
            found |= {("*", *path): rules for path, rules in self.of(node["items"], stack).items()}
        return found


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _named(found: Outline, node: dict[str, Any]) -> Outline:
    """Set what is required by the names at this node, wherever the fields are described."""
    for name in node.get("required") or ():
        if (name,) in found:
            found[name,] = {**found[name,], "required": True}
    return found


def _rules(schema: dict[str, Any], node: dict[str, Any]) -> Rules:
    kinds = schema.get("type")
    rules: Rules = {key: schema[key] for key in (*_LOW, *_HIGH, *_SAME) if key in schema}
    if kinds is not None:
        rules["type"] = tuple(sorted({kinds} if isinstance(kinds, str) else set(kinds)))
    if "const" in schema or "enum" in schema:
        rules["enum"] = tuple(
            schema["enum"] if isinstance(schema.get("enum"), list) else [schema.get("const")]
        )
    elif "x-values" in node:
        rules["values"] = tuple(node["x-values"])
    return _inclusive(rules)


def _inclusive(rules: Rules) -> Rules:
    """Write the exclusive bound of a whole number as the inclusive one: above 0 is from 1."""
    if not set(rules.get("type", ())) <= {"integer", "null"} or "type" not in rules:
        return rules
    for exclusive, bound, step in (
        ("exclusiveMinimum", "minimum", 1),
        ("exclusiveMaximum", "maximum", -1),
    ):
        if isinstance(rules.get(exclusive), int):
            rules = {
                **{key: value for key, value in rules.items() if key != exclusive},
                bound: rules[exclusive] + step,
            }
    return rules


def _both(one: Outline, other: Outline) -> Outline:
    """Join what two schemas say that hold at once."""
    return {
        path: {
            **one.get(path, {}),
            **other.get(path, {}),
            **_required(one.get(path), other.get(path)),
        }
        for path in (*one, *(path for path in other if path not in one))
    }


def _required(one: Rules | None, other: Rules | None) -> Rules:
    told = [rules["required"] for rules in (one, other) if rules and "required" in rules]
    return {"required": any(told)} if told else {}


def _either(branches: list[Outline]) -> Outline:
    """Join what branches say of which one holds: a field takes what any of them takes."""
    paths = dict.fromkeys(path for branch in branches for path in branch)
    found: Outline = {}
    for path in paths:
        having = [branch[path] for branch in branches if path in branch]
        found[path] = _widest(having)
        if "required" in having[0]:
            found[path]["required"] = len(having) == len(branches) and all(
                rules.get("required") for rules in having
            )
    return found


def _widest(having: list[Rules]) -> Rules:
    found: Rules = {}
    for key in dict.fromkeys(key for rules in having for key in rules if key != "required"):
        if all(key in rules for rules in having):
            values = [rules[key] for rules in having]
            if merged := _merged(key, values):
                found[key] = merged[0]
    return found


def _merged(key: str, values: list[Any]) -> list[Any]:
    """Return the one value that stands for several, or nothing where there is none."""
    if key in _LOW:
        return [min(values)]
    if key in _HIGH:
        return [max(values)]
    if key in ("enum", "values", "type"):
        return [_union(values, ordered=key != "type")]
    return values[:1] if all(value == values[0] for value in values) else []


def _union(values: Iterable[Any], *, ordered: bool) -> tuple[Any, ...]:
    found: list[Any] = []
    for value in (item for listed in values for item in listed):
        if value not in found:
            found.append(value)
    return tuple(found) if ordered else tuple(sorted(found))
