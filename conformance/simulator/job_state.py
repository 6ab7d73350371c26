"""Where a simulated job stands: a function of its age, and of what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.promises.sabotage import Habit
from conformance.simulator.answer_places import fact_nodes
from conformance.spec.job_words import Phase
from conformance.spec.schema.violations import valid
from conformance.spec.words.request_words import ValuesWord

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.simulator.job_store import SimulatedJob
    from conformance.spec.document import Spec
    from conformance.spec.job_words import JobWords
    from conformance.spec.operation import Operation
    from conformance.spec.schema.node import SchemaNode

#: What a job is called where the spec has no word for it.
_USUAL = {Phase.WAITING: "pending", Phase.DONE: "completed", Phase.FAILED: "failed"}


@dataclass(frozen=True, slots=True, kw_only=True)
class JobState:
    """A job at one moment."""

    phase: Phase
    status: str
    progress: int


def state_of(
    job: SimulatedJob, moment: float, statuses: Mapping[Phase, tuple[str, ...]]
) -> JobState:
    """Return a job's state, in the status words of the operation that is asked."""
    habits = job.sabotage.habits
    goes_on = Habit.NEVER_ENDS in habits or (Habit.RESURRECTS in habits and job.polls_done > 1)
    if job.ended(moment) and not goes_on:
        phase = Phase.FAILED if job.fails else Phase.DONE
        status = statuses[phase][0]
        if job.cancelled:
            status = next((word for word in statuses[phase] if "cancel" in word.lower()), status)
        return JobState(phase=phase, status=status, progress=100)
    share = min(0.99, max(0.0, job.share(moment)))
    waiting = statuses[Phase.WAITING]
    index = int(share * len(waiting))
    progress = int(share * 100)
    if Habit.SKIPS_BACK in habits and job.operation.job:
        waiting = job.operation.job.states.get(Phase.WAITING, waiting)
        index = len(waiting) - 1 if job.polls <= 1 else 0
    if Habit.PROGRESS_FALLS in habits:
        progress = max(0, 90 - 10 * job.polls)
    return JobState(phase=Phase.WAITING, status=waiting[index], progress=progress)


def statuses_shown(
    spec: Spec, submit: Operation, answering: Operation
) -> Mapping[Phase, tuple[str, ...]]:
    """Return the status words that one operation's answers show of a job that another took on.

    Where an answer lists its words, only those are shown; a poll never shows a word from before
    the first answer's.
    """
    words = submit.job
    assert words is not None
    poll = spec.operation(words.poll.operation) if words.poll else submit
    statuses = {phase: words.states.get(phase) or (_USUAL[phase],) for phase in Phase}
    waiting = statuses[Phase.WAITING]
    first = (_listed(submit, words, waiting) or waiting)[0]
    from_first = waiting[waiting.index(first) :]
    shown = {phase: _listed(answering, words, known) or known for phase, known in statuses.items()}
    followed = _listed(poll, words, _listed(answering, words, from_first))
    shown[Phase.WAITING] = (followed or shown[Phase.WAITING])[:2]
    return shown


def _listed(operation: Operation, words: JobWords, statuses: tuple[str, ...]) -> tuple[str, ...]:
    """Return those status words that an operation's answer takes.

    A list of those that may appear counts, open or not.
    """
    nodes = fact_nodes(operation.success_reply, words, "status")
    if not nodes:
        return statuses
    return tuple(status for status in statuses if any(_shows(node, status) for node in nodes))


def _shows(node: SchemaNode, status: str) -> bool:
    listed = ValuesWord.listed_on(node)
    return valid(node, status) and (not listed or status in listed)
