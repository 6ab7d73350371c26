"""Find what the description of a single field leaves open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.model.clause import Level
from conformance.spec.lint.findings import documented, listed
from conformance.spec.schema.assertions import assertions
from conformance.spec.schema.json_types import types_of
from conformance.spec.words.request_words import MediaWord, ValuesWord

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.spec.document import Spec
    from conformance.spec.lint.findings import LintFinding
    from conformance.spec.schema.assertions import Assertion
    from conformance.spec.schema.node import SchemaNode

_BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "enum", "const")


def check(spec: Spec) -> Iterator[LintFinding]:
    """Yield a finding for each field that could have been described more closely."""
    for operation in spec.submits:
        if operation.same_as or operation.context.level is Level.COMPANION:
            continue
        for scenario in operation.scenarios:
            yield from _gaps(spec, scenario.schema)
        for reply in operation.replies:
            yield from _lists(spec, reply.schema) if reply.schema else ()


def _gaps(spec: Spec, schema: SchemaNode) -> Iterator[LintFinding]:
    yield from _lists(spec, schema)
    for found in assertions(schema):
        if found.rule == "type" and "type" in found.node:
            for code, sentence in ((one.__name__, one(found)) for one in _ABOUT):
                if sentence:
                    place = spec.place(found.at)
                    yield documented(code.replace("_", "-"), place, found.context, sentence)


def _lists(spec: Spec, schema: SchemaNode) -> Iterator[LintFinding]:
    for found in assertions(schema):
        values = ValuesWord.listed_on(found.node)
        if found.rule == "type" and values:
            name = ".".join(found.path)
            sentence = f"{name} is shown with {listed(values)}, and nothing says that this is all"
            yield documented("open-list", spec.place(found.at), found.context, sentence)


def nullable_with_default(found: Assertion) -> str:
    """Tell that null may mean the default, or nothing at all."""
    if "null" not in found.value or "default" not in found.node:
        return ""
    name, default = ".".join(found.path), found.node["default"]
    return f"{name} may be null and has the default {default}: whether null means it is not said"


def number_without_bounds(found: Assertion) -> str:
    """Tell that any number seems to be allowed."""
    numeric = {"integer", "number"} & set(types_of(found.node))
    if not numeric or any(bound in found.node for bound in _BOUNDS):
        return ""
    return f"{'.'.join(found.path)} is a number without bounds"


def input_length(found: Assertion) -> str:
    """Tell that only real files can show the bound of an input's length."""
    bounds = MediaWord.seconds_on(found.node)
    if not bounds:
        return ""
    low, high = bounds.get("minimum", 0), bounds.get("maximum", "any number of")
    name = ".".join(found.path)
    return f"the video behind {name} lasts {low} to {high} seconds, which no schema can say"


_ABOUT = (nullable_with_default, number_without_bounds, input_length)
