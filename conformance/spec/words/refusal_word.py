"""The word about refusals: how a provider says no."""

from __future__ import annotations

from typing import Annotated, ClassVar

from msgspec import Meta, field

from conformance.spec.words.extension_word import Codes, ExtensionWord, Pointers, StandsOn

#: What a refusal can mean, as it is written in `means`.
MEANINGS = ("unauthorized", "not-found", "invalid", "no-balance", "rate-limited", "moderated")
_MEANS_FORM = {"propertyNames": {"enum": list(MEANINGS)}}
#: Codes that tell no error, where a spec lists none.
USUALLY_GOOD = Codes(("0", "", "200", "ok", "success", "true"))


class RefusalWord(ExtensionWord, frozen=True, kw_only=True):
    """How refusals are told: by status, or by a code in the body. The nearest word counts alone."""

    word: ClassVar[str] = "x-refusal"
    stands_on: ClassVar[frozenset[StandsOn]] = frozenset(
        {StandsOn.DOCUMENT, StandsOn.PATH, StandsOn.OPERATION, StandsOn.RESPONSE}
    )

    status: Annotated[
        Codes,
        Meta(
            description=(
                "The HTTP statuses that a refusal comes with: 4XX, or 200 where a code tells it."
            )
        ),
    ] = Codes()
    #: Where the code stands that tells a refusal, whatever the status.
    code: Pointers = Pointers()
    #: The codes that mean success; every other one is a refusal.
    good: Codes = USUALLY_GOOD
    message: Pointers = Pointers()
    #: Which codes, or statuses, mean what.
    means: Annotated[dict[str, Codes], Meta(extra_json_schema=_MEANS_FORM)] = field(
        default_factory=dict
    )
    makes_no_job: Annotated[
        bool | None,
        Meta(
            description=(
                "Whether a submit that was refused for its rate has certainly made no job; "
                "where it may have, nothing is sent again."
            )
        ),
    ] = None

    def named(self, told: object) -> str:
        """Return what a code or status means by the word's own list, or an empty string."""
        return next((name for name, codes in self.means.items() if codes.hold(told)), "")
