"""Kind `billing`: what a job costs, and that a refusal costs nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.clauses.evidence import body_of
from conformance.clauses.judgement import Finding, observed, proved, refuted, unproved, verdict
from conformance.clauses.naming import make
from conformance.clauses.sabotage import Habit, Misbehave
from conformance.spec.job import at
from conformance.values.clause import Level

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from conformance.clauses.evidence import Attempt, Evidence
    from conformance.clauses.sabotage import Sabotage
    from conformance.clauses.wish import Wish
    from conformance.spec.document import Spec
    from conformance.spec.operation import Cost, Operation
    from conformance.values.clause import Clause
    from conformance.values.exchange import Json
    from conformance.values.inputs import Inputs
    from conformance.values.verdict import Verdict
    from conformance.values.witness import Witness

_HABITS = {
    "cost": Habit.WRONG_PRICE,
    "balance": Habit.FREE_RIDE,
    "refusals-free": Habit.CHARGES_REFUSALS,
}


class Billing:
    """Promises about money."""

    name = "billing"

    def derive(self, spec: Spec) -> Iterator[Clause]:
        """Return the promises about cost and balance; those nobody can observe are listed as such."""
        for operation in spec.submits:
            if operation.cost and operation.same_as is None:
                yield from _clauses(spec, operation, operation.cost)

    def wishes(self, clause: Clause) -> Iterable[Wish]:
        """Any job shows its cost."""
        return ()

    def witnesses(self, clause: Clause, controls: Sequence[Json], inputs: Inputs) -> Iterable[Witness]:
        """The refusals of other kinds serve here."""
        return ()

    def judge(self, clause: Clause, evidence: Evidence) -> Verdict:
        """Compare what answers say of cost and balance."""
        judge = {"cost": _cost, "cost-stable": _stable, "balance": _balance, "refusals-free": _refusals}
        return judge[clause.rule](clause, evidence)

    def sabotage(self, clause: Clause) -> Iterator[Sabotage]:
        """Charge too much, too little, or for nothing."""
        if clause.rule in _HABITS and not clause.unobservable:
            yield Misbehave(habit=_HABITS[clause.rule], operation=clause.operation)
            if clause.rule == "balance":
                yield Misbehave(habit=Habit.DOUBLE_CHARGE, operation=clause.operation)


def _clauses(spec: Spec, operation: Operation, cost: Cost) -> Iterator[Clause]:
    def clause(rule: str, promise: str, *, level: Level | None = None, unobservable: str = "") -> Clause:
        return make(spec, "billing", rule, operation, "billing", rule, promise=promise, context=cost.context, place=cost.place, level=level, unobservable=unobservable)

    unit = spec.provider.unit
    hidden = "" if cost.balance else "no answer shows a balance"
    if cost.amount is not None:
        yield clause("cost", f"a job costs {cost.amount:g} {unit}", unobservable="" if cost.observed else "no answer shows the cost of a job")
    if cost.observed:
        yield clause("cost-stable", "a job's cost stays what it was at submit", level=Level.SHOULD)
    yield clause("balance", "the balance falls by the stated cost", level=Level.SHOULD, unobservable=hidden)
    yield clause("refusals-free", "a refused request costs nothing", level=Level.SHOULD, unobservable=hidden)


def number_at(attempt: Attempt, pointer: str) -> float | None:
    """Return a number of the submit's answer, or None."""
    found = at(body_of(attempt.exchange), pointer) if pointer else None
    return float(found) if isinstance(found, int | float) and not isinstance(found, bool) else None


def _cost(clause: Clause, evidence: Evidence) -> Verdict:
    cost: Cost = clause.facts["operation"].cost
    kept: list[int] = []
    broken: list[Finding] = []
    for one in evidence.attempts:
        seen = number_at(one, cost.observed) if one.accepted and one.operation.id == clause.operation else None
        if seen is None:
            continue
        if seen == cost.amount:
            kept.append(one.exchange.number)
        else:
            broken.append(refuted(clause.promise, f"the answer says {seen:g}", one.exchange.number, difference=(f"cost: promised {cost.amount:g}, was {seen:g}",)))
    return observed(clause, kept, broken, none="no answer showed a cost")


