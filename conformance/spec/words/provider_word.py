"""The word that introduces the provider."""

from __future__ import annotations

from typing import Annotated, ClassVar

from msgspec import Meta, Struct, field

from conformance.spec.words.extension_word import ExtensionWord, StandsOn

_AboveZero = Annotated[int, Meta(gt=0)] | Annotated[float, Meta(gt=0)]


class Document(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One document of a provider."""

    title: str
    edition: str = ""


class KeyWords(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The environment variable of the key, and what stands before the key where it travels."""

    env: Annotated[str, Meta(pattern="^[A-Z][A-Z0-9_]*$")] | None = None
    prefix: str = ""


class ProviderWord(ExtensionWord, frozen=True, kw_only=True):
    """Who the provider is. Stands once, at the root."""

    word: ClassVar[str] = "x-provider"
    stands_on: ClassVar[frozenset[StandsOn]] = frozenset({StandsOn.DOCUMENT})

    name: Annotated[str, Meta(pattern="^[a-z][a-z0-9_-]{0,40}$")]
    title: str = ""
    documents: dict[str, Document] = field(default_factory=dict)
    key: KeyWords = KeyWords()
    private: Annotated[
        tuple[Annotated[str, Meta(min_length=1)], ...],
        Meta(
            description=(
                "Names of fields that tell whose account it is; their values are written nowhere."
            )
        ),
    ] = ()
    unit: str = "credits"
    rate: Annotated[_AboveZero | None, Meta(description="Requests per second.")] = None
