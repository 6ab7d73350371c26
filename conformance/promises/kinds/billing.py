"""Kind `billing`: what a job costs, and that a refusal costs nothing."""

from __future__ import annotations

import re
from itertools import zip_longest
from typing import TYPE_CHECKING, ClassVar

from conformance.model.clause import Harm, Level
from conformance.model.json_place import at
from conformance.model.money import money
from conformance.model.verdict import Difference
from conformance.promises.evidence import body_of
from conformance.promises.job_price import price as price_of
from conformance.promises.judging import Finding, proved, refuted, unproved, verdict
from conformance.promises.rule import ClauseFacts, Kind, ObservingRule, Reliance, Rule
from conformance.promises.sabotage import Habit, Misbehave
from conformance.promises.video_facets import FACETS, asked
from conformance.spec.job_words import End

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from conformance.model.clause import Clause
    from conformance.model.exchange import Json
    from conformance.model.verdict import Verdict
    from conformance.promises.evidence import Attempt, Evidence
    from conformance.promises.sabotage import Sabotage
    from conformance.spec.document import Spec
    from conformance.spec.operation import Cost, Scenario

#: Pairs of submits that have to show the same before it is called the provider's.
_PAIRS = 2
#: So many jobs make as many pairs.
_JOBS = _PAIRS + 1
#: Prices are told with few digits.
_ROUNDING = 0.01
_AMOUNT = re.compile(r"-?\d+(\.\d+)?")
#: Prices that differ by less are equal.
_CENT = 1e-6


class BillingRule(Rule[ClauseFacts]):
    """A promise about the price of an operation's jobs."""

    kind = "billing"
    harm = Harm.MONEY
    #: How a provider breaks it.
    habits: ClassVar[tuple[Habit, ...]]

    def make(self, facts: ClauseFacts, promise: str = "", unobservable: str = "") -> Clause:
        """Return the promise, at the line of the spec that speaks of the price."""
        cost = self.cost(facts)
        return self.clause(
            facts,
            promise=promise,
            context=cost.context,
            place=cost.place,
            unobservable=unobservable,
        )

    def sabotage(self, clause: Clause) -> Iterator[Sabotage]:
        """Have the bad habits."""
        if not clause.unobservable:
            for habit in self.habits:
                yield Misbehave(habit=habit, operation=clause.operation)

    def cost(self, facts: ClauseFacts) -> Cost:
        """Return what the spec says of the price."""
        cost = facts.operation.cost
        assert cost is not None
        return cost


class CostAsDocumented(BillingRule, ObservingRule[ClauseFacts]):
    """What an answer says a job costs is what the document says."""

    name = "cost"
    meaning = "The cost that an answer states is the documented one."
    client = Reliance.ALWAYS
    none = "no answer showed a cost"
    habits = (Habit.WRONG_PRICE,)

    def observations(self, clause: Clause, evidence: Evidence) -> Iterator[int | Finding]:
        """Compare the cost in each answer with the documented one."""
        pointer = self.cost(self.facts(clause)).observed
        for attempt in evidence.attempts:
            if not attempt.accepted or attempt.operation.id != clause.operation or attempt.witness:
                continue
            stated, promised = stated_cost(attempt, pointer), _promised(attempt)
            number = attempt.exchange.number
            if stated is None or promised is None:
                continue
            if abs(stated - promised) < _CENT:
                yield number
                continue
            wrong = Difference(at="cost", promised=f"{promised:g}", received=f"{stated:g}")
            received = f"the answer says {stated:g}"
            yield refuted(clause.promise, received, number, difference=(wrong,))


class CostStable(BillingRule, ObservingRule[ClauseFacts]):
    """A price does not change once a job is bought."""

    name = "cost-stable"
    meaning = "The cost of a job is the same in later answers as at submit."
    promise = "a job's cost stays what it was at submit"
    usual = Level.SHOULD
    essential = True
    none = "no later answer showed the cost again"
    habits = (Habit.COST_DRIFTS,)

    def observations(self, clause: Clause, evidence: Evidence) -> Iterator[int | Finding]:
        """Compare the cost in each poll with that at submit."""
        cost = self.cost(self.facts(clause))
        pointer = cost.observed
        for attempt, track in evidence.jobs(clause.operation):
            if track.end is End.FAILED and cost.failed is not None:
                continue  # what it costs in the end has a clause of its own
            before = number_at(attempt, pointer)
            for exchange in track.polls:
                after = _number(at(body_of(exchange), pointer))
                if before is None or after is None:
                    continue
                if after == before:
                    yield exchange.number
                    continue
                received = f"{before:g} at submit, {after:g} later"
                yield refuted(clause.promise, received, exchange.number)


