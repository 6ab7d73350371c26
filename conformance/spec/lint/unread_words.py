"""Find x- words on nodes where nothing reads them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from conformance.model.json_place import above, below, escape, lookup
from conformance.spec.lint.findings import defect, listed
from conformance.spec.references import followed, target
from conformance.spec.schema.flatten import MANY, NAMED, ONE
from conformance.spec.words.checking import written_words
from conformance.spec.words.extension_word import StandsOn
from conformance.spec.words.known_words import known_words
from conformance.spec.words.promise_words import AcknowledgedWord, ReadingWord
from conformance.spec.words.request_words import BeyondWord

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.spec.document import Spec
    from conformance.spec.lint.findings import LintFinding
    from conformance.spec.yaml_reader import Tree


def check(spec: Spec) -> Iterator[LintFinding]:
    """Yield a finding for each word that is said in vain."""
    stands = _stands(spec)
    for pointer, word, written in written_words(spec.tree.data):
        at = above(pointer)
        if _is_part_of_a_word(at) or _is_read_anywhere(word, written):
            continue
        kind = known_words()[word]
        if not kind.stands_on & stands[at]:
            yield _unread(spec, pointer, word, stands[at])
        elif word == BeyondWord.word:
            yield from _dropped(spec, pointer, lookup(spec.tree.data, at))


def _unread(spec: Spec, pointer: str, word: str, stands: set[StandsOn]) -> LintFinding:
    where = listed(sorted(stands)) if stands else "a place that no request or answer uses"
    stands_on = listed(sorted(known_words()[word].stands_on))
    return defect(
        "unread-word",
        spec.place(pointer),
        spec.context,
        f"nothing reads {word} here, on {where}",
        f"It is read on {stands_on}: move it there, or leave it out.",
    )


def _dropped(spec: Spec, pointer: str, node: dict[str, Any]) -> Iterator[LintFinding]:
    """Yield a finding where values that are to be refused are never sent."""
    if "$ref" in node:
        node = {**lookup(spec.tree.data, followed(spec.tree, above(pointer))), **node}
    values = node.get("enum", [node["const"]] if "const" in node else [])
    if not values:
        sentence = "x-beyond without a closed list: its values are never sent"
        way_out = "Write it beside the enum or const that forbids them."
        yield defect("dropped-witness", spec.place(pointer), spec.context, sentence, way_out)
    listed_values = [value for value in node[BeyondWord.word] if value in values]
    if listed_values:
        sentence = f"x-beyond names {listed(listed_values)}, which the list beside it allows"
        way_out = "Take it out of one of the two."
        yield defect("dropped-witness", spec.place(pointer), spec.context, sentence, way_out)


def _is_part_of_a_word(pointer: str) -> bool:
    """Say whether a pointer lies inside what an x- word says."""
    return any(token.startswith("x-") for token in pointer.split("/"))


def _is_read_anywhere(word: str, written: Any) -> bool:
    # A note tells how a document was read, wherever it stands; lint lists it. An acknowledgement
    # holds for all that stands below it.
    is_note = word == ReadingWord.word and written.get("weight") == "note"
    return is_note or word == AcknowledgedWord.word


def _stands(spec: Spec) -> defaultdict[str, set[StandsOn]]:
    """Return what each place of a document is, as far as words are read there."""
    stands = _Stands(tree=spec.tree)
    stands.add("", StandsOn.DOCUMENT)
    for name in spec.tree.data.get("components", {}).get("securitySchemes", {}):
        stands.add(below("/components/securitySchemes", name), StandsOn.SECURITY_SCHEME)
    for operation in spec.operations:
        at = operation.place.pointer
        stands.add(above(at), StandsOn.PATH)
        stands.add(at, StandsOn.OPERATION)
        for scenario in operation.scenarios:
            stands.add(scenario.schema.at, StandsOn.SCENARIO)
        node = lookup(spec.tree.data, at)
        if "requestBody" in node:
            body = followed(spec.tree, below(at, "requestBody"))
            stands.contents(body, StandsOn.REQUEST_SCHEMA)
        for status in node.get("responses", {}):
            response = followed(spec.tree, below(at, "responses", status))
            stands.add(response, StandsOn.RESPONSE)
            stands.contents(response, StandsOn.ANSWER_SCHEMA)
    return stands.found


@dataclass(slots=True, kw_only=True)
class _Stands:
    """Collects what each place is."""

    tree: Tree
    found: defaultdict[str, set[StandsOn]] = field(default_factory=lambda: defaultdict(set))

    def add(self, pointer: str, stands_on: StandsOn) -> None:
        self.found[pointer].add(stands_on)

    def contents(self, pointer: str, schema: StandsOn) -> None:
        """Take in the schemas and examples of a body or an answer."""
        for form, media in lookup(self.tree.data, pointer).get("content", {}).items():
            at = below(pointer, "content", form)
            for name in media.get("examples", {}):
                self.add(followed(self.tree, below(at, "examples", name)), StandsOn.EXAMPLE)
            if "schema" in media:
                self.schema(below(at, "schema"), schema)

    def schema(self, pointer: str, stands_on: StandsOn) -> None:
        """Take in a schema, what is inside it and what it refers to."""
        if stands_on in self.found[pointer]:
            return
        self.add(pointer, stands_on)
        node = lookup(self.tree.data, pointer)
        if not isinstance(node, dict):
            return
        if "$ref" in node:
            self.schema(target(self.tree, pointer), stands_on)
        for keyword in node.keys() & ONE:
            self.schema(f"{pointer}/{keyword}", stands_on)
        for keyword in node.keys() & MANY:
            for index in range(len(node[keyword])):
                self.schema(f"{pointer}/{keyword}/{index}", stands_on)
        for keyword in node.keys() & NAMED:
            for name in node[keyword]:
                self.schema(f"{pointer}/{keyword}/{escape(name)}", stands_on)
