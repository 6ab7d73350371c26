"""What a report keeps of a run's exchanges.

One exemplar per finding at hand, all others compressed.
"""

from __future__ import annotations

import base64
import gzip
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.model.run_records import plain_json
from conformance.report.formats.summary import findings_of
from conformance.report.run_file.exchange_lines import each
from conformance.report.run_file.seconds_prices import Prices

if TYPE_CHECKING:
    from conformance.model.run_records import ExchangeRecord, JobRecord, VerdictRecord
    from conformance.report.run_file.run_file import RunRecord

#: A chunk is closed when it holds so many exchanges, or so many letters.
COUNT, SIZE = 1_000, 1_000_000
#: Exchanges of one job that a timeline may draw.
MOMENTS = 400
#: Findings of which more than the sentence is shown.
SHOWN = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """Some exchanges in a row, as JSON lines, gzip and base64."""

    first: int
    last: int
    count: int
    data: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PageEvidence:
    """A run's exchanges as its report needs them."""

    chunks: tuple[Chunk, ...]
    #: The exemplars by number.
    kept: dict[int, ExchangeRecord]
    #: All exchanges of the jobs that exemplars belong to, by job.
    moments: dict[str, list[ExchangeRecord]]
    #: The job that each exemplar belongs to.
    jobs: dict[int, JobRecord]
    #: What a second of video cost, by operation and scenario.
    per_second: dict[str, float]

    def exemplar(self, verdict: VerdictRecord) -> ExchangeRecord | None:
        """Return the exchange that shows a verdict best, where it was kept."""
        return self.kept.get(verdict.exchanges[0]) if verdict.exchanges else None


def gather(run: RunRecord) -> PageEvidence:
    """Read all exchanges once, keep what is shown, compress the rest."""
    findings = findings_of(run)[:SHOWN]
    shown = {finding.exchanges[0] for finding in findings if finding.exchanges}
    jobs = _jobs(run, shown)
    followed = {job.job for job in jobs.values()}
    begun = {job.exchange: job.job for job in run.jobs if job.job in followed}
    kept: dict[int, ExchangeRecord] = {}
    moments: dict[str, list[ExchangeRecord]] = {}
    packer, prices = _Packer(), Prices(run.header, run.jobs)
    for number, exchange in each(run.exchanges):
        if number in shown:
            kept[number] = exchange
        job = begun.get(number) or exchange.job
        if job in followed and len(moments.setdefault(job, [])) < MOMENTS:
            moments[job].append(exchange)
        packer.add(exchange)
        prices.add(exchange)
    for exchanges in moments.values():
        exchanges.sort(key=lambda exchange: (exchange.started, exchange.number))
    return PageEvidence(
        chunks=packer.close(), kept=kept, moments=moments, jobs=jobs, per_second=prices.per_second()
    )


def _jobs(run: RunRecord, shown: set[int]) -> dict[int, JobRecord]:
    by_submit = {job.exchange: job for job in run.jobs}
    by_name = {job.job: job for job in run.jobs}
    jobs = {}
    for number in shown & run.exchanges.keys():
        job = by_submit.get(number) or by_name.get(run.exchanges[number].job)
        if job:
            jobs[number] = job
    return jobs


class _Packer:
    """Fills chunks in the order of the exchanges."""

    def __init__(self) -> None:
        self._done: list[Chunk] = []
        self._numbers: list[int] = []
        self._lines: list[str] = []
        self._size = 0

    def add(self, exchange: ExchangeRecord) -> None:
        text = json.dumps(plain_json(exchange), ensure_ascii=False, separators=(",", ":"))
        if self._numbers and (len(self._numbers) >= COUNT or self._size + len(text) > SIZE):
            self._close()
        self._numbers.append(exchange.number)
        self._lines.append(text)
        self._size += len(text)

    def close(self) -> tuple[Chunk, ...]:
        if self._numbers:
            self._close()
        return tuple(self._done)

    def _close(self) -> None:
        self._done.append(
            Chunk(
                first=min(self._numbers),
                last=max(self._numbers),
                count=len(self._numbers),
                data=packed("\n".join(self._lines)),
            )
        )
        self._numbers, self._lines, self._size = [], [], 0


def packed(text: str) -> str:
    """Return a text as base64 of gzip, the same bytes each time."""
    return base64.b64encode(
        gzip.compress(text.encode("utf-8", "replace"), compresslevel=6, mtime=0)
    ).decode("ascii")