class BalanceFalls(BillingRule):
    """What is stated is what is charged."""

    name = "balance"
    meaning = "From one submit to the next the balance falls by the stated cost."
    promise = "the balance falls by the stated cost"
    usual = Level.SHOULD
    essential = True
    least_jobs = _JOBS
    habits = (Habit.FREE_RIDE, Habit.DOUBLE_CHARGE)

    def judge(self, clause: Clause, evidence: Evidence) -> Verdict:
        """Compare by how much the balance fell from one submit to the next."""
        pairs = [
            pair for pair in brackets(evidence) if pair.second.operation.id == clause.operation
        ]
        if not pairs:
            return verdict(clause, [unproved("no two submits in a row showed the balance")])
        pairs = [pair for pair in pairs if pair.stated]
        if not pairs:
            reason = "nobody states a price that the balance could be held to"
            return verdict(clause, [unproved(reason)])
        exact = [pair for pair in pairs if pair.share == 1.0]
        if exact:
            # What it fell by more elsewhere is somebody else's spending, or a refusal's price:
            # another clause.
            return verdict(
                clause, [proved("", *(number for pair in exact for number in pair.numbers))]
            )
        first = pairs[0]
        # One and the same share in every pair is the provider's; different ones may be somebody
        # else's.
        if len({pair.share for pair in pairs}) > 1 or (len(pairs) < _PAIRS and first.share > 1.0):
            reason = "the balance fell by other amounts too; others may be spending"
            return verdict(clause, [unproved(reason, *first.numbers)])
        received = (
            f"it fell by {first.fell:g} where {first.price:g} was stated, "
            f"and alike in each of {len(pairs)} pairs of submits"
        )
        wrong = Difference(
            at="balance",
            promised=f"to fall by {first.price:g}",
            received=f"{first.fell:g}",
            verb="fell by",
        )
        return verdict(
            clause, [refuted(clause.promise, received, *first.numbers, difference=(wrong,))]
        )


class RefusalsFree(BillingRule):
    """Who is refused pays nothing."""

    name = "refusals-free"
    meaning = "Refused requests do not change the balance."
    promise = "a refused request costs nothing"
    usual = Level.SHOULD
    essential = True
    client = Reliance.ALWAYS
    least_jobs = _JOBS
    habits = (Habit.CHARGES_REFUSALS,)

    def sees_refusals(self, clause: Clause) -> bool:
        """They stand between two submits."""
        return True

    def judge(self, clause: Clause, evidence: Evidence) -> Verdict:
        """Look at the balance before and after refusals of this operation."""
        pairs = brackets(evidence)
        around = [pair for pair in pairs if clause.operation in pair.operations]
        if not around:
            reason = "no refusal stood between two submits that show the balance"
            return verdict(clause, [unproved(reason)])
        usual = _usual_shares(pairs)
        around = [pair for pair in around if pair.stated or pair.sort in usual]
        if not around:
            reason = "nobody states a price, and no job without refusals before it shows one"
            return verdict(clause, [unproved(reason)])
        losses = [(pair, pair.loss_beyond(usual)) for pair in around]
        charged = [(pair, loss) for pair, loss in losses if loss > _ROUNDING]
        if not charged:
            return verdict(
                clause, [proved("", *(number for pair in around for number in pair.numbers))]
            )
        first, loss = charged[0]
        if doubt := _why_others_may_have_spent(pairs, charged, tried=len(around)):
            return verdict(clause, [unproved(doubt, *first.numbers)])
        unit = self.facts(clause).spec.provider.unit
        received = f"{first.refusals} refused requests cost {money(loss, unit)}"
        wrong = Difference(
            at="balance", promised="unchanged by refusals", received=f"{loss:g}", verb="fell by"
        )
        return verdict(
            clause, [refuted(clause.promise, received, *first.numbers, difference=(wrong,))]
        )


def _usual_shares(pairs: Iterable[Bracket]) -> dict[tuple[str, str], float]:
    """Return how many times its price a job of each sort costs where nothing was refused.

    What that is beyond the price is another clause's finding.
    """
    shares: dict[tuple[str, str], float] = {}
    for pair in pairs:
        if not pair.refusals:
            shares[pair.sort] = min(pair.share, shares.get(pair.sort, pair.share))
    return shares


