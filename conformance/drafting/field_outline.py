"""What a schema says of each field, in one flat table, to lay two schemas side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from conformance.drafting.draft import OpenQuestions
from conformance.drafting.schema_upgrade import converted
from conformance.errors import TooWide

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from conformance.model.exchange import JsonObject

#: Rules by name, of one field; `required` and `type` among them.
Rules: TypeAlias = "JsonObject"
#: By the way to the field: `("film", "url")`; `*` is each item of a list.
Outline = dict[tuple[str, ...], Rules]

_LOW = ("minimum", "exclusiveMinimum", "minLength", "minItems")
_HIGH = ("maximum", "exclusiveMaximum", "maxLength", "maxItems")
_SAME = ("pattern", "format", "multipleOf", "default")
#: What is said of a field itself, and not of what is inside it.
_LEAF = frozenset({*_LOW, *_HIGH, *_SAME, "type", "enum", "const", "nullable"})
#: More than this is no schema that people wrote.
MOST = 20_000


def outline(schema: Any, follow: Callable[[Any], JsonObject]) -> Outline:
    """Return the rules of every field of a schema, of 3.0 or 3.1, ours or anybody's."""
    rules_by_path = _Reader(follow=follow).of(schema, ())
    rules_by_path.pop((), None)
    return rules_by_path


@dataclass(slots=True, kw_only=True)
class _Reader:
    """Reads a schema and counts what references multiply."""

    follow: Callable[[Any], JsonObject]
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
        outline: Outline = {
            (): _rules(
                converted({key: node[key] for key in node if key in _LEAF}, "", OpenQuestions()),
                node,
            )
        }
        outline |= self._fields(node, inner)
        for part in node.get("allOf") or ():
            outline = _both(outline, self.of(part, inner))
        for keyword in ("oneOf", "anyOf"):
            if branches := [self.of(branch, inner) for branch in node.get(keyword) or ()]:
                outline = _both(outline, _either(branches))
        return _named(outline, node)

    def _fields(self, node: JsonObject, stack: tuple[Any, ...]) -> Outline:
        outline: Outline = {}
        for name, item in _mapping(node.get("properties")).items():
            inside = self.of(item, stack)
            if inside:
                inside[()] = {**inside[()], "required": name in (node.get("required") or ())}
            outline |= {(str(name), *path): rules for path, rules in inside.items()}
        if isinstance(node.get("items"), dict):
            outline |= {
                ("*", *path): rules for path, rules in self.of(node["items"], stack).items()
            }
        return outline


def _mapping(value: Any) -> JsonObject:
    return value if isinstance(value, dict) else {}


def _named(outline: Outline, node: JsonObject) -> Outline:
    """Set what is required by the names at this node, wherever the fields are described."""
    for name in node.get("required") or ():
        if (name,) in outline:
            outline[name,] = {**outline[name,], "required": True}
    return outline


def _rules(schema: JsonObject, node: JsonObject) -> Rules:
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


def _both(first: Outline, second: Outline) -> Outline:
    """Join what two schemas say that hold at once."""
    return {
        path: {
            **first.get(path, {}),
            **second.get(path, {}),
            **_required(first.get(path), second.get(path)),
        }
        for path in (*first, *(path for path in second if path not in first))
    }


def _required(first: Rules | None, second: Rules | None) -> Rules:
    said = [rules["required"] for rules in (first, second) if rules and "required" in rules]
    return {"required": any(said)} if said else {}


def _either(branches: list[Outline]) -> Outline:
    """Join what branches say of which one holds: a field takes what any of them takes."""
    paths = dict.fromkeys(path for branch in branches for path in branch)
    joined: Outline = {}
    for path in paths:
        rules_of_branches = [branch[path] for branch in branches if path in branch]
        joined[path] = _widest(rules_of_branches)
        if "required" in rules_of_branches[0]:
            joined[path]["required"] = len(rules_of_branches) == len(branches) and all(
                rules.get("required") for rules in rules_of_branches
            )
    return joined


def _widest(rules_of_branches: list[Rules]) -> Rules:
    widest: Rules = {}
    for key in dict.fromkeys(
        key for rules in rules_of_branches for key in rules if key != "required"
    ):
        if all(key in rules for rules in rules_of_branches):
            values = [rules[key] for rules in rules_of_branches]
            if merged := _merged(key, values):
                widest[key] = merged[0]
    return widest


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
    union: list[Any] = []
    for value in (item for listed in values for item in listed):
        if value not in union:
            union.append(value)
    return tuple(union) if ordered else tuple(sorted(union))
