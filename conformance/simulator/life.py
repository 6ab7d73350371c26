"""Where a simulated job stands: a function of its age, and of the provider's bad habits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.clauses.sabotage import Habit
from conformance.spec.assertion import assertions
from conformance.spec.job import Phase

if TYPE_CHECKING:
    from conformance.simulator.damage import Damage
    from conformance.simulator.store import Job
    from conformance.spec.document import Spec
    from conformance.spec.job import JobWords
    from conformance.spec.operation import Operation


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A job at one moment."""

    phase: Phase
    word: str
    progress: int


def state_of(spec: Spec, job: Job, moment: float, damage: Damage) -> State:
    """Return a job's state; asking changes nothing but what bad habits depend on."""
    words = job.operation.job
    assert words is not None
    share = (moment - job.created) / job.seconds if job.seconds else 1.0
    done = share >= 1.0 and not damage.habit(Habit.NEVER_ENDS, job.operation.id)
    if done and damage.habit(Habit.RESURRECTS, job.operation.id) and job.polls_done > 1:
        done = False
    if done:
        phase = Phase.FAILED if job.fails else Phase.DONE
        return State(phase=phase, word=words.states[phase][0], progress=100)
    return _waiting(waiting_words(spec, job.operation, words), min(0.99, share), job, damage)


def _waiting(known: tuple[str, ...], share: float, job: Job, damage: Damage) -> State:
    index = min(int(share * len(known)), len(known) - 1)
    progress = int(share * 100)
    if damage.habit(Habit.SKIPS_BACK, job.operation.id) and job.operation.job:
        known = job.operation.job.states.get(Phase.WAITING, known)
        index = len(known) - 1 if job.polls <= 1 else 0
    if damage.habit(Habit.PROGRESS_FALLS, job.operation.id):
        progress = max(0, 90 - 10 * job.polls)
    return State(phase=Phase.WAITING, word=known[index], progress=progress)


def waiting_words(spec: Spec, operation: Operation, words: JobWords) -> tuple[str, ...]:
    """Return the words that a waiting job shows: the listed ones, where the answer has a list."""
    known = words.states.get(Phase.WAITING, ()) or ("pending",)
    listed = _listed(operation, words)
    if listed is None and words.poll:
        listed = _listed(spec.operation(words.poll.operation), words)
    shown = tuple(word for word in known if listed is None or word in listed)
    return (shown or known)[:2]


def _listed(operation: Operation, words: JobWords) -> frozenset[str] | None:
    for reply in operation.replies:
        for found in assertions(reply.schema) if reply.schema and reply.success else ():
            if "/" + "/".join(found.path) in words.status and ("enum" in found.node or "x-values" in found.node):
                return frozenset(found.node.get("enum") or found.node["x-values"])
    return None
