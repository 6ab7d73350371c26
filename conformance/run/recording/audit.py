"""Judge exchanges that somebody recorded, whoever sent them: nothing is generated, nothing is sent."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from conformance.jobs.job_life import read, result_of
from conformance.jobs.request_recognition import Recogniser
from conformance.model.exchange import Auth, Purpose, Response
from conformance.model.verdict import Outcome, Reason, ReasonCode
from conformance.model.witness import Case, Side, Witness
from conformance.promises.evidence import Attempt, Evidence, Track, body_of
from conformance.promises.registry import derive
from conformance.promises.rule import fact
from conformance.run.decision import Spend, Summary
from conformance.run.events import (
    ExchangeMade,
    JobEnded,
    JobStarted,
    Noted,
    RunStarted,
)
from conformance.run.job_following import probed
from conformance.run.planning.plan import Plan
from conformance.run.verdicts import conclude, judge
from conformance.spec.job_words import End, Phase, at
from conformance.spec.schema.json_edit import fields
from conformance.spec.schema.violations import valid, violations

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from conformance.model.exchange import Exchange, Json
    from conformance.model.verdict import Verdict
    from conformance.run.events import Listener
    from conformance.spec.document import Spec
    from conformance.spec.operation import Operation, Scenario

#: The clause of a witness that is none: a request that was not meant to be accepted, for more reasons than one.
SEVERAL = ""
_KEYS = {
    Auth.NONE: ("no-key",),
    Auth.WRONG: ("wrong-key",),
    Auth.SECOND: ("foreign-job", "foreign-original"),
}
_OPEN = (Outcome.NOT_RUN, Outcome.UNTESTABLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """An exchange whose operation is recognised, with the parameters of its address."""

    exchange: Exchange
    operation: Operation
    parameters: Mapping[str, str]


def recognised(spec: Spec, exchanges: Iterable[Exchange]) -> tuple[list[Known], list[Exchange]]:
    """Return the exchanges that belong to operations of a spec, and the others."""
    known: list[Known] = []
    others: list[Exchange] = []
    recognise = Recogniser(spec)
    for exchange in exchanges:
        found = recognise(exchange.request)
        if found:
            known.append(
                Known(
                    exchange=replace(exchange, operation=found.operation.id),
                    operation=found.operation,
                    parameters=found.parameters,
                )
            )
        else:
            others.append(exchange)
    return known, others


class Audit:
    """The evidence in recorded exchanges: attempts, the jobs they became, and reads."""

    def __init__(self, spec: Spec, exchanges: Sequence[Exchange]) -> None:
        """Recognise what there is; nothing is judged yet."""
        self.spec = spec
        self.clauses = derive(spec)
        numbered = [
            replace(exchange, number=number)
            for number, exchange in enumerate(_in_order(_with_keys(exchanges)), 1)
        ]
        known, self.others = recognised(spec, numbered)
        self._reads = [one for one in known if not one.operation.submits]
        self._taken: set[int] = set()
        first = [self._attempt(one) for one in known if one.operation.submits]
        self._ids = {
            str(one.operation.job.find("id", body_of(one.exchange)))
            for one in first
            if one.accepted and one.operation.job
        }
        self.attempts = [self._followed(self._witnessed(one, first)) for one in first]

    def evidence(self) -> Evidence:
        """Return it as judges read it."""
        rest = [one for one in self._reads if one.exchange.number not in self._taken]
        probes = tuple((self._reading(one), one.exchange) for one in rest)
        made = [*(one.exchange for one in self._reads), *(one.exchange for one in self.attempts)]
        times = [exchange.started + exchange.elapsed for exchange in made]
        second = any(exchange.request.auth is Auth.SECOND for exchange in made)
        return Evidence(
            spec=self.spec,
            attempts=tuple(self.attempts),
            probes=probes,
            now=max(times, default=0.0),
            second_key=second,
        )

    # -- attempts -----------------------------------------------------------------------

    def _attempt(self, one: Known) -> Attempt:
        body = Response(status=200, body=one.exchange.request.body).json()
        scenario = _scenario(one.operation, body)
        raw = one.exchange.request.body if body is None and one.exchange.request.body else None
        case = Case(
            operation=one.operation.id,
            scenario=scenario.title,
            body=body,
            parameters=one.parameters,
            raw=raw,
            auth=one.exchange.request.auth,
        )
        made = replace(one.exchange, purpose=Purpose.SUBMIT, scenario=scenario.title)
        return Attempt(exchange=made, case=case, operation=one.operation)

    def _witnessed(self, attempt: Attempt, others: list[Attempt]) -> Attempt:
        """Say which clause a request breaks, where it breaks one; what breaks several shows nothing of any."""
        case = attempt.case
        scenario = attempt.operation.scenario(case.scenario)
        broken = violations(scenario.schema, case.body)
        plain = attempt.ordinary and (not broken or valid(scenario.whole, case.body))
        if plain and (attempt.accepted or self._has_original(attempt)):
            return attempt
        clause = (
            SEVERAL
            if plain
            else self._clause(case, {(place, name) for place, name, _ in broken})
            if attempt.ordinary
            else self._odd(case)
        )
        return replace(
            attempt,
            witness=Witness(
                clause=clause,
                side=Side.REFUSE,
                case=case,
                note="as recorded",
                control=_control(attempt, others),
            ),
        )

    def _has_original(self, attempt: Attempt) -> bool:
        """Say whether the job that a request builds on is recorded too: without it, a refusal may be for its sake."""
        needs, case = attempt.operation.needs, attempt.case
        return (
            needs is None
            or (
                case.parameters.get(needs.parameter)
                if needs.parameter
                else at(case.body, needs.field)
            )
            in self._ids
        )

    def _clause(self, case: Case, keys: set[tuple[str, str]]) -> str:
        if len(keys) != 1:
            return SEVERAL
        mine = (
            one
            for one in self.clauses
            if one.operation == case.operation
            and one.scenario in ("", case.scenario)
            and fact(one, "assertion") is not None
        )
        return next((one.id for one in mine if fact(one, "assertion").key in keys), SEVERAL)

    def _odd(self, case: Case) -> str:
        """Return the clause of a request with another key, or with a body that is no JSON."""
        kind, rules = (
            ("auth", _KEYS.get(case.auth, ()))
            if case.auth is not Auth.OWN
            else ("robustness", ("malformed-json",))
        )
        return next(
            (
                one.id
                for one in self.clauses
                if one.kind == kind and one.operation == case.operation and one.rule in rules
            ),
            SEVERAL,
        )

    # -- jobs ---------------------------------------------------------------------------

    def _followed(self, attempt: Attempt) -> Attempt:
        words = attempt.operation.job
        if not attempt.accepted or words is None:
            return attempt
        job = str(words.find("id", body_of(attempt.exchange)))
        address = words.find("address", body_of(attempt.exchange))
        mine = [
            one.exchange for one in self._reads if self._asks(one, attempt.operation, job, address)
        ]
        polls, after = _split(attempt.operation, mine)
        track = Track(id=job, polls=polls, after=after, end=_end(attempt.operation, polls))
        return replace(attempt, track=self._file(attempt, track))

    def _asks(self, one: Known, operation: Operation, job: str, address: Json) -> bool:
        poll = operation.job.poll if operation.job else None
        asked = (
            one.parameters.get(poll.parameter) == job and one.operation.id == poll.operation
            if poll
            else isinstance(address, str) and one.exchange.request.url.endswith(address)
        )
        if not asked or one.exchange.request.auth is not Auth.OWN:
            return False
        self._taken.add(one.exchange.number)
        return True

    def _file(self, attempt: Attempt, track: Track) -> Track:
        words = attempt.operation.job
        told = result_of(words, body_of(track.polls[-1])) if words and track.polls else ""
        content = words.content if words else None
        for one in self._reads:
            if (
                content
                and one.operation.id == content.operation
                and one.parameters.get(content.parameter) == track.id
                and one.exchange.request.auth is Auth.OWN
            ):
                self._taken.add(one.exchange.number)
                return _with_file(track, one.exchange)
        for exchange in self.others:
            if told and exchange.request.url.endswith(told):
                self._taken.add(exchange.number)
                return _with_file(track, exchange)
        return track

    def _reading(self, one: Known) -> Witness:
        case = Case(
            operation=one.operation.id, parameters=one.parameters, auth=one.exchange.request.auth
        )
        return Witness(
            clause=self._odd(case) if case.auth is not Auth.OWN else SEVERAL,
            side=Side.REFUSE,
            case=case,
            note="as recorded",
        )

    # -- judging ------------------------------------------------------------------------

    def run(self, emit: Listener, *, recorded_from: str, base_url: str) -> Summary:
        """Judge every clause, and tell it as a run tells it."""
        evidence = self.evidence()
        plan = Plan(
            spec=self.spec, clauses=self.clauses, jobs=(), refusals=(), probes=(), gaps={}, bound=()
        )
        exchanges = sorted(evidence.exchanges, key=lambda exchange: exchange.number)
        started = min((one.started for one in exchanges), default=0.0)
        emit(
            RunStarted(
                plan=plan,
                provider=self.spec.name,
                target="replay",
                base_url=base_url,
                started=started,
                seed=0,
                recorded_from=recorded_from,
                recorded=started,
            )
        )
        for exchange in exchanges:
            emit(ExchangeMade(exchange=exchange))
        for attempt in self.attempts:
            _tell_job(attempt, emit)
        unknown = [one for one in self.others if one.number not in self._taken]
        if unknown:
            emit(
                Noted(
                    text=f"{len(unknown)} exchanges are no operations of {self.spec.name}, the first of them {unknown[0].request.method[:20]} {unknown[0].request.url[:120]}"
                )
            )
        pairs = [(clause, _shown(judge(clause, evidence))) for clause in self.clauses]
        jobs = [attempt for attempt in self.attempts if attempt.accepted]
        return conclude(
            pairs,
            evidence,
            emit,
            spend=Spend(requests=len(exchanges), jobs=len(jobs)),
            started=started,
            finished=evidence.now,
        )


def best_spec(specs: Sequence[Spec], exchanges: Sequence[Exchange]) -> Spec | None:
    """Return the spec that recognises most of the exchanges; None where none recognises any."""
    counts = [(len(recognised(spec, exchanges)[0]), spec) for spec in specs]
    most = max(counts, key=lambda pair: pair[0], default=(0, None))
    return most[1] if most[0] else None


def _with_keys(exchanges: Sequence[Exchange]) -> Sequence[Exchange]:
    """Where no request shows a key at all, somebody took them out before writing: they count as sent with one."""
    if any(one.request.auth is not Auth.NONE for one in exchanges):
        return exchanges
    return [replace(one, request=replace(one.request, auth=Auth.OWN)) for one in exchanges]


def _in_order(exchanges: Sequence[Exchange]) -> Sequence[Exchange]:
    """Return exchanges as they were made, where they say when that was: several files may hold one night."""
    if all(one.started for one in exchanges):
        return sorted(exchanges, key=lambda one: (round(one.started + one.elapsed, 3), one.number))
    return exchanges


def _scenario(operation: Operation, body: Json) -> Scenario:
    """Return the scenario that a body comes closest to."""
    return min(operation.scenarios, key=lambda one: len(violations(one.schema, body)))


def _control(attempt: Attempt, others: list[Attempt]) -> Json:
    """Return the accepted body whose fields are most like those of a forbidden one."""
    mine = fields(attempt.case.body)
    accepted = [
        one.case.body
        for one in others
        if one.accepted
        and one.ordinary
        and one.operation is attempt.operation
        and one.case.scenario == attempt.case.scenario
    ]
    fitting = [body for body in accepted if body != attempt.case.body]
    return min(fitting, key=lambda body: len(mine ^ fields(body)), default=attempt.case.body)


def _split(
    operation: Operation, asked: list[Exchange]
) -> tuple[tuple[Exchange, ...], tuple[Exchange, ...]]:
    """Return the polls up to the end of a job, and those after it."""
    words = operation.job
    assert words is not None
    for index, exchange in enumerate(asked):
        body = body_of(exchange)
        if isinstance(body, dict) and read(words, body).phase is not Phase.WAITING:
            return tuple(asked[: index + 1]), tuple(asked[index + 1 :])
    return tuple(asked), ()


def _end(operation: Operation, polls: tuple[Exchange, ...]) -> End:
    body = body_of(polls[-1]) if polls else None
    if operation.job is None or not isinstance(body, dict):
        return End.OPEN
    return {Phase.DONE: End.DONE, Phase.FAILED: End.FAILED}.get(
        read(operation.job, body).phase, End.OPEN
    )


def _with_file(track: Track, exchange: Exchange) -> Track:
    return replace(
        track, downloads=(replace(exchange, purpose=Purpose.DOWNLOAD),), probe=probed(exchange)
    )


def _shown(verdict: Verdict) -> Verdict:
    if verdict.outcome is Outcome.UNTESTABLE or (verdict.outcome in _OPEN and not verdict.reason):
        return replace(
            verdict,
            outcome=Outcome.NOT_RUN,
            cause=None,
            reason=Reason(
                code=ReasonCode.NOT_RECORDED,
                text=f"not shown by these recordings: {verdict.reason or ''}".rstrip(": "),
            ),
        )
    return verdict


def _tell_job(attempt: Attempt, emit: Listener) -> None:
    if attempt.track is None:
        return
    label = f"job-{attempt.exchange.number}"
    emit(
        JobStarted(
            job=label,
            id=attempt.track.id,
            operation=attempt.operation.id,
            scenario=attempt.case.scenario,
            price=0.0,
            exchange=attempt.exchange.number,
        )
    )
    last = (attempt.track.last or attempt.exchange).started
    emit(
        JobEnded(
            job=label, end=attempt.track.end, seconds=max(0.0, last - attempt.exchange.started)
        )
    )
