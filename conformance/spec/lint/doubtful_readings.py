"""List how unclear places of a document were read: what was taken, what else it could mean, why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.model.json_place import above, lookup
from conformance.spec.lint.findings import documented
from conformance.spec.schema.node import SchemaNode
from conformance.spec.words.checking import written_words
from conformance.spec.words.extension_word import read
from conformance.spec.words.promise_words import ReadingWord

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.spec.context import Context
    from conformance.spec.document import Spec
    from conformance.spec.lint.findings import LintFinding


def check(spec: Spec) -> Iterator[LintFinding]:
    """Yield a finding for each `x-reading`, whatever its weight."""
    known = _contexts(spec)
    for pointer, word, value in written_words(spec.tree.data):
        if word == ReadingWord.word:
            reading = read(ReadingWord, value)
            code = f"reading-{reading.weight}"
            sentence = f"{reading.why}; taken: {reading.taken}; or: {reading.other}"
            place = spec.place(pointer)
            yield documented(code, place, _context(spec, pointer, known), sentence)


def _context(spec: Spec, pointer: str, known: dict[str, Context]) -> Context:
    """Return what holds at a pointer: of the nearest node in use, and of what stands between."""
    at = above(pointer)
    between: list[str] = []
    while at and at not in known:
        between.append(at)
        at = above(at)
    context = known.get(at, spec.context)
    for inner in reversed(between):
        node = lookup(spec.tree.data, inner)
        if isinstance(node, dict):
            context = context.within(node)
    return context


def _contexts(spec: Spec) -> dict[str, Context]:
    """Return what each used node inherits: a definition inherits from where it is used first."""
    found: dict[str, Context] = {}
    for operation in spec.operations:
        found.setdefault(operation.place.pointer, operation.context)
        for scenario in operation.scenarios:
            _collect(scenario.whole, found)
        for reply in operation.replies:
            found.setdefault(reply.place.pointer, reply.context)
            _collect(reply.schema or {}, found)
    return found


def _collect(node: object, found: dict[str, Context]) -> None:
    if isinstance(node, dict):
        if isinstance(node, SchemaNode):
            found.setdefault(node.at, node.context)
        for value in node.values():
            _collect(value, found)
    elif isinstance(node, list):
        for item in node:
            _collect(item, found)
