"""Walk a flattened schema and name every single assertion it makes of a value."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from conformance.model.json_place import EACH
from conformance.spec.schema.json_types import choice_of, never, types_of, union_of
from conformance.spec.schema.node import SchemaNode
from conformance.spec.words.request_words import IntegerWord

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.model.json_place import Path
    from conformance.spec.context import Context

#: Keywords whose value alone says what is asserted.
PLAIN = (
    "enum",
    "const",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "pattern",
    "format",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minProperties",
    "maxProperties",
)
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
    #: Conditions (`if` schemas) under which it holds.
    given: tuple[SchemaNode, ...] = ()
    node: SchemaNode
    context: Context

    @property
    def key(self) -> tuple[str, str]:
        """What tells this assertion from all others: its pointer and name."""
        return self.at, self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stand:
    """Where the walk stands in a schema, and what it brought along."""

    node: SchemaNode
    path: Path = ()
    shape: str = ""
    given: tuple[SchemaNode, ...] = ()

    def make(self, rule: str, value: Any, keyword: str, name: str = "") -> Assertion:
        return Assertion(
            path=self.path,
            rule=rule,
            value=value,
            at=f"{self.node.at}/{keyword}",
            name=name,
            shape=self.shape,
            given=self.given,
            node=self.node,
            context=self.node.context,
        )

    def below(self, token: str, node: SchemaNode) -> _Stand:
        return _Stand(node=node, path=(*self.path, token), given=self.given)

    def beside(self, node: SchemaNode) -> _Stand:
        return replace(self, node=node)

    def under(self, condition: SchemaNode, node: SchemaNode) -> _Stand:
        return replace(self, node=node, given=(*self.given, condition))


def assertions(schema: SchemaNode) -> tuple[Assertion, ...]:
    """Return every assertion of a schema, outermost first, in the order of the document."""
    return schema.assertions


def walk(schema: SchemaNode) -> Iterator[Assertion]:
    """Yield every assertion of a schema; `SchemaNode.assertions` keeps them."""
    return _walk(_Stand(node=schema))


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
    yield from _branches(stand)
    yield from _conditional(stand)


def _own(stand: _Stand) -> Iterator[Assertion]:
    node = stand.node
    if "type" in node:
        yield stand.make("type", types_of(node), "type")
    elif "enum" not in node and "const" not in node and (union := union_of(node)):
        kinds = tuple(kind for branch in union[1] for kind in types_of(branch))
        yield stand.make("type", kinds, union[0])
    for keyword in PLAIN:
        if keyword in node and not _idle(keyword, node):
            yield stand.make(keyword, node[keyword], keyword)
    if integer := IntegerWord.on(node):
        for bound, value in integer.bounds.items():
            yield stand.make(bound, value, IntegerWord.word, bound)
        yield stand.make("whole", integer, IntegerWord.word, "whole")


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
    for trigger, names in node.get("dependentRequired", {}).items():
        for name in names:
            keyword = "dependentRequired"
            yield stand.make("dependent", (trigger, name), keyword, f"{trigger}>{name}")


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
    if "if" in node and "then" in node:
        yield from _walk(stand.under(node["if"], node["then"]))
    if "if" in node and "else" in node:
        unmet = SchemaNode({"not": node["if"]}, at="", context=node.context)
        yield from _walk(stand.under(unmet, node["else"]))
