"""A job's name tag, for any process; and what may be the input of the next call."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A job by provider and id. It holds no key, pickles, and turns into JSON and back.

    >>> tag = Reference(
    ...     provider="some", operation="create", id="task_1", base_url="https://api.example.com"
    ... )
    >>> Reference.from_json(tag.to_json()) == tag
    True
    """

    provider: str
    operation: str
    id: str
    base_url: str
    scenario: str = ""
    #: Where to ask for its state, where the provider names an address instead of a rule.
    address: str = ""
    #: Seconds since 1970.
    submitted: float = 0.0
    #: What was asked for, as far as it shapes the video: seconds, tier and ratio; empty where
    #: it is not known.
    duration: float | None = None
    size: str = ""
    aspect_ratio: str = ""
    #: What the provider said or documents that it costs.
    cost: float | None = None

    def to_json(self) -> dict[str, Any]:
        """Return it as plain JSON."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Return the reference that `to_json` wrote."""
        return cls(**data)

    def __str__(self) -> str:
        """Return provider and id."""
        return f"{self.provider}:{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoSource:
    """A video made earlier, as an input of the next: by the job's id or by the result's address."""

    provider: str
    id: str
    url: str = ""


class Made(ABC):
    """A job or a video: either may be the input of the next call."""

    @abstractmethod
    def source(self) -> VideoSource:
        """Return the job's id, and the result's address as far as it is known."""
