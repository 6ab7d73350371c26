"""Write a run file while the run goes on, and read it back.

The one source of truth of every report.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TextIO, TypeVar

import msgspec
from msgspec.structs import replace as replace_fields

from conformance.client.relied_on import relied_on
from conformance.errors import BrokenRunFile
from conformance.model.exchange import Failure, Fault, Purpose, Response
from conformance.model.money import JobCosts
from conformance.model.run_records import (
    AnswerRecord,
    ClauseRecord,
    CoverageRecord,
    ExchangeRecord,
    JobRecord,
    MeasuredJobs,
    Record,
    RequestRecord,
    RunFooter,
    RunHeader,
    SpendRecord,
    StillRecord,
    VerdictRecord,
    exchange_record,
    plain_json,
    read_record,
)
from conformance.model.verdict import Decision, Outcome
from conformance.model.verdict_table import is_broken
from conformance.report.commands.curl import served
from conformance.report.commands.job_commands import Chains
from conformance.report.run_file.exchange_lines import Exchanges
from conformance.report.run_file.job_times import measured
from conformance.report.run_file.provider_offer import excerpts
from conformance.report.run_file.records import (
    clause_record,
    footer_record,
    header_record,
    job_record,
    verdict_record,
)
from conformance.run.events import (
    Event,
    ExchangeMade,
    JobEnded,
    JobStarted,
    RunFinished,
    RunStarted,
    VerdictReached,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from conformance.model.exchange import Exchange
    from conformance.spec.provider import Provider

#: Bodies in a run file are cut here; cassettes keep them whole.
BODY = 64_000
#: Videos that a small picture is taken of, and those at fault that it is kept of, at most.
LOOKED, SHOWN = 200, 12


_Part = TypeVar("_Part", RequestRecord, AnswerRecord)
#: Stands for an answer that is in the file.
_UNKEPT = Failure(fault=Fault.NOT_RECORDED, detail="in the run file")

#: How much is told of what is wrong with a line: a value in it may be long.
_LONGEST_WHY = 400


class RunFile:
    """A listener that writes each event as one line, at once."""

    def __init__(
        self,
        file: Path,
        provider: Provider,
        *,
        clean: Callable[[Exchange], Exchange],
        command: Sequence[str] = (),
    ) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self._file = file
        # Opened when the run begins: one that cannot even begin leaves the last run's file alone.
        self._out: TextIO | None = None
        self._provider, self._clean, self._command = provider, clean, command
        self._trouble: OSError | None = None
        self._exchanges: dict[int, Exchange] = {}
        self._jobs: dict[str, JobStarted] = {}
        self._chains: Chains | None = None
        self._spec = ""
        self._stills: dict[int, bytes] = {}
        self._shown: set[int] = set()

    def __call__(self, event: Event) -> None:
        """Write what the event says."""
        match event:
            case RunStarted():
                self._begin(event)
            case ExchangeMade(exchange=exchange, clause=clause):
                cleaned = self._clean(exchange)
                # The file has it whole; what is kept is enough to send it again.
                self._exchanges[exchange.number] = replace(cleaned, answer=_UNKEPT)
                self._look(exchange)
                self._write(_shortened(exchange_record(cleaned, clause=clause)))
            case JobStarted():
                self._jobs[event.job] = event
            case JobEnded():
                self._write(job_record(self._jobs[event.job], event))
            case VerdictReached():
                self._conclude(event)
            case RunFinished(summary=summary, evidence=evidence):
                self._write(footer_record(summary, measured(evidence)))
                self.close()
            case _:
                return

    def _begin(self, event: RunStarted) -> None:
        self._spec = event.plan.spec.file
        self._chains = Chains(
            spec=event.plan.spec,
            base_url=event.base_url,
            exchanges=self._exchanges,
            jobs=self._jobs,
        )
        self._write(header_record(event, command=self._command, key_env=self._provider.key_env))
        notes: dict[str, list[str]] = {}
        for witness in (*event.plan.refusals, *event.plan.probes):
            notes.setdefault(witness.clause, []).append(witness.note)
        lines = dict(enumerate(excerpts(event.plan.spec), start=1))
        relied = relied_on(event.plan.spec, event.plan.clauses)
        for clause in event.plan.clauses:
            self._write(
                clause_record(
                    clause,
                    notes.get(clause.id, []),
                    excerpt=lines.get(clause.place.line, ""),
                    client=clause.id in relied,
                )
            )

    def _conclude(self, event: VerdictReached) -> None:
        clause, verdict = event.clause, event.verdict
        numbers = [number for number in verdict.exchanges if number in self._exchanges]
        exchanges = [self._exchanges[number] for number in numbers]
        broken = is_broken(verdict.outcome)
        if clause.kind == "media" and broken:
            self._show(exchanges)
        command = ""
        if exchanges and self._chains:
            command = self._chains.command(exchanges[0])
        curl = served(command, self._spec, broken=clause.id if broken else "")
        self._write(verdict_record(event, curl=curl))

    def _look(self, exchange: Exchange) -> None:
        """Take a small picture of a video while its file is there."""
        data = _video(exchange) if len(self._stills) < LOOKED else b""
        if data:
            from conformance.video.thumbnail import thumbnail

            self._stills[exchange.number] = thumbnail(data)

    def _show(self, exchanges: Sequence[Exchange]) -> None:
        """Write the picture of the first video that a finding rests on, once."""
        pictured = (exchange.number for exchange in exchanges if self._stills.get(exchange.number))
        number = next(pictured, None)
        if number is not None and number not in self._shown and len(self._shown) < SHOWN:
            self._shown.add(number)
            self._write(StillRecord(exchange=number, jpeg=self._stills[number]))

    def close(self) -> None:
        """Close the file; without a footer it reads as incomplete."""
        if self._out:
            self._out.close()

    def _write(self, record: msgspec.Struct) -> None:
        if self._trouble:
            raise self._trouble
        self._out = self._out or self._file.open(
            "w", encoding="utf-8", errors="replace", newline="\n"
        )
        try:
            self._out.write(
                json.dumps(plain_json(record), ensure_ascii=False, separators=(",", ":")) + "\n"
            )
            self._out.flush()
        except OSError as error:
            self._trouble = error
            with suppress(OSError):  # closing writes what is left, and fails alike
                self._out.close()
            raise


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """A run as it was written: everything a report needs."""

    header: RunHeader
    clauses: dict[str, ClauseRecord] = field(repr=False)
    #: Read from the file as they are asked for.
    exchanges: Mapping[int, ExchangeRecord] = field(repr=False)
    jobs: tuple[JobRecord, ...] = field(repr=False)
    verdicts: dict[str, VerdictRecord] = field(repr=False)
    #: None where the run did not come to its end.
    footer: RunFooter | None
    #: Small pictures of videos, each a JPEG, by the number of the exchange that fetched it.
    stills: Mapping[int, bytes] = field(default_factory=dict, repr=False)

    @property
    def id(self) -> str:
        """Its name, made of its header: the same whenever the file is read."""
        header = json.dumps(plain_json(self.header), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(header.encode()).hexdigest()[:12]

    @property
    def complete(self) -> bool:
        """Whether the run came to its end."""
        return self.footer is not None

    @property
    def decision(self) -> Decision:
        """What was decided; unknown where the run did not come to its end."""
        return self.footer.decision if self.footer else Decision.UNKNOWN

    @property
    def spend(self) -> SpendRecord:
        """What it cost; counted by its lines where it did not come to its end."""
        if self.footer:
            return self.footer.spend
        costs = JobCosts.of(job.price for job in self.jobs)
        return SpendRecord(
            requests=len(self.exchanges),
            jobs=len(self.jobs),
            credits=costs.amount,
            unpriced=costs.unpriced,
        )

    @property
    def counts(self) -> dict[str, int]:
        """Clauses by verdict; empty where it did not come to its end."""
        return self.footer.counts if self.footer else {}

    @property
    def coverage(self) -> CoverageRecord:
        """How much was decided; nothing where it did not come to its end."""
        if self.footer:
            return self.footer.coverage
        return CoverageRecord(proved=0, observable=0, percent=0.0)

    @property
    def measured(self) -> dict[str, MeasuredJobs]:
        """How its jobs went, by operation and scenario."""
        return self.footer.measured if self.footer else {}

    def outcome(self, clause: str) -> Outcome:
        """Return what it says of a clause; not run where it says nothing."""
        verdict = self.verdicts.get(clause)
        return verdict.outcome if verdict else Outcome.NOT_RUN


def read_run(file: Path) -> RunRecord:
    """Read a run file; a last line that was cut off only makes it incomplete."""
    header: RunHeader | None = None
    footer: RunFooter | None = None
    clauses: dict[str, ClauseRecord] = {}
    exchanges = Exchanges(file)
    jobs: list[JobRecord] = []
    stills: dict[int, bytes] = {}
    verdicts: dict[str, VerdictRecord] = {}
    for offset, length, record in _records(file):
        match record:
            case RunHeader():
                header = header or record
            case ClauseRecord():
                clauses[record.id] = record
            case ExchangeRecord():
                exchanges.note(record.number, offset, length)
            case JobRecord():
                jobs.append(record)
            case StillRecord():
                stills[record.exchange] = record.jpeg
            case VerdictRecord():
                verdicts[record.clause] = record
            case RunFooter():
                footer = footer or record
    if header is None:
        raise BrokenRunFile(str(file), 1, "no header of a run")
    for clause in verdicts:
        if clause not in clauses:
            raise BrokenRunFile(
                str(file), 1, f"a verdict on {clause[:80]!a}, which no line tells of"
            )
    return RunRecord(
        header=header,
        clauses=clauses,
        exchanges=exchanges,
        jobs=tuple(jobs),
        verdicts=verdicts,
        footer=footer,
        stills=stills,
    )


def _records(file: Path) -> Iterator[tuple[int, int, Record]]:
    """Yield each record with the place of its line; a line that is none may only be the last."""
    offset, broken = 0, None
    for number, raw in enumerate(_lines(file), start=1):
        if broken:
            raise broken
        try:
            record = read_record(raw.decode("utf-8", "replace"))
        except (ValueError, RecursionError) as error:
            broken = BrokenRunFile(
                str(file), number, f"not a record of a run ({_why(error)[:_LONGEST_WHY]})"
            )
            if number == 1:
                raise broken from error
            continue
        yield offset, len(raw), record
        offset += len(raw)


def _why(error: Exception) -> str:
    return str(error) if isinstance(error, msgspec.ValidationError) else "no JSON"


def _lines(file: Path) -> Iterator[bytes]:
    try:
        with file.open("rb") as lines:
            yield from lines
    except OSError as error:
        raise BrokenRunFile(str(file), 1, f"the file cannot be read ({error.strerror})") from error


def _video(exchange: Exchange) -> Path | bytes:
    """Return the video that an exchange fetched, where there is one."""
    answer = exchange.answer
    if exchange.purpose is not Purpose.DOWNLOAD or not isinstance(answer, Response):
        return b""
    return answer.file if answer.file and answer.file.exists() else answer.body


def _shortened(record: ExchangeRecord) -> ExchangeRecord:
    return replace_fields(
        record, request=_cut_body(record.request), answer=_cut_body(record.answer)
    )


def _cut_body(part: _Part) -> _Part:
    for name in ("text", "base64"):
        body = getattr(part, name) or ""
        if len(body) > BODY:
            part = replace_fields(part, **{name: body[: BODY // 4 * 4], "shortened": len(body)})
    return part
