"""What every stage of a walk stands on: the spec, the target, the limits, and where files go."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from conformance.engine.execution import Execution, Selection
from conformance.engine.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conformance.engine.events import Event
    from conformance.engine.opening import Choice
    from conformance.spec.document import Spec


def _unheard(event: Event) -> None:
    """Listen to nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Everything a stage needs."""

    spec: Spec
    choice: Choice
    settings: Settings = field(default_factory=Settings)
    #: The folder of this provider's files.
    folder: Path
    #: Who else listens to the runs.
    listen: Callable[[Event], None] = _unheard
    #: What was typed, for the reports.
    command: tuple[str, ...] = ()

    def execution(self, selection: Selection | None = None, *, settings: Settings | None = None, part: str = "") -> Execution:
        """Return a run over the selected clauses, with its own journal."""
        return Execution(
            spec=self.spec, choice=self.choice, selection=selection or Selection(), settings=settings or self.settings,
            journal=self.folder / part / "journal.sqlite",
        )  # fmt: skip
