"""What must be refused: one edit away from a job that is bought, or a read that nobody may do."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from conformance.model.json_place import fields
from conformance.model.verdict import Reason, ReasonCode
from conformance.model.witness import Case, Side
from conformance.promises.registry import derive, rule_of
from conformance.spec.schema.smallest_value import MissingInput
from conformance.spec.schema.violations import valid

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.model.clause import Clause
    from conformance.model.exchange import Json
    from conformance.model.inputs import Inputs
    from conformance.model.witness import Witness
    from conformance.spec.document import Spec

#: Why a cheap night leaves a clause open.
CHEAP = Reason(
    code=ReasonCode.LEFT_OUT,
    text="left out on purpose: the cheap tier buys one job per scenario",
)
_UNCONTROLLED = Reason(
    code=ReasonCode.NO_CONTROL, text="no planned job can serve as the control of its refusal"
)
#: A run of all clauses refuses an operation's requests for reasons of at least so many kinds.
_SORTS = 2


@dataclass(slots=True, kw_only=True)
class PlannedRefusals:
    """Requests that must be refused, and jobs that are bought only to be their controls."""

    submits: list[Witness] = field(default_factory=list)
    reads: list[Witness] = field(default_factory=list)
    #: By the clause that each is bought for.
    controls: dict[str, Case] = field(default_factory=dict)
    gaps: dict[str, Reason] = field(default_factory=dict)


def plan_refusals(
    spec: Spec, clauses: Sequence[Clause], bought: Sequence[Case], inputs: Inputs, *, cheap: bool
) -> PlannedRefusals:
    """Return what must be refused beside the jobs that are bought."""
    plan = PlannedRefusals()
    cases = list(bought)
    for clause in clauses:
        if clause.masked:
            continue
        try:
            refusable = _refusable(clause, cases, inputs)
            if refusable.uncontrolled and not cheap:
                control = _control(spec, refusable.uncontrolled)
                if control is not None:
                    plan.controls[clause.id] = control
                    cases.append(control)
                    refusable = _refusable(clause, cases, inputs)
        except MissingInput as missing:
            plan.gaps[clause.id] = unmet(str(missing))
            continue
        if refusable.uncontrolled:
            plan.gaps[clause.id] = CHEAP if cheap else _UNCONTROLLED
        plan.submits += refusable.submits
        plan.reads += refusable.reads
    _borrow(spec, clauses, cases, inputs, plan)
    # What binds comes first: where money runs out, or a few were paid for, the rest is not tried.
    binds = {clause.id: clause.level.binds and clause.reading is None for clause in clauses}
    plan.submits.sort(key=lambda witness: not binds[witness.clause])
    return plan


def unmet(role: str) -> Reason:
    """Return what is missing, and the two places where it can be given."""
    option = "--media-video SECONDS=URL" if role == "video" else "--media-image URL"
    text = f"no {role} input is at hand: set media.{role}s in conformance.toml or give {option}"
    return Reason(code=ReasonCode.NO_INPUT, text=text)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Refusable:
    """The requests of one clause that must be refused."""

    submits: tuple[Witness, ...] = ()
    reads: tuple[Witness, ...] = ()
    #: Those that prove nothing beside the jobs that are bought, where all are like that.
    uncontrolled: tuple[Witness, ...] = ()


def _refusable(clause: Clause, bought: Sequence[Case], inputs: Inputs) -> _Refusable:
    cases = [case for case in bought if case.operation == clause.operation]
    scenario = clause.scenario or (cases[0].scenario if cases else "")
    controls = [case.body for case in cases if case.scenario == scenario]
    submits, reads, uncontrolled = [], [], []
    for witness in rule_of(clause).witnesses(clause, controls, inputs):
        if witness.side is not Side.REFUSE:
            continue
        if not _submits(clause, witness):
            reads.append(witness)
        elif _has_control(witness, controls):
            submits.append(witness)
        else:
            uncontrolled.append(witness)
    if submits or reads:
        uncontrolled = []
    return _Refusable(submits=tuple(submits), reads=tuple(reads), uncontrolled=tuple(uncontrolled))


def _submits(clause: Clause, witness: Witness) -> bool:
    spec: Spec = rule_of(clause).facts(clause).spec
    return spec.operation(witness.case.operation).submits


def _has_control(witness: Witness, controls: Sequence[Json]) -> bool:
    if witness.control is None:
        return True
    return any(fields(body) == fields(witness.control) for body in controls)


def _control(spec: Spec, witnesses: Sequence[Witness]) -> Case | None:
    """Return the job to buy as a control; None where no allowed request is one."""
    for witness in witnesses:
        scenario = spec.operation(witness.case.operation).scenario(witness.case.scenario)
        if valid(scenario.whole, witness.control):
            return replace(witness.case, body=witness.control, raw=None)
    return None


def _borrow(
    spec: Spec,
    clauses: Sequence[Clause],
    bought: Sequence[Case],
    inputs: Inputs,
    plan: PlannedRefusals,
) -> None:
    """Add a refusal of each sort for the clauses that are held to whatever is refused.

    In a run of all clauses the others send enough of them.
    """
    kinds = {clause.id: clause.kind for clause in clauses}
    sorts = {
        (witness.case.operation, kinds[witness.clause]) for witness in (*plan.submits, *plan.reads)
    }
    lookers: dict[str, Clause] = {}
    for clause in clauses:
        if clause.unobservable or not rule_of(clause).sees_refusals(clause):
            continue
        if sum(operation == clause.operation for operation, _ in sorts) < _SORTS:
            lookers.setdefault(clause.operation, clause)
    if not lookers:
        return
    rules = {(clause.operation, clause.kind, clause.rule) for clause in clauses}
    for lender in derive(spec):
        rule = (lender.operation, lender.kind, lender.rule)
        if lender.operation not in lookers or rule in rules or lender.masked:
            continue
        try:
            refusable = _refusable(lender, bought, inputs)
        except MissingInput:
            continue
        borrower = lookers[lender.operation].id
        if refusable.submits or refusable.reads:
            rules.add(rule)
        plan.submits += [replace(witness, clause=borrower) for witness in refusable.submits[:1]]
        plan.reads += [replace(witness, clause=borrower) for witness in refusable.reads[:1]]
