"""Where a simulated job stands: a function of its age, and of the provider's bad habits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.promises.sabotage import Habit
from conformance.simulator.answer_places import nodes_at
from conformance.spec.job_words import Phase
from conformance.spec.schema.violations import valid

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.simulator.active_sabotage import Damage
    from conformance.simulator.job_store import Job
    from conformance.spec.document import Spec
    from conformance.spec.job_words import JobWords
    from conformance.spec.operation import Operation, Reply

#: The words that an answer may show, by phase.
Vocabulary = "Mapping[Phase, tuple[str, ...]]"
#: What a job is called where the spec has no word for it.
_USUAL = {Phase.WAITING: "pending", Phase.DONE: "completed", Phase.FAILED: "failed"}


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A job at one moment."""

    phase: Phase
    word: str
    progress: int


def state_of(
    job: Job, moment: float, words: Mapping[Phase, tuple[str, ...]], damage: Damage
) -> State:
    """Return a job's state; asking changes nothing but what bad habits depend on."""
    if job.ended(moment) and not _goes_on(job, damage):
        phase = Phase.FAILED if job.fails else Phase.DONE
        word = next(
            (one for one in words[phase] if job.cancelled and "cancel" in one.lower()),
            words[phase][0],
        )
        return State(phase=phase, word=word, progress=100)
    share = min(0.99, max(0.0, job.share(moment)))
    known = words[Phase.WAITING]
    index, progress = min(int(share * len(known)), len(known) - 1), int(share * 100)
    if damage.habit(Habit.SKIPS_BACK, job.operation.id, job=job.id) and job.operation.job:
        known = job.operation.job.states.get(Phase.WAITING, known)
        index = len(known) - 1 if job.polls <= 1 else 0
    if damage.habit(Habit.PROGRESS_FALLS, job.operation.id, job=job.id):
        progress = max(0, 90 - 10 * job.polls)
    return State(phase=Phase.WAITING, word=known[index], progress=progress)


def _goes_on(job: Job, damage: Damage) -> bool:
    """Say whether a job works on though it should have ended."""
    revived = job.polls_done > 1 and damage.habit(Habit.RESURRECTS, job.operation.id, job=job.id)
    return revived or damage.habit(Habit.NEVER_ENDS, job.operation.id, job=job.id)


def vocabulary(
    spec: Spec, submit: Operation, answering: Operation
) -> Mapping[Phase, tuple[str, ...]]:
    """Return the words that one operation's answers show of a job that another one took on.

    Where an answer lists its words, only those are shown; a poll never shows a word from before the first answer's.
    """
    words = submit.job
    assert words is not None
    first, here = _success(submit), _success(answering)
    polled = _success(spec.operation(words.poll.operation)) if words.poll else first
    known = {phase: words.states.get(phase) or (_USUAL[phase],) for phase in Phase}
    waiting = known[Phase.WAITING]
    begin = next((index for index, word in enumerate(waiting) if _listed(first, words, word)), 0)
    shown = tuple(
        word
        for word in waiting[begin:]
        if _listed(here, words, word) and _listed(polled, words, word)
    )
    found = {
        Phase.WAITING: (
            shown or tuple(word for word in waiting if _listed(here, words, word)) or waiting
        )[:2]
    }
    for phase in (Phase.DONE, Phase.FAILED):
        found[phase] = (
            tuple(word for word in known[phase] if _listed(here, words, word)) or known[phase]
        )
    return found


def _success(operation: Operation) -> Reply | None:
    return next((one for one in operation.replies if one.success), None)


def _listed(reply: Reply | None, words: JobWords, word: str) -> bool:
    """Say whether an answer takes a status word; a list of those that may appear counts, open or not."""
    schema = reply.schema if reply else None
    nodes = [
        node
        for pointer in words.status
        for node in nodes_at(schema or {}, words.envelope + pointer)
    ]
    return not nodes or any(
        valid(node, word) and word in node.get("x-values", (word,)) for node in nodes
    )
