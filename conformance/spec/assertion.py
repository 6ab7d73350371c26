"""Walk a flattened schema and name every single assertion it makes of a value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.spec.kinds import choice_of, never, types_of, union_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.spec.context import Context
    from conformance.spec.flat import Schema

#: Keywords whose value alone says what is asserted.
PLAIN = (
    "enum", "const", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf",
    "minLength", "maxLength", "pattern", "format", "minItems", "maxItems", "uniqueItems",
    "minProperties", "maxProperties",
)  # fmt: skip
#: Sizes that may be nothing at all.
_SIZES = ("minLength", "minItems", "minProperties", "uniqueItems")
#: The path token of "each item of this array".
EACH = "*"

Path = tuple[str, ...]


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
    given: tuple[Schema, ...] = ()
    node: Schema
    context: Context

    @property
    def key(self) -> tuple[str, str]:
        """What tells this assertion from all others: its pointer and name."""
        return self.at, self.name


def assertions(node: Schema, path: Path = (), shape: str = "", given: tuple[Schema, ...] = ()) -> Iterator[Assertion]:
    """Yield every assertion of a schema, outermost first, in the order of the document."""

    def make(rule: str, value: Any, keyword: str, name: str = "", at: Path = path, node: Schema = node) -> Assertion:
        where = f"{node['x-at']}/{keyword}"
        return Assertion(path=at, rule=rule, value=value, at=where, name=name, shape=shape, given=given, node=node, context=node["x-context"])

    if never(node):
        yield make("forbidden", None, "not")
        return
    yield from _own(node, make)
    yield from _choices(node, make)
    for name, child in node.get("properties", {}).items():
        yield from assertions(child, (*path, name), "", given)
    if "items" in node:
        yield from assertions(node["items"], (*path, EACH), "", given)
    for part in node.get("allOf", ()):
        yield from assertions(part, path, shape, given)
    if union := union_of(node):
        for index, branch in enumerate(union[1]):
            yield from _branch(branch, path, types_of(branch)[0] if index else shape, given)
    if "if" in node:
        yield from _conditional(node, path, shape, given)


def _own(node: Schema, make: Any) -> Iterator[Assertion]:
    if "type" in node:
        yield make("type", types_of(node), "type")
    elif "enum" not in node and "const" not in node and (union := union_of(node)):
        kinds = tuple(kind for branch in union[1] for kind in types_of(branch))
        yield make("type", kinds, union[0])
    for keyword in PLAIN:
        if keyword in node and not _idle(keyword, node):
            yield make(keyword, node[keyword], keyword)
    for bound, value in node.get("x-integer", {}).items():
        yield make(bound, value, "x-integer", bound)
    if "x-integer" in node:
        yield make("whole", node["x-integer"], "x-integer", "whole")
    for name in node.get("required", ()):
        yield make("required", name, "required", name)
    if node.get("additionalProperties") is False or never(node.get("additionalProperties") or {"not": {"x": 1}}):
        yield make("additional", sorted(node.get("properties", {})), "additionalProperties")
    for trigger, names in node.get("dependentRequired", {}).items():
        for name in names:
            yield make("dependent", (trigger, name), "dependentRequired", f"{trigger}>{name}")


def _idle(keyword: str, node: Schema) -> bool:
    # Beside `x-integer` a pattern says the same thing again; a size of at least nothing says nothing.
    return (keyword == "pattern" and "x-integer" in node) or (keyword in _SIZES and not node[keyword])


def _choices(node: Schema, make: Any) -> Iterator[Assertion]:
    if choice := choice_of(node):
        keyword, options = choice
        yield make("neither", options, keyword, "neither")
        if keyword == "oneOf" and len(options) > 1:
            yield make("both", options, keyword, "both")
    elif not union_of(node):
        for keyword in ("oneOf", "anyOf"):
            if keyword in node:
                yield make("combination", node[keyword], keyword)
    inner = node.get("not", {})
    if "required" in inner and len(inner["required"]) > 1:
        yield make("both", tuple((name,) for name in inner["required"]), "not", "both")
    elif inner:
        yield make("combination", inner, "not")


def _branch(branch: Schema, path: Path, shape: str, given: tuple[Schema, ...]) -> Iterator[Assertion]:
    # The union as a whole speaks of the type; a branch speaks of everything else.
    own = (branch["x-at"] + "/type", "")
    yield from (found for found in assertions(branch, path, shape, given) if found.key != own)


def _conditional(node: Schema, path: Path, shape: str, given: tuple[Schema, ...]) -> Iterator[Assertion]:
    condition = node["if"]
    if "then" in node:
        yield from assertions(node["then"], path, shape, (*given, condition))
    if "else" in node:
        yield from assertions(node["else"], path, shape, (*given, {"not": condition, "x-at": "", "x-context": node["x-context"]}))
