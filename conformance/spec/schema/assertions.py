"""Walk a flattened schema and name every single assertion it makes of a value."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeAlias

from conformance.model.json_place import EACH, INSIDE
from conformance.spec.schema.conditions import PLAIN, Condition
from conformance.spec.schema.json_types import choice_of, holds_json, never, types_of, union_of
from conformance.spec.schema.node import SchemaNode
from conformance.spec.words.request_words import IntegerWord, ValuesWord

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from conformance.model.json_place import Path
    from conformance.spec.context import Context

#: Sizes that may be nothing at all.
_SIZES = ("minLength", "minItems", "minProperties", "uniqueItems")


@dataclass(frozen=True, slots=True, kw_only=True)
class Assertion:
    """One rule at one place: what it governs, what it says, and where the spec says so."""

    path: Path
    rule: str
    value: Any
    #: The JSON pointer of the keyword, and for `required` the name, so that no two are alike.
    at: str
    name: str = ""
    #: The JSON type of the union's branch that this stands in, where it is not the first.
    shape: str = ""
    #: Conditions under which it holds.
    given: tuple[Condition, ...] = ()
    #: The schema that it is an assertion of.
    whole: SchemaNode = field(repr=False)
    node: SchemaNode
    context: Context

    @property
    def key(self) -> tuple[str, str]:
        """What tells this assertion from all others: its pointer and name."""
        return self.at, self.name

    @property
    def meaning(self) -> tuple[object, ...]:
        """What it says, whichever keyword says it: two that say the same are one rule."""
        value = json.dumps(self.value, sort_keys=True, default=repr)
        return self.path, self.rule, value, self.name, self.shape, self.given


#: For the keyword of a rule that is said before: its places, and the keyword that says it first.
Repeats: TypeAlias = "Mapping[tuple[str, str], Sequence[tuple[Path, tuple[str, str]]]]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What a schema asserts, each rule once."""

    assertions: tuple[Assertion, ...]
    repeats: Repeats


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stand:
    """Where the walk stands in a schema, and what it brought along."""

    whole: SchemaNode
    node: SchemaNode
    path: Path = ()
    shape: str = ""
    given: tuple[Condition, ...] = ()

    def make(self, rule: str, value: Any, keyword: str, name: str = "") -> Assertion:
        return Assertion(
            path=self.path,
            rule=rule,
            value=value,
            at=f"{self.node.at}/{keyword}",
            name=name,
            shape=self.shape,
            given=self.given,
            whole=self.whole,
            node=self.node,
            context=self.node.context,
        )

    def below(self, token: str, node: SchemaNode) -> _Stand:
        return _Stand(whole=self.whole, node=node, path=(*self.path, token), given=self.given)

    def beside(self, node: SchemaNode) -> _Stand:
        return replace(self, node=node)

    def under(self, condition: SchemaNode, node: SchemaNode, *, met: bool) -> _Stand:
        given = Condition(path=self.path, node=condition, met=met)
        return replace(self, node=node, given=(*self.given, given))


def assertions(schema: SchemaNode) -> tuple[Assertion, ...]:
    """Return every assertion of a schema, outermost first, in the order of the document."""
    return schema.rules.assertions


def rules_of(schema: SchemaNode) -> Rules:
    """Return the rules of a schema; `SchemaNode.rules` keeps them.

    What several parts of it say alike is one rule, and belongs to the part that says it first.
    """
    firsts: dict[object, Assertion] = {}
    repeats: dict[tuple[str, str], list[tuple[Path, tuple[str, str]]]] = {}
    for assertion in _walk(_Stand(whole=schema, node=schema)):
        first = firsts.setdefault(assertion.meaning, assertion)
        if first is not assertion:
            repeats.setdefault(assertion.key, []).append((assertion.path, first.key))
    return Rules(assertions=tuple(firsts.values()), repeats=repeats)


