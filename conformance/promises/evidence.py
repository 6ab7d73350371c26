"""What a run saw, as judges read it: attempts, the jobs they became, and what was not tried."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, cast

from conformance.model.exchange import Auth, Purpose, Response
from conformance.model.json_place import at, fields
from conformance.model.witness import Side
from conformance.spec.answer_meaning import AnswerMeaning, is_disguised, meaning_in
from conformance.spec.job_words import End
from conformance.spec.reception import Reception, reception

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from conformance.model.exchange import Exchange, Json
    from conformance.model.verdict import Reason
    from conformance.model.witness import Case, Witness
    from conformance.promises.wish import Wish
    from conformance.spec.document import Spec
    from conformance.spec.operation import Operation
    from conformance.video.probe import NotMedia, Probe, Unprobed


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """A job after it was taken on: its polls, its end, and its file."""

    id: str
    polls: tuple[Exchange, ...] = ()
    end: End = End.OPEN
    #: Polls sent again after the job had ended, to see whether it stays so.
    after: tuple[Exchange, ...] = ()
    downloads: tuple[Exchange, ...] = ()
    #: What each of them brought.
    probes: tuple[Probe | NotMedia | Unprobed | None, ...] = ()
    #: Names of our own samples that the provider fetched while it had the job.
    fetched: frozenset[str] = frozenset()

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """Everything that was sent about it."""
        return (*self.polls, *self.after, *self.downloads)

    @property
    def last(self) -> Exchange | None:
        """The last poll of the ordinary sequence."""
        return self.polls[-1] if self.polls else None

    @property
    def asked_again(self) -> tuple[Exchange, ...]:
        """The looks after its end at the operation that the polls asked.

        An address in an answer may lead to another, which tells of a job in a form of its own.
        """
        if self.last is None:
            return ()
        polled = self.last.operation
        return tuple(exchange for exchange in self.after if exchange.operation == polled)

    @property
    def probe(self) -> Probe | NotMedia | Unprobed | None:
        """What the last download brought."""
        return self.probes[-1] if self.probes else None

    def by_download(self) -> Iterator[Track]:
        """Yield the track once for each way in which the file was taken."""
        for exchange, probe in zip(self.downloads, self.probes, strict=True):
            yield replace(self, downloads=(exchange,), probes=(probe,))


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """One request that might make a job, how it was received, and what became of it."""

    exchange: Exchange
    case: Case
    operation: Operation = field(repr=False)
    witness: Witness | None = None
    track: Track | None = None
    #: The planned input video's length, where one was chosen on purpose.
    input_seconds: int | None = None

    @cached_property
    def reception(self) -> Reception:
        """How the provider received it."""
        return reception(self.operation, self.exchange.answer)

    @property
    def accepted(self) -> bool:
        """Whether it became a job."""
        return self.reception is Reception.ACCEPTED

    @property
    def meant_to_fail(self) -> bool:
        """Whether the document says that a job of this request fails."""
        job = self.operation.job
        failing = job.fails_on if job else None
        return failing is not None and failing.is_met_by(self.case.scenario, self.case.body)

    @property
    def ordinary(self) -> bool:
        """Whether it was sent with our own key as a plain JSON body."""
        return self.case.auth is Auth.OWN and self.case.raw is None


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """All that judges may look at. Nothing here sends anything."""

    spec: Spec = field(repr=False)
    attempts: tuple[Attempt, ...] = ()
    #: Free requests that make no job whatever happens: unknown ids, reads without a key.
    probes: tuple[tuple[Witness, Exchange], ...] = ()
    #: Why a clause's requests were not sent, by clause id.
    gaps: Mapping[str, Reason] = field(default_factory=dict)
    #: Whether the provider knows the length of our samples without fetching them.
    knows_samples: bool = False
    #: Operations that were asked to build on an original of which nobody knows that it is there and
    #: finished.
    doubtful: frozenset[str] = frozenset()
    #: Whether a second key takes part.
    second_key: bool = False
    #: The time of judging, in seconds since 1970; expiries are held to it.
    now: float = 0.0
    #: What judges have worked out of an answer once and ask for again.
    cache: dict[object, object] = field(default_factory=dict, repr=False, compare=False)

    def witnessed(self, clause: str) -> list[Attempt]:
        """Return the attempts made to be refused for the sake of one clause."""
        return [
            attempt
            for attempt in self._by_clause.get(clause, ())
            if attempt.witness and attempt.witness.side is Side.REFUSE
        ]

    def probed(self, clause: str) -> list[tuple[Witness, Exchange]]:
        """Return the free requests sent for one clause."""
        return [
            (witness, exchange) for witness, exchange in self.probes if witness.clause == clause
        ]

    def of(self, operation: str, scenario: str = "") -> list[Attempt]:
        """Return the ordinary attempts on an operation, or on one scenario of it."""
        return [
            attempt
            for attempt in self._by_operation.get(operation, ())
            if attempt.ordinary and scenario in ("", attempt.case.scenario)
        ]

    def planned(self, operation: str, scenario: str = "") -> list[Attempt]:
        """Return the attempts that were meant to be accepted."""
        return [
            attempt
            for attempt in self.of(operation, scenario)
            if (attempt.witness is None or attempt.witness.side is Side.ACCEPT)
            and not attempt.meant_to_fail
        ]

    def meeting(self, wish: Wish) -> list[Attempt]:
        """Return the planned attempts that have what is wished for."""
        return [
            attempt
            for attempt in self.planned(wish.operation, wish.scenario)
            if wish.suits(attempt.case.body, attempt.input_seconds)
        ]

    def control(self, witness: Witness) -> Attempt | None:
        """Return an accepted attempt with the fields of the body that a witness was made from."""
        wanted = fields(witness.control)
        for attempt in self.of(witness.case.operation, witness.case.scenario):
            if attempt.accepted and fields(attempt.case.body) == wanted:
                return attempt
        return None

    def jobs(self, operation: str = "", scenario: str = "") -> list[tuple[Attempt, Track]]:
        """Return every job that was followed, with the attempt that made it."""
        return [
            (attempt, attempt.track)
            for attempt in self.attempts
            if attempt.track is not None
            and operation in ("", attempt.operation.id)
            and scenario in ("", attempt.case.scenario)
        ]

    def asked_for(self, operation: str, scenario: str) -> list[tuple[Attempt, Track]]:
        """Return the jobs that were meant to be made.

        Of a forbidden request nothing is promised.
        """
        # Where a new job answers to the id of its original, nobody can tell whose file it is.
        return [
            (attempt, track)
            for attempt, track in self.jobs(operation, scenario)
            if attempt.witness is None and not _shares_id(attempt, track)
        ]

    def answers(self, operation: str) -> list[tuple[Exchange, Attempt | None]]:
        """Return every exchange of an operation that has a response, with its attempt."""
        return self._answers.get(operation, [])

    def shown_to_work(self, operation: str) -> bool:
        """Say whether a job was followed through an operation to a result that can be had."""
        for attempt, track in self.jobs():
            words = attempt.operation.job
            if track.end is not End.DONE or words is None or track.last is None:
                continue
            had = [exchange for exchange in track.downloads if self.answered(exchange)]
            through = {attempt.operation.id, *(one.operation for one in (*track.polls, *had))}
            if operation in through and (had or words.find("result", body_of(track.last))):
                return True
        return False

    def numbered(self, numbers: Iterable[int]) -> list[Exchange]:
        """Return exchanges by their numbers, in that order."""
        return [self._numbered[number] for number in numbers if number in self._numbered]

    def meaning(self, exchange: Exchange) -> AnswerMeaning:
        """Return what an exchange's answer amounts to, whichever way the provider says no."""
        key = "meaning", exchange.number
        if key not in self.cache:
            self.cache[key] = meaning_in(self.spec, exchange)
        return cast("AnswerMeaning", self.cache[key])

    def answered(self, exchange: Exchange) -> bool:
        """Say whether a request was answered as it should be."""
        return self.meaning(exchange) is AnswerMeaning.ANSWERED

    def disguised(self, exchange: Exchange) -> bool:
        """Say whether an answer is an error in a success, of which the spec knows nothing."""
        key = "disguised", exchange.number
        if key not in self.cache:
            self.cache[key] = is_disguised(self.spec, exchange)
        return cast("bool", self.cache[key])

    @property
    def exchanges(self) -> list[Exchange]:
        """Return everything that was sent, with what came back."""
        return [exchange for exchange, _ in self._all()]

    @cached_property
    def _numbered(self) -> Mapping[int, Exchange]:
        return {exchange.number: exchange for exchange in self.exchanges}

    @cached_property
    def _by_clause(self) -> Mapping[str, list[Attempt]]:
        attempts: dict[str, list[Attempt]] = {}
        for attempt in self.attempts:
            if attempt.witness:
                attempts.setdefault(attempt.witness.clause, []).append(attempt)
        return attempts

    @cached_property
    def _by_operation(self) -> Mapping[str, list[Attempt]]:
        attempts: dict[str, list[Attempt]] = {}
        for attempt in self.attempts:
            attempts.setdefault(attempt.operation.id, []).append(attempt)
        return attempts

    @cached_property
    def _answers(self) -> Mapping[str, list[tuple[Exchange, Attempt | None]]]:
        answers: dict[str, list[tuple[Exchange, Attempt | None]]] = {}
        for exchange, attempt in self._all():
            # A poll by the address in an answer belongs to no operation of the document.
            elsewhere = (
                exchange.purpose is Purpose.POLL
                and attempt is not None
                and exchange.operation == attempt.operation.id
            )
            if isinstance(exchange.answer, Response) and not elsewhere:
                answers.setdefault(exchange.operation, []).append((exchange, attempt))
        return answers

    def _all(self) -> Iterable[tuple[Exchange, Attempt | None]]:
        for attempt in self.attempts:
            yield attempt.exchange, attempt
            track = attempt.track
            if track is not None:
                for exchange in track.exchanges:
                    yield exchange, attempt
        for _, exchange in self.probes:
            yield exchange, None


def _shares_id(attempt: Attempt, track: Track) -> bool:
    needs = attempt.operation.needs
    return needs is not None and track.id in (
        attempt.case.parameters.get(needs.parameter),
        at(attempt.case.body, needs.field) if needs.field else None,
    )


def body_of(exchange: Exchange) -> Json:
    """Return the JSON of an answer, or None."""
    return exchange.answer.json() if isinstance(exchange.answer, Response) else None
