"""What an x- word is: a typed value that knows its name, its form and where it may stand."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import cache
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


class Codes(tuple[str, ...]):
    """Codes or statuses: X stands for any digit, * for any text; a single one needs no list."""

    __slots__ = ()

    form: ClassVar[dict[str, Any]] = {
        "type": ["string", "integer", "boolean", "array"],
        "minItems": 1,
        "items": {"type": ["string", "integer", "boolean"]},
    }

    @classmethod
    def read(cls, written: Any) -> Codes:
        """Read one code, or a list of them."""
        listed = written if isinstance(written, list) else [written]
        return cls(map(_code_text, listed))

    def hold(self, told: object) -> bool:
        """Say whether a code that was answered is among them, as a number or as text."""
        text = _code_text(told)
        return any(_code_pattern(code).fullmatch(text) for code in self)

    @property
    def first(self) -> str:
        """The first of them, with a digit where any may stand."""
        return _any_digit(self[0]).replace("*", "") if self else ""


def _code_text(told: object) -> str:
    if isinstance(told, bool):
        return str(told).lower()
    if isinstance(told, float) and told.is_integer():
        return str(int(told))
    return str(told)


def _any_digit(code: str) -> str:
    """Return a code with zeros for its open digits: only what has digits beside them has some."""
    return code.replace("X", "0") if _CLASS.fullmatch(code) else code


_CLASS = re.compile(r"[0-9]+X+")


@cache
def _code_pattern(code: str) -> re.Pattern[str]:
    escaped = re.escape(code).replace(re.escape("*"), ".*")
    if _CLASS.fullmatch(code):
        escaped = escaped.replace("X", "[0-9]")
    return re.compile(escaped, re.IGNORECASE | re.DOTALL)


#: What words are made of beside the types of JSON; each has its form and its reader.
CUSTOM_TYPES: tuple[type[Pointers | PollInterval | Codes], ...] = (Pointers, PollInterval, Codes)


def read(kind: type[T], written: Any) -> T:
    """Return the typed value of something written in a checked spec."""
    return msgspec.convert(written, kind, dec_hook=_read_custom)


def _read_custom(kind: type, written: Any) -> Any:
    return next(custom for custom in CUSTOM_TYPES if custom is kind).read(written)
