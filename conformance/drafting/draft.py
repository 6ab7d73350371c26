"""A first spec: the document as far as it is known, and a question where somebody has to decide."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conformance.model.exchange import JsonObject


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Something that only a reader of the provider's documents can tell."""

    #: The JSON pointer of what it is about.
    pointer: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A document in our format that loads, and what is open in it."""

    data: JsonObject
    questions: tuple[Question, ...] = field(default=())


@dataclass(slots=True, kw_only=True)
class OpenQuestions:
    """Collects questions while a draft is put together."""

    questions: list[Question] = field(default_factory=list)

    def ask(self, pointer: str, text: str) -> None:
        """Note a question about a place, once."""
        question = Question(pointer=pointer, text=text)
        if question not in self.questions:
            self.questions.append(question)

    def draft(self, data: JsonObject) -> Draft:
        """Return the document with everything that was asked."""
        return Draft(data=data, questions=tuple(self.questions))
