"""What an x- word is: a typed value that knows its name, its form and where it may stand."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Self, TypeVar

import msgspec
from msgspec import Meta, Struct

if TYPE_CHECKING:
    from collections.abc import Mapping

T = TypeVar("T")

POINTER_PATTERN = "^(/.+)?$"
Pointer = Annotated[str, Meta(pattern=POINTER_PATTERN)]
#: Kept as it is written, whole or not: 10 stays 10.
Amount = Annotated[int, Meta(ge=0)] | Annotated[float, Meta(ge=0)]


class StandsOn(StrEnum):
    """What in a document a word is read on; anywhere else nothing reads it."""

    DOCUMENT = "the document itself"
    PATH = "a path"
    OPERATION = "an operation"
    RESPONSE = "a response"
    EXAMPLE = "an example"
    SECURITY_SCHEME = "a security scheme"
    SCENARIO = "a scenario"
    REQUEST_SCHEMA = "a schema in a request"
    ANSWER_SCHEMA = "a schema in an answer"


class ExtensionWord(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """What one x- word says.

    The fields of a subclass are what may be written, its docstring is what the published schema
    tells of it.
    """

    word: ClassVar[str]
    stands_on: ClassVar[frozenset[StandsOn]]
    #: The name of the only field, where the word says one thing and is written without that name.
    bare: ClassVar[str] = ""

    @classmethod
    def on(cls, node: Mapping[str, Any]) -> Self | None:
        """Return what the word says on a node of a checked spec, or None where it is not there."""
        if cls.word not in node:
            return None
        written = node[cls.word]
        return read(cls, {cls.bare: written} if cls.bare else written)


class Pointers(tuple[str, ...]):
    """JSON pointers, of which the first that holds a value wins; a single one needs no list."""

    __slots__ = ()

    form: ClassVar[dict[str, Any]] = {
        "type": ["string", "array"],
        "pattern": POINTER_PATTERN,
        "minItems": 1,
        "items": {"type": "string", "pattern": POINTER_PATTERN},
    }

    @classmethod
    def read(cls, written: str | list[str]) -> Pointers:
        """Read one pointer, or a list of them."""
        return cls((written,) if isinstance(written, str) else written)


class PollInterval(tuple[float, float]):
    """The shortest and the longest time between two polls, in seconds; one number is both."""

    __slots__ = ()

    form: ClassVar[dict[str, Any]] = {
        "type": ["number", "array"],
        "exclusiveMinimum": 0,
        "minItems": 2,
        "maxItems": 2,
        "items": {"type": "number", "exclusiveMinimum": 0},
    }

    @classmethod
    def read(cls, written: float | list[float]) -> PollInterval:
        """Read one number of seconds, or two."""
        low, high = written if isinstance(written, list) else (written, written)
        return cls((float(low), float(high)))


#: What words are made of beside the types of JSON; each has its form and its reader.
CUSTOM_TYPES: tuple[type[Pointers | PollInterval], ...] = (Pointers, PollInterval)


def read(kind: type[T], written: Any) -> T:
    """Return the typed value of something written in a checked spec."""
    return msgspec.convert(written, kind, dec_hook=_read_custom)


def _read_custom(kind: type, written: Any) -> Any:
    return next(custom for custom in CUSTOM_TYPES if custom is kind).read(written)