def _walk(stand: _Stand) -> Iterator[Assertion]:
    node = stand.node
    if never(node):
        yield stand.make("forbidden", None, "not")
        return
    yield from _own(stand)
    yield from _members(stand)
    yield from _choices(stand)
    for name, child in node.get("properties", {}).items():
        yield from _walk(stand.below(name, child))
    if "items" in node:
        yield from _walk(stand.below(EACH, node["items"]))
    for part in node.get("allOf", ()):
        yield from _walk(stand.beside(part))
    if "contentSchema" in node and holds_json(node):
        yield from _walk(stand.below(INSIDE, node["contentSchema"]))
    yield from _branches(stand)
    yield from _conditional(stand)


def _own(stand: _Stand) -> Iterator[Assertion]:
    node = stand.node
    if "type" in node:
        yield stand.make("type", types_of(node), "type")
    elif "enum" not in node and "const" not in node and (union := union_of(node)):
        kinds = tuple(kind for branch in union[1] for kind in types_of(branch))
        yield stand.make("type", kinds, union[0])
    elif listed := ValuesWord.listed_on(node):
        yield stand.make("values", listed, ValuesWord.word)
    for keyword in PLAIN:
        if keyword in node and not _idle(keyword, node):
            yield stand.make(keyword, node[keyword], keyword)
    if holds_json(node):
        yield stand.make("contentMediaType", node["contentMediaType"], "contentMediaType")
    if integer := IntegerWord.on(node):
        for bound, value in integer.bounds.items():
            yield stand.make(bound, value, IntegerWord.word, bound)
        yield stand.make("whole", integer.bounds, IntegerWord.word, "whole")


def _idle(keyword: str, node: SchemaNode) -> bool:
    # Beside `x-integer` a pattern says the same thing again, and so does a size of at least none.
    if keyword == "pattern":
        return IntegerWord.word in node
    return keyword in _SIZES and not node[keyword]


def _members(stand: _Stand) -> Iterator[Assertion]:
    node = stand.node
    for name in node.get("required", ()):
        yield stand.make("required", name, "required", name)
    closed = node.get("additionalProperties")
    if closed is False or (isinstance(closed, SchemaNode) and never(closed)):
        yield stand.make("additional", sorted(node.get("properties", {})), "additionalProperties")
    if node.get("unevaluatedProperties") is False:
        yield stand.make("additional", _all_fields(node), "unevaluatedProperties")
    for trigger, names in node.get("dependentRequired", {}).items():
        for name in names:
            keyword = "dependentRequired"
            yield stand.make("dependent", (trigger, name), keyword, f"{trigger}>{name}")


def _all_fields(node: SchemaNode) -> list[str]:
    """Return the fields that a node names in any of its parts."""
    names = set(node.get("properties", {}))
    for keyword in ("allOf", "anyOf", "oneOf"):
        for part in node.get(keyword, ()):
            names.update(_all_fields(part))
    for keyword in ("if", "then", "else"):
        if keyword in node:
            names.update(_all_fields(node[keyword]))
    return sorted(names)


def _choices(stand: _Stand) -> Iterator[Assertion]:
    node = stand.node
    if choice := choice_of(node):
        keyword, options = choice
        yield stand.make("neither", options, keyword, "neither")
        if keyword == "oneOf" and len(options) > 1:
            yield stand.make("both", options, keyword, "both")
    elif not union_of(node):
        for keyword in node.keys() & {"oneOf", "anyOf"}:
            yield stand.make("combination", node[keyword], keyword)
    inner = node.get("not", {})
    if "required" in inner and len(inner["required"]) > 1:
        yield stand.make("both", tuple((name,) for name in inner["required"]), "not", "both")
    elif inner:
        yield stand.make("combination", inner, "not")


def _branches(stand: _Stand) -> Iterator[Assertion]:
    _, branches = union_of(stand.node) or ("", ())
    for index, branch in enumerate(branches):
        # The union as a whole speaks of the type; a branch speaks of everything else.
        own = (branch.at + "/type", "")
        shape = types_of(branch)[0] if index else stand.shape
        for assertion in _walk(replace(stand, node=branch, shape=shape)):
            if assertion.key != own:
                yield assertion


def _conditional(stand: _Stand) -> Iterator[Assertion]:
    node = stand.node
    for keyword, met in (("then", True), ("else", False)):
        if "if" in node and keyword in node:
            yield from _walk(stand.under(node["if"], node[keyword], met=met))
