"""Judge requests that only read.

What has to be refused was refused, while a proper read was answered.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from conformance.model.exchange import Response
from conformance.promises.judging import observed, refuted, unproved, untried, verdict
from conformance.spec.answer_meaning import AnswerMeaning
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
    """A read that has to be refused is refused.

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
        meant = evidence.meaning(exchange)
        crashed = isinstance(answer, Response) and answer.status == HTTPStatus.INTERNAL_SERVER_ERROR
        # An error in a success that no spec speaks of is a refusal here, and a finding of its own.
        if meant.refused or evidence.disguised(exchange):
            kept.append(number)
        elif meant is AnswerMeaning.ANSWERED or (crashed and server_error_breaks):
            broken.append(refuted(f"{clause.promise}: {witness.note} is refused", received, number))
        else:
            unclear.append(unproved(received, number))
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
        attempt is not None and evidence.answered(exchange)
        for exchange, attempt in evidence.answers(operation)
    )
