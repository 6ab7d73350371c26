"""Write a run file while the run goes on, and read it back: the one source of truth of every report."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TextIO

from conformance.client.relied_on import relied_on
from conformance.errors import BrokenRunFile
from conformance.model.exchange import Failure, Fault, Purpose, Response
from conformance.model.verdict import Outcome
from conformance.report.commands.curl import served
from conformance.report.commands.job_commands import Chains
from conformance.report.run_file import records as record
from conformance.report.run_file.exchange_lines import Exchanges
from conformance.report.run_file.job_times import measured
from conformance.report.run_file.line_check import Misformed, check
from conformance.report.run_file.provider_offer import excerpts
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


_BROKEN = (Outcome.FAIL, Outcome.WARN, Outcome.FLAKY)
#: Stands for an answer that is in the file.
_UNKEPT = Failure(fault=Fault.NOT_RECORDED, detail="in the run file")


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
                self._line(
                    _shortened(record.exchange_line(ExchangeMade(exchange=cleaned, clause=clause)))
                )
            case JobStarted():
                self._jobs[event.job] = event
            case JobEnded(job=job, end=end, seconds=seconds):
                self._line(record.job_line(self._jobs[job], end, seconds))
            case VerdictReached(clause=clause, verdict=verdict):
                told = [
                    self._exchanges[number]
                    for number in verdict.exchanges
                    if number in self._exchanges
                ]
                if clause.kind == "media" and verdict.outcome in _BROKEN:
                    self._show(told)
                command = self._chains.command(told[0]) if told and self._chains else ""
                self._line(
                    record.verdict_line(
                        event,
                        curl=served(
                            command,
                            self._spec,
                            broken=clause.id if verdict.outcome in _BROKEN else "",
                        ),
                    )
                )
            case RunFinished(summary=summary, evidence=evidence):
                self._line(record.footer(summary, measured(evidence)))
                self.close()
            case _:
                return

    def _begin(self, event: RunStarted) -> None:
        self._spec = event.plan.spec.file
        self._chains = Chains(spec=event.plan.spec, exchanges=self._exchanges, jobs=self._jobs)
        self._line(record.header(event, command=self._command, key_env=self._provider.key_env))
        notes: dict[str, list[str]] = {}
        for witness in (*event.plan.refusals, *event.plan.probes):
            notes.setdefault(witness.clause, []).append(witness.note)
        lines = dict(enumerate(excerpts(event.plan.spec), start=1))
        relied = relied_on(event.plan.spec, event.plan.clauses)
        for clause in event.plan.clauses:
            self._line(
                record.clause_line(
                    clause,
                    notes.get(clause.id, []),
                    excerpt=lines.get(clause.place.line, ""),
                    client=clause.id in relied,
                )
            )

    def _look(self, exchange: Exchange) -> None:
        """Take a small picture of a video while its file is there."""
        data = _video(exchange) if len(self._stills) < LOOKED else b""
        if data:
            from conformance.video.thumbnail import thumbnail

            self._stills[exchange.number] = thumbnail(data)

    def _show(self, told: Sequence[Exchange]) -> None:
        """Write the picture of the first video that a finding rests on, once."""
        number = next((one.number for one in told if self._stills.get(one.number)), None)
        if number is not None and number not in self._shown and len(self._shown) < SHOWN:
            self._shown.add(number)
            self._line(record.still_line(number, self._stills[number]))

    def close(self) -> None:
        """Close the file; without a footer it reads as incomplete."""
        if self._out:
            self._out.close()

    def _line(self, line: dict[str, Any]) -> None:
        if self._trouble:
            raise self._trouble
        self._out = self._out or self._file.open(
            "w", encoding="utf-8", errors="replace", newline="\n"
        )
        try:
            self._out.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")
            self._out.flush()
        except OSError as error:
            self._trouble = error
            with suppress(OSError):  # closing writes what is left, and fails alike
                self._out.close()
            raise


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """A run as it was written: everything a report needs."""

    header: dict[str, Any]
    clauses: dict[str, dict[str, Any]] = field(repr=False)
    #: Read from the file as they are asked for.
    exchanges: Mapping[int, dict[str, Any]] = field(repr=False)
    jobs: tuple[dict[str, Any], ...] = field(repr=False)
    verdicts: dict[str, dict[str, Any]] = field(repr=False)
    #: None where the run did not come to its end.
    footer: dict[str, Any] | None
    #: Small pictures of videos, as base64 of a JPEG, by the number of the exchange that fetched them.
    stills: Mapping[int, str] = field(default_factory=dict, repr=False)

    @property
    def complete(self) -> bool:
        """Whether the run came to its end."""
        return self.footer is not None


def read_run(file: Path) -> RunRecord:
    """Read a run file; a last line that was cut off only makes it incomplete."""
    found: dict[str, list[dict[str, Any]]] = {}
    exchanges = Exchanges(file)
    for offset, length, line in _records(file):
        if line["record"] == "exchange":
            exchanges.note(line["number"], offset, length)
        else:
            found.setdefault(line["record"], []).append(line)
    if not found.get("header") or found["header"][0].get("format") != record.FORMAT:
        raise BrokenRunFile(str(file), 1, "no header of a run")
    clauses = {line["id"]: line for line in found.get("clause", ())}
    for line in found.get("verdict", ()):
        if line["clause"] not in clauses:
            raise BrokenRunFile(
                str(file), 1, f"a verdict on {line['clause'][:80]!a}, which no line tells of"
            )
    return RunRecord(
        header=found["header"][0],
        clauses=clauses,
        exchanges=exchanges,
        jobs=tuple(found.get("job", ())),
        verdicts={line["clause"]: line for line in found.get("verdict", ())},
        footer=next(iter(found.get("footer", ())), None),
        stills={line["exchange"]: line["jpeg"] for line in found.get("still", ())},
    )


def _records(file: Path) -> Iterator[tuple[int, int, dict[str, Any]]]:
    """Yield each record with the place of its line; a line that is none may only be the last."""
    offset, broken = 0, None
    for number, raw in enumerate(_lines(file), start=1):
        if broken:
            raise broken
        try:
            line = _parsed(raw)
        except (ValueError, RecursionError) as error:
            broken = BrokenRunFile(str(file), number, f"not a record of a run ({_why(error)})")
            if number == 1:
                raise broken from error
            continue
        yield offset, len(raw), line
        offset += len(raw)


def _parsed(raw: bytes) -> dict[str, Any]:
    line: dict[str, Any] = json.loads(raw.decode("utf-8", "replace"))
    check(line)  # here, so that another form fails at its own line
    return line


def _why(error: Exception) -> str:
    return str(error) if isinstance(error, Misformed) else "no JSON"


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


def _shortened(line: dict[str, Any]) -> dict[str, Any]:
    for part in ("request", "answer"):
        for form in ("text", "base64"):
            body = line[part].get(form, "")
            if len(body) > BODY:
                line[part] = {**line[part], form: body[: BODY // 4 * 4], "shortened": len(body)}
    return line
