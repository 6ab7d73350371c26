"""The five methods, written once: what they give back is up to whoever has them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Unpack

    from conformance.client.client_words import (
        AnimateWords,
        ComposeWords,
        EditWords,
        ExtendWords,
        GenerateWords,
        Method,
    )

R_co = TypeVar("R_co", covariant=True)


class Methods(ABC, Generic[R_co]):
    """One way to ask any provider for a video.

    Words beside the prompt are those that the provider documents for the method; `client.capabilities`
    tells them with their bounds. What the provider would refuse raises `RefusedHere` and is not sent.
    """

    @abstractmethod
    def ask(self, method: Method, words: Mapping[str, Any]) -> R_co:
        """Do what the method asks for."""

    def generate(self, prompt: str | None = None, **words: Unpack[GenerateWords]) -> R_co:
        """Make a video from words."""
        return self.ask("generate", {"prompt": prompt, **words})

    def animate(self, prompt: str | None = None, **words: Unpack[AnimateWords]) -> R_co:
        """Bring one image to life: `image` is an address that the provider can fetch."""
        return self.ask("animate", {"prompt": prompt, **words})

    def compose(self, prompt: str | None = None, **words: Unpack[ComposeWords]) -> R_co:
        """Make a video from several reference images."""
        return self.ask("compose", {"prompt": prompt, **words})

    def edit(self, prompt: str | None = None, **words: Unpack[EditWords]) -> R_co:
        """Change an existing video."""
        return self.ask("edit", {"prompt": prompt, **words})

    def extend(self, prompt: str | None = None, **words: Unpack[ExtendWords]) -> R_co:
        """Continue a video: `video` is an address or a video made earlier, `job` an earlier job."""
        return self.ask("extend", {"prompt": prompt, **words})
