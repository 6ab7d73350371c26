"""Write a run file while the run goes on, and read it back: the one source of truth of every report."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from conformance.engine.events import Event, ExchangeMade, JobEnded, JobStarted, RunFinished, RunStarted, VerdictReached
from conformance.exceptions import CouldNotCheck
from conformance.reporting import record
from conformance.reporting.curl import curl
from conformance.reporting.measure import measured

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from conformance.spec.provider import Provider
    from conformance.values.exchange import Exchange

#: Bodies in a run file are cut here; cassettes keep them whole.
BODY = 64_000


@dataclass(eq=False)
class BrokenRunFile(CouldNotCheck):
    """A run file that is none, or that ends in the middle of a line."""

    file: str
    line: int
    seen: str

    code = "broken-run-file"

    def __str__(self) -> str:
        """Say where and what to do."""
        return f"{self.file}:{self.line}: {self.seen}. Expected one JSON object per line, as `conformance run` writes them. Run again, or name another file."


class RunFile:
    """A listener that writes each event as one line, at once."""

    def __init__(self, file: Path, provider: Provider, *, clean: Callable[[Exchange], Exchange], command: Sequence[str] = ()) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self._out = file.open("w", encoding="utf-8", errors="replace", newline="\n")
        self._provider, self._clean, self._command = provider, clean, command
        self._exchanges: dict[int, Exchange] = {}
        self._jobs: dict[str, JobStarted] = {}

    def __call__(self, event: Event) -> None:
        """Write what the event says."""
        match event:
            case RunStarted():
                self._line(record.header(event, command=self._command, key_env=self._provider.key_env))
                notes: dict[str, list[str]] = {}
                for witness in (*event.plan.refusals, *event.plan.probes):
                    notes.setdefault(witness.clause, []).append(witness.note)
                for clause in event.plan.clauses:
                    self._line(record.clause_line(clause, notes.get(clause.id, [])))
            case ExchangeMade(exchange=exchange, clause=clause):
                cleaned = self._clean(exchange)
                self._exchanges[exchange.number] = cleaned
                self._line(_shortened(record.exchange_line(ExchangeMade(exchange=cleaned, clause=clause))))
            case JobStarted():
                self._jobs[event.job] = event
            case JobEnded(job=job, end=end, seconds=seconds):
                self._line(record.job_line(self._jobs[job], end, seconds))
            case VerdictReached(clause=clause, verdict=verdict):
                told = [self._exchanges[number] for number in verdict.exchanges if number in self._exchanges]
                command = curl(told[0], self._provider) if told else ""
                self._line(record.verdict_line(clause, verdict, curl=command, notes=[one.note for one in told]))
            case RunFinished(summary=summary, evidence=evidence):
                self._line(record.footer(summary, measured(evidence)))
                self.close()
            case _:
                return

    def close(self) -> None:
        """Close the file; without a footer it reads as incomplete."""
        self._out.close()

    def _line(self, line: dict[str, Any]) -> None:
        self._out.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")
        self._out.flush()


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """A run as it was written: everything a report needs."""

    header: dict[str, Any]
    clauses: dict[str, dict[str, Any]] = field(repr=False)
    exchanges: dict[int, dict[str, Any]] = field(repr=False)
    jobs: tuple[dict[str, Any], ...] = field(repr=False)
    verdicts: dict[str, dict[str, Any]] = field(repr=False)
    #: None where the run did not come to its end.
    footer: dict[str, Any] | None

    @property
    def complete(self) -> bool:
        """Whether the run came to its end."""
        return self.footer is not None


def read_run(file: Path) -> RunRecord:
    """Read a run file; a last line that was cut off only makes it incomplete."""
    found: dict[str, list[dict[str, Any]]] = {}
    lines = _lines(file)
    for number, text in enumerate(lines, start=1):
        try:
            line = json.loads(text)
            found.setdefault(line["record"], []).append(line)
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            if number == len(lines) and number > 1:
                break
            raise BrokenRunFile(str(file), number, f"not a record of a run ({type(error).__name__})") from error
    if not found.get("header") or found["header"][0].get("format") != record.FORMAT:
        raise BrokenRunFile(str(file), 1, "no header of a run")
    return RunRecord(
        header=found["header"][0],
        clauses={line["id"]: line for line in found.get("clause", ())},
        exchanges={line["number"]: line for line in found.get("exchange", ())},
        jobs=tuple(found.get("job", ())),
        verdicts={line["clause"]: line for line in found.get("verdict", ())},
        footer=next(iter(found.get("footer", ())), None),
    )


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text("utf-8", errors="replace").removesuffix("\n").split("\n")
    except OSError as error:
        raise BrokenRunFile(str(file), 1, f"the file cannot be read ({error.strerror})") from error


def _shortened(line: dict[str, Any]) -> dict[str, Any]:
    for part in ("request", "answer"):
        for form in ("text", "base64"):
            body = line[part].get(form, "")
            if len(body) > BODY:
                line[part] = {**line[part], form: body[: BODY // 4 * 4], "shortened": len(body)}
    return line
