"""Turn what happened into a response: a job's state, a refusal, and what is wrong with them on request."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from conformance.promises.sabotage import Habit
from conformance.simulator import answers as answer
from conformance.simulator.answer_places import change, place, remove
from conformance.simulator.job_clock import State, state_of, vocabulary
from conformance.simulator.job_facts import DAY, Facts, facts_of, inside_of, told

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.simulator.active_sabotage import Damage
    from conformance.simulator.admission import TurnedAway
    from conformance.simulator.job_store import Job, Store
    from conformance.spec.document import Spec
    from conformance.spec.job_words import JobWords, Phase
    from conformance.spec.operation import Operation, Reply

#: Refusals of the door, not of the request.
_AT_THE_DOOR = (401, 403)


class Replies:
    """Writes the answers of a provider."""

    def __init__(self, spec: Spec, store: Store, damage: Damage) -> None:
        self._spec, self._store, self._damage = spec, store, damage
        self._vocabularies: dict[tuple[str, str], Mapping[Phase, tuple[str, ...]]] = {}

    def state(self, operation: Operation, job: Job, moment: float) -> State:
        """Return a job's state in the words of one operation's answers."""
        key = job.operation.id, operation.id
        if key not in self._vocabularies:
            self._vocabularies[key] = vocabulary(self._spec, job.operation, operation)
        return state_of(job, moment, self._vocabularies[key], self._damage)

    def about(
        self,
        operation: Operation,
        job: Job,
        state: State,
        *,
        result: str,
        address: str,
        submitting: bool,
    ) -> Response:
        """Answer with a job's state in the form that an operation documents."""
        words = job.operation.job
        assert words is not None
        known = facts_of(words, job, state, result=result, address=address)
        if self._damage.habit(Habit.EXPIRED, job.operation.id, job=job.id):
            known["expires"] = told(job.created - DAY, words.times)
        if not submitting and self._damage.habit(Habit.CHANGES_ID, job.operation.id, job=job.id):
            known["id"] = f"{job.id}-{job.polls}"
        if "completed" in known and self._damage.habit(
            Habit.ENDS_BEFORE_IT_BEGINS, job.operation.id, job=job.id
        ):
            known["completed"] = told(job.created - DAY, words.times)
        reply = _success(operation)
        drift = (
            0
            if submitting or not self._damage.habit(Habit.COST_DRIFTS, job.operation.id, job=job.id)
            else 1
        )
        money = self._money(job.operation, job.key, job.price + drift)
        # An operation that takes jobs on answers about one that runs already only where no other does.
        status = 200 if operation.submits and not submitting else _number(reply)
        return self._altered(
            operation,
            answer.write(reply, words, known, money, job.body),
            status,
            state.phase,
            words,
        )

    def plain(self, operation: Operation, key: str) -> Response:
        """Answer about no job: the documented form, with the balance where one stands."""
        balance = self._store.balances.get(key, 0.0)
        money = {
            one.cost.balance: balance for one in self._spec.submits if one.cost and one.cost.balance
        }
        reply = _success(operation)
        return self._altered(operation, answer.plain(reply, money), _number(reply), None)

    def refuse(self, operation: Operation, why: TurnedAway) -> Response:
        """Refuse a request in the documented form."""
        reply = next(
            (one for one in operation.replies if not one.success and one.covers(why.status)), None
        )
        status = why.status
        if operation.submits and status not in _AT_THE_DOOR:
            if self._damage.habit(Habit.ERROR_INSIDE, operation.id):
                return said({"error": {"code": why.kind, "message": why.reason}}, 200)
            status = 500 if self._damage.habit(Habit.REFUSALS_5XX, operation.id) else status
        return self._altered(operation, answer.refusal(reply, why.reason, why.kind), status, None)

    def _money(self, operation: Operation, key: str, price: float) -> Facts:
        """Return what an answer says of cost and balance, by pointer."""
        cost = operation.cost
        known = (
            ((cost.observed, price), (cost.balance, self._store.balances.get(key, 0.0)))
            if cost
            else ()
        )
        return {pointer: value for pointer, value in known if pointer}

    def _altered(
        self,
        operation: Operation,
        body: Any,
        status: int,
        phase: Phase | None,
        words: JobWords | None = None,
    ) -> Response:
        content_type, inside = "application/json", inside_of(words) if words else ""
        # What stands deeper is changed first: who replaces an answer whole replaces what was changed in it.
        for one in sorted(
            self._damage.alterations(operation.id, status, phase),
            key=lambda one: -one.pointer.count("/"),
        ):
            if one.pointer and one.remove:
                body = change(body, one.pointer, remove, inside=inside)
            elif one.pointer:
                body = change(body, one.pointer, partial(place, value=one.value), inside=inside)
            elif one.status is None and one.content_type is None:
                body = one.value
            status, content_type = one.status or status, one.content_type or content_type
        return said(body, status, content_type)


def _success(operation: Operation) -> Reply | None:
    return next((one for one in operation.replies if one.success), None)


def _number(reply: Reply | None) -> int:
    return int(reply.status) if reply and reply.status.isdecimal() else 200


def said(body: Any, status: int, content_type: str = "application/json") -> Response:
    """Return a response that carries JSON; text that no encoding knows is escaped."""
    return Response(json.dumps(body), status_code=status, headers={"content-type": content_type})
