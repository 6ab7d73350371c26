"""A schema node: a JSON Schema without references that knows its place and what it inherits."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, NoReturn

from conformance.spec.context import Context
from conformance.spec.schema.json_types import choice_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from conformance.spec.schema.assertions import Rules
    from conformance.spec.schema.validator import Validator


class SchemaNode(dict[str, Any]):
    """Reads like the JSON Schema that it is.

    Its parts are nodes, too. None is changed once it is made, and each is equal to itself alone:
    what is made out of one is kept with it.
    """

    def __init__(self, keywords: Mapping[str, Any], *, at: str, context: Context) -> None:
        """Take the keywords of a schema, its JSON pointer, and what it inherits."""
        super().__init__(keywords)
        self.at = at
        self.context = context
        self._joined: dict[tuple[SchemaNode, ...], SchemaNode] = {}

    __eq__ = object.__eq__
    __ne__ = object.__ne__
    __hash__ = object.__hash__  # type: ignore[assignment]

    def _refuse_change(self, *_: object, **__: object) -> NoReturn:
        raise TypeError("a schema node is not changed: `saying` makes another")

    __setitem__ = __delitem__ = __ior__ = _refuse_change
    update = setdefault = pop = popitem = clear = _refuse_change

    def saying(self, keywords: Mapping[str, Any]) -> SchemaNode:
        """Return a node of the same place and inheritance that says something else."""
        return SchemaNode(keywords, at=self.at, context=self.context)

    def joined(self, others: Iterable[SchemaNode]) -> SchemaNode:
        """Return the node that says what this one and some others say."""
        beside = tuple(others)
        if not beside:
            return self
        if beside not in self._joined:
            self._joined[beside] = self.saying({"allOf": [self, *beside]})
        return self._joined[beside]

    @cached_property
    def alternatives(self) -> tuple[SchemaNode, ...]:
        """The same node once for each of its branches; a choice between fields has none."""
        keyword = next((keyword for keyword in ("oneOf", "anyOf") if keyword in self), "")
        if not keyword or choice_of(self):
            return ()
        branches = tuple(self[keyword])
        shared = self.saying({name: rule for name, rule in self.items() if name != keyword})
        if all(name.startswith("x-") for name in shared):
            return branches
        return tuple(branch.saying({"allOf": [shared, branch]}) for branch in branches)

    @cached_property
    def rules(self) -> Rules:
        """Every single rule that it makes of a value, outermost first, each once."""
        from conformance.spec.schema.assertions import rules_of

        return rules_of(self)

    @cached_property
    def validator(self) -> Validator:
        """What holds a value to it, compiled once."""
        from conformance.spec.schema.validator import compiled

        return compiled(self)


#: A schema that says nothing: every value keeps it.
ANYTHING = SchemaNode({}, at="", context=Context(documents={}))
