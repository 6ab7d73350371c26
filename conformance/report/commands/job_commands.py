"""Commands that repeat what a job showed.

Submit, poll, download, with each id taken from the answer before.
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from conformance.model.exchange import Purpose
from conformance.report.commands.curl import curl
from conformance.report.safe_text import plain
from conformance.spec.job_words import Phase

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.model.exchange import Exchange
    from conformance.run.events import JobStarted
    from conformance.spec.document import Spec
    from conformance.spec.job_words import JobWords

#: Prints what stands at the first of some JSON pointers that holds anything; looks into JSON within
#: a text.
_AT = (
    "import json,sys; from functools import reduce; "
    'open_=lambda v: json.loads(v) if isinstance(v,str) and v[:1] in tuple("[{") else v; '
    "get=lambda v,k: v[int(k)] if isinstance(v,list) and k.isdecimal() and "
    "int(k)<len(v) else v.get(k) if isinstance(v,dict) else None; "
    "step=lambda v,k: get(open_(v),k); whole=json.load(sys.stdin); "
    'found=(reduce(step,p.split("/")[1:],whole) for p in sys.argv[1:]); found=(v[0] if '
    "isinstance(v,list) and v else v for v in found); "
    'print(next((v for v in found if v is not None),""))'
)
#: How long a job is waited for, in seconds.
_PATIENCE = 1800


@dataclass(frozen=True, slots=True, kw_only=True)
class Chains:
    """Writes the commands for any exchange of a run, from what the run has sent so far."""

    spec: Spec
    #: Where the run asked: the key goes nowhere else.
    base_url: str
    exchanges: Mapping[int, Exchange]
    jobs: Mapping[str, JobStarted] = field(repr=False)
    #: Seconds between two polls; the provider's own hint where None.
    pause: float | None = None

    def command(self, exchange: Exchange) -> str:
        """Return the commands that show an exchange again.

        One where it stands alone, else all that it needs before.
        """
        needed = self._needed(exchange)
        if not needed:
            return curl(exchange, self.spec.provider, self.base_url)
        lines = [f"AT='{_AT}'"]
        for name, job in needed:
            last = job is needed[-1][1]
            lines += self._made(name, job, needed)
            # Whatever is no question about this very job needs it to be finished first.
            if not last or exchange.purpose is not Purpose.PROBE:
                lines += self._followed(name, job, needed)
        return "\n".join([*lines, *self._itself(exchange, needed)])

    def _needed(self, exchange: Exchange) -> list[tuple[str, JobStarted]]:
        """Return the jobs that an exchange is about, after those that they build on."""
        text = f"{exchange.request.url} {exchange.request.body.decode('utf-8', 'replace')}"
        named = [
            job
            for label, job in self.jobs.items()
            if label == exchange.job or (job.exchange < exchange.number and _names(text, job.id))
        ]
        needed: dict[int, JobStarted] = {}
        for job in named:
            submit = self.exchanges.get(job.exchange)
            if submit is not None and submit.number != exchange.number:
                for _, earlier in self._needed(submit):
                    needed[earlier.exchange] = earlier
                needed[job.exchange] = job
        return [
            (f"JOB_{index}" if index else "JOB_ID", job)
            for index, job in enumerate(needed.values())
        ]

    def _made(
        self, name: str, job: JobStarted, needed: list[tuple[str, JobStarted]]
    ) -> Iterator[str]:
        yield f"# {job.operation}: submit"
        yield f"ANSWER=$({self._curl(self.exchanges[job.exchange], needed)})"
        yield 'printf "%s\\n" "$ANSWER"'
        words = self._words(job)
        yield f"{name}={_taken(words, words.id)}"
        if words.by_address:
            yield f"ADDRESS={_taken(words, words.address)}"

    def _followed(
        self, name: str, job: JobStarted, needed: list[tuple[str, JobStarted]]
    ) -> Iterator[str]:
        """Ask until the job has ended.

        Each answer is shown, as any of them may be the one at fault.
        """
        words = self._words(job)
        polls = (
            exchange
            for exchange in self.exchanges.values()
            if exchange.job == job.job and exchange.purpose is Purpose.POLL
        )
        poll = next(polls, None)
        if poll is None:
            return
        asked = self._curl(poll, needed, address="$ADDRESS" if words.by_address else "")
        pause = self.pause or words.every[0]
        final = (*words.states.get(Phase.DONE, ()), *words.states.get(Phase.FAILED, ()))
        spellings = [word for state in final for word in dict.fromkeys((state, state.lower()))]
        ends = "|".join(map(shlex.quote, spellings))
        yield f"# {job.operation}: poll until it ends"
        yield f"for ROUND in $(seq {max(1, int(_PATIENCE / pause))}); do"
        yield f"  ANSWER=$({asked})"
        yield '  printf "%s\\n" "$ANSWER"'
        yield f"  STATUS={_taken(words, words.status) if words.status else ''}"
        yield f"  RESULT={_taken(words, words.result) if words.result else ''}"
        yield f'  case "$STATUS" in {ends or "-"}) break ;; "") [ -z "$RESULT" ] || break ;; esac'
        yield f"  sleep {pause:g}"
        yield "done"

    def _itself(self, exchange: Exchange, needed: list[tuple[str, JobStarted]]) -> Iterator[str]:
        if exchange.purpose is Purpose.POLL and not exchange.note:
            return  # one of those that were just shown
        yield f"# {exchange.operation or 'the file'}: {plain(exchange.note) or exchange.purpose}"
        address = ""
        if exchange.purpose is Purpose.DOWNLOAD and not exchange.operation:
            address = "$RESULT"
        if exchange.purpose is Purpose.POLL and self._words(needed[-1][1]).by_address:
            address = "$ADDRESS"
        yield self._curl(exchange, needed, address=address)

    def _curl(
        self, exchange: Exchange, needed: list[tuple[str, JobStarted]], *, address: str = ""
    ) -> str:
        """Return a command with today's ids and addresses in place of the recorded ones."""
        return curl(
            exchange,
            self.spec.provider,
            self.base_url,
            names={job.id: name for name, job in needed if job.exchange != exchange.number},
            address=address,
        )

    def _words(self, job: JobStarted) -> JobWords:
        words = self.spec.operation(job.operation).job
        assert words is not None
        return words


def _names(text: str, job: str) -> bool:
    return len(job) > 2 and job in text  # a shorter one may stand anywhere by chance


def _taken(words: JobWords, pointers: tuple[str, ...]) -> str:
    """Return the command that takes the first of some facts from an answer."""
    places = " ".join(f"'{words.envelope}{pointer}'" for pointer in pointers)
    return f"""$(printf "%s" "$ANSWER" | python3 -c "$AT" {places})"""
