"""Which clauses a sabotage necessarily breaks beside its own, as they speak of the same fact."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.model.json_place import path_of, within
from conformance.promises.kinds.response import WellFormed
from conformance.promises.registry import rule_of
from conformance.promises.sabotage import Alter, Habit, Misbehave, Permit, Reject
from conformance.spec.job_words import JOB_FACTS
from conformance.spec.schema.violations import violations

if TYPE_CHECKING:
    from conformance.model.clause import Clause
    from conformance.model.witness import Case
    from conformance.promises.sabotage import Sabotage
    from conformance.promises.wish import Wish
    from conformance.run.planning.plan import Plan
    from conformance.spec.document import Spec

#: What is read of a job's answers for its life; no promise speaks of an estimate.
_JUDGED_FACTS = tuple(fact for fact in JOB_FACTS if fact != "estimate")


def implies(sabotage: Sabotage, clause: Clause, plan: Plan) -> bool:
    """Say whether a sabotage necessarily breaks a clause too, as both speak of the same fact."""
    match sabotage:
        case Alter(operation=operation, pointer=pointer) if pointer:
            return _reads(clause, operation, pointer, plan.spec) or _shaped(sabotage, clause)
        case Misbehave(habit=Habit.REFUSALS_5XX, operation=operation):
            return clause.operation == operation and clause.kind == "robustness"
        case Misbehave(habit=Habit.TRIPS_ON_TWO, operation=operation):
            # What a search sends is forbidden, so a 500 for it is a refusal that is none.
            return clause.operation == operation and clause.rule == "refusal-status"
        case Permit():
            return any(
                lets_in(sabotage, witness.case, plan.spec)
                for witness in plan.refusals
                if witness.clause == clause.id
            )
        case Reject(wish=wish):
            return _starves(wish, clause, plan)
        case _:
            return False


def lets_in(permit: Permit, case: Case, spec: Spec) -> bool:
    """Say whether a request breaks, in this scenario, only the rule that is not enforced."""
    if case.operation != permit.operation or case.raw is not None:
        return False
    schema = spec.operation(permit.operation).scenario(permit.scenario).schema
    return {(at, name) for at, name, _ in violations(schema, case.body)} == {
        (permit.at, permit.name)
    }


def _starves(refused: Wish, clause: Clause, plan: Plan) -> bool:
    """Say whether every request that would prove some side of a clause is turned away."""
    bodies = [
        job.case.body
        for job in plan.jobs
        if (job.case.operation, job.case.scenario) == (refused.operation, refused.scenario)
    ]
    wishes = [
        wish
        for wish in rule_of(clause).wishes(clause)
        if (wish.operation, wish.scenario) == (refused.operation, refused.scenario)
    ]
    for wish in wishes:
        proving = [body for body in bodies if wish.met_by(body)]
        if proving and all(refused.met_by(body) for body in proving):
            return True
    return False


def _shaped(alter: Alter, clause: Clause) -> bool:
    """Say whether a text put somewhere cannot have the documented form, such as an address."""
    formed = isinstance(rule_of(clause), WellFormed) and clause.operation == alter.operation
    if not formed or not isinstance(alter.value, str):
        return False
    return path_of(alter.pointer) in rule_of(clause).compared(clause)


def _reads(clause: Clause, operation: str, pointer: str, spec: Spec) -> bool:
    """Say whether a clause about a job's life or price rests on a pointer of an answer."""
    if clause.kind in ("response", "constraint"):
        return False
    path = path_of(pointer)
    for submit in spec.submits:
        job, cost = submit.job, submit.cost
        poll = job.poll.operation if job and job.poll else ""
        # A query asks for what the first answer said.
        if job is None or not {operation, clause.operation} <= {submit.id, poll}:
            continue
        pointers = [pointer for name in _JUDGED_FACTS for pointer in getattr(job, name)]
        if cost:
            pointers += filter(None, (cost.observed, cost.balance))
        if any(within(path_of(pointer), path) for pointer in pointers):
            return True
        # Of an error without its words nothing may be left.
        if clause.rule == "error" and any(within(path, path_of(error)) for error in job.error):
            return True
    return clause.operation == operation and path in rule_of(clause).compared(clause)
