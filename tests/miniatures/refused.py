"""The one way in which a provider says no."""

from dataclasses import dataclass
from typing import Literal

#: What an answer is about; a wrong provider may differ at just one of these moments.
Moment = Literal["submitted", "waiting", "done", "failed", "refused", "denied", "unknown"]


@dataclass(eq=False)
class Refused(Exception):
    """A request is not served: it costs nothing and makes no job."""

    status: int
    says: str
    door: str = ""
    moment: Moment = "refused"

    def __str__(self) -> str:
        """Say why."""
        return self.says
