"""The words about a promise itself: who makes it, how binding it is, how it was read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from msgspec import Meta

from conformance.spec.words.extension_word import ExtensionWord, StandsOn

if TYPE_CHECKING:
    from collections.abc import Mapping

LevelName = Literal["must", "should", "companion"]
HarmName = Literal["money", "delivery", "privacy", "fidelity", "integration", "hygiene"]
OnlyTrue = Annotated[bool, Meta(extra_json_schema={"const": True})]

#: Wherever something of a document is taken apart, its source, level and reading are read.
EVERYWHERE = frozenset(StandsOn)
#: On a node of a schema, whichever way it travels.
SCHEMAS = frozenset({StandsOn.SCENARIO, StandsOn.REQUEST_SCHEMA, StandsOn.ANSWER_SCHEMA})


class SourceWord(ExtensionWord, frozen=True, kw_only=True):
    """Which document says it (a key of x-provider's documents), and in which section."""

    word: ClassVar[str] = "x-source"
    stands_on: ClassVar[frozenset[StandsOn]] = EVERYWHERE

    document: str | None = None
    section: str = ""


class LevelWord(ExtensionWord, frozen=True, kw_only=True):
    """How binding a promise is."""

    word: ClassVar[str] = "x-level"
    stands_on: ClassVar[frozenset[StandsOn]] = EVERYWHERE
    bare: ClassVar[str] = "level"

    level: LevelName


class HarmWord(ExtensionWord, frozen=True, kw_only=True):
    """What a buyer loses when it is broken, where that is not what the rule says of itself."""

    word: ClassVar[str] = "x-harm"
    stands_on: ClassVar[frozenset[StandsOn]] = EVERYWHERE
    bare: ClassVar[str] = "harm"

    harm: HarmName


class ReadingWord(ExtensionWord, frozen=True, kw_only=True):
    """How an unclear document was read.

    Weight `doubt` (the default) keeps verdicts at warn; `note` only tells.
    """

    word: ClassVar[str] = "x-reading"
    stands_on: ClassVar[frozenset[StandsOn]] = EVERYWHERE

    taken: str
    other: str
    why: str
    weight: Literal["doubt", "note"] = "doubt"


class AcknowledgedWord(ExtensionWord, frozen=True, kw_only=True):
    """Errors of lint that are accepted here and below: the code of each, and why."""

    word: ClassVar[str] = "x-acknowledged"
    stands_on: ClassVar[frozenset[StandsOn]] = EVERYWHERE
    bare: ClassVar[str] = "reasons"

    reasons: Annotated[dict[str, Annotated[str, Meta(min_length=1)]], Meta(min_length=1)]


class DistinguishesWord(ExtensionWord, frozen=True, kw_only=True):
    """The assertion tells scenarios apart and promises nothing."""

    word: ClassVar[str] = "x-distinguishes"
    stands_on: ClassVar[frozenset[StandsOn]] = frozenset(
        {StandsOn.SCENARIO, StandsOn.REQUEST_SCHEMA}
    )
    bare: ClassVar[str] = "distinguishes"

    distinguishes: OnlyTrue


class RequiredWord(ExtensionWord, frozen=True, kw_only=True):
    """Source, level or reading of a field's presence where they differ from those of its value."""

    word: ClassVar[str] = "x-required"
    stands_on: ClassVar[frozenset[StandsOn]] = SCHEMAS

    x_source: SourceWord | None = None
    x_level: LevelName | None = None
    x_harm: HarmName | None = None
    x_reading: ReadingWord | None = None
    x_distinguishes: OnlyTrue | None = None

    @classmethod
    def in_doubt(cls, field: Mapping[str, Any]) -> bool:
        """Say whether a document can be read either way: the field is required, or it is not."""
        presence = cls.on(field)
        return presence is not None and presence.x_reading is not None
