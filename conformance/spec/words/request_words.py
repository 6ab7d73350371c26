"""The words about a request: what its fields take, what shapes the video, what the client says."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

import msgspec
from msgspec import Meta, Struct

from conformance.spec.words.extension_word import (
    Amount,
    ExtensionWord,
    Pointer,
    Pointers,
    StandsOn,
)
from conformance.spec.words.promise_words import SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Mapping

_REQUEST = frozenset({StandsOn.SCENARIO, StandsOn.REQUEST_SCHEMA})
_WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,17})")
#: What the client's methods may be told.
CLIENT_WORDS = (
    "prompt",
    "duration",
    "aspect_ratio",
    "resolution",
    "image",
    "images",
    "video",
    "video_seconds",
    "job",
    "start",
    "seed",
    "audio",
)


class ValuesWord(ExtensionWord, frozen=True, kw_only=True):
    """An open list: each value is taken, others prove nothing."""

    word: ClassVar[str] = "x-values"
    stands_on: ClassVar[frozenset[StandsOn]] = SCHEMAS
    bare: ClassVar[str] = "values"

    values: Annotated[tuple[Any, ...], Meta(min_length=1)]

    @classmethod
    def listed_on(cls, node: Mapping[str, Any]) -> tuple[Any, ...]:
        """Return the values that are listed on a node, none where the word is not there."""
        listed = cls.on(node)
        return listed.values if listed else ()


class BeyondWord(ValuesWord, frozen=True, kw_only=True):
    """Values outside a closed list that other providers take; each is sent to be refused."""

    word: ClassVar[str] = "x-beyond"
    stands_on: ClassVar[frozenset[StandsOn]] = _REQUEST


class IntegerWord(ExtensionWord, frozen=True, kw_only=True):
    """Bounds of a whole number written as a string."""

    word: ClassVar[str] = "x-integer"
    stands_on: ClassVar[frozenset[StandsOn]] = SCHEMAS

    minimum: int | None = None
    maximum: int | None = None

    @property
    def bounds(self) -> dict[str, int]:
        """The bounds that are stated, by their names."""
        stated = {"minimum": self.minimum, "maximum": self.maximum}
        return {name: bound for name, bound in stated.items() if bound is not None}

    def broken_by(self, text: str) -> str:
        """Return which rule a text breaks: `whole`, `minimum` or `maximum`, or an empty string."""
        if not _WHOLE.fullmatch(text):
            return "whole"
        number = int(text)
        if self.minimum is not None and number < self.minimum:
            return "minimum"
        return "maximum" if self.maximum is not None and number > self.maximum else ""


class SameAsWord(ExtensionWord, frozen=True, kw_only=True):
    """Two documented ways to say the same: a field, a shape of a union, or an operation."""

    word: ClassVar[str] = "x-same-as"
    stands_on: ClassVar[frozenset[StandsOn]] = SCHEMAS | {StandsOn.OPERATION}

    field: str = ""
    shape: Literal["string", "integer", "number", "object", "array"] | None = None
    #: Another operation that this one behaves like; `fields` map the names that differ.
    operation: str = ""
    fields: dict[str, str] = msgspec.field(default_factory=dict)

    @classmethod
    def field_on(cls, node: Mapping[str, Any]) -> str:
        """Return the field that says the same as a node, an empty string where none does."""
        same = cls.on(node)
        return same.field if same else ""

    @classmethod
    def shape_on(cls, branch: Mapping[str, Any]) -> str:
        """Return the JSON type that says the same as a branch of a union, or an empty string."""
        same = cls.on(branch)
        return same.shape or "" if same else ""


class SecondsBounds(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """From and to how many seconds an input video lasts."""

    minimum: int | float | None = None
    maximum: int | float | None = None

    @property
    def bounds(self) -> dict[str, float]:
        """The bounds that are stated, by their names."""
        stated = {"minimum": self.minimum, "maximum": self.maximum}
        return {name: bound for name, bound in stated.items() if bound is not None}


class MediaWord(ExtensionWord, frozen=True, kw_only=True):
    """On a field: the role of an input and its length. On a scenario: what shapes the output."""

    word: ClassVar[str] = "x-media"
    stands_on: ClassVar[frozenset[StandsOn]] = _REQUEST

    role: Literal["image", "reference", "video"] | None = None
    seconds: SecondsBounds = SecondsBounds()
    #: The field of the video whose length this field states.
    seconds_of: Pointer = ""
    within: Literal["original"] | None = None
    length: Pointers = Pointers()
    resolution: Pointer = ""
    aspect: Pointer = ""
    #: The field of the video that is continued, where the output may be input plus clip.
    extends: Pointer = ""
    #: `clip` or `whole` where the document says what the file of an extension is; else either.
    returns: Literal["clip", "whole", "either"] = "either"
    tolerance: Amount = 0.5

    @classmethod
    def seconds_on(cls, node: Mapping[str, Any]) -> dict[str, float]:
        """Return the bounds of an input video's length by name, none where none is stated."""
        media = cls.on(node)
        return media.seconds.bounds if media else {}


class ClientWord(ExtensionWord, frozen=True, kw_only=True):
    """Which client method the scenario serves, and the field behind each of the client's words."""

    word: ClassVar[str] = "x-client"
    stands_on: ClassVar[frozenset[StandsOn]] = frozenset({StandsOn.SCENARIO})

    method: Literal["generate", "animate", "compose", "edit", "extend"]
    fields: Annotated[
        dict[str, str], Meta(extra_json_schema={"propertyNames": {"enum": list(CLIENT_WORDS)}})
    ]
