"""A wish: what an accepted request must contain to prove the accept side of a clause."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.model.json_place import MISSING, dotted, get
from conformance.spec.schema.json_types import takes
from conformance.spec.schema.smallest_value import ABSENT, PRESENT, Shape

if TYPE_CHECKING:
    from conformance.model.json_place import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Values by path that one job of a scenario should have.

    `PRESENT`, `ABSENT` or a `Shape` where any will do.
    """

    operation: str
    scenario: str
    wants: tuple[tuple[Path, Any], ...] = ()
    note: str = ""
    #: Seconds of input video that it needs, where that is the point.
    input_seconds: int | None = None

    def met_by(self, body: Any) -> bool:
        """Say whether a body has everything that is wished for."""
        return all(_met(get(body, path), value) for path, value in self.wants)

    def suits(self, body: Any, input_seconds: int | None) -> bool:
        """Say whether a body has everything that is wished for, and its input video the length."""
        return self.met_by(body) and self.input_seconds in (None, input_seconds)


def field_name(path: Path) -> str:
    """Return a path as people write it: `extra_body.operation`, `images[]`."""
    return dotted(path) or "the body"


def _met(value: Any, wanted: Any) -> bool:
    if wanted == ABSENT:
        return value is MISSING
    if wanted == PRESENT:
        return value is not MISSING and value is not None
    if isinstance(wanted, Shape):
        return value is not MISSING and takes((wanted.kind,), value)
    return type(value) is type(wanted) and bool(value == wanted)
