"""What the client can hand on: anything that stands for a video made earlier."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conformance.client.job_reference import Source


class Made(ABC):
    """A job or a video: either may be the input of the next call."""

    @abstractmethod
    def source(self) -> Source:
        """Return the job's id, and the result's address as far as it is known."""
