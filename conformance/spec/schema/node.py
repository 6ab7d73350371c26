"""A schema node: a JSON Schema without references that knows its place and what it inherits."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

from conformance.spec.context import Context

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.spec.schema.assertions import Assertion
    from conformance.spec.schema.validator import Validator


class SchemaNode(dict[str, Any]):
    """Reads like the JSON Schema that it is.

    Its parts are nodes, too. Nobody changes one once it is made.
    """

    def __init__(self, keywords: Mapping[str, Any], *, at: str, context: Context) -> None:
        """Take the keywords of a schema, its JSON pointer, and what it inherits."""
        super().__init__(keywords)
        self.at = at
        self.context = context

    def saying(self, keywords: Mapping[str, Any]) -> SchemaNode:
        """Return a node of the same place and inheritance that says something else."""
        return SchemaNode(keywords, at=self.at, context=self.context)

    @cached_property
    def assertions(self) -> tuple[Assertion, ...]:
        """Every single rule that it makes of a value, outermost first."""
        from conformance.spec.schema.assertions import walk

        return tuple(walk(self))

    @cached_property
    def validator(self) -> Validator:
        """What holds a value to it, compiled once."""
        from conformance.spec.schema.validator import compiled

        return compiled(self)


#: A schema that says nothing: every value keeps it.
ANYTHING = SchemaNode({}, at="", context=Context(documents={}))

#: The older name.
Schema: TypeAlias = SchemaNode
