"""Judge requests that only read: what has to be refused was refused, while a proper read was answered."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from conformance.model.exchange import Response
from conformance.promises.judging import observed, refuted, unproved, untried, verdict
from conformance.spec.reception import describe

if TYPE_CHECKING:
    from conformance.model.clause import Clause
    from conformance.model.verdict import Verdict
    from conformance.promises.evidence import Evidence


def refused_read(clause: Clause, evidence: Evidence) -> Verdict:
    """A read that has to be refused answers 4xx; it proves something where an ordinary read was answered."""
    seen = evidence.probed(clause.id)
    if not seen:
        return verdict(
            clause,
            [untried(clause, evidence, "no such request was sent")],
        )
    kept, broken, unclear = [], [], []
    for witness, exchange in seen:
        answer = exchange.answer
        if (
            isinstance(answer, Response)
            and answer.status == HTTPStatus.INTERNAL_SERVER_ERROR
            and clause.rule == "unknown-id"
        ):
            broken.append(
                refuted(
                    f"{clause.promise}: {witness.note} is refused",
                    f"{witness.note}: {describe(answer)}",
                    exchange.number,
                )
            )
        elif not isinstance(answer, Response) or answer.status >= 500 or answer.status == 429:
            unclear.append(unproved(f"{witness.note}: {describe(answer)}", exchange.number))
        elif answer.status >= 400:
            kept.append(exchange.number)
        elif answer.status < 300:
            broken.append(
                refuted(
                    f"{clause.promise}: {witness.note} is refused",
                    f"{witness.note}: {describe(answer)}",
                    exchange.number,
                )
            )
    if unclear and not broken:
        return verdict(clause, unclear)
    if broken and clause.rule == "foreign-job" and _lets_in(evidence, clause):
        return verdict(clause, [unproved("whoever asks is answered, whatever is asked for", *kept)])
    if kept and not broken and not _readable(evidence, seen[0][1].operation):
        return verdict(
            clause, [unproved("refused, but no ordinary read was answered either", *kept)]
        )
    # Read again and again with one outcome, a job that is shown is shown, whatever holds for others.
    always = {exchange.request.url for _, exchange in seen if exchange.number not in kept} - {
        exchange.request.url for _, exchange in seen if exchange.number in kept
    }
    return observed(clause, [] if always else kept, broken, none="neither answered nor refused")


def _lets_in(evidence: Evidence, clause: Clause) -> bool:
    """Say whether the same operation answers without a key, or for no job at all: then another key's job tells nothing more."""
    keyless = f"{clause.id.removesuffix('foreign-job')}no-key"
    told = [
        exchange.answer
        for witness, exchange in evidence.probes
        if witness.clause == keyless or witness.clause.endswith(".unknown-id")
    ]
    return any(isinstance(answer, Response) and answer.status < 300 for answer in told)


def _readable(evidence: Evidence, operation: str) -> bool:
    """Say whether an ordinary read of that operation was answered in this run."""
    return any(
        isinstance(exchange.answer, Response) and exchange.answer.status < 300 and attempt
        for exchange, attempt in evidence.answers(operation)
    )
