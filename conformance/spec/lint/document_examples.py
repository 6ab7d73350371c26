"""Hold the document's own examples to the document's own rules."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from conformance.model.json_place import dotted, lookup, lookup_path
from conformance.spec.lint.findings import documented, listed
from conformance.spec.schema.violations import violations

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.spec.document import Spec
    from conformance.spec.lint.findings import LintFinding
    from conformance.spec.operation import Example, Operation
    from conformance.spec.schema.node import SchemaNode
    from conformance.spec.schema.violations import Violation

#: What documentation generators write where they know only a type: `<string>` or `<token>`.
_BLANK = re.compile(r"<[a-z _|-]+>")
#: What they write for numbers, beside such blanks.
_NUMBER = 123


def check(spec: Spec) -> Iterator[LintFinding]:
    """Yield a finding for each example that breaks the rules beside it."""
    for operation in spec.operations:
        for example in operation.examples:
            yield from _rules(spec, operation, example)
            yield from _fields(operation, example)


def _rules(spec: Spec, operation: Operation, example: Example) -> Iterator[LintFinding]:
    schema = _schema(operation, example)
    for at, name, path in sorted(violations(schema, example.value), key=str) if schema else ():
        if not is_placeholder(example.value, path):
            told = _told(spec, example.value, (at, name, path))
            sentence = f"{_title(operation, example)} breaks the document's own rules: {told}"
            yield documented("example-breaks-rules", example.place, example.context, sentence)


def _fields(operation: Operation, example: Example) -> Iterator[LintFinding]:
    if example.of != "request" or not isinstance(example.value, dict):
        return
    schemas = [scenario.schema for scenario in operation.scenarios]
    known = {name for schema in schemas for name in _names(schema)}
    unknown = [name for name in example.value if name not in known] if known else []
    if unknown:
        title = _title(operation, example)
        sentence = f"{title} sends {listed(unknown)}, which the parameters do not name"
        yield documented("example-unknown-field", example.place, example.context, sentence)


def is_placeholder(value: Any, path: tuple[str | int, ...]) -> bool:
    """Say whether a generator, and no author, wrote what stands at a path of an example."""
    found = value
    for token in path:
        found = found[token]
    if isinstance(found, str):
        return bool(_BLANK.fullmatch(found))
    return type(found) is int and found == _NUMBER and any(map(_BLANK.fullmatch, _texts(value)))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for item in value.values() if isinstance(value, dict) else ():
        yield from _texts(item)
    for item in value if isinstance(value, list) else ():
        yield from _texts(item)


def _schema(operation: Operation, example: Example) -> SchemaNode | None:
    """Return the schema an example should keep; of several scenarios, the nearest one."""
    if example.of != "request":
        replies = (reply for reply in operation.replies if reply.status == example.of)
        return next((reply.schema for reply in replies if reply.schema), None)
    schemas = [scenario.schema for scenario in operation.scenarios]
    return min(schemas, key=lambda one: len(violations(one, example.value)), default=None)


def _names(schema: SchemaNode) -> Iterator[str]:
    yield from schema.get("properties", {})
    for key in ("allOf", "anyOf", "oneOf"):
        for part in schema.get(key, ()):
            yield from _names(part)


def _title(operation: Operation, example: Example) -> str:
    named = "" if example.name == "example" else f" “{example.name}”"
    what = "request" if example.of == "request" else "answer"
    return f"the {what} example{named} of {operation.id}"


def _told(spec: Spec, value: Any, violation: Violation) -> str:
    at, name, path = violation
    node, _, keyword = at.rpartition("/")
    where = dotted(path)
    if keyword == "required":
        return f"{dotted((*path, name))} is required and not there"
    value = lookup_path(value, path)
    rule = lookup(spec.tree.data, node).get(keyword) if node in spec.tree.lines else ""
    return f"{where or 'the whole'} is {value!r}, against {keyword} {rule or name}".strip()
