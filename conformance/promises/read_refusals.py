"""Judge requests that only read.

What has to be refused was refused, while a proper read was answered.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from conformance.model.exchange import Response
from conformance.promises.judging import observed, refuted, unproved, untried, verdict
from conformance.spec.reception import describe

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.model.clause import Clause
    from conformance.model.verdict import Verdict
    from conformance.promises.evidence import Evidence


def refused_read(
    clause: Clause,
    evidence: Evidence,
    *,
    server_error_breaks: bool = False,
    open_to_anybody: Callable[[], bool] | None = None,
) -> Verdict:
    """A read that has to be refused answers 4xx.

    It proves something where an ordinary read was answered.

    Where the operation is open to anybody, an answer is another clause's finding.
    """
    probes = evidence.probed(clause.id)
    if not probes:
        return verdict(clause, [untried(clause, evidence, "no such request was sent")])
    kept, broken, unclear = [], [], []
    for witness, exchange in probes:
        answer, number = exchange.answer, exchange.number
        received = f"{witness.note}: {describe(answer)}"
        status = answer.status if isinstance(answer, Response) else 0
        crashed = server_error_breaks and status == HTTPStatus.INTERNAL_SERVER_ERROR
        if crashed or 0 < status < 300:
            broken.append(refuted(f"{clause.promise}: {witness.note} is refused", received, number))
        elif status == 0 or status >= 500 or status == HTTPStatus.TOO_MANY_REQUESTS:
            unclear.append(unproved(received, number))
        elif status >= 400:
            kept.append(number)
    if unclear and not broken:
        return verdict(clause, unclear)
    if broken and open_to_anybody and open_to_anybody():
        return verdict(clause, [unproved("whoever asks is answered, whatever is asked for", *kept)])
    if kept and not broken and not _readable(evidence, probes[0][1].operation):
        reason = "refused, but no ordinary read was answered either"
        return verdict(clause, [unproved(reason, *kept)])
    return observed(clause, evidence, kept, broken, none="neither answered nor refused")


def _readable(evidence: Evidence, operation: str) -> bool:
    """Say whether an ordinary read of that operation was answered in this run."""
    return any(
        isinstance(exchange.answer, Response) and exchange.answer.status < 300 and attempt
        for exchange, attempt in evidence.answers(operation)
    )
