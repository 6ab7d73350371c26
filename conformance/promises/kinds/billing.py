"""Kind `billing`: what a job costs, and that a refusal costs nothing."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

from conformance.model.clause import Level
from conformance.model.verdict import Difference
from conformance.promises.clause_making import make
from conformance.promises.evidence import body_of
from conformance.promises.job_price import price as price_of
from conformance.promises.judging import Finding, observed, proved, refuted, unproved, verdict
from conformance.promises.sabotage import Habit, Misbehave
from conformance.promises.video_facets import FACETS, asked
from conformance.spec.job_words import at

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from conformance.model.clause import Clause
    from conformance.model.exchange import Json
    from conformance.model.inputs import Inputs
    from conformance.model.verdict import Verdict
    from conformance.model.witness import Witness
    from conformance.promises.evidence import Attempt, Evidence
    from conformance.promises.sabotage import Sabotage
    from conformance.promises.wish import Wish
    from conformance.spec.document import Spec
    from conformance.spec.operation import Cost, Operation

#: Pairs of submits that have to show the same before it is called the provider's.
_PAIRS = 2
#: Prices are told with few digits.
_ROUNDING = 0.01
_HABITS = {
    "cost": Habit.WRONG_PRICE,
    "cost-stable": Habit.COST_DRIFTS,
    "balance": Habit.FREE_RIDE,
    "refusals-free": Habit.CHARGES_REFUSALS,
}


#: Prices that differ by less are equal.
_CENT = 1e-6


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

    def witnesses(
        self, clause: Clause, controls: Sequence[Json], inputs: Inputs
    ) -> Iterable[Witness]:
        """The refusals of other kinds serve here."""
        return ()

    def judge(self, clause: Clause, evidence: Evidence) -> Verdict:
        """Compare what answers say of cost and balance."""
        judge = {
            "cost": _cost,
            "cost-stable": _stable,
            "balance": _balance,
            "refusals-free": _refusals,
        }
        return judge[clause.rule](clause, evidence)

    def sabotage(self, clause: Clause) -> Iterator[Sabotage]:
        """Charge too much, too little, or for nothing."""
        if clause.rule in _HABITS and not clause.unobservable:
            yield Misbehave(habit=_HABITS[clause.rule], operation=clause.operation)
            if clause.rule == "balance":
                yield Misbehave(habit=Habit.DOUBLE_CHARGE, operation=clause.operation)


def _clauses(spec: Spec, operation: Operation, cost: Cost) -> Iterator[Clause]:
    def clause(
        rule: str, promise: str, *, level: Level | None = None, unobservable: str = ""
    ) -> Clause:
        return make(
            spec,
            "billing",
            rule,
            operation,
            "billing",
            rule,
            promise=promise,
            context=cost.context,
            place=cost.place,
            level=level,
            unobservable=unobservable,
        )

    unit = spec.provider.unit
    hidden = "" if cost.balance else "no answer shows a balance"
    if cost.amount is not None or cost.per_second is not None:
        told = (
            f"{cost.amount:g} {unit}"
            if cost.amount is not None
            else f"{cost.per_second:g} {unit} for each second"
        )
        yield clause(
            "cost",
            f"a job costs {told}",
            unobservable="" if cost.observed else "no answer shows the cost of a job",
        )
    if cost.observed:
        yield clause("cost-stable", "a job's cost stays what it was at submit", level=Level.SHOULD)
    yield clause(
        "balance", "the balance falls by the stated cost", level=Level.SHOULD, unobservable=hidden
    )
    yield clause(
        "refusals-free", "a refused request costs nothing", level=Level.SHOULD, unobservable=hidden
    )


def number_at(attempt: Attempt, pointer: str) -> float | None:
    """Return a number of the submit's answer, or None."""
    found = at(body_of(attempt.exchange), pointer) if pointer else None
    return float(found) if isinstance(found, int | float) and not isinstance(found, bool) else None


def _cost(clause: Clause, evidence: Evidence) -> Verdict:
    cost: Cost = clause.facts["operation"].cost
    kept: list[int] = []
    broken: list[Finding] = []
    for one in evidence.attempts:
        seen = (
            number_at(one, cost.observed)
            if one.accepted and one.operation.id == clause.operation
            else None
        )
        promised = _promised(one) if seen is not None and one.witness is None else None
        if seen is None or promised is None:
            continue
        if abs(seen - promised) < _CENT:
            kept.append(one.exchange.number)
        else:
            broken.append(
                refuted(
                    clause.promise,
                    f"the answer says {seen:g}",
                    one.exchange.number,
                    difference=(
                        Difference(at="cost", promised=f"{promised:g}", received=f"{seen:g}"),
                    ),
                )
            )
    return observed(clause, kept, broken, none="no answer showed a cost")


def _promised(attempt: Attempt) -> float | None:
    """Return the documented price of a job, or None where its length was not asked for: a default has its own clause."""
    cost, scenario = attempt.operation.cost, attempt.operation.scenario(attempt.case.scenario)
    wanted = asked(FACETS["length"], scenario, attempt.case.body)
    if cost is not None and cost.amount is None and (wanted is None or wanted.how == "default"):
        return None
    return price_of(attempt.operation, scenario, attempt.case.body)


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
                broken.append(
                    refuted(
                        clause.promise, f"{before:g} at submit, {after:g} later", exchange.number
                    )
                )
    return observed(clause, kept, broken, none="no later answer showed the cost again")