def _why_others_may_have_spent(
    pairs: Sequence[Bracket], charged: Sequence[tuple[Bracket, float]], *, tried: int
) -> str:
    """Return why a balance that fell across refusals does not yet accuse; empty where it does."""
    quiet = [pair for pair in pairs if not pair.refusals]
    if not quiet:
        return (
            "the balance fell, and no pair of submits without refusals shows that nobody else "
            "spends"
        )
    usual = _usual_shares(pairs)
    if any(pair.share != usual[pair.sort] for pair in quiet):
        return "the balance fell by other amounts without any refusal too; others may be spending"
    if len(charged[0][0].operations) > 1:
        return "the balance fell across refusals of several operations"
    each = {round(loss / pair.refusals, 2) for pair, loss in charged}
    if len(charged) < tried and (len(charged) < _PAIRS or len(each) > 1):
        return (
            f"the balance fell across refusals {len(charged)} of {tried} times; "
            "others may be spending"
        )
    return ""


class FailedPrice(BillingRule, ObservingRule[ClauseFacts]):
    """Who gets no video pays no more than was said."""

    name = "failed"
    meaning = "A failed job costs no more than the document says (x-cost.failed)."
    client = Reliance.ALWAYS
    none = "no failed job showed what it cost"
    habits = (Habit.CHARGES_FAILURES,)

    def needs_failed_job(self, clause: Clause) -> bool:
        """It is about the job that fails."""
        return True

    def observations(self, clause: Clause, evidence: Evidence) -> Iterator[int | Finding]:
        """Look at the cost in the last answer of each failed job."""
        cost = self.cost(self.facts(clause))
        for _, track in evidence.jobs(clause.operation):
            if track.end is not End.FAILED or track.last is None:
                continue
            stated = at(body_of(track.last), cost.observed)
            if isinstance(stated, bool) or not isinstance(stated, int | float):
                continue
            if cost.failed is None or stated <= cost.failed + _CENT:
                yield track.last.number
                continue
            wrong = Difference(at="cost", promised=f"{cost.failed:g}", received=f"{stated:g}")
            received = f"its last answer says {stated:g}"
            yield refuted(clause.promise, received, track.last.number, difference=(wrong,))


class Billing(Kind):
    """Promises about money."""

    name = "billing"
    means = (
        "What a job costs, and that a refusal costs nothing. Only what answers show of "
        "cost and balance can be judged."
    )
    accept = (
        "The cost in an answer is compared with the documented one; two submits in a row "
        "show by how much the balance fell."
    )
    refuse = (
        "Refused requests stand between two submits that show the balance: it falls by the "
        "second job's price alone."
    )
    mend = (
        "Stop sending what is refused but charged. Compare the invoice with the credits in "
        "the report, and claim the difference with the exchanges shown there."
    )
    cost = CostAsDocumented()
    stable = CostStable()
    balance = BalanceFalls()
    refusals = RefusalsFree()
    failed = FailedPrice()
    rules = (cost, stable, balance, refusals, failed)

    def derive(self, spec: Spec) -> Iterator[Clause]:
        """Return the promises about cost and balance.

        Those nobody can observe are listed as such.
        """
        for operation in spec.submits:
            if operation.cost and operation.same_as is None:
                facts = ClauseFacts(spec=spec, operation=operation)
                yield from self._clauses(facts, operation.cost)

    def _clauses(self, facts: ClauseFacts, cost: Cost) -> Iterator[Clause]:
        unit = facts.spec.provider.unit
        price = ""
        if cost.amount is not None:
            price = money(cost.amount, unit)
        elif cost.per_second is not None:
            price = f"{money(cost.per_second, unit)} for each second"
        if price:
            unseen = "" if cost.observed else "no answer shows the cost of a job"
            yield self.cost.make(facts, f"a job costs {price}", unobservable=unseen)
        if cost.observed:
            yield self.stable.make(facts)
        unseen = "" if cost.balance else "no answer shows a balance"
        yield self.balance.make(facts, unobservable=unseen)
        yield self.refusals.make(facts, unobservable=unseen)
        if cost.failed is not None:
            job = facts.operation.job
            unseen = "" if cost.observed else "no answer shows the cost of a job"
            if job is None or job.fails_on is None:
                unseen = "no job can be made to fail on purpose"
            promise = f"a failed job costs {money(cost.failed, unit)}"
            yield self.failed.make(facts, promise, unobservable=unseen)


def number_at(attempt: Attempt, pointer: str) -> float | None:
    """Return a number of the submit's answer, or None."""
    return _number(at(body_of(attempt.exchange), pointer)) if pointer else None


