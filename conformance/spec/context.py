"""What a node of a spec inherits: its source, its level, and a doubtful reading."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from conformance.model.clause import Harm, Level, Reading, Source
from conformance.spec.words.promise_words import HarmWord, LevelWord, ReadingWord, SourceWord

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Who says it, how binding it is, and how it was read; children inherit all three."""

    documents: Mapping[str, str]
    document: str = ""
    section: str = ""
    level: Level = Level.MUST
    #: Whether the level was written on the operation or within it, and not for all of the document.
    stated: bool = False
    #: What a buyer loses, where the spec knows better than the rule.
    harm: Harm | None = None
    reading: Reading | None = None

    @property
    def source(self) -> Source:
        """The source as a reader cites it, by the document's title."""
        title = self.documents.get(self.document, self.document)
        return Source(document=title, section=self.section)

    def within(self, node: Mapping[str, Any]) -> Context:
        """Return the context inside `node`: what it says of itself goes before what it inherits."""
        context = self
        if source := SourceWord.on(node):
            document = self.document if source.document is None else source.document
            context = replace(context, document=document, section=source.section)
        if level := LevelWord.on(node):
            context = replace(context, level=Level(level.level), stated=True)
        if harm := HarmWord.on(node):
            context = replace(context, harm=Harm(harm.harm))
        if doubt := _doubt(node):
            context = replace(context, reading=doubt)
        return context


def _doubt(node: Mapping[str, Any]) -> Reading | None:
    # A reading of weight `note` tells where the document is thin; it softens no verdict.
    reading = ReadingWord.on(node)
    if reading is None or reading.weight == "note":
        return None
    return Reading(taken=reading.taken, other=reading.other, why=reading.why)
