"""The bad sides of a simulated provider: which of its sabotages show at this moment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.promises.sabotage import (
    Alter,
    Flaw,
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
    from collections.abc import Callable, Iterator, Sequence

    from conformance.promises.sabotage import Sabotage
    from conformance.simulator.job_store import Job
    from conformance.spec.job_words import Phase


class Damage:
    """Sabotages, each shown at every chance, or at one in `sometimes`.

    A chance is a request in which it would show. What a job or its file is like is settled once for that job:
    a job that never ends does not end at the next look.
    """

    def __init__(self, sabotages: Sequence[Sabotage], *, sometimes: int = 1) -> None:
        self._sabotages = tuple(sabotages)
        self._sometimes = max(1, sometimes)
        self._chances: dict[int, int] = {}
        self._settled: dict[tuple[int, str], bool] = {}

    def habit(self, habit: Habit, operation: str, *, job: str = "") -> bool:
        """Say whether a bad habit shows on an operation now, or with a job for good."""
        return self._shows(
            lambda one: (
                isinstance(one, Misbehave)
                and one.habit is habit
                and one.operation in ("", operation)
            ),
            job,
        )

    def flaw(self, flaw: Flaw, job: Job) -> bool:
        """Say whether a job's file has a flaw."""

        def meant(one: Sabotage) -> bool:
            if not isinstance(one, Spoil) or one.flaw is not flaw:
                return False
            right = one.operation in ("", job.operation.id) and one.scenario in (
                "",
                job.scenario.title,
            )
            return right and (one.wish is None or one.wish.met_by(job.body))

        return self._shows(meant, job.id)

    def permits(self, operation: str, scenario: str, broken: frozenset[tuple[str, str]]) -> bool:
        """Say whether all the assertions that a request breaks are not enforced now."""
        lax = [
            one
            for one in self._sabotages
            if isinstance(one, Permit)
            and (one.operation, one.scenario) == (operation, scenario)
            and (one.at, one.name) in broken
        ]
        shown = [self._now(one) for one in lax]
        return broken == {(one.at, one.name) for one in lax} and all(shown)

    def rejects(self, operation: str, scenario: str, body: Any) -> bool:
        """Say whether an allowed request is turned away now."""

        def meant(one: Sabotage) -> bool:
            if (
                not isinstance(one, Reject)
                or one.wish.operation != operation
                or one.wish.scenario not in ("", scenario)
            ):
                return False
            seconds = one.wish.input_seconds
            return one.wish.met_by(body) and (seconds is None or seconds in input_lengths(body))

        return self._shows(meant)

    def ignores(self, job: Job, pointer: str, value: Any) -> bool:
        """Say whether a field is taken and has no effect."""

        def meant(one: Sabotage) -> bool:
            here = isinstance(one, Ignore) and (one.operation, one.scenario, one.pointer) == (
                job.operation.id,
                job.scenario.title,
                pointer,
            )
            return here and isinstance(one, Ignore) and one.kind in ("", type_of(value))

        return self._shows(meant, job.id)

    def default(self, job: Job, pointer: str, documented: Any) -> Any:
        """Return the default that holds, whatever the document says."""
        for one in self._sabotages:
            if (
                isinstance(one, Redefault)
                and (one.operation, one.scenario, one.pointer)
                == (job.operation.id, job.scenario.title, pointer)
                and self._now(one, job.id)
            ):
                return one.value
        return documented

    def alterations(self, operation: str, status: int, phase: Phase | None) -> Iterator[Alter]:
        """Yield the changes to an answer."""
        for one in self._sabotages:
            if (
                isinstance(one, Alter)
                and one.operation == operation
                and _covers(one.reply, status)
                and one.phase in (None, phase)
                and self._now(one)
            ):
                yield one

    def _shows(self, meant: Callable[[Sabotage], bool], job: str = "") -> bool:
        return any(meant(one) and self._now(one, job) for one in self._sabotages)

    def _now(self, one: Sabotage, job: str = "") -> bool:
        if self._sometimes == 1:
            return True
        if (id(one), job) in self._settled:
            return self._settled[id(one), job]
        self._chances[id(one)] = self._chances.get(id(one), 0) + 1
        shows = self._chances[id(one)] % self._sometimes == 0
        if job:
            self._settled[id(one), job] = shows
        return shows


def input_lengths(body: Any) -> frozenset[int]:
    """Return the lengths of our own samples that a body names anywhere."""
    if isinstance(body, str):
        found = length_of(body)
        return frozenset() if found is None else frozenset({found})
    inner = body.values() if isinstance(body, dict) else body if isinstance(body, list) else ()
    return frozenset(length for item in inner for length in input_lengths(item))


def _covers(reply: str, status: int) -> bool:
    return reply == str(status) or (reply.upper().endswith("XX") and reply[0] == str(status)[0])