def stated_cost(attempt: Attempt, pointer: str) -> float | None:
    """Return the cost that answers state: the submit's, else the last one that a poll shows."""
    at_submit = number_at(attempt, pointer)
    if at_submit is not None or attempt.track is None or not pointer:
        return at_submit
    later = [_number(at(body_of(poll), pointer)) for poll in attempt.track.polls]
    return next((stated for stated in reversed(later) if stated is not None), None)


def _number(value: Json) -> float | None:
    """Return an amount of money, which some answers write as a text; None where it is none."""
    if isinstance(value, str) and _AMOUNT.fullmatch(value):
        return float(value)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _promised(attempt: Attempt) -> float | None:
    """Return the documented price of a job, or None where its length was not asked for.

    A default has its own clause.
    """
    cost, scenario = attempt.operation.cost, attempt.operation.scenario(attempt.case.scenario)
    wanted = asked(FACETS["length"], scenario, attempt.case.body)
    if cost is not None and cost.amount is None and (wanted is None or wanted.how == "default"):
        return None
    return price_of(attempt.operation, scenario, attempt.case.body)


def _wanted(attempt: Attempt, scenario: Scenario) -> str:
    """Return what a price may depend on: the video that was asked for."""
    wanted = [asked(facet, scenario, attempt.case.body) for facet in FACETS.values()]
    return ", ".join("" if facet is None else str(facet.value) for facet in wanted)


class Bracket:
    """Two submits in a row, each showing the balance, with only refusals between them."""

    def __init__(self, first: Attempt, second: Attempt, refusals: list[Attempt]) -> None:
        """Work out by how much the balance fell, and which price that is held to."""
        self.second, self.refusals = second, len(refusals)
        #: The operations whose refusals stand between.
        self.operations = frozenset(refusal.operation.id for refusal in refusals)
        self.numbers = (first.exchange.number, second.exchange.number)
        cost = second.operation.cost
        before = number_at(first, first.operation.cost.balance) if first.operation.cost else None
        after = number_at(second, cost.balance) if cost else None
        #: How far the balance fell; None where it cannot be told.
        self.fell = None if before is None or after is None else before - after
        scenario = second.operation.scenario(second.case.scenario)
        documented = price_of(second.operation, scenario, second.case.body)
        observed = number_at(second, cost.observed) if cost else None
        prices = [price for price in (observed, documented) if price]
        #: Whether anybody states the second job's price, in an answer or in the document.
        self.stated = bool(prices)
        #: The stated or the documented price, whichever the balance agrees with; one unit where
        #: nobody states it.
        self.price = min(prices or [1.0], key=lambda price: abs((self.fell or 0.0) - price))
        #: Jobs of one sort have one price, also where nobody states it.
        self.sort = (second.operation.id, "" if self.stated else _wanted(second, scenario))

    @property
    def share(self) -> float:
        """How many times the price the balance fell by: 1 where it is as stated."""
        return round((self.fell or 0.0) / self.price, 6)

    def loss_beyond(self, usual: Mapping[tuple[str, str], float]) -> float:
        """Return by how much more the balance fell than the second job usually costs."""
        return (self.fell or 0.0) - usual.get(self.sort, 1.0) * self.price


def brackets(evidence: Evidence) -> list[Bracket]:
    """Return every pair of accepted submits in order, with the refusals between them."""
    pairs: list[Bracket] = []
    last: Attempt | None = None
    refusals: list[Attempt] = []
    sent = sorted(evidence.attempts, key=lambda attempt: attempt.exchange.started)
    alone = _alone([attempt for attempt in sent if not attempt.reception.turned_away])
    for attempt in sent:
        if attempt.reception.turned_away:
            refusals.append(attempt)
            continue
        # What was neither taken nor turned away, or taken though it was forbidden, has no price:
        # nothing is told across it.
        planned = attempt.accepted and attempt.witness is None
        priced = planned and attempt.exchange.number in alone
        if priced and last is not None:
            pairs.append(Bracket(last, attempt, refusals))
        last, refusals = (attempt if priced else None), []
    return [pair for pair in pairs if pair.fell is not None and pair.price]


def _alone(sent: list[Attempt]) -> set[int]:
    """Return the numbers of submits during which no other was under way."""
    numbers: set[int] = set()
    before = 0.0
    for attempt, after in zip_longest(sent, sent[1:]):
        end = attempt.exchange.started + attempt.exchange.elapsed
        if before <= attempt.exchange.started and (after is None or end <= after.exchange.started):
            numbers.add(attempt.exchange.number)
        before = max(before, end)
    return numbers
