"""The words about an answer: what it repeats of the request, and what must be another."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from msgspec import Meta, field

from conformance.spec.words.extension_word import ExtensionWord, Pointer, Pointers, StandsOn
from conformance.spec.words.promise_words import LevelName, ReadingWord, SourceWord

_ANSWER = frozenset({StandsOn.ANSWER_SCHEMA})


class EchoWord(ExtensionWord, frozen=True, kw_only=True):
    """The answer repeats the first of these request fields that was sent."""

    word: ClassVar[str] = "x-echo"
    stands_on: ClassVar[frozenset[StandsOn]] = _ANSWER

    fields: Pointers
    as_type: Literal["string", "integer", "number"] | None = field(default=None, name="as")
    present: Annotated[
        Literal["always", "done"] | None,
        Meta(description="Where leaving it out breaks the promise too."),
    ] = None


class DiffersWord(ExtensionWord, frozen=True, kw_only=True):
    """The answer's value is another than this parameter or field of the request."""

    word: ClassVar[str] = "x-differs-from"
    stands_on: ClassVar[frozenset[StandsOn]] = _ANSWER

    parameter: str = ""
    #: The pointer of a field of the request.
    field: Pointer = ""
    x_source: SourceWord | None = None
    x_level: LevelName | None = None
    x_reading: ReadingWord | None = None