def _stable(clause: Clause, evidence: Evidence) -> Verdict:
    pointer = clause.facts["operation"].cost.observed
    kept: list[int] = []
    broken: list[Finding] = []
    for attempt, track in evidence.jobs(clause.operation):
        before = number_at(attempt, pointer)
        for exchange in track.polls:
            after = at(body_of(exchange), pointer)
            if before is None or not isinstance(after, int | float):
                continue
            if after == before:
                kept.append(exchange.number)
            else:
                broken.append(refuted(clause.promise, f"{before:g} at submit, {after:g} later", exchange.number))
    return observed(clause, kept, broken, none="no later answer showed the cost again")


class _Bracket:
    """Two submits in a row, each showing the balance, with only refusals between them."""

    def __init__(self, first: Attempt, second: Attempt, refusals: int) -> None:
        self.first, self.second, self.refusals = first, second, refusals
        cost = second.operation.cost
        before = number_at(first, first.operation.cost.balance) if first.operation.cost else None
        after = number_at(second, cost.balance) if cost else None
        price = (number_at(second, cost.observed) if cost else None) or (cost.amount if cost else None)
        #: What the balance fell beyond the stated cost of the second job; None where it cannot be told.
        self.extra = None if before is None or after is None or price is None else before - after - price
        self.numbers = (first.exchange.number, second.exchange.number)


def brackets(evidence: Evidence) -> list[_Bracket]:
    """Return every pair of accepted submits in the order they were sent, with the refusals between them."""
    found: list[_Bracket] = []
    last: Attempt | None = None
    refusals = 0
    for one in sorted(evidence.attempts, key=lambda attempt: attempt.exchange.started):
        if not one.accepted:
            refusals += 1
            continue
        if last is not None and last.exchange.started + last.exchange.elapsed <= one.exchange.started:
            found.append(_Bracket(last, one, refusals))
        last, refusals = one, 0
    return found


def _balance(clause: Clause, evidence: Evidence) -> Verdict:
    mine = [one for one in brackets(evidence) if one.second.operation.id == clause.operation and one.extra is not None]
    plain = [one for one in mine if not one.refusals] or mine
    if not plain:
        return verdict(clause, [unproved("no two submits in a row showed the balance")])
    wrong = [one for one in plain if one.extra]
    if not wrong:
        return verdict(clause, [proved("", *(number for one in plain for number in one.numbers))])
    first = wrong[0]
    if len(wrong) < len(plain) or len({one.extra for one in wrong}) > 1 or len(plain) < 2:
        # Someone else may be spending from the same account.
        if all((one.extra or 0) > 0 for one in wrong):
            return verdict(clause, [unproved("the balance fell by other amounts too; others may be spending", *first.numbers)])
    seen = f"it fell by {first.extra:+g} beyond the stated cost, in {len(wrong)} of {len(plain)} pairs of submits"
    return verdict(clause, [refuted(clause.promise, seen, *first.numbers, difference=(f"balance: promised to fall by the cost, fell by {first.extra:+g} more",))])


def _refusals(clause: Clause, evidence: Evidence) -> Verdict:
    found = [one for one in brackets(evidence) if one.extra is not None]
    with_refusals = [one for one in found if one.refusals]
    plain = [one for one in found if not one.refusals]
    if not with_refusals:
        return verdict(clause, [unproved("no refusal stood between two submits that show the balance")])
    usual = min((one.extra or 0.0 for one in plain), default=0.0)
    wrong = [one for one in with_refusals if (one.extra or 0.0) > usual]
    if not wrong:
        return verdict(clause, [proved("", *(number for one in with_refusals for number in one.numbers))])
    if not plain:
        return verdict(clause, [unproved("the balance fell, and no pair of submits without refusals shows that nobody else spends", *wrong[0].numbers)])
    if any((one.extra or 0.0) != usual for one in plain):
        return verdict(clause, [unproved("the balance falls between other submits too; others may be spending", *wrong[0].numbers)])
    first = wrong[0]
    lost = (first.extra or 0.0) - usual
    return verdict(clause, [refuted(clause.promise, f"{first.refusals} refused requests cost {lost:g}", *first.numbers, difference=(f"balance: promised unchanged by refusals, fell by {lost:g}",))])
