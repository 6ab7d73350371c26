"""Walk from configuration to the full run, stage by stage, and stop at the first that fails."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from conformance.adoption.free_stages import knock, refusal
from conformance.adoption.paid_stages import full_run, one_job
from conformance.adoption.readiness import ready
from conformance.adoption.stage import Name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conformance.adoption.setup import Ground
    from conformance.adoption.stage import Stage

_STEPS: dict[Name, Callable[[Ground], Stage]] = {
    Name.CONFIGURATION: ready,
    Name.REACHABILITY: knock,
    Name.REFUSAL: refusal,
    Name.JOB: one_job,
    Name.RUN: full_run,
}


@dataclass(slots=True, kw_only=True)
class Walk:
    """A walk that is under way."""

    ground: Ground
    #: The last stage to walk.
    until: Name = Name.RUN
    walked: list[Stage] = field(default_factory=list)

    def go(self) -> Iterator[tuple[Name, Stage | None]]:
        """Yield each stage's name before it is walked, and with what it showed after."""
        for name, step in _STEPS.items():
            yield name, None
            stage = step(self._ground())
            self.walked.append(stage)
            yield name, stage
            if not stage.passed or name is self.until:
                return

    def _ground(self) -> Ground:
        """Return what the next stage stands on: what is spent is spent."""
        settings, spent = self.ground.settings, self.walked
        if settings.budget is not None:
            settings = replace(
                settings,
                budget=max(0.0, settings.budget - sum(stage.spend.credits for stage in spent)),
            )
        if settings.max_jobs is not None:
            settings = replace(
                settings,
                max_jobs=max(0, settings.max_jobs - sum(stage.spend.jobs for stage in spent)),
            )
        return replace(self.ground, settings=settings)
