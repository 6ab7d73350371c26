"""A short key of a finding that is the same in every run that finds it."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from conformance.model.exchange import Response
from conformance.model.verdict import Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.model.clause import Clause
    from conformance.model.exchange import Exchange
    from conformance.model.verdict import Verdict

_FINDINGS = (Outcome.FAIL, Outcome.WARN, Outcome.FLAKY)


def fingerprint(clause: Clause, verdict: Verdict, exchanges: Sequence[Exchange]) -> str:
    """Return the key of a finding, made of what does not change from run to run.

    Empty where there is none.

    That is the clause, which witnesses were sent, how the telling one was answered, and which
    part of the answer is
    wrong. Ids, times and values of answers are no part of it.
    """
    if verdict.outcome not in _FINDINGS:
        return ""
    notes = sorted({exchange.note for exchange in exchanges if exchange.note})
    stable = "\n".join([clause.id, *notes, _answered(exchanges), _part(verdict)])
    # It begins with a letter, so that no reader of YAML takes it for a number.
    return "f" + hashlib.sha256(stable.encode("utf-8", "replace")).hexdigest()[:11]


def _answered(exchanges: Sequence[Exchange]) -> str:
    if not exchanges:
        return ""
    answer = exchanges[0].answer
    return str(answer.status) if isinstance(answer, Response) else answer.fault.value


def _part(verdict: Verdict) -> str:
    """Return where the first difference is; the numbers in it count things that vary."""
    if not verdict.difference:
        return ""
    return re.sub(r"\d+", "#", verdict.difference[0].at)
