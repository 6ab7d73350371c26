"""Judge exchanges that somebody recorded: nothing is generated, nothing is sent."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from conformance.jobs.job_life import read, result_of
from conformance.jobs.request_recognition import Recogniser
from conformance.model.exchange import Auth, Purpose, Response
from conformance.model.json_place import fields
from conformance.model.verdict import Outcome, Reason, ReasonCode
from conformance.model.witness import Case, Side, Witness
from conformance.promises.evidence import Attempt, Evidence, Track, body_of
from conformance.promises.kinds.constraint.keyword import ConstraintFacts
from conformance.promises.registry import derive
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
from conformance.run.purchasing import named_original
from conformance.run.verdicts import conclude, judge
from conformance.spec.job_words import End, Phase
from conformance.spec.schema.violations import valid, violations

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from conformance.model.exchange import Exchange, Json
    from conformance.model.verdict import Verdict
    from conformance.run.events import Listener
    from conformance.spec.document import Spec
    from conformance.spec.job_words import JobWords
    from conformance.spec.operation import Operation, Scenario

#: The clause of a witness that is none: its request is forbidden for more than one reason.
SEVERAL = ""
_KEYS = {
    Auth.NONE: ("no-key",),
    Auth.WRONG: ("wrong-key",),
    Auth.SECOND: ("foreign-job", "foreign-original"),
}
_OPEN = (Outcome.NOT_RUN, Outcome.UNTESTABLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecognisedExchange:
    """An exchange whose operation is recognised, with the parameters of its address."""

    exchange: Exchange
    operation: Operation
    parameters: Mapping[str, str]


def recognised(
    spec: Spec, exchanges: Iterable[Exchange]
) -> tuple[list[RecognisedExchange], list[Exchange]]:
    """Return the exchanges that belong to operations of a spec, and the rest."""
    belonging: list[RecognisedExchange] = []
    rest: list[Exchange] = []
    recognise = Recogniser(spec)
    for exchange in exchanges:
        match = recognise(exchange.request)
        if match is None:
            rest.append(exchange)
            continue
        belonging.append(
            RecognisedExchange(
                exchange=replace(exchange, operation=match.operation.id),
                operation=match.operation,
                parameters=match.parameters,
            )
        )
    return belonging, rest


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
        belonging, self._unrecognised = recognised(spec, numbered)
        self._reads = [read for read in belonging if not read.operation.submits]
        #: Numbers of the exchanges that belong to a job.
        self._taken: set[int] = set()
        submits = [self._attempt(submit) for submit in belonging if submit.operation.submits]
        self._job_ids = {
            str(attempt.operation.job.find("id", body_of(attempt.exchange)))
            for attempt in submits
            if attempt.accepted and attempt.operation.job
        }
        self.attempts = [self._followed(self._witnessed(attempt, submits)) for attempt in submits]

    def evidence(self) -> Evidence:
        """Return it as judges read it."""
        probes = [
            (self._reading(read), read.exchange)
            for read in self._reads
            if read.exchange.number not in self._taken
        ]
        exchanges = [read.exchange for read in self._reads]
        exchanges += [attempt.exchange for attempt in self.attempts]
        times = [exchange.started + exchange.elapsed for exchange in exchanges]
        return Evidence(
            spec=self.spec,
            attempts=tuple(self.attempts),
            probes=tuple(probes),
            now=max(times, default=0.0),
            second_key=any(exchange.request.auth is Auth.SECOND for exchange in exchanges),
        )

    # -- attempts -----------------------------------------------------------------------

    def _attempt(self, submit: RecognisedExchange) -> Attempt:
        sent = submit.exchange.request
        body = Response(status=200, body=sent.body).json()
        scenario = _scenario(submit.operation, body)
        case = Case(
            operation=submit.operation.id,
            scenario=scenario.title,
            body=body,
            parameters=submit.parameters,
            raw=sent.body if body is None and sent.body else None,
            auth=sent.auth,
        )
        exchange = replace(submit.exchange, purpose=Purpose.SUBMIT, scenario=scenario.title)
        return Attempt(exchange=exchange, case=case, operation=submit.operation)

    def _witnessed(self, attempt: Attempt, submits: list[Attempt]) -> Attempt:
        """Say which clause a request breaks; what breaks several shows nothing of any."""
        case = attempt.case
        scenario = attempt.operation.scenario(case.scenario)
        broken = violations(scenario.schema, case.body)
        allowed = attempt.ordinary and (not broken or valid(scenario.whole, case.body))
        if allowed and (attempt.accepted or self._has_original(attempt)):
            return attempt
        if allowed:
            clause = SEVERAL
        elif attempt.ordinary:
            clause = self._broken_clause(case, {(place, name) for place, name, _ in broken})
        else:
            clause = self._odd_clause(case)
        witness = Witness(
            clause=clause,
            side=Side.REFUSE,
            case=case,
            note="as recorded",
            control=_control(attempt, submits),
        )
        return replace(attempt, witness=witness)

    def _has_original(self, attempt: Attempt) -> bool:
        """Say whether the job that a request builds on is recorded; else a refusal says nothing."""
        needs = attempt.operation.needs
        return needs is None or named_original(needs, attempt.case) in self._job_ids

    def _broken_clause(self, case: Case, keys: set[tuple[str, str]]) -> str:
        if len(keys) != 1:
            return SEVERAL
        for clause in self.clauses:
            facts = clause.facts
            here = clause.operation == case.operation and clause.scenario in ("", case.scenario)
            if here and isinstance(facts, ConstraintFacts) and facts.assertion.key in keys:
                return clause.id
        return SEVERAL

    def _odd_clause(self, case: Case) -> str:
        """Return the clause of a request with another key, or with a body that is no JSON."""
        kind: str = "robustness"
        rules: tuple[str, ...] = ("malformed-json",)
        if case.auth is not Auth.OWN:
            kind, rules = "auth", _KEYS.get(case.auth, ())
        for clause in self.clauses:
            if (clause.kind, clause.operation) == (kind, case.operation) and clause.rule in rules:
                return clause.id
        return SEVERAL

    # -- jobs ---------------------------------------------------------------------------

    def _followed(self, attempt: Attempt) -> Attempt:
        words = attempt.operation.job
        if not attempt.accepted or words is None:
            return attempt
        job_id = str(words.find("id", body_of(attempt.exchange)))
        address = words.find("address", body_of(attempt.exchange))
        asked = [
            read.exchange
            for read in self._reads
            if self._asks(read, attempt.operation, job_id, address)
        ]
        poll = self.spec.operation(words.poll.operation) if words.poll else attempt.operation
        polls, after = _split(words, poll, asked)
        track = Track(id=job_id, polls=polls, after=after, end=_end(words, poll, polls))
        return replace(attempt, track=self._with_download(words, track))

    def _asks(
        self, read: RecognisedExchange, operation: Operation, job_id: str, address: Json
    ) -> bool:
        """Say whether a read polls a job, and take it for that job."""
        poll = operation.job.poll if operation.job else None
        if poll:
            named = read.parameters.get(poll.parameter) == job_id
            asks = named and read.operation.id == poll.operation
        else:
            asks = isinstance(address, str) and read.exchange.request.url.endswith(address)
        if not asks or read.exchange.request.auth is not Auth.OWN:
            return False
        self._taken.add(read.exchange.number)
        return True

    def _with_download(self, words: JobWords, track: Track) -> Track:
        content = words.content
        for download in self._reads:
            if (
                content
                and download.operation.id == content.operation
                and download.parameters.get(content.parameter) == track.id
                and download.exchange.request.auth is Auth.OWN
            ):
                self._taken.add(download.exchange.number)
                return _with_file(track, download.exchange)
        result = result_of(words, body_of(track.polls[-1])) if track.polls else ""
        for exchange in self._unrecognised:
            if result and exchange.request.url.endswith(result):
                self._taken.add(exchange.number)
                return _with_file(track, exchange)
        return track

    def _reading(self, read: RecognisedExchange) -> Witness:
        case = Case(
            operation=read.operation.id,
            parameters=read.parameters,
            auth=read.exchange.request.auth,
        )
        return Witness(
            clause=self._odd_clause(case) if case.auth is not Auth.OWN else SEVERAL,
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
        started = min((exchange.started for exchange in exchanges), default=0.0)
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
        foreign = [
            exchange for exchange in self._unrecognised if exchange.number not in self._taken
        ]
        if foreign:
            request = foreign[0].request
            text = (
                f"{len(foreign)} exchanges are no operations of {self.spec.name}, "
                f"the first of them {request.method[:20]} {request.url[:120]}"
            )
            emit(Noted(text=text))
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
    counts = [len(recognised(spec, exchanges)[0]) for spec in specs]
    most = max(counts, default=0)
    return specs[counts.index(most)] if most else None


def _with_keys(exchanges: Sequence[Exchange]) -> Sequence[Exchange]:
    """Where no request shows a key, somebody took them out: they count as sent with one."""
    if any(exchange.request.auth is not Auth.NONE for exchange in exchanges):
        return exchanges
    return [
        replace(exchange, request=replace(exchange.request, auth=Auth.OWN))
        for exchange in exchanges
    ]


def _in_order(exchanges: Sequence[Exchange]) -> Sequence[Exchange]:
    """Return exchanges as they were made, where they say when: several files may hold one night."""
    if not all(exchange.started for exchange in exchanges):
        return exchanges

    def moment(exchange: Exchange) -> tuple[float, int]:
        return round(exchange.started + exchange.elapsed, 3), exchange.number

    return sorted(exchanges, key=moment)


def _scenario(operation: Operation, body: Json) -> Scenario:
    """Return the scenario that a body comes closest to."""
    return min(operation.scenarios, key=lambda scenario: len(violations(scenario.schema, body)))


def _control(attempt: Attempt, submits: list[Attempt]) -> Json:
    """Return the accepted body whose fields are most like those of a forbidden one."""
    forbidden = attempt.case.body
    accepted = [
        control.case.body
        for control in submits
        if control.accepted
        and control.ordinary
        and control.operation is attempt.operation
        and control.case.scenario == attempt.case.scenario
        and control.case.body != forbidden
    ]
    return min(accepted, key=lambda body: len(fields(forbidden) ^ fields(body)), default=forbidden)


def _split(
    words: JobWords, poll: Operation, asked: list[Exchange]
) -> tuple[tuple[Exchange, ...], tuple[Exchange, ...]]:
    """Return the polls up to the end of a job, and those after it."""
    for index, exchange in enumerate(asked):
        update = read(words, poll, exchange.answer)
        if update is not None and update.phase is not Phase.WAITING:
            return tuple(asked[: index + 1]), tuple(asked[index + 1 :])
    return tuple(asked), ()


def _end(words: JobWords, poll: Operation, polls: tuple[Exchange, ...]) -> End:
    update = read(words, poll, polls[-1].answer) if polls else None
    if update is None:
        return End.OPEN
    return {Phase.DONE: End.DONE, Phase.FAILED: End.FAILED}.get(update.phase, End.OPEN)


def _with_file(track: Track, exchange: Exchange) -> Track:
    return replace(
        track, downloads=(replace(exchange, purpose=Purpose.DOWNLOAD),), probes=(probed(exchange),)
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
    last = attempt.track.last
    took = last.started - attempt.exchange.started if last else 0.0
    emit(
        JobEnded(
            job=label,
            end=attempt.track.end,
            seconds=max(0.0, took),
            ended_by=last.number if last else None,
        )
    )
