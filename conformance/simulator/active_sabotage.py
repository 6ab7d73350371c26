"""The bad sides of a simulated provider: which of its sabotages show at this moment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.model.json_place import at
from conformance.promises.sabotage import (
    Alter,
    Habit,
    Ignore,
    Misbehave,
    Permit,
    Redefault,
    Reject,
    Spoil,
)
from conformance.spec.schema.json_types import type_of
from conformance.video.samples import length_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from conformance.promises.sabotage import Sabotage
    from conformance.simulator.job_store import SimulatedJob
    from conformance.spec.job_words import Phase

#: Habits that a job has for good or not at all; the others show, or not, at each request.
_JOB_HABITS = frozenset(
    {
        Habit.NEVER_ENDS,
        Habit.PROGRESS_FALLS,
        Habit.RESURRECTS,
        Habit.CHANGES_ID,
        Habit.SKIPS_BACK,
        Habit.EXPIRED,
        Habit.FAILS,
        Habit.NEVER_FAILS,
        Habit.CHARGES_FAILURES,
        Habit.COST_DRIFTS,
        Habit.ENDS_BEFORE_IT_BEGINS,
    }
)


class ActiveSabotage:
    """Sabotages, each shown at every chance, or at one in `sometimes`.

    A chance is a request in which it would show. What a job or its file is like is settled when
    the job is taken on: a job that never ends does not end at the next look.
    """

    def __init__(self, sabotages: Sequence[Sabotage], *, sometimes: int = 1) -> None:
        self._sabotages = tuple(sabotages)
        self._sometimes = max(1, sometimes)
        #: How many chances each of them has had.
        self._chances = [0] * len(self._sabotages)

    def has(self, habit: Habit, operation: str) -> bool:
        """Say whether a bad habit shows on an operation now."""
        return any(
            isinstance(sabotage, Misbehave)
            and sabotage.habit is habit
            and sabotage.operation in ("", operation)
            and self._shows(index)
            for index, sabotage in enumerate(self._sabotages)
        )

    def of_job(self, job: SimulatedJob) -> JobSabotage:
        """Return what is wrong with a job, settled once and for good."""
        return JobSabotage(
            sabotage
            for index, sabotage in enumerate(self._sabotages)
            if _concerns(sabotage, job) and self._shows(index)
        )

    def permits(self, operation: str, scenario: str, broken: frozenset[tuple[str, str]]) -> bool:
        """Say whether all the assertions that a request breaks are not enforced now."""
        lax: set[tuple[str, str]] = set()
        all_show = True
        for index, sabotage in enumerate(self._sabotages):
            if (
                isinstance(sabotage, Permit)
                and (sabotage.operation, sabotage.scenario) == (operation, scenario)
                and (sabotage.at, sabotage.name) in broken
            ):
                lax.add((sabotage.at, sabotage.name))
                all_show = self._shows(index) and all_show
        return broken == lax and all_show

    def rejects(self, operation: str, scenario: str, body: Any) -> bool:
        """Say whether an allowed request is turned away now."""
        for index, sabotage in enumerate(self._sabotages):
            if not isinstance(sabotage, Reject):
                continue
            wish = sabotage.wish
            if wish.operation != operation or wish.scenario not in ("", scenario):
                continue
            if wish.input_seconds is not None and wish.input_seconds not in input_lengths(body):
                continue
            if wish.met_by(body) and self._shows(index):
                return True
        return False

    def alterations(self, operation: str, status: int, phase: Phase | None) -> Iterator[Alter]:
        """Yield the changes to an answer."""
        for index, sabotage in enumerate(self._sabotages):
            if (
                isinstance(sabotage, Alter)
                and sabotage.operation == operation
                and _covers(sabotage.reply, status)
                and sabotage.phase in (None, phase)
                and self._shows(index)
            ):
                yield sabotage

    def _shows(self, index: int) -> bool:
        """Count a chance of the sabotage at that index, and say whether it shows at this one."""
        self._chances[index] += 1
        return self._chances[index] % self._sometimes == 0


class JobSabotage:
    """What is wrong with one job and its file."""

    def __init__(self, sabotages: Iterable[Sabotage] = ()) -> None:
        self._sabotages = tuple(sabotages)
        self.habits = frozenset(
            sabotage.habit for sabotage in self._sabotages if isinstance(sabotage, Misbehave)
        )
        self.flaws = frozenset(
            sabotage.flaw for sabotage in self._sabotages if isinstance(sabotage, Spoil)
        )

    def ignores(self, pointer: str, value: Any) -> bool:
        """Say whether a field is taken and has no effect."""
        return any(
            isinstance(sabotage, Ignore)
            and sabotage.pointer == pointer
            and sabotage.kind in ("", type_of(value))
            for sabotage in self._sabotages
        )

    def default(self, pointer: str, documented: Any) -> Any:
        """Return the default that holds, whatever the document says."""
        for sabotage in self._sabotages:
            if isinstance(sabotage, Redefault) and sabotage.pointer == pointer:
                return sabotage.value
        return documented


def input_lengths(body: Any) -> frozenset[int]:
    """Return the lengths of our own samples that a body names anywhere."""
    if isinstance(body, str):
        length = length_of(body)
        return frozenset() if length is None else frozenset({length})
    if isinstance(body, dict):
        body = list(body.values())
    if isinstance(body, list):
        return frozenset().union(*map(input_lengths, body))
    return frozenset()


def _concerns(sabotage: Sabotage, job: SimulatedJob) -> bool:
    """Say whether a sabotage would show with this job or its file."""
    operation, scenario = job.operation.id, job.scenario.title
    match sabotage:
        case Misbehave():
            return sabotage.habit in _JOB_HABITS and sabotage.operation in ("", operation)
        case Spoil():
            return (
                sabotage.operation in ("", operation)
                and sabotage.scenario in ("", scenario)
                and (sabotage.wish is None or sabotage.wish.met_by(job.body))
            )
        case Ignore() | Redefault():
            sent = at(job.body, sabotage.pointer) is not None
            return (sabotage.operation, sabotage.scenario) == (
                operation,
                scenario,
            ) and sent == isinstance(sabotage, Ignore)
        case _:
            return False


def _covers(reply: str, status: int) -> bool:
    return reply == str(status) or (reply.upper().endswith("XX") and reply[0] == str(status)[0])
