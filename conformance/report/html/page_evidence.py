"""What a report keeps of a run's exchanges: one exemplar per finding at hand, all others compressed."""

from __future__ import annotations

import base64
import gzip
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.report.formats.summary import findings_of
from conformance.report.run_file.exchange_lines import each
from conformance.report.run_file.seconds_prices import Prices

if TYPE_CHECKING:
    from collections.abc import Iterator

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
class Evidence:
    """A run's exchanges as its report needs them."""

    chunks: tuple[Chunk, ...]
    #: The exemplars by number.
    kept: dict[int, dict[str, Any]]
    #: All exchanges of the jobs that exemplars belong to, by job.
    moments: dict[str, list[dict[str, Any]]]
    #: The job that each exemplar belongs to.
    jobs: dict[int, dict[str, Any]]
    #: What a second of video cost, by operation and scenario.
    per_second: dict[str, float]


def gather(run: RunRecord) -> Evidence:
    """Read all exchanges once, keep what is shown, compress the rest."""
    wanted = {number for one in findings_of(run)[:SHOWN] if (number := exemplar(one)) is not None}
    jobs = _jobs(run, wanted)
    followed = {job["job"] for job in jobs.values()}
    begun = {job["exchange"]: job["job"] for job in run.jobs if job["job"] in followed}
    kept: dict[int, dict[str, Any]] = {}
    moments: dict[str, list[dict[str, Any]]] = {}
    packer, prices = _Packer(), Prices(run.header, run.jobs)
    for number, exchange in each(run.exchanges):
        if number in wanted:
            kept[number] = exchange
        job = begun.get(number) or str(exchange.get("job", ""))
        if job in followed and len(moments.setdefault(job, [])) < MOMENTS:
            moments[job].append(exchange)
        packer.add(number, exchange)
        prices.add(number, exchange)
    found = {
        name: sorted(made, key=lambda one: (one["started"], one["number"]))
        for name, made in moments.items()
    }
    return Evidence(
        chunks=tuple(packer.close()),
        kept=kept,
        moments=found,
        jobs=jobs,
        per_second=prices.per_second(),
    )


def exemplar(verdict: dict[str, Any]) -> int | None:
    """Return the number of the exchange that shows a verdict best."""
    return next(iter(verdict["exchanges"]), None)


def _jobs(run: RunRecord, wanted: set[int]) -> dict[int, dict[str, Any]]:
    by_submit = {job["exchange"]: job for job in run.jobs}
    by_name = {job["job"]: job for job in run.jobs}
    found = {}
    for number in wanted & run.exchanges.keys():
        job = by_submit.get(number) or by_name.get(run.exchanges[number].get("job", ""))
        if job:
            found[number] = job
    return found


class _Packer:
    """Fills chunks in the order of the exchanges."""

    def __init__(self) -> None:
        self._done: list[Chunk] = []
        self._numbers: list[int] = []
        self._lines: list[str] = []
        self._size = 0

    def add(self, number: int, exchange: dict[str, Any]) -> None:
        text = json.dumps(exchange, ensure_ascii=False, separators=(",", ":"))
        if self._numbers and (len(self._numbers) >= COUNT or self._size + len(text) > SIZE):
            self._close()
        self._numbers.append(number)
        self._lines.append(text)
        self._size += len(text)

    def close(self) -> Iterator[Chunk]:
        if self._numbers:
            self._close()
        return iter(self._done)

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
