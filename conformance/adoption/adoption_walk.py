"""Walk from configuration to the full run, stage by stage, and stop at the first that fails."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from conformance.adoption.free_stages import configuration, reachability, refusal
from conformance.adoption.paid_stages import full_run, one_job
from conformance.adoption.stage import StageName

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conformance.adoption.setup import AdoptionSetup
    from conformance.adoption.stage import Stage

_STAGES: dict[StageName, Callable[[AdoptionSetup], Stage]] = {
    StageName.CONFIGURATION: configuration,
    StageName.REACHABILITY: reachability,
    StageName.REFUSAL: refusal,
    StageName.JOB: one_job,
    StageName.RUN: full_run,
}


@dataclass(slots=True, kw_only=True)
class AdoptionWalk:
    """A walk that is under way."""

    setup: AdoptionSetup
    #: The last stage to walk.
    until: StageName = StageName.RUN
    stages: list[Stage] = field(default_factory=list)

    def walk(self) -> Iterator[tuple[StageName, Stage | None]]:
        """Yield each stage's name before it is walked, and with what it showed after."""
        for name, walk_stage in _STAGES.items():
            yield name, None
            stage = walk_stage(self._remaining())
            self.stages.append(stage)
            yield name, stage
            if not stage.passed or name is self.until:
                return

    def _remaining(self) -> AdoptionSetup:
        """Return what the next stage stands on: what is spent is spent."""
        settings = self.setup.settings
        budget, max_jobs = settings.budget, settings.max_jobs
        if budget is not None:
            budget = max(0.0, budget - sum(stage.spend.credits for stage in self.stages))
        if max_jobs is not None:
            max_jobs = max(0, max_jobs - sum(stage.spend.jobs for stage in self.stages))
        return replace(self.setup, settings=replace(settings, budget=budget, max_jobs=max_jobs))
