"""Turn what happened into a response: a job's state, a refusal, and what is wrong on request."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from conformance.promises.sabotage import Habit
from conformance.simulator.answer_places import change, place, remove
from conformance.simulator.answers import job_answer, plain_answer, refusal
from conformance.simulator.coded_answers import refusal_by_code, with_good_code
from conformance.simulator.job_facts import facts_of, text_pointer
from conformance.simulator.job_state import JobState, state_of, statuses_shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.simulator.active_sabotage import ActiveSabotage
    from conformance.simulator.admission import TurnedAway
    from conformance.simulator.job_store import JobStore, SimulatedJob
    from conformance.spec.document import Spec
    from conformance.spec.job_words import Phase
    from conformance.spec.operation import Operation, Reply

#: Refusals of a key, not of the request.
_KEY_REFUSED = (401, 403)


class Replies:
    """Writes the answers of a provider."""

    def __init__(self, spec: Spec, store: JobStore, sabotage: ActiveSabotage) -> None:
        self._spec, self._store, self._sabotage = spec, store, sabotage
        self._statuses: dict[tuple[str, str], Mapping[Phase, tuple[str, ...]]] = {}

    def state(self, operation: Operation, job: SimulatedJob, moment: float) -> JobState:
        """Return a job's state in the words of one operation's answers."""
        key = job.operation.id, operation.id
        if key not in self._statuses:
            self._statuses[key] = statuses_shown(self._spec, job.operation, operation)
        return state_of(job, moment, self._statuses[key])

    def about_job(
        self,
        operation: Operation,
        job: SimulatedJob,
        state: JobState,
        *,
        result: str,
        address: str,
        submitting: bool,
    ) -> Response:
        """Answer with a job's state in the form that an operation documents."""
        words = job.operation.job
        assert words is not None
        facts = facts_of(words, job, state, result=result, address=address, submitting=submitting)
        money = {}
        if cost := job.operation.cost:
            price = job.price
            if Habit.COST_DRIFTS in job.sabotage.habits and not submitting:
                price += 1
            if cost.observed:
                money[cost.observed] = price
            if cost.balance:
                money[cost.balance] = self._store.balances.get(job.key, 0.0)
        reply = operation.success_reply
        # An operation that takes jobs on tells of one that runs only where no other does.
        status = 200 if operation.submits and not submitting else _status_of(reply)
        if not submitting and state.phase in words.by_status:
            status = int(words.by_status[state.phase].first)
            reply = operation.reply_to(status) or reply
        body = job_answer(reply, words, facts, money, job.body)
        body = with_good_code(operation, reply, body)
        return self._altered(operation, body, status, state.phase, text=text_pointer(words))

    def about_account(self, operation: Operation, key: str) -> Response:
        """Answer about no job: the documented form, with the balance where one stands."""
        balance = self._store.balances.get(key, 0.0)
        money = {}
        for submit in self._spec.submits:
            if submit.cost and submit.cost.balance:
                money[submit.cost.balance] = balance
        reply = operation.success_reply
        body = with_good_code(operation, reply, plain_answer(reply, money))
        return self._altered(operation, body, _status_of(reply))

    def refuse(self, operation: Operation, why: TurnedAway) -> Response:
        """Refuse a request in the documented form."""
        status = why.status
        reply = operation.reply_to(status)
        if operation.submits and status not in _KEY_REFUSED:
            if self._sabotage.has(Habit.ERROR_INSIDE, operation.id):
                return json_response({"error": {"code": why.kind, "message": why.reason}}, 200)
            if self._sabotage.has(Habit.REFUSALS_5XX, operation.id):
                status = 500
        if status < 500 and operation.refusal.code:
            status, body = refusal_by_code(operation, why)
            # What is wrong with a success is not wrong with a refusal that has its status.
            return (
                json_response(body, status)
                if status < 300
                else self._altered(operation, body, status)
            )
        return self._altered(operation, refusal(reply, why.reason, why.kind), status)

    def _altered(
        self,
        operation: Operation,
        body: Any,
        status: int,
        phase: Phase | None = None,
        *,
        text: str = "",
    ) -> Response:
        """Return an answer with what is wrong on request, also in a JSON document in a string."""
        content_type = "application/json"
        # What stands deeper is changed first: whoever replaces an answer whole replaces what was
        # changed in it.
        alterations = sorted(
            self._sabotage.alterations(operation.id, status, phase),
            key=lambda alteration: -alteration.pointer.count("/"),
        )
        for alteration in alterations:
            if alteration.pointer:
                edit = remove if alteration.remove else partial(place, value=alteration.value)
                body = change(body, alteration.pointer, edit, inside=text)
            elif alteration.status is None and alteration.content_type is None:
                body = alteration.value
            status = alteration.status or status
            content_type = alteration.content_type or content_type
        return json_response(body, status, content_type)


def _status_of(reply: Reply | None) -> int:
    return int(reply.status) if reply and reply.status.isdecimal() else 200


def json_response(body: Any, status: int, content_type: str = "application/json") -> Response:
    """Return a response that carries JSON; text that no encoding knows is escaped."""
    return Response(json.dumps(body), status_code=status, headers={"content-type": content_type})


def error_response(status: int, code: str, message: str, kind: str = "") -> Response:
    """Return an error in the usual envelope, where no document says another."""
    error = {"code": code, "message": message, "type": kind or code}
    return json_response({"error": error}, status)
