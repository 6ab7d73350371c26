"""What every stage of a walk stands on: the spec, the target, the limits, and where files go."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

from conformance.run.planning.selection import Selection
from conformance.run.run_settings import RunOptions, Settings
from conformance.run.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conformance.run.events import Event
    from conformance.run.open_target import TargetChoice
    from conformance.spec.document import Spec


def _ignore(event: Event) -> None:
    """Listen to nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AdoptionSetup:
    """Everything a stage needs."""

    spec: Spec
    choice: TargetChoice
    settings: Settings = field(default_factory=Settings)
    #: The folder of this provider's files.
    folder: Path
    #: Who else listens to the runs.
    listen: Callable[[Event], None] = _ignore
    #: What was typed, for the reports.
    command: tuple[str, ...] = ()
    #: What `conformance run` would be given for the same, so that a killed run can be resumed.
    options: RunOptions = field(default_factory=RunOptions)

    def session(
        self,
        selection: Selection | None = None,
        *,
        settings: Settings | None = None,
        part: str = "",
    ) -> Session:
        """Return a run over the selected clauses, with its own journal."""
        chosen, limits = selection or Selection(), settings or self.settings
        options = msgspec.structs.replace(
            self.options,
            only=chosen.only,
            cheap=chosen.cheap,
            budget=limits.budget,
            max_jobs=limits.max_jobs,
        )
        return Session(
            spec=self.spec,
            choice=self.choice,
            selection=chosen,
            settings=limits,
            journal=self.folder / part / "journal.sqlite",
            options=options,
        )