class _Bracket:
    """Two submits in a row, each showing the balance, with only refusals between them."""

    def __init__(self, first: Attempt, second: Attempt, refusals: list[Attempt]) -> None:
        self.second, self.refusals = second, len(refusals)
        #: The operations whose refusals stand between.
        self.operations = frozenset(one.operation.id for one in refusals)
        self.numbers = (first.exchange.number, second.exchange.number)
        cost = second.operation.cost
        before = number_at(first, first.operation.cost.balance) if first.operation.cost else None
        after = number_at(second, cost.balance) if cost else None
        #: How far the balance fell; None where it cannot be told.
        self.fell = None if before is None or after is None else before - after
        stated = (number_at(second, cost.observed), cost.amount) if cost else ()
        prices = [price for price in stated if price] or [
            price_of(second.operation, None, second.case.body)
        ]
        #: The stated or the documented price, whichever the balance agrees with.
        self.price = min(prices, key=lambda price: abs((self.fell or 0.0) - price))

    @property
    def share(self) -> float:
        """How many times the price the balance fell by: 1 where it is as stated."""
        return round((self.fell or 0.0) / self.price, 6)


def brackets(evidence: Evidence) -> list[_Bracket]:
    """Return every pair of accepted submits in the order they were sent, with the refusals between them."""
    found: list[_Bracket] = []
    last: Attempt | None = None
    refusals: list[Attempt] = []
    sent = sorted(evidence.attempts, key=lambda attempt: attempt.exchange.started)
    alone = _alone([one for one in sent if not one.reception.turned_away])
    for one in sent:
        if one.reception.turned_away:
            refusals.append(one)
            continue
        # What was neither taken nor turned away, or taken though it was forbidden, has no price: nothing is told across it.
        priced = one.accepted and one.witness is None and one.exchange.number in alone
        if priced and last is not None:
            found.append(_Bracket(last, one, refusals))
        last, refusals = (one if priced else None), []
    return [one for one in found if one.fell is not None and one.price]


def _alone(sent: list[Attempt]) -> set[int]:
    """Return the numbers of submits during which no other was under way, so that a balance is known to be theirs."""
    found: set[int] = set()
    before = 0.0
    for one, after in zip_longest(sent, sent[1:]):
        end = one.exchange.started + one.exchange.elapsed
        if before <= one.exchange.started and (after is None or end <= after.exchange.started):
            found.add(one.exchange.number)
        before = max(before, end)
    return found


def _balance(clause: Clause, evidence: Evidence) -> Verdict:
    mine = [one for one in brackets(evidence) if one.second.operation.id == clause.operation]
    if not mine:
        return verdict(clause, [unproved("no two submits in a row showed the balance")])
    kept = [one for one in mine if one.share == 1.0]
    if kept:
        # What it fell by more elsewhere is somebody else's spending, or a refusal's price: another clause.
        return verdict(clause, [proved("", *(number for one in kept for number in one.numbers))])
    first = mine[0]
    # One and the same share in every pair is the provider's; different ones may be somebody else's.
    if len({one.share for one in mine}) > 1 or (len(mine) < _PAIRS and first.share > 1.0):
        return verdict(
            clause,
            [
                unproved(
                    "the balance fell by other amounts too; others may be spending", *first.numbers
                )
            ],
        )
    seen = f"it fell by {first.fell:g} where {first.price:g} was stated, and alike in each of {len(mine)} pairs of submits"
    return verdict(
        clause,
        [
            refuted(
                clause.promise,
                seen,
                *first.numbers,
                difference=(
                    Difference(
                        at="balance",
                        promised=f"to fall by {first.price:g}",
                        received=f"{first.fell:g}",
                        verb="fell by",
                    ),
                ),
            )
        ],
    )


def _refusals(clause: Clause, evidence: Evidence) -> Verdict:
    found = brackets(evidence)
    mine = [one for one in found if clause.operation in one.operations]
    if not mine:
        return verdict(
            clause, [unproved("no refusal stood between two submits that show the balance")]
        )
    # What a job of an operation costs beyond its price without any refusal is another clause's finding.
    usual: dict[str, float] = {}
    for one in found:
        if not one.refusals:
            usual[one.second.operation.id] = min(
                one.share, usual.get(one.second.operation.id, one.share)
            )
    lost = [
        (one, (one.fell or 0.0) - usual.get(one.second.operation.id, 1.0) * one.price)
        for one in mine
    ]
    wrong = [(one, loss) for one, loss in lost if loss > _ROUNDING]
    if not wrong:
        return verdict(clause, [proved("", *(number for one in mine for number in one.numbers))])
    first, loss = wrong[0]
    if len(found) < _PAIRS:
        return verdict(
            clause,
            [
                unproved(
                    "the balance fell, and no pair of submits without refusals shows that nobody else spends",
                    *first.numbers,
                )
            ],
        )
    if len(first.operations) > 1:
        return verdict(
            clause,
            [unproved("the balance fell across refusals of several operations", *first.numbers)],
        )
    return verdict(
        clause,
        [
            refuted(
                clause.promise,
                f"{first.refusals} refused requests cost {loss:g}",
                *first.numbers,
                difference=(
                    Difference(
                        at="balance",
                        promised="unchanged by refusals",
                        received=f"{loss:g}",
                        verb="fell by",
                    ),
                ),
            )
        ],
    )
